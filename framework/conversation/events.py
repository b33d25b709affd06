"""What happens in a conversation. A tracker is the fold of these.

Names and fields follow Rasa's wire format (`framework.conversation.wire` reads and writes it).
Every event has `timestamp` (seconds since the epoch) and `metadata`. Events are immutable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from framework.nlu.types import Entity, Understanding


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened."""

    timestamp: float = 0.0
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class UserUttered(Event):
    """The user said something.

    Attributes:
        text: the words; None only in stories that give just the intent.
        understanding: what the NLU made of it.
        input_channel: channel it came through.
        message_id: the channel's id of the message.
        use_text: whether policies see the text instead of the intent; None until decided.
    """

    text: str | None
    understanding: Understanding
    input_channel: str | None = None
    message_id: str | None = None
    use_text: bool | None = None


@dataclass(frozen=True, kw_only=True)
class BotUttered(Event):
    """The bot said something: `data` holds buttons, image, custom and the like."""

    text: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ActionExecuted(Event):
    """An action was run.

    Attributes:
        name: the action; None for an end-to-end bot text.
        action_text: the bot text of an end-to-end action.
        policy: which policy chose it.
        confidence: of that policy, 0 to 1.
        hide_rule_turn: whether learned policies must not see this turn.
    """

    name: str | None
    action_text: str | None = None
    policy: str | None = None
    confidence: float | None = None
    hide_rule_turn: bool = False


@dataclass(frozen=True, kw_only=True)
class SlotSet(Event):
    """A slot got a value; None empties it."""

    name: str
    value: Any = None


@dataclass(frozen=True, kw_only=True)
class SessionStarted(Event):
    """A session began; what came before no longer counts."""


@dataclass(frozen=True, kw_only=True)
class Restarted(Event):
    """The conversation was restarted."""


@dataclass(frozen=True, kw_only=True)
class UserUtteranceReverted(Event):
    """Everything since and including the last user message is undone (`rewind`)."""


@dataclass(frozen=True, kw_only=True)
class ActionReverted(Event):
    """Everything since and including the last action is undone (`undo`)."""


@dataclass(frozen=True, kw_only=True)
class AllSlotsReset(Event):
    """All slots got their initial values."""


@dataclass(frozen=True, kw_only=True)
class ReminderScheduled(Event):
    """An intent will be triggered later.

    Attributes:
        intent: what is triggered.
        entities: with these entities.
        trigger_at: ISO date and time; local time where it names no zone.
        name: to cancel it by; a later reminder of the same name takes its place.
        kill_on_user_message: whether a user message cancels it.
    """

    intent: str
    entities: tuple[Mapping[str, Any], ...] = ()
    trigger_at: str
    name: str
    kill_on_user_message: bool = True


def reminder_name(
    intent: str, trigger_at: str, entities: tuple[Mapping[str, Any], ...] = ()
) -> str:
    """Give the name of a reminder that got none: other reminders have another one."""
    values = "".join(f" {each.get('entity')}={each.get('value')}" for each in entities)
    return f"{intent}{values} at {trigger_at}"


@dataclass(frozen=True, kw_only=True)
class ReminderCancelled(Event):
    """Reminders that match every given field are cancelled; without any field, all of them."""

    name: str | None = None
    intent: str | None = None
    entities: tuple[Mapping[str, Any], ...] | None = None


@dataclass(frozen=True, kw_only=True)
class FollowupAction(Event):
    """This action comes next, whatever the policies say."""

    name: str | None


@dataclass(frozen=True, kw_only=True)
class ConversationPaused(Event):
    """The bot stays silent."""


@dataclass(frozen=True, kw_only=True)
class ConversationResumed(Event):
    """The bot answers again."""


@dataclass(frozen=True, kw_only=True)
class ActiveLoop(Event):
    """A form became active; with None, none is."""

    name: str | None


@dataclass(frozen=True, kw_only=True)
class LoopInterrupted(Event):
    """Whether the active form was left for another action and skips validation once."""

    is_interrupted: bool


@dataclass(frozen=True, kw_only=True)
class ActionExecutionRejected(Event):
    """An action declined to run."""

    name: str
    policy: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True)
class EntitiesAdded(Event):
    """Entities were added to the last user message."""

    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UserFeaturization(Event):
    """Whether policies saw the last user message as text."""

    use_text: bool


@dataclass(frozen=True, kw_only=True)
class StoryExported(Event):
    """The conversation was exported."""


@dataclass(frozen=True, kw_only=True)
class AgentUttered(Event):
    """A human agent said something."""

    text: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MoodTurned(Event):
    """The mood of the user turned (Frame's own event).

    Attributes:
        mood: `negative`, or `recovered`.
        scope: `conversation`, or `topic`.
        topic: the form or intent it is about; None for the conversation.
        average: of the messages' scores, the latest weighing most; -1 to 1.
    """

    mood: str
    scope: str
    topic: str | None = None
    average: float


@dataclass(frozen=True, kw_only=True)
class UnknownEvent(Event):
    """An event of another version: kept as read and written back unchanged."""

    raw: Mapping[str, Any] = field(default_factory=dict)
