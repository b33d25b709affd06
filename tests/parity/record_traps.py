"""Records what Rasa does where its semantics are easily missed: the cases of `trap_cases.py`.

Run it with a Python that has Rasa 3.6 (`python tests/parity/record_traps.py`); it writes
`traps.json` beside itself, which `test_traps.py` compares with Frame.
"""

import asyncio
import json
import logging
import tempfile
import warnings
from pathlib import Path

import numpy as np
import structlog
from rasa.core.agent import Agent
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.interpolator import interpolate_text
from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.unexpected_intent_policy import UnexpecTEDIntentPolicy
from rasa.core.test import _collect_story_predictions, _create_data_generator
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.model_training import train_core
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.io import write_yaml
from trap_cases import ACTIONS, BOT, COUNTS, ENTITIES, INTENTS, SLOTS, made

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": INTENTS,
        "entities": ENTITIES,
        "responses": {name: [{"text": name}] for name in ACTIONS},
    }
)


def features(case):
    settings = dict(SLOTS[case["slot"]])
    kind = Slot.resolve_by_type(settings.pop("type"))
    slot = kind("s", mappings=[], influence_conversation=True, **settings)
    if case["slot"] == "size":
        slot.add_default_value()  # as reading a domain does
    slot.value = case["value"]
    return [float(number) for number in slot.as_feature()]


def fallback(case):
    scores = [{"name": name, "confidence": score} for name, score in case["ranking"]]
    config = {"threshold": case["threshold"], "ambiguity_threshold": case["ambiguity"]}
    message = Message({"text": "x", "intent": scores[0], "intent_ranking": list(scores)})
    FallbackClassifier({**FallbackClassifier.get_default_config(), **config}).process([message])
    first = message.get("intent")
    return [
        [first["name"], first["confidence"]],
        [s["name"] for s in message.get("intent_ranking")],
    ]


def ensemble(case):
    predictions = []
    for number, item in enumerate(case["predictions"]):
        scores = [0.0] * DOMAIN.num_actions
        for name, score in zip(ACTIONS, item["scores"], strict=True):
            scores[DOMAIN.index_for_action(name)] = score
        predictions.append(
            PolicyPrediction(
                scores,
                str(number),
                item["priority"],
                is_no_user_prediction=item["is_no_user"],
                is_end_to_end_prediction=item["is_end_to_end"],
            )
        )
    events = [ActionExecuted("action_listen"), UserUttered("x", {"name": "greet"})]
    if not case["answers"]:
        events.append(ActionExecuted("utter_a"))
    if case["declined"]:
        events.append(ActionExecutionRejected(case["declined"]))
    tracker = DialogueStateTracker.from_events("x", events, domain=DOMAIN)
    best = DefaultPolicyPredictionEnsemble().combine_predictions(predictions, tracker, DOMAIN)
    name = DOMAIN.action_names_or_texts[best.max_confidence_index]
    return [best.policy_name, best.max_confidence, name if best.max_confidence else None]


def variations(case):
    found = ResponseVariationFilter({"utter_x": case["variations"]}).responses_for_utter_action(
        "utter_x", case["channel"], case["slots"]
    )
    return [item["text"] for item in found]


def filling(case):
    try:
        return interpolate_text(case["text"], case["values"])
    except ValueError as error:
        return {"fails": type(error).__name__}


def payload(case):
    read = YAMLStoryReader.unpack_regex_message(Message({"text": case}), DOMAIN, "x")
    intent = read.get("intent")
    if intent is None:
        return None
    entities = [[e["entity"], e["value"], e["start"], e["end"]] for e in read.get("entities")]
    return [intent["name"], intent["confidence"], entities]


HAPPENED = {
    "slot": SlotSet("note", "x"),
    "action": ActionExecuted("utter_a"),
    "unlikely": ActionExecuted("action_unlikely_intent"),
}


def unlikely(case):
    """Judge a message by scores that are given in place of what a network would say."""
    number = {name: place for place, name in enumerate(DOMAIN.intents)}
    told = {"positive_scores": case["own"], "negative_scores": case["others"]}
    config = UnexpecTEDIntentPolicy.get_default_config()
    config.update(tolerance=case["tolerance"], ignore_intents_list=case["ignored"])
    policy = UnexpecTEDIntentPolicy(
        config,
        None,
        Resource("x"),
        ExecutionContext(GraphSchema({})),
        label_quantiles=UnexpecTEDIntentPolicy._compute_label_quantiles(
            {number[name]: told for name in case["told"]}
        ),
    )
    events = [ActionExecuted("action_listen"), UserUttered("x", {"name": case["intent"]})]
    events += [HAPPENED[kind] for kind in case["after"]]
    tracker = DialogueStateTracker.from_events("x", events, domain=DOMAIN)
    scores = np.full((1, len(number)), -1.0)
    for name, score in zip(INTENTS, case["scores"], strict=True):
        if name in case["told"]:
            scores[0, number[name]] = score
    is_judged = not policy._should_skip_prediction(tracker, DOMAIN)
    return is_judged and policy._check_unlikely_intent(DOMAIN, scores, case["intent"])


async def story_tests(cases):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yml").write_text(
            "recipe: default.v1\nassistant_id: x\nlanguage: en\npipeline: []\n"
            "policies: [{name: MemoizationPolicy}, {name: RulePolicy}]\n"
        )
        write_yaml(BOT["domain"], folder / "domain.yml")
        parts = {key: BOT[key] for key in ("stories", "rules")}
        write_yaml({"version": "3.1", **parts}, folder / "data.yml")
        files = {key: str(folder / f"{key}.yml") for key in ("domain", "config")}
        model = await asyncio.get_running_loop().run_in_executor(
            None,
            lambda: train_core(**files, stories=str(folder / "data.yml"), output=name),
        )
        agent = Agent.load(model)
        return [
            await story_test(agent, case, folder / f"test_{number}_stories.yml")
            for number, case in enumerate(cases)
        ]


async def story_test(agent, steps, file):
    write_yaml({"version": "3.1", "stories": [{"story": "x", "steps": steps}]}, file)
    trackers = _create_data_generator(str(file), agent).generate_story_trackers()
    found, _, _ = await _collect_story_predictions(trackers, agent)
    store = found.evaluation_store
    return [bool(found.failed_stories), store.action_targets, store.action_predictions]


def main():
    kinds = [features, fallback, ensemble, variations, filling, payload, unlikely]
    answers = {}
    for each in kinds:
        answers[each.__name__] = [each(case) for case in made(each.__name__, COUNTS[each.__name__])]
    answers["story test"] = asyncio.run(story_tests(made("story test", COUNTS["story test"])))
    lines = ",\n".join(f'"{kind}": {json.dumps(found)}' for kind, found in answers.items())
    Path(__file__).with_name("traps.json").write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    main()
