"""The contract of stores, which keep conversations; this docstring is its source of truth.

A store keeps the events of each conversation in order and gives them back as they were. It knows
nothing of trackers: those are a fold of the events. The caller holds the conversation's lock
(`framework.conversation.locks`) while it loads, decides and appends, so a store needs no lock of
its own per conversation. `framework.testing.stores.StoreContract` says the same as tests.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from framework.conversation.events import Event


class TrackerStore(ABC):
    """Keeps the events of conversations.

    Attributes:
        name: registered short name.
        is_shared: whether other processes may write to it, so that what was loaded can be old.
    """

    name: ClassVar[str]
    is_shared: ClassVar[bool] = True

    @abstractmethod
    async def load(self, conversation: str) -> tuple[Event, ...]:
        """Give the events of a conversation, the oldest first; none for an unknown one."""

    @abstractmethod
    async def append(self, conversation: str, events: Sequence[Event]) -> None:
        """Add events to the end of a conversation, all or none of them."""

    @abstractmethod
    async def conversations(self) -> tuple[str, ...]:
        """List the ids of all conversations that have events, in no particular order."""

    async def close(self) -> None:  # noqa: B027  # nothing to let go of is the common case
        """Let go of connections; the store is not used afterwards."""
