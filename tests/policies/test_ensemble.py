import pytest

from framework.conversation.events import (
    ActionExecutionRejected,
    LoopInterrupted,
    SlotSet,
    UserFeaturization,
)
from framework.conversation.tracker import Tracker
from framework.policies.base import Policy, Prediction, Reason
from framework.policies.ensemble import Ensemble
from framework.policies.rules import RulePolicy
from tests.conversation.talking import LISTEN, act, make_domain, user
from tests.policies.stories import does, rule, says, train

DOMAIN = make_domain()
ASKED = Tracker.replay("ada", DOMAIN, [LISTEN, user("greet")])


class Fixed(Policy):
    """Says the same thing always."""

    name = "fixed"

    def __init__(self, action=None, confidence=1.0, *, priority=1, **fields):
        self.prediction = action and Prediction(
            action=action,
            confidence=confidence,
            policy=self.name,
            priority=priority,
            reason=Reason(kind="test", text=""),
            **fields,
        )

    def predict(self, tracker, domain):
        return self.prediction


def follow(*policies, tracker=ASKED):
    return Ensemble(policies).predict(tracker, DOMAIN)


@pytest.mark.parametrize(
    ("policies", "action"),
    [
        ([Fixed("a", 0.4), Fixed("b", 0.5)], "b"),
        ([Fixed("a", 0.5, priority=1), Fixed("b", 0.5, priority=2)], "b"),
        ([Fixed("a", 0.5), Fixed("b", 0.5)], "a"),
        ([Fixed("a", 0.9, priority=9), Fixed("b", 0.91)], "b"),
        ([Fixed("a", 1.0), Fixed("b", 0.6, is_end_to_end=True)], "b"),
        ([Fixed("a", 1.0, is_end_to_end=True), Fixed("b", 0.6, is_no_user=True)], "b"),
        ([Fixed(), Fixed("a", 0.1)], "a"),
        ([Fixed(), Fixed()], "action_listen"),
    ],
)
def test_a_form_comes_before_words_before_the_surest_before_priority_before_order(policies, action):
    assert follow(*policies).action == action


@pytest.mark.parametrize(
    ("learned", "action"),
    [
        (0.29, "action_default_fallback"),
        (0.3, "action_default_fallback"),
        (0.31, "utter_learned"),
    ],
)
def test_the_core_fallback_yields_only_to_a_policy_that_is_surer_than_its_threshold(
    learned, action
):
    rules = train(RulePolicy(), DOMAIN, rule("other", says("ask"), does("utter_faq")))
    assert follow(Fixed("utter_learned", learned), rules).action == action


def test_what_a_rule_says_goes_before_a_learned_policy_that_is_as_sure():
    rules = train(RulePolicy(), DOMAIN, rule("greet", says("greet"), does("utter_greet")))
    assert follow(Fixed("utter_learned", 1.0), rules).action == "utter_greet"


def test_an_action_that_declined_gives_way_to_the_next_best():
    declined = ASKED.apply(ActionExecutionRejected(name="a"))
    ranking = (("a", 0.9), ("b", 0.4), ("c", 0.2))
    assert follow(Fixed("a", 0.9, ranking=ranking), Fixed("d", 0.3), tracker=declined).action == "b"
    assert follow(Fixed("a"), Fixed("d", 0.3), tracker=declined).action == "d"
    later = declined.apply(act("x"))
    assert follow(Fixed("a"), Fixed("d", 0.3), tracker=later).action == "a"


def test_all_policies_leave_their_events_and_the_winner_its_optional_ones():
    interrupted = LoopInterrupted(is_interrupted=True)
    won, lost = SlotSet(name="city", value="won"), SlotSet(name="city", value="lost")
    found = follow(
        Fixed("a", 0.2, events=(interrupted,), optional_events=(lost,)),
        Fixed("b", 0.9, optional_events=(won,)),
    )
    assert found.events == (interrupted, won, UserFeaturization(use_text=False))


def test_an_answer_says_whether_it_is_to_the_text_or_the_intent():
    assert follow(Fixed("a", is_end_to_end=True)).events == (UserFeaturization(use_text=True),)
    answered = ASKED.apply(act("x"))
    assert follow(Fixed("a"), tracker=answered).events == ()


def test_a_policy_that_fails_leaves_the_decision_to_the_others(caplog):
    class Broken(Fixed):
        def predict(self, tracker, domain):
            raise KeyError("weather")

    assert follow(Broken(), Fixed("a", 0.1)).action == "a"
    assert "the policy 'fixed' failed in the conversation 'ada'" in caplog.text
