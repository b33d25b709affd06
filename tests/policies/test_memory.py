import time

import pytest

from framework.conversation.events import ActiveLoop, SlotSet
from framework.conversation.tracker import Tracker
from framework.errors import Location, UsageError
from framework.policies.learned.policy import LearnedPolicy
from framework.policies.memory import AugmentedMemoryPolicy, MemoryPolicy
from tests.conversation.talking import LISTEN, act, make_domain, user
from tests.policies.stories import does, loop, rule, says, story, train, was_set

DOMAIN = make_domain()
STORY = story("book", says("greet"), does("utter_greet"), says("inform"), does("action_book"))
TOLD = (LISTEN, user("greet"), act("utter_greet"), LISTEN, user("inform"))
BOTH = pytest.mark.parametrize("kind", [MemoryPolicy, AugmentedMemoryPolicy])


def predict(policy, *events):
    return policy.predict(Tracker.replay("ada", DOMAIN, events), DOMAIN)


@BOTH
def test_what_a_story_says_is_remembered_with_its_place(kind):
    policy = train(kind(), DOMAIN, STORY)
    found = predict(policy, *TOLD)
    assert (found.action, found.confidence, found.priority) == ("action_book", 1.0, 3)
    assert found.reason.text == "the story 'book'"
    assert found.reason.where == Location(file="stories.yml", line=3)
    assert predict(policy, LISTEN, user("deny")) is None


@BOTH
def test_what_stories_disagree_on_is_remembered_as_neither(kind):
    other = story("other", *STORY.steps[:-1], does("utter_no"))
    policy = train(kind(), DOMAIN, STORY, other)
    assert predict(policy, *TOLD) is None
    assert predict(policy, *TOLD[:2]).action == "utter_greet"


def test_only_the_augmented_memory_forgets_what_came_before():
    events = (LISTEN, user("ask"), act("utter_faq"), *TOLD)
    assert predict(train(MemoryPolicy(), DOMAIN, STORY), *events) is None
    assert predict(train(AugmentedMemoryPolicy(), DOMAIN, STORY), *events).action == "action_book"


def test_a_slot_from_before_is_forgotten_and_one_from_since_is_not():
    policy = train(AugmentedMemoryPolicy(), DOMAIN, STORY)
    is_set = SlotSet(name="sure", value=True)
    before = (LISTEN, user("ask"), act("utter_faq"), is_set)
    assert predict(policy, *before, *TOLD).action == "action_book"
    assert predict(policy, *TOLD, is_set) is None


def test_with_a_history_only_the_latest_states_are_compared():
    events = (LISTEN, user("ask"), act("utter_faq"), *TOLD)
    policy = train(MemoryPolicy(max_history=3), DOMAIN, STORY)
    assert predict(policy, *events).action == "action_book"
    assert predict(train(MemoryPolicy(max_history=6), DOMAIN, STORY), *events) is None


@pytest.mark.parametrize("policy", [MemoryPolicy, AugmentedMemoryPolicy, LearnedPolicy])
def test_a_history_of_none_is_all_of_it_and_a_negative_one_is_refused(policy):
    assert policy(max_history=0).max_history is None
    with pytest.raises(UsageError, match=f"`max_history` of the policy '{policy.name}' is -1"):
        policy(max_history=-1)


def test_slots_are_compared_by_what_policies_see_of_them():
    policy = train(
        MemoryPolicy(),
        DOMAIN,
        story("s", says("greet"), was_set("city", size="large", people=20.0), does("utter_a")),
    )
    seen = [("city", "anything"), ("size", "LARGE"), ("people", 10), ("note", "unseen")]
    events = [LISTEN, user("greet"), *(SlotSet(name=n, value=v) for n, v in seen)]
    assert predict(policy, *events).action == "utter_a"
    assert predict(policy, *events, SlotSet(name="size", value="odd")) is None


def test_rules_teach_nothing_and_what_only_they_use_is_not_seen():
    spoken = rule(
        "r", says("ask"), does("utter_faq"), conditions=(was_set(sure=True), loop("pay_form"))
    )
    policy = train(MemoryPolicy(), DOMAIN, STORY, spoken)
    assert predict(policy, LISTEN, user("ask")) is None
    hidden = (SlotSet(name="sure", value=True), ActiveLoop(name="pay_form"))
    assert predict(policy, LISTEN, user("greet"), *hidden).action == "utter_greet"


def test_turns_that_only_rules_know_are_passed_over():
    policy = train(MemoryPolicy(), DOMAIN, STORY)
    aside = (LISTEN, user("ask"), act("utter_faq", hide_rule_turn=True))
    listen = act("action_listen", hide_rule_turn=True)
    events = (*TOLD[:3], LISTEN, aside[1], aside[2], listen, user("inform"))
    assert predict(policy, *events).action == "action_book"


def test_augmented_stories_are_not_remembered():
    policy = train(MemoryPolicy(), DOMAIN, story("glued", *STORY.steps, is_augmented=True))
    assert predict(policy, *TOLD) is None


def test_the_confidence_may_be_that_of_the_nlu():
    policy = train(MemoryPolicy(use_nlu_confidence_as_score=True), DOMAIN, STORY)
    assert predict(policy, LISTEN, user("greet", confidence=0.6)).confidence == 0.6


@BOTH
def test_recalling_costs_the_same_late_in_a_conversation(kind):
    policy = train(kind(), DOMAIN, STORY)
    tracker = Tracker.replay("ada", DOMAIN, TOLD * 1000)
    policy.predict(tracker, DOMAIN)
    begun = time.perf_counter()
    for _ in range(50):
        tracker = tracker.extend(TOLD)
        policy.predict(tracker, DOMAIN)
    assert time.perf_counter() - begun < 1.0


def test_equal_training_gives_equal_files():
    assert (
        train(MemoryPolicy(), DOMAIN, STORY).save() == train(MemoryPolicy(), DOMAIN, STORY).save()
    )
