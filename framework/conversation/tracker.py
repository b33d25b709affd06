"""A conversation's state: a pure fold of its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from framework.conversation.events import Event, UserUttered
from framework.project.schema.domain import Domain


@dataclass(frozen=True, kw_only=True)
class Loop:
    """The active form.

    Attributes:
        name: the form.
        is_interrupted: whether it was left for another action and skips validation once.
        rejected: whether it declined to run since the last user message.
        trigger_message: the user message that activated it.
    """

    name: str
    is_interrupted: bool = False
    rejected: bool = False
    trigger_message: UserUttered | None = None


class Tracker:
    """INTERFACE SKETCH, to be implemented with these names (see the contract notes)."""

    conversation: str
    slots: Mapping[str, Any]
    latest_message: UserUttered | None
    latest_action: str | None
    active_loop: Loop | None
    followup_action: str | None
    paused: bool
    events: Sequence[Event]

    @classmethod
    def start(cls, conversation: str, domain: Domain) -> Self:
        """Give the tracker of a conversation without events: slots at their initial values."""
        raise NotImplementedError

    def apply(self, event: Event) -> Self:
        """Give the tracker after one more event; O(1) amortised for all but rewinds and undos."""
        raise NotImplementedError

    def extend(self, events: Iterable[Event]) -> Self:
        """Give the tracker after several more events."""
        raise NotImplementedError
