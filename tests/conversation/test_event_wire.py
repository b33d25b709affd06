import pytest

from framework.conversation import events as kinds
from framework.conversation.wire import event_from_json, event_to_json
from framework.errors import UsageError
from framework.testing.stores import EVENTS
from tests.conversation.talking import entity, user

ALL = [
    *EVENTS,
    user("greet", entity("city", role="to"), text="hi", message_id="1", input_channel="rest"),
    kinds.BotUttered(text=None, data={"image": "x.png"}, metadata={"utter_action": "utter_a"}),
    kinds.ActionExecuted(name="a", policy="rules", confidence=1.0, hide_rule_turn=True),
    kinds.ActionExecuted(name=None, action_text="Hello."),
    kinds.SlotSet(name="city", value=None),
    kinds.SessionStarted(),
    kinds.Restarted(),
    kinds.UserUtteranceReverted(),
    kinds.ActionReverted(metadata={"why": "test"}),
    kinds.AllSlotsReset(),
    kinds.ReminderScheduled(
        intent="remind",
        entities=({"entity": "city", "value": "Rome"},),
        trigger_at="2030-01-01T10:00:00+00:00",
        name="r1",
        kill_on_user_message=False,
    ),
    kinds.ReminderCancelled(name="r1"),
    kinds.ReminderCancelled(intent="remind", entities=({"entity": "city", "value": "Rome"},)),
    kinds.FollowupAction(name="a"),
    kinds.ConversationPaused(),
    kinds.ConversationResumed(),
    kinds.ActiveLoop(name="travel_form"),
    kinds.ActiveLoop(name=None),
    kinds.LoopInterrupted(is_interrupted=True),
    kinds.ActionExecutionRejected(name="travel_form", policy="rules", confidence=0.5),
    kinds.EntitiesAdded(entities=(entity("city"),)),
    kinds.UserFeaturization(use_text=True),
    kinds.StoryExported(),
    kinds.AgentUttered(text="A human here."),
]


@pytest.mark.parametrize("event", ALL, ids=lambda event: type(event).__name__)
def test_every_event_comes_back_from_its_json(event):
    assert event_from_json(event_to_json(event)) == event


def test_the_names_on_the_wire_are_those_of_rasa():
    written = {type(event).__name__: event_to_json(event)["event"] for event in ALL}
    assert written == {
        "UserUttered": "user",
        "BotUttered": "bot",
        "ActionExecuted": "action",
        "SlotSet": "slot",
        "SessionStarted": "session_started",
        "Restarted": "restart",
        "UserUtteranceReverted": "rewind",
        "ActionReverted": "undo",
        "AllSlotsReset": "reset_slots",
        "ReminderScheduled": "reminder",
        "ReminderCancelled": "cancel_reminder",
        "FollowupAction": "followup",
        "ConversationPaused": "pause",
        "ConversationResumed": "resume",
        "ActiveLoop": "active_loop",
        "LoopInterrupted": "loop_interrupted",
        "ActionExecutionRejected": "action_execution_rejected",
        "EntitiesAdded": "entities",
        "UserFeaturization": "user_featurization",
        "StoryExported": "export",
        "AgentUttered": "agent",
        "UnknownEvent": "from_the_future",
    }


def test_events_have_the_keys_that_rasa_writes():
    reminder = next(e for e in ALL if isinstance(e, kinds.ReminderScheduled))
    assert event_to_json(reminder) == {
        "event": "reminder",
        "timestamp": 0.0,
        "intent": "remind",
        "date_time": "2030-01-01T10:00:00+00:00",
        "entities": [{"entity": "city", "value": "Rome"}],
        "name": "r1",
        "kill_on_user_msg": False,
    }
    assert event_to_json(kinds.ActionExecuted(name="a")) == {
        "event": "action",
        "timestamp": 0.0,
        "name": "a",
        "action_text": None,
        "policy": None,
        "confidence": None,
        "hide_rule_turn": False,
    }
    said = event_to_json(user("greet", text="hi"))
    assert said["metadata"] == {}
    assert said["parse_data"]["text"] == "hi"
    assert said["parse_data"]["intent"] == {"name": "greet", "confidence": 1.0}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"event": "form", "name": "f"}, kinds.ActiveLoop(name="f")),
        (
            {"event": "form_validation", "validate": False},
            kinds.LoopInterrupted(is_interrupted=True),
        ),
        ({"event": "form_validation"}, kinds.LoopInterrupted(is_interrupted=False)),
    ],
)
def test_events_of_older_versions_are_read_as_what_they_are_called_now(old, new):
    assert event_from_json(old) == new


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (
            {"event": "slot", "timestamp": None, "name": "city", "value": "Rome"},
            kinds.SlotSet(name="city", value="Rome", timestamp=7.0),
        ),
        (
            {"event": "action", "name": "a", "policy": None, "confidence": None},
            kinds.ActionExecuted(name="a", timestamp=7.0),
        ),
        (
            {"event": "user", "text": "/greet", "parse_data": {"intent": {"name": "greet"}}},
            user("greet", text="/greet", timestamp=7.0),
        ),
        (
            {
                "event": "reminder",
                "intent": "remind",
                "date_time": "2030-01-01",
                "entities": {"city": "Rome"},
                "name": None,
            },
            kinds.ReminderScheduled(
                intent="remind",
                entities=({"entity": "city", "value": "Rome"},),
                trigger_at="2030-01-01",
                name="remind city=Rome at 2030-01-01",
                timestamp=7.0,
            ),
        ),
    ],
)
def test_what_action_servers_leave_out_is_filled_in(sent, read):
    assert event_from_json(sent, now=7.0) == read


def test_unknown_events_pass_through_unchanged():
    raw = {"event": "new_thing", "x": {"y": [1]}, "timestamp": 3}
    event = event_from_json(raw)
    assert isinstance(event, kinds.UnknownEvent)
    assert event.timestamp == 3.0
    assert event_to_json(event) == raw


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "expected an object with the key 'event'"),
        ([], "expected an object with the key 'event'"),
        ({"event": 3}, "expected an object with the key 'event'"),
        ({"event": "slot", "value": 1}, "'name' of the event 'slot' is None, expected a text"),
        ({"event": "action"}, "expected the name of an action, or 'action_text'"),
        ({"event": "slot", "name": "a", "timestamp": "x"}, "expected a number"),
        ({"event": "slot", "name": "a", "metadata": []}, "expected an object"),
        ({"event": "loop_interrupted", "is_interrupted": "no"}, "expected true or false"),
        ({"event": "entities", "entities": "x"}, "expected a list of entities"),
        ({"event": "entities", "entities": [1]}, "expected a list of entities"),
        ({"event": "user", "text": 3}, "expected a text"),
        ({"event": "user", "parse_data": {"entities": 3}}, "expected a list"),
    ],
)
def test_a_misshapen_event_is_named_with_what_was_expected(data, message):
    with pytest.raises(UsageError, match="expected") as caught:
        event_from_json(data)
    assert message in caught.value.message
