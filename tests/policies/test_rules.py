import json
import time

import pytest

from framework.conversation.events import (
    ActionExecutionRejected,
    ActiveLoop,
    LoopInterrupted,
    SlotSet,
)
from framework.conversation.tracker import Tracker
from framework.errors import Location, ProjectError
from framework.policies.rules import RulePolicy
from framework.project.schema.domain import Slot
from tests.conversation.talking import LISTEN, act, entity, make_domain, user
from tests.policies.stories import does, loop, rule, says, story, train, types, was_set

DOMAIN = make_domain()


def after(*events):
    return Tracker.replay("ada", DOMAIN, events)


def predict(policy, *events):
    return policy.predict(after(*events), DOMAIN)


GREET = rule("greet back", says("greet"), does("utter_greet"))


def test_a_rule_is_followed_and_named_with_its_place():
    policy = train(RulePolicy(), DOMAIN, GREET)
    found = predict(policy, LISTEN, user("greet"))
    assert (found.action, found.confidence, found.priority) == ("utter_greet", 1.0, 4)
    assert found.reason.text == "the rule 'greet back'"
    assert found.reason.where == Location(file="rules.yml", line=5)
    assert predict(policy, LISTEN, user("greet"), act("utter_greet")).action == "action_listen"


def test_without_a_rule_the_fallback_is_offered_with_its_threshold():
    policy = train(RulePolicy(core_fallback_threshold=0.4), DOMAIN, GREET)
    found = predict(policy, LISTEN, user("ask"))
    assert (found.action, found.confidence) == ("action_default_fallback", 0.4)
    assert found.reason.kind == "fallback"
    silent = train(RulePolicy(enable_fallback_prediction=False), DOMAIN, GREET)
    assert predict(silent, LISTEN, user("ask")).confidence == 0.0


def test_the_confidence_may_be_that_of_the_nlu():
    policy = train(RulePolicy(use_nlu_confidence_as_score=True), DOMAIN, GREET)
    assert predict(policy, LISTEN, user("greet", confidence=0.7)).confidence == 0.7


@pytest.mark.parametrize(
    ("intent", "action"),
    [
        ("restart", "action_restart"),
        ("back", "action_back"),
        ("session_start", "action_session_start"),
    ],
)
def test_default_intents_come_before_forms_and_rules(intent, action):
    policy = train(RulePolicy(), DOMAIN, GREET)
    found = predict(policy, ActiveLoop(name="travel_form"), LISTEN, user(intent))
    assert (found.action, found.reason.kind) == (action, "default")


def test_of_the_rules_that_apply_the_one_that_says_most_wins():
    policy = train(
        RulePolicy(),
        DOMAIN,
        GREET,
        rule("known", says("greet"), does("utter_again"), conditions=(was_set(city="Rome"),)),
        rule("named", says("greet", "person"), does("utter_name")),
    )
    assert predict(policy, LISTEN, user("greet")).action == "utter_greet"
    set_city = SlotSet(name="city", value="Paris")
    assert predict(policy, set_city, LISTEN, user("greet")).action == "utter_again"
    named = user("greet", entity("person"))
    assert predict(policy, LISTEN, named).action == "utter_name"
    # both apply: the condition's JSON is longer than that of the entity
    assert predict(policy, set_city, LISTEN, named).action == "utter_again"


def test_one_condition_with_a_long_name_says_more_than_two_with_short_ones():
    names = ("a", "b", "delivery_address_of_the_customer")
    domain = make_domain(slots={name: Slot(name=name, type="text") for name in names})
    policy = train(
        RulePolicy(),
        domain,
        rule("two", says("greet"), does("utter_two"), conditions=(was_set(a="x", b="x"),)),
        rule("one", says("greet"), does("utter_one"), conditions=(was_set(names[2]),)),
    )
    slots = [SlotSet(name=name, value="x") for name in names]
    found = [
        policy.predict(Tracker.replay("ada", domain, [*some, LISTEN, user("greet")]), domain)
        for some in (slots[:2], slots[2:], slots)
    ]
    assert [one.action for one in found] == ["utter_two", "utter_one", "utter_one"]


def test_what_a_rule_says_must_not_be_set_must_not_be_set():
    policy = train(
        RulePolicy(),
        DOMAIN,
        rule("no city", says("greet"), does("utter_ask"), conditions=(was_set(city=None),)),
        rule("no form", says("ask"), does("utter_faq"), conditions=(loop(None),)),
    )
    assert predict(policy, LISTEN, user("greet")).action == "utter_ask"
    is_set = SlotSet(name="city", value="x")
    assert predict(policy, is_set, LISTEN, user("greet")).reason.kind == "fallback"
    assert predict(policy, LISTEN, user("ask")).action == "utter_faq"
    declined = ActionExecutionRejected(name="pay_form")
    in_form = (ActiveLoop(name="pay_form"), LISTEN, user("ask"), declined)
    assert predict(policy, *in_form).reason.kind == "fallback"


def test_a_rule_for_the_start_applies_only_there():
    start = rule("start", says("greet"), does("utter_hi"), conversation_start=True)
    policy = train(RulePolicy(), DOMAIN, start)
    assert predict(policy, LISTEN, user("greet")).action == "utter_hi"
    later = (LISTEN, user("ask"), act("utter_faq"), LISTEN, user("greet"))
    assert predict(policy, *later).reason.kind == "fallback"


def test_a_rule_that_does_not_wait_says_nothing_about_what_follows():
    policy = train(
        RulePolicy(),
        DOMAIN,
        rule("hand over", says("ask"), does("utter_faq"), wait_for_user_input=False),
    )
    assert predict(policy, LISTEN, user("ask")).action == "utter_faq"
    assert predict(policy, LISTEN, user("ask"), act("utter_faq")).reason.kind == "fallback"


FORM = rule("to the form", says("inform"), does("travel_form"), loop("travel_form"))
IN_FORM = (LISTEN, user("inform"), act("travel_form"), ActiveLoop(name="travel_form"))


def test_a_form_goes_on_and_waits_in_turn_whatever_rules_say():
    policy = train(RulePolicy(), DOMAIN, FORM, GREET)
    waits = predict(policy, *IN_FORM)
    assert (waits.action, waits.is_no_user, waits.reason.kind) == ("action_listen", True, "form")
    goes_on = predict(policy, *IN_FORM, LISTEN, user("greet"))
    assert (goes_on.action, goes_on.is_no_user) == ("travel_form", True)


def test_a_form_that_declined_leaves_the_turn_to_rules_and_takes_it_back():
    policy = train(RulePolicy(), DOMAIN, FORM, GREET)
    declined = (*IN_FORM, LISTEN, user("greet"), ActionExecutionRejected(name="travel_form"))
    assert predict(policy, *declined).action == "utter_greet"
    # the rule ends in listening, in a form that means: back to the form
    back = predict(policy, *declined, act("utter_greet"))
    assert (back.action, back.events) == ("travel_form", ())
    assert "'greet back' has ended" in back.reason.text


def test_a_form_is_not_taken_for_granted_where_a_story_shows_something_else():
    policy = train(
        RulePolicy(),
        DOMAIN,
        FORM,
        GREET,
        story(
            "stop",
            says("inform"),
            does("travel_form"),
            loop("travel_form"),
            says("greet"),
            does("utter_greet"),
            does("action_stop"),
        ),
    )
    declined = (*IN_FORM, LISTEN, user("greet"), ActionExecutionRejected(name="travel_form"))
    assert predict(policy, *declined, act("utter_greet")).reason.kind == "fallback"


def test_a_form_that_goes_on_after_something_else_does_not_validate():
    policy = train(
        RulePolicy(),
        DOMAIN,
        FORM,
        story(
            "explain",
            says("inform"),
            does("travel_form"),
            loop("travel_form"),
            says("ask"),
            does("utter_why"),
            says("deny"),
            does("travel_form"),
        ),
    )
    declined = ActionExecutionRejected(name="travel_form")
    events = (*IN_FORM, LISTEN, user("ask"), declined, act("utter_why"), LISTEN, user("deny"))
    assert predict(policy, *events, declined).events == (LoopInterrupted(is_interrupted=True),)


def test_a_rule_on_the_users_words_comes_before_default_intents():
    policy = train(RulePolicy(), DOMAIN, rule("words", types("start over"), does("utter_no")))
    found = predict(policy, LISTEN, user("restart", text="start over"))
    assert (found.action, found.is_end_to_end) == ("utter_no", True)


def test_turns_that_only_rules_know_are_marked_to_be_hidden():
    told = story("told", says("greet"), does("utter_greet"))
    assert predict(train(RulePolicy(), DOMAIN, GREET), LISTEN, user("greet")).hide_rule_turn
    policy = train(RulePolicy(), DOMAIN, GREET, told)
    assert not predict(policy, LISTEN, user("greet")).hide_rule_turn


def test_equal_training_gives_equal_files_that_hold_only_json():
    files = train(RulePolicy(), DOMAIN, FORM, GREET).save()
    assert files == train(RulePolicy(), DOMAIN, FORM, GREET).save()
    assert {name: bool(json.loads(content)) for name, content in files.items()} == {
        "rules.json": True
    }


def test_training_stops_at_contradictions_unless_told_not_to_look():
    other = rule("greet otherwise", says("greet"), does("utter_bye"), line=9)
    with pytest.raises(ProjectError) as caught:
        train(RulePolicy(), DOMAIN, GREET, other)
    assert [problem.id for problem in caught.value.found] == ["rule-contradicts-rule"]
    policy = train(RulePolicy(check_for_contradictions=False), DOMAIN, GREET, other)
    assert predict(policy, LISTEN, user("greet")).reason.kind == "fallback"


def test_a_prediction_is_quick_among_many_rules():
    rules = [
        rule(f"r{n}", says("ask"), does(f"utter_{n}"), conditions=(was_set(city="x"),))
        if n == 0
        else rule(f"r{n}", says(f"intent_{n}"), does(f"utter_{n}"))
        for n in range(200)
    ]
    policy = train(RulePolicy(check_for_contradictions=False), DOMAIN, *rules)
    tracker = after(LISTEN, user("intent_150"))
    begun = time.perf_counter()
    for _ in range(100):
        assert policy.predict(tracker, DOMAIN).action == "utter_150"
    assert time.perf_counter() - begun < 1.0
