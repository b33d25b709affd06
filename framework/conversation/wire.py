"""Events <-> the JSON that Rasa's trackers, brokers and action servers know, in both directions.

Written is what Rasa 3.6 writes. Read is that, the two older names `form` and `form_validation`, and
what the action SDK sends (times and optional keys may be null or absent). An event of an unknown
kind is kept as read and written back unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from framework.conversation.event_fields import EventFields
from framework.conversation.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AgentUttered,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    EntitiesAdded,
    Event,
    FollowupAction,
    LoopInterrupted,
    MoodTurned,
    ReminderCancelled,
    ReminderScheduled,
    Restarted,
    SessionStarted,
    SlotSet,
    StoryExported,
    UnknownEvent,
    UserFeaturization,
    UserUtteranceReverted,
    UserUttered,
    reminder_name,
)
from framework.nlu.wire import entity_to_json, from_json, to_parse_data

_NAMES: dict[type[Event], str] = {
    UserUttered: "user",
    BotUttered: "bot",
    ActionExecuted: "action",
    SlotSet: "slot",
    SessionStarted: "session_started",
    Restarted: "restart",
    UserUtteranceReverted: "rewind",
    ActionReverted: "undo",
    AllSlotsReset: "reset_slots",
    ReminderScheduled: "reminder",
    ReminderCancelled: "cancel_reminder",
    FollowupAction: "followup",
    ConversationPaused: "pause",
    ConversationResumed: "resume",
    ActiveLoop: "active_loop",
    LoopInterrupted: "loop_interrupted",
    ActionExecutionRejected: "action_execution_rejected",
    EntitiesAdded: "entities",
    UserFeaturization: "user_featurization",
    StoryExported: "export",
    AgentUttered: "agent",
    MoodTurned: "mood_turned",
}

_RENAMED = {
    "kill_on_user_message": "kill_on_user_msg",
    "trigger_at": "date_time",
    "use_text": "use_text_for_featurization",
}
"""Names of fields that are called otherwise on the wire."""


def event_to_json(event: Event) -> dict[str, Any]:
    """Give an event as Rasa writes it."""
    if isinstance(event, UnknownEvent):
        return dict(event.raw)
    result: dict[str, Any] = {"event": _NAMES[type(event)], "timestamp": event.timestamp}
    if event.metadata or isinstance(event, UserUttered | BotUttered):
        result["metadata"] = dict(event.metadata)
    if isinstance(event, UserUttered):
        return result | {
            "text": event.text,
            "parse_data": parse_data(event),
            "input_channel": event.input_channel,
            "message_id": event.message_id,
        }
    if isinstance(event, EntitiesAdded):
        return result | {"entities": [entity_to_json(entity) for entity in event.entities]}
    for field in fields(event):
        if field.name not in ("timestamp", "metadata"):
            result[_RENAMED.get(field.name, field.name)] = _plain(getattr(event, field.name))
    return result


def event_from_json(data: Mapping[str, Any], *, now: float = 0.0) -> Event:
    """Read an event.

    Args:
        data: the event as Rasa or an action server writes it.
        now: time of events that carry none, in seconds since the epoch.

    Raises:
        UsageError: the event has no kind, or a key holds something of another shape.
    """
    found = EventFields(data, now=now)
    read = _READERS.get(found.kind)
    if read is not None:
        return read(found)
    return UnknownEvent(raw=dict(data), timestamp=found.timestamp, metadata=found.metadata)


def parse_data(message: UserUttered | None) -> dict[str, Any]:
    """Give what the NLU made of a message, as the `user` event carries it."""
    if message is None:
        return {"text": None, "intent": {}, "entities": [], "message_id": None, "metadata": {}}
    metadata = message.understanding.metadata or message.metadata
    result = to_parse_data(message.understanding, message_id=message.message_id)
    return result | {"text": message.text, "metadata": dict(metadata)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value] or None
    return dict(value) if isinstance(value, Mapping) else value


def _read_user(found: EventFields) -> Event:
    parsed = found.mapping("parse_data")
    text = found.optional_text("text")
    return UserUttered(
        text=text,
        understanding=from_json({**parsed, "text": text}),
        input_channel=found.optional_text("input_channel"),
        message_id=found.optional_text("message_id"),
        **found.common(),
    )


def _read_bot(found: EventFields) -> Event:
    return BotUttered(
        text=found.optional_text("text"), data=found.mapping("data"), **found.common()
    )


def _read_agent(found: EventFields) -> Event:
    return AgentUttered(
        text=found.optional_text("text"), data=found.mapping("data"), **found.common()
    )


def _read_action(found: EventFields) -> Event:
    name, text = found.optional_text("name"), found.optional_text("action_text")
    if not name and not text:
        raise found.misshapen("name", "the name of an action, or 'action_text'")
    return ActionExecuted(
        name=name or None,
        action_text=text,
        policy=found.optional_text("policy"),
        confidence=found.optional_number("confidence"),
        hide_rule_turn=found.flag("hide_rule_turn", missing=False),
        **found.common(),
    )


def _read_rejection(found: EventFields) -> Event:
    return ActionExecutionRejected(
        name=found.text("name"),
        policy=found.optional_text("policy"),
        confidence=found.optional_number("confidence"),
        **found.common(),
    )


def _read_reminder(found: EventFields) -> Event:
    intent, trigger_at = found.text("intent"), found.text("date_time")
    entities = found.entity_mappings("entities") or ()
    return ReminderScheduled(
        intent=intent,
        entities=entities,
        trigger_at=trigger_at,
        name=found.optional_text("name") or reminder_name(intent, trigger_at, entities),
        kill_on_user_message=found.flag("kill_on_user_msg", missing=True),
        **found.common(),
    )


def _read_cancelled_reminder(found: EventFields) -> Event:
    return ReminderCancelled(
        name=found.optional_text("name"),
        intent=found.optional_text("intent"),
        entities=found.entity_mappings("entities"),
        **found.common(),
    )


def _read_interruption(found: EventFields) -> Event:
    return LoopInterrupted(
        is_interrupted=found.flag("is_interrupted", missing=False), **found.common()
    )


def _read_form_validation(found: EventFields) -> Event:
    return LoopInterrupted(
        is_interrupted=not found.flag("validate", missing=True), **found.common()
    )


def _read_featurization(found: EventFields) -> Event:
    use_text = found.flag("use_text_for_featurization", missing=False)
    return UserFeaturization(use_text=use_text, **found.common())


def _read_mood(found: EventFields) -> Event:
    return MoodTurned(
        mood=found.text("mood"),
        scope=found.text("scope"),
        topic=found.optional_text("topic"),
        average=found.optional_number("average") or 0.0,
        **found.common(),
    )


def _read_loop(found: EventFields) -> Event:
    return ActiveLoop(name=found.optional_text("name") or None, **found.common())


_READERS: dict[str, Callable[[EventFields], Event]] = {
    "user": _read_user,
    "bot": _read_bot,
    "agent": _read_agent,
    "action": _read_action,
    "action_execution_rejected": _read_rejection,
    "reminder": _read_reminder,
    "cancel_reminder": _read_cancelled_reminder,
    "loop_interrupted": _read_interruption,
    "form_validation": _read_form_validation,
    "user_featurization": _read_featurization,
    "active_loop": _read_loop,
    "form": _read_loop,
    "mood_turned": _read_mood,
    "slot": lambda found: SlotSet(
        name=found.text("name"), value=found.get("value"), **found.common()
    ),
    "followup": lambda found: FollowupAction(name=found.optional_text("name"), **found.common()),
    "entities": lambda found: EntitiesAdded(entities=found.entities("entities"), **found.common()),
    "session_started": lambda found: SessionStarted(**found.common()),
    "restart": lambda found: Restarted(**found.common()),
    "rewind": lambda found: UserUtteranceReverted(**found.common()),
    "undo": lambda found: ActionReverted(**found.common()),
    "reset_slots": lambda found: AllSlotsReset(**found.common()),
    "pause": lambda found: ConversationPaused(**found.common()),
    "resume": lambda found: ConversationResumed(**found.common()),
    "export": lambda found: StoryExported(**found.common()),
}
