"""Record what Rasa 3.6 decides at every step of a bot's stories, rules and test conversations.

Run it with an interpreter that has `rasa==3.6.21` (Python 3.10), once per bot:

    RASA_TELEMETRY_ENABLED=false python tests/parity/record_rasa.py BOT_FOLDER OUT.json

The recording holds names of actions, numbers and digests of conversations, no texts of the bot.
Conversations are played as they are written: after each decision the written action is taken. A
form that would go on where something else is written declines first, as in `rasa test core`.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path

from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.memoization import AugmentedMemoizationPolicy, MemoizationPolicy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    DefinePrevUserUtteredFeaturization,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.loading import load_data_from_files
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter

VARIANTS = {
    "memory": (MemoizationPolicy, None),
    "memory_3": (MemoizationPolicy, 3),
    "augmented_memory": (AugmentedMemoizationPolicy, None),
    "augmented_memory_3": (AugmentedMemoizationPolicy, 3),
}


def as_plain(event):
    if isinstance(event, UserUttered):
        labels = sorted(
            [e["entity"], e.get("role") or "", e.get("group") or ""] for e in event.entities
        )
        return ["user", event.intent_name, None if event.intent_name else event.text, labels]
    if isinstance(event, ActionExecuted):
        return ["action", event.action_name or event.action_text]
    if isinstance(event, SlotSet):
        return ["slot", event.key, event.value]
    if isinstance(event, ActiveLoop):
        return ["loop", event.name]
    raise TypeError(event)


def digest(events):
    content = json.dumps([as_plain(event) for event in events], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def make(policy_class, domain, trackers, folder, **settings):
    Path(folder).mkdir()
    storage = LocalModelStorage(Path(folder))
    context = ExecutionContext(GraphSchema({}))
    config = {**policy_class.get_default_config(), **settings}
    policy = policy_class(config, storage, Resource(policy_class.__name__), context)
    policy.train(trackers, domain)
    return policy


def play(tracker, domain, rules, memories):
    """Give for each decision: the written action, and what each policy says."""
    partial = DialogueStateTracker(tracker.sender_id, domain.slots)
    partial.is_rule_tracker = tracker.is_rule_tracker
    steps = []
    is_first = True
    for event in tracker.events:
        hide = False
        if isinstance(event, ActionExecuted):
            gold = event.action_name or event.action_text
            is_start, is_first = is_first and gold != "action_listen", False
            if gold != "..." and not is_start:
                step, hide = decide(partial, domain, rules, memories, gold)
                steps.append(step)
            event = ActionExecuted(
                event.action_name, action_text=event.action_text, hide_rule_turn=hide
            )
        partial.update(event)
    return steps


def decide(partial, domain, rules, memories, gold):
    """Give what each policy says and whether the turn is hidden; note it in the conversation."""
    names = domain.action_names_or_texts
    by_rule = rules.predict_action_probabilities(partial, domain)
    loop = partial.active_loop_name
    if loop and gold != loop and names[by_rule.max_confidence_index] == loop:
        partial.update(ActionExecutionRejected(loop))
        by_rule = rules.predict_action_probabilities(partial, domain)
    returns = any(isinstance(e, LoopInterrupted) for e in by_rule.events)
    flags = {
        "no_user": by_rule.is_no_user_prediction,
        "hidden": by_rule.hide_rule_turn,
        "returns": returns,
    }
    step = {"action": gold, "rules": said(by_rule, names)}
    step.update({name: True for name, is_set in flags.items() if is_set})
    found = {}
    for name, policy in memories.items():
        found[name] = policy.predict_action_probabilities(
            partial, domain, rule_only_data=rules._get_rule_only_data()
        )
        if found[name].max_confidence:
            step[name] = said(found[name], names)[0]
    best = DefaultPolicyPredictionEnsemble().combine_predictions(
        [found["augmented_memory"], by_rule], partial, domain
    )
    step["chosen"] = names[best.max_confidence_index]
    if returns:
        partial.update(LoopInterrupted(True))
    if partial.latest_action_name == "action_listen":
        partial.update(DefinePrevUserUtteredFeaturization(False))
    is_rule = best.policy_name == "RulePolicy" and step["chosen"] == gold
    return step, is_rule and best.hide_rule_turn


def said(prediction, names):
    return [names[prediction.max_confidence_index], round(prediction.max_confidence, 6)]


def record(bot, folder):
    """Give the recording of a bot; `folder` is for files on the way."""
    sys.path.insert(0, str(bot))  # for slot classes of its own
    importer = TrainingDataImporter.load_from_config(
        str(bot / "config.yml"), str(bot / "domain.yml"), [str(bot / "data")]
    )
    domain = importer.get_domain()
    settings = {}
    for policy in importer.get_config().get("policies") or []:
        if policy["name"] == "RulePolicy":
            settings = {key: value for key, value in policy.items() if key != "name"}
    generator = TrainingDataGenerator(importer.get_stories(), domain, augmentation_factor=0)
    trackers = generator.generate()
    learned = [(digest(t.events), "rule" if t.is_rule_tracker else "story", t) for t in trackers]
    rules = make(RulePolicy, domain, trackers, folder / "rules", **settings)
    memories = {
        name: make(kind, domain, trackers, folder / name, max_history=history)
        for name, (kind, history) in VARIANTS.items()
    }
    training = [
        {"digest": number, "kind": kind, "steps": play(tracker, domain, rules, memories)}
        for number, kind, tracker in learned
    ]
    tests = [
        {"digest": digest(t.events), "steps": play(t, domain, rules, memories)}
        for t in read_tests(bot, domain)
    ]
    training.sort(key=lambda item: (item["kind"], item["digest"]))
    return {"rules": settings, "training": training, "tests": tests}


def read_tests(bot, domain):
    files = sorted(str(path) for path in (bot / "tests").glob("**/*.yml"))
    if not files:
        return []
    graph = StoryGraph(load_data_from_files(files, domain))
    return TrainingDataGenerator(
        graph, domain, remove_duplicates=False, augmentation_factor=0
    ).generate()


def main(bot, out):
    with tempfile.TemporaryDirectory() as folder:
        recorded = record(Path(bot), Path(folder))
    Path(out).write_text(json.dumps(recorded, separators=(",", ":")) + "\n")
    print(Path(bot).name, len(recorded["training"]), "dialogues", len(recorded["tests"]), "tests")


if __name__ == "__main__":
    main(*sys.argv[1:])
