"""Reminders of a conversation: which of them are still to come, as its events say.

A reminder is a promise to act as if the user had meant something at a later time. What keeps the
time is `framework.assistant.reminders`; here is what events mean for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from framework.conversation.events import (
    Event,
    ReminderCancelled,
    ReminderScheduled,
    Restarted,
    UserUttered,
)
from framework.conversation.tracker import Tracker
from framework.errors import UsageError

IS_EXTERNAL = "is_external"
"""Key in the metadata of a message that a trigger caused, not the user (Rasa's convention)."""

REMINDER = "reminder"
"""Key in the metadata of such a message that holds the name of the reminder that caused it."""

Pending = Mapping[str, ReminderScheduled]
"""Reminders by their names."""


def pending(events: Iterable[Event], *, before: Pending | None = None) -> Pending:
    """Give the reminders that are still to come after some events.

    A later reminder replaces an earlier one of its name. One is gone once it fired, was cancelled,
    the conversation was restarted, or, if it says so, the user wrote anything.

    Args:
        events: what happened, the oldest first.
        before: those to come before these events.
    """
    found = dict(before or {})
    for event in events:
        if isinstance(event, ReminderScheduled):
            found[event.name] = event
        elif isinstance(event, Restarted):
            found = {}
        elif isinstance(event, ReminderCancelled):
            found = {name: each for name, each in found.items() if not _cancels(event, each)}
        elif isinstance(event, UserUttered):
            found = {name: each for name, each in found.items() if not _ends(event, each)}
    return found


def is_pending(tracker: Tracker, reminder: ReminderScheduled) -> bool:
    """Say whether a reminder is still to come in a conversation, and wasn't undone with its turn.

    A new session doesn't end it: it may well have been set for the next day.
    """
    known = pending(tracker.events).get(reminder.name)
    if known is None or known.trigger_at != reminder.trigger_at:
        return False
    is_of_session = known in tracker.session_events()
    return not is_of_session or known in tracker.counted_events()


def due_at(reminder: ReminderScheduled) -> float:
    """Give when a reminder is due, in seconds since the epoch; without a zone, local time is meant.

    Raises:
        UsageError: the time can't be read, or no clock reaches it.
    """
    try:
        return datetime.fromisoformat(reminder.trigger_at).timestamp()
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"the reminder {reminder.name!r} is set for {reminder.trigger_at!r}, expected a date "
            "and time",
            id="unreadable-time",
            hint="write it in ISO 8601, like '2030-12-24T18:00:00+01:00'",
        ) from None


def _cancels(event: ReminderCancelled, reminder: ReminderScheduled) -> bool:
    return (
        (not event.name or event.name == reminder.name)
        and (not event.intent or event.intent == reminder.intent)
        and (not event.entities or event.entities == reminder.entities)
    )


def _ends(message: UserUttered, reminder: ReminderScheduled) -> bool:
    if message.metadata.get(IS_EXTERNAL):
        return message.metadata.get(REMINDER) == reminder.name
    return reminder.kill_on_user_message and bool(message.text)
