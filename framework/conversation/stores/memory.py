"""Conversations kept in memory, gone when the process ends."""

from __future__ import annotations

from collections.abc import Sequence

from framework.conversation.events import Event
from framework.conversation.stores.base import TrackerStore


class MemoryStore(TrackerStore):
    """Keeps conversations in memory."""

    name = "memory"
    is_shared = False

    def __init__(self) -> None:
        """Make an empty store."""
        self._events: dict[str, list[Event]] = {}

    async def load(self, conversation: str) -> tuple[Event, ...]:
        """Give the events of a conversation, the oldest first; none for an unknown one."""
        return tuple(self._events.get(conversation, ()))

    async def append(self, conversation: str, events: Sequence[Event]) -> None:
        """Add events to the end of a conversation."""
        if events:
            self._events.setdefault(conversation, []).extend(events)

    async def conversations(self) -> tuple[str, ...]:
        """List the ids of all conversations that have events."""
        return tuple(self._events)
