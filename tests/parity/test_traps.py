"""What is easily missed of Rasa: the listed tests are there, and random cases go as recorded."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from framework.conversation.events import ActionExecuted, ActionExecutionRejected, SlotSet
from framework.conversation.state import SlotValues
from framework.conversation.tracker import Tracker
from framework.data.slot_features import slot_features
from framework.data.unfold import dialogues
from framework.evaluation.conversations.player import Player
from framework.evaluation.conversations.suite import straight
from framework.nlu import payload as payloads
from framework.nlu.fallback import Fallback
from framework.nlu.types import IntentScore, Understanding
from framework.policies.base import Policy, PolicyTrainingData, Prediction, Reason
from framework.policies.ensemble import Ensemble
from framework.policies.memory import MemoryPolicy
from framework.policies.rules import RulePolicy
from framework.policies.unexpected import UnexpectedIntentPolicy
from framework.policies.unexpected_contexts import grades
from framework.project.load import load_project, read_tests
from framework.project.schema.domain import ResponseVariation, Slot, SlotCondition
from framework.responses.templates import interpolate, suitable
from tests.bots import make_domain
from tests.conversation.talking import LISTEN, user
from tests.parity.trap_cases import ACTIONS, BOT, COUNTS, ENTITIES, INTENTS, SLOTS, made

TESTS = Path(__file__).parents[1]
LISTED = re.findall(r"`(\S+\.py)::(test_\w+)`", Path(__file__).with_name("traps.md").read_text())
RECORDED = json.loads(Path(__file__).with_name("traps.json").read_text())
DOMAIN = make_domain(intents=INTENTS, entities=ENTITIES)


@pytest.mark.parametrize(("file", "name"), sorted(set(LISTED)))
def test_a_listed_test_is_there(file, name):
    assert re.search(rf"^ *(async )?def {name}\(", (TESTS / file).read_text(), re.MULTILINE)


def differing(kind, answer):
    """Give the cases of a kind that Frame answers otherwise than Rasa."""
    cases = zip(made(kind, COUNTS[kind]), RECORDED[kind], strict=True)
    found = [(case, answer(case), recorded) for case, recorded in cases]
    return [each for each in found if each[1] != each[2]]


def test_policies_see_slots_as_rasas_do():
    slots = {
        name: Slot(
            name=name,
            **{**settings, "values": tuple(str(v).lower() for v in settings.get("values", ()))},
        )
        for name, settings in SLOTS.items()
    }
    domain = replace(DOMAIN, slots=slots)

    def seen(case):
        values = SlotValues.initial(domain).with_value(case["slot"], case["value"])
        return list(slot_features(slots[case["slot"]], values[case["slot"]]))

    assert differing("features", seen) == []


def test_messages_fall_back_where_rasas_do():
    def ranked(case):
        component = Fallback(threshold=case["threshold"], ambiguity_threshold=case["ambiguity"])
        scores = tuple(IntentScore(name=name, confidence=score) for name, score in case["ranking"])
        found = component.process(Understanding(text="x", ranking=scores)).ranking
        return [[found[0].name, found[0].confidence], [score.name for score in found]]

    assert differing("fallback", ranked) == []


class Says(Policy):
    """Says what a case has it say."""

    def __init__(self, name, item):
        ranking = sorted(zip(ACTIONS, item["scores"], strict=True), key=lambda pair: -pair[1])
        self.said = Prediction(
            action=ranking[0][0],
            confidence=ranking[0][1],
            policy=name,
            priority=item["priority"],
            reason=Reason(kind="test", text=""),
            is_no_user=item["is_no_user"],
            is_end_to_end=item["is_end_to_end"],
            ranking=tuple(ranking),
        )
        self.name = name

    def predict(self, tracker, domain):
        return self.said


def test_policies_are_weighed_as_in_rasa():
    def followed(case):
        events = [LISTEN, user("greet")]
        events += [] if case["answers"] else [ActionExecuted(name="utter_a")]
        events += [ActionExecutionRejected(name=case["declined"])] if case["declined"] else []
        tracker = Tracker.replay("x", DOMAIN, events)
        policies = [Says(str(number), item) for number, item in enumerate(case["predictions"])]
        best = Ensemble(policies).predict(tracker, DOMAIN)
        return [best.policy, best.confidence, best.action if best.confidence else None]

    assert differing("ensemble", followed) == []


HAPPENED = {
    "slot": SlotSet(name="note", value="x"),
    "action": ActionExecuted(name="utter_a"),
    "unlikely": ActionExecuted(name="action_unlikely_intent"),
}


def judging(case):
    """Give a policy to which each intent is as plausible at the start as the case has it."""
    told = [name for name in INTENTS if name in case["told"]]
    scores = dict(zip(INTENTS, case["scores"], strict=True))
    content = {
        "hidden": {"loops": [], "slots": []},
        "names": ["start"],
        "intents": told,
        "rows": [[[0, scores[name]]] for name in told],
        "starts": list(range(len(told) + 1)),
        "openers": [],
        "thresholds": [grades(min(case["own"]), np.array(case["others"]))] * len(told),
        "always_ruled": [],
    }
    policy = UnexpectedIntentPolicy(
        tolerance=case["tolerance"], ignore_intents_list=case["ignored"]
    )
    return policy.load({"unexpected.json": json.dumps(content).encode()}, DOMAIN)


def test_messages_are_unexpected_by_their_scores_as_in_rasa():
    def is_unlikely(case):
        happened = [HAPPENED[kind] for kind in case["after"]]
        tracker = Tracker.replay("x", DOMAIN, [LISTEN, user(case["intent"]), *happened])
        return judging(case).predict(tracker, DOMAIN) is not None

    assert differing("unlikely", is_unlikely) == []


def test_variations_are_chosen_from_as_in_rasa():
    def fitting(case):
        variations = [
            ResponseVariation(
                text=item["text"],
                channel=item.get("channel"),
                conditions=tuple(
                    SlotCondition(slot=each["name"], value=each["value"])
                    for each in item.get("condition", ())
                ),
            )
            for item in case["variations"]
        ]
        found = suitable(variations, slots=case["slots"], channel=case["channel"])
        return [item.text for item in found]

    assert differing("variations", fitting) == []


def test_texts_are_filled_as_in_rasa():
    assert differing("filling", lambda case: interpolate(case["text"], case["values"])) == []


def test_payloads_are_read_as_in_rasa():
    def meaning(text):
        read = payloads.read(text, DOMAIN)
        if read is None:
            return None
        entities = [[e.entity, e.value, e.start, e.end] for e in read.entities]
        return [read.intent.name, read.intent.confidence, entities]

    assert differing("payload", meaning) == []


@pytest.fixture
def bot(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "domain.yml").write_text(json.dumps(BOT["domain"]))
    (tmp_path / "config.yml").write_text("language: en\npipeline: []\n")
    parts = {key: BOT[key] for key in ("stories", "rules")}
    (tmp_path / "data" / "all.yml").write_text(json.dumps({"version": "3.1", **parts}))
    return tmp_path


def test_test_conversations_pass_and_fail_as_in_rasa(bot):
    project = load_project(bot)
    policies = [MemoryPolicy(max_history=5), RulePolicy()]
    for policy in policies:
        list(policy.train(PolicyTrainingData(dialogues=dialogues(project), domain=project.domain)))
    player = Player(domain=project.domain, policies=Ensemble(policies), understood={})

    def played(steps):
        stories = [{"story": "x", "steps": steps}]
        (bot / "test_stories.yml").write_text(json.dumps({"version": "3.1", "stories": stories}))
        tests = read_tests(bot, ["test_stories.yml"]).stories
        (dialogue,) = straight(tests, project.domain)
        outcome = player.play(dialogue)
        return [not outcome.passed, [f"{f.expected} {f.predicted}" for f in outcome.failures]]

    def recorded(failed, wanted, given):
        pairs = zip(wanted, given, strict=True)
        return [failed, [f"{w} {g}" for w, g in pairs if w != g]]

    cases = zip(made("story test", COUNTS["story test"]), RECORDED["story test"], strict=True)
    found = [(steps, played(steps), recorded(*each)) for steps, each in cases]
    assert [each for each in found if each[1] != each[2]] == []
