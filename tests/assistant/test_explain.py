from framework.actions.base import Action
from framework.assistant.explain import explain, lines
from framework.errors import Location
from framework.policies.base import Prediction, Reason
from framework.testing.conversation import Conversation, Meanings
from tests.bots import make_domain, mapping, slot

DOMAIN = make_domain(
    intents=("greet",),
    entities=("city",),
    slots=[slot("city", mapping("from_entity", entity="city"))],
    responses={"utter_greet": "Hi!"},
)


class Broken(Action):
    name = "action_broken"

    def run(self, ctx):
        raise RuntimeError("boom")


class Rules:
    def __init__(self, first):
        self.first = first

    def predict(self, tracker, domain):
        action = self.first if tracker.latest_action == "action_listen" else "action_listen"
        where = Location(file="data/rules.yml", line=4)
        reason = Reason(kind="rule", text="rule 'say hello'", where=where)
        return Prediction(action=action, confidence=1.0, policy="rules", priority=4, reason=reason)


def turn_of(first):
    meanings = Meanings({"hi from Rome": ("greet", {"city": "Rome"})}, domain=DOMAIN)
    talk = Conversation(domain=DOMAIN, nlu=meanings, policies=Rules(first), actions=[Broken()])
    talk.say("hi from Rome")
    return talk.turn


def test_a_turn_is_explained_by_its_meaning_its_slots_and_its_decisions():
    explanation = explain(turn_of("utter_greet"))
    assert explanation.text == "hi from Rome"
    assert [score.name for score in explanation.ranking] == ["greet"]
    assert [entity.value for entity in explanation.entities] == ["Rome"]
    assert explanation.slots == {"city": (None, "Rome")}
    assert [decision.action for decision in explanation.decisions] == [
        "utter_greet",
        "action_listen",
    ]
    first = explanation.decisions[0]
    assert (first.outcome, str(first.where)) == ("done", "data/rules.yml:4")
    assert [reply.text for reply in first.replies] == ["Hi!"]


def test_the_explanation_can_be_read():
    assert lines(explain(turn_of("utter_greet"))) == (
        "understood: greet 1.00; city='Rome'",
        "slot city: None -> 'Rome'",
        "utter_greet 1.00 by rules: rule 'say hello' (data/rules.yml:4)",
        "action_listen 1.00 by rules: rule 'say hello' (data/rules.yml:4)",
    )


def test_a_failed_action_says_why():
    (decision,) = explain(turn_of("action_broken")).decisions
    assert (decision.outcome, decision.error) == ("failed", "RuntimeError: boom")
