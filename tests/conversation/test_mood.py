from __future__ import annotations

import pytest

from framework.conversation.events import ActiveLoop, MoodTurned, SessionStarted, SlotSet
from framework.conversation.mood import MoodMonitor
from framework.conversation.wire import event_from_json, event_to_json
from framework.errors import UsageError
from framework.nlu.types import IntentScore, Understanding
from framework.project.schema.domain import (
    Domain,
    Form,
    Response,
    ResponseVariation,
    Slot,
    SlotCondition,
)
from framework.testing.conversation import Conversation, Script

SCORES = {"fine": 0.8, "hm": 0.0, "bad": -0.8, "awful": -1.0}


def meaning(text, intent):
    label = "negative" if SCORES[text] < -0.3 else "positive" if SCORES[text] > 0.3 else "neutral"
    found = {"name": label, "confidence": 0.9, "score": SCORES[text]}
    ranking = (IntentScore(name=intent, confidence=1.0),)
    return Understanding(text=text, ranking=ranking, additional={"sentiment": found})


class Sounds:
    """Stands for the NLU: `order bad` is the intent `order` in a bad mood."""

    def parse(self, text, *, metadata=None):
        intent, _, sound = text.partition(" ")
        return meaning(sound, intent) if sound else Understanding(text=text)


DOMAIN = Domain(
    slots={
        "mood": Slot(name="mood", type="text"),
        "feeling": Slot(name="feeling", type="float"),
        "upset": Slot(name="upset", type="bool", influence_conversation=False),
    },
    forms={"order_form": Form(name="order_form")},
    responses={
        "utter_reply": Response(
            name="utter_reply",
            variations=(
                ResponseVariation(text="Great!"),
                ResponseVariation(
                    text="I'm sorry.", conditions=(SlotCondition(slot="mood", value="negative"),)
                ),
            ),
        )
    },
)


def talk(**settings):
    return Conversation(
        domain=DOMAIN,
        nlu=Sounds(),
        policies=Script({"order": ["utter_reply"], "pay": ["utter_reply"]}),
        observers=[MoodMonitor(**settings)],
    )


def turned(conversation):
    events = conversation.tracker.events
    found = [event for event in events if isinstance(event, MoodTurned)]
    return [(event.mood, event.scope, event.topic) for event in found]


def test_the_slot_gets_the_label_and_conditions_the_reply_to_the_same_message():
    conversation = talk(slot="mood")
    assert conversation.say("order bad") == ["I'm sorry."]
    assert conversation.say("order fine") == ["Great!"]
    assert conversation.slots["mood"] == "positive"


def test_a_float_slot_gets_the_score():
    conversation = talk(slot="feeling")
    conversation.say("order bad")
    assert conversation.slots["feeling"] == -0.8


def test_a_conversation_turns_negative_once_and_recovers_once():
    conversation = talk(alert_slot="upset")
    for text in ("order bad", "order bad", "pay bad"):
        conversation.say(text)
    of_all = [one for one in turned(conversation) if one[1] == "conversation"]
    assert of_all == [("negative", "conversation", None)]
    assert conversation.slots["upset"] is True
    for _ in range(3):
        conversation.say("pay fine")
    of_all = [one for one in turned(conversation) if one[1] == "conversation"]
    assert of_all[1:] == [("recovered", "conversation", None)]
    assert conversation.slots["upset"] is False


def test_a_topic_turns_by_its_own_messages_alone():
    conversation = talk()
    for text in ("pay fine", "order bad", "pay fine", "order bad", "pay fine"):
        conversation.say(text)
    assert turned(conversation) == [("negative", "topic", "order")]


def test_inside_a_form_the_form_is_the_topic():
    conversation = talk()
    conversation.say("order hm")
    conversation.append(ActiveLoop(name="order_form"))
    conversation.say("order awful")
    conversation.say("pay awful")
    assert ("negative", "topic", "order_form") in turned(conversation)


def test_one_bad_message_is_not_a_mood():
    conversation = talk()
    conversation.say("order awful")
    assert turned(conversation) == []


def test_a_new_session_begins_with_a_clean_mood():
    conversation = talk()
    conversation.say("order bad")
    conversation.append(SessionStarted())
    conversation.say("order bad")
    assert turned(conversation) == []


def test_messages_without_a_sentiment_change_nothing():
    conversation = talk(slot="mood")
    conversation.say("order")
    assert "mood" not in conversation.slots


def test_the_event_survives_the_wire():
    event = MoodTurned(mood="negative", scope="topic", topic="order", average=-0.5, timestamp=3.0)
    told = event_to_json(event)
    assert told["event"] == "mood_turned"
    assert event_from_json(told) == event


def test_a_slot_that_the_domain_lacks_is_not_set():
    conversation = talk(slot="absent", alert_slot="absent")
    conversation.say("order bad")
    conversation.say("order bad")
    assert not any(
        isinstance(e, SlotSet) and e.name == "absent" for e in conversation.tracker.events
    )


@pytest.mark.parametrize(
    "settings",
    [{"threshold": 0.5}, {"threshold": -2.0}, {"smoothing": 0.0}, {"min_messages": 0}],
)
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(UsageError):
        MoodMonitor(**settings)
