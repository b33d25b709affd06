from framework.conversation.events import ActionExecuted, UserUttered
from framework.conversation.tracker import Tracker
from framework.nlu.pipeline import Pipeline
from framework.nlu.types import Entity, IntentScore, Understanding
from framework.project.schema.domain import Domain
from framework.testing.scripted import ScriptedNlu, ScriptedPolicy

BUNS = Entity(entity="pastry", value="buns", start=4, end=8)
DOMAIN = Domain()


def nlu():
    return ScriptedNlu(intents={"two buns": "order"}, entities={"two buns": (BUNS,)})


def test_a_scripted_text_gets_its_intent_and_entities():
    understanding = Pipeline([nlu()], DOMAIN).parse("two buns")
    assert understanding.intent == IntentScore(name="order", confidence=1.0)
    assert [(e.value, e.extractor) for e in understanding.entities] == [("buns", "scripted_nlu")]


def test_a_text_that_is_not_in_the_script_gets_no_intent():
    assert Pipeline([nlu()], DOMAIN).parse("three buns").intent is None


def actions_after(intent, script):
    policy = ScriptedPolicy(actions=script)
    ranking = (IntentScore(name=intent, confidence=1.0),)
    message = UserUttered(text=intent, understanding=Understanding(text=intent, ranking=ranking))
    tracker = Tracker.start("ada", DOMAIN).apply(message)
    chosen = []
    while prediction := policy.predict(tracker, DOMAIN):
        chosen.append(prediction.action)
        if prediction.action == "action_listen":
            break
        tracker = tracker.apply(ActionExecuted(name=prediction.action))
    return chosen


def test_a_scripted_policy_plays_its_actions_and_then_listens():
    script = {"greet": ("utter_greet", "utter_help")}
    assert actions_after("greet", script) == ["utter_greet", "utter_help", "action_listen"]


def test_a_scripted_policy_leaves_other_intents_to_other_policies():
    assert actions_after("goodbye", {"greet": ("utter_greet",)}) == []
