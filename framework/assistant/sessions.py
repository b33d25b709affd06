"""When a session begins, and what happens then."""

from __future__ import annotations

import logging

from framework.assistant.engine import Engine, Step
from framework.assistant.steps import log_failure, stamped
from framework.conversation.events import (
    ActionExecuted,
    Event,
    SessionStarted,
    SlotSet,
)
from framework.conversation.messages import UserMessage
from framework.conversation.reminders import IS_EXTERNAL
from framework.conversation.tracker import Tracker
from framework.errors import ActionError, ActionRejected
from framework.project.schema import names
from framework.project.schema.domain import SESSION_METADATA_SLOT

logger = logging.getLogger(__name__)


async def begin_session(engine: Engine, message: UserMessage, tracker: Tracker) -> Step | None:
    """Begin a session where the conversation is new or was silent for too long, else give None."""
    if not (tracker.is_empty or has_expired(engine, tracker)):
        return None
    before: list[Event] = []
    if message.metadata and not message.metadata.get(IS_EXTERNAL):
        before = [SlotSet(name=SESSION_METADATA_SLOT, value=dict(message.metadata))]
    tracker = tracker.extend(stamped(engine, before))
    action = names.SESSION_START
    try:
        events = await engine.runner.run(action, tracker=tracker, channel=message.channel)
    except (ActionError, ActionRejected) as error:
        log_failure(action, error, tracker)
        events = (SessionStarted(), ActionExecuted(name=names.LISTEN))
    if engine.profiles is not None:
        events = await engine.profiles.restored(events, tracker, metadata=message.metadata)
    added = stamped(engine, (ActionExecuted(name=action, confidence=1.0), *events))
    return Step(
        action=action,
        tracker=tracker.extend(added),
        events=(*stamped(engine, before), *added),
    )


def has_expired(engine: Engine, tracker: Tracker) -> bool:
    """Say whether the user was silent for longer than a session lasts."""
    minutes = engine.domain.session.expiration_minutes
    heard = tracker.latest_message
    if minutes <= 0 or heard is None:
        return False
    return engine.clock() - heard.timestamp > minutes * 60
