"""An intent that no story leads to is noticed, and nothing else is."""

from dataclasses import replace

import pytest

from framework.conversation.events import ActionExecuted, UserUttered
from framework.conversation.stories import story_events
from framework.conversation.tracker import Tracker
from framework.errors import UsageError
from framework.policies.base import PolicyTrainingData
from framework.policies.unexpected import UnexpectedIntentPolicy
from framework.project.schema.stories import SlotStep, SlotValue, StepEntity, UserStep
from tests.policies.learned.bot import DOMAIN, STORIES, after, story

RULES = (story("thanks", "thank", "utter_bye", kind="rule"),)
SIZE = StepEntity(entity="size", value="x")


def train(dialogues=STORIES, **settings) -> UnexpectedIntentPolicy:
    policy = UnexpectedIntentPolicy(**settings)
    for _ in policy.train(PolicyTrainingData(dialogues=dialogues, domain=DOMAIN)):
        pass
    return UnexpectedIntentPolicy(**settings).load(policy.save(), DOMAIN)


@pytest.mark.parametrize("max_history", [None, 0, 1, 5])
@pytest.mark.parametrize("dialogue", [*STORIES, *RULES], ids=lambda dialogue: dialogue.name)
def test_nothing_in_the_bots_own_conversations_is_unexpected(dialogue, max_history):
    policy = train((*STORIES, *RULES), max_history=max_history)
    tracker = Tracker.start("", DOMAIN)
    for event in story_events(dialogue, DOMAIN):
        tracker = tracker.apply(event)
        assert policy.predict(tracker, DOMAIN) is None


def test_one_story_after_another_is_expected():
    tracker = after("ask_price", "utter_price", "thank", "utter_bye", "order")
    assert train().predict(tracker, DOMAIN) is None


@pytest.mark.parametrize(
    "steps",
    [("affirm",), ("greet", "utter_greet", "deny"), ("order", "utter_ask_size", "thank")],
    ids=" ".join,
)
def test_an_intent_out_of_place_is_unexpected(steps):
    prediction = train().predict(after(*steps), DOMAIN)
    assert prediction.action == "action_unlikely_intent"
    assert prediction.confidence == 1.0
    assert prediction.priority == 2
    assert repr(steps[-1]) in prediction.reason.text


def test_it_is_noticed_once_and_then_the_conversation_goes_on():
    tracker = after("affirm").apply(ActionExecuted(name="action_unlikely_intent"))
    assert train().predict(tracker, DOMAIN) is None


@pytest.mark.parametrize("intent", ["thank", "ask_price", "never_declared"])
def test_intents_that_no_story_has_are_not_judged(intent):
    policy = train(STORIES[:3])
    assert policy.predict(after("greet", "utter_greet", intent), DOMAIN) is None


def test_an_intent_that_a_rule_always_answers_is_expected_everywhere():
    out_of_place = after("order", "utter_ask_size", "thank")
    assert train(STORIES).predict(out_of_place, DOMAIN) is not None
    assert train((*STORIES, *RULES)).predict(out_of_place, DOMAIN) is None


@pytest.mark.parametrize(
    "narrow",
    [
        replace(RULES[0], conversation_start=True),
        replace(RULES[0], conditions=(SlotStep(slots=(SlotValue(slot="size", value="x"),)),)),
        replace(RULES[0], steps=(UserStep(intent="thank", entities=(SIZE,)), RULES[0].steps[1])),
    ],
    ids=["at the start", "under a condition", "with an entity"],
)
def test_an_intent_that_a_rule_answers_in_some_situations_is_judged_all_the_same(narrow):
    out_of_place = after("order", "utter_ask_size", "thank")
    assert train((*STORIES, narrow)).predict(out_of_place, DOMAIN) is not None


def test_ignored_intents_are_always_expected():
    policy = train(ignore_intents_list=["affirm"])
    assert policy.predict(after("affirm"), DOMAIN) is None


def test_with_full_tolerance_what_is_alike_is_let_pass():
    alike = after("greet", "utter_greet", "deny")
    assert train().predict(alike, DOMAIN) is not None
    assert train(tolerance=1.0).predict(alike, DOMAIN) is None


def test_a_message_seen_as_text_is_not_judged():
    tracker = after("greet", "utter_greet")
    tracker = tracker.apply(ActionExecuted(name="action_listen"))
    message = after("deny").latest_message
    assert message is not None
    seen_as_text = UserUttered(text="no", understanding=message.understanding, use_text=True)
    assert train().predict(tracker.apply(seen_as_text), DOMAIN) is None


def test_end_to_end_stories_and_rules_alone_teach_nothing():
    spoken = story("spoken", "user: hi", "bot: Hello!", "user: no", "utter_bye")
    policy = train((spoken, *RULES))
    assert policy.save() == {}
    assert policy.predict(after("greet"), DOMAIN) is None


def test_equal_training_gives_equal_bytes():
    assert train().save() == train().save()


@pytest.mark.parametrize("settings", [{"tolerance": 1.5}, {"max_history": -1}], ids=str)
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(UsageError):
        UnexpectedIntentPolicy(**settings)
