"""Messages that no user wrote: a reminder is due, another system calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from framework.conversation.messages import UserMessage
from framework.conversation.reminders import IS_EXTERNAL
from framework.conversation.tracker import Tracker
from framework.nlu.payload import EXTERNAL_PREFIX
from framework.nlu.types import IntentScore, Understanding
from framework.nlu.wire import entity_from_json

Entities = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""Values by the names of their entities, or entities as Rasa writes them."""


def external(
    intent: str, tracker: Tracker, *, entities: Entities, metadata: Mapping[str, Any] | None = None
) -> tuple[UserMessage, Understanding]:
    """Make the message that stands for what a user would have meant, and its understanding.

    Args:
        intent: what is meant.
        tracker: the conversation; the message comes through its latest channel.
        entities: what is meant besides.
        metadata: of the message.
    """
    message = UserMessage(
        text=f"{EXTERNAL_PREFIX}{intent}",
        conversation=tracker.conversation,
        channel=tracker.latest_input_channel or "",
        metadata={**(metadata or {}), IS_EXTERNAL: True},
    )
    meant = Understanding(
        text=message.text,
        ranking=(IntentScore(name=intent, confidence=1.0),),
        entities=tuple(entity_from_json(each) for each in _as_list(entities)),
        metadata=message.metadata,
    )
    return message, meant


def _as_list(entities: Entities) -> Sequence[Mapping[str, Any]]:
    if isinstance(entities, Mapping):
        return [{"entity": name, "value": value} for name, value in entities.items()]
    return entities
