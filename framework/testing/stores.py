"""What every store of conversations must do, as tests that a store's own tests inherit."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import TypeVar

from framework.conversation.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SlotSet,
    UnknownEvent,
    UserUttered,
)
from framework.conversation.stores.base import TrackerStore
from framework.nlu.types import Entity, IntentScore, Understanding

T = TypeVar("T")

EVENTS: tuple[Event, ...] = (
    ActionExecuted(name="action_listen", timestamp=1.0),
    UserUttered(
        text="to Köln 🚆",
        understanding=Understanding(
            text="to Köln 🚆",
            ranking=(IntentScore(name="travel", confidence=0.9),),
            entities=(Entity(entity="city", value="Köln", start=3, end=7, role="to"),),
            metadata={"a": [1, None]},
        ),
        input_channel="rest",
        message_id="m1",
        metadata={"a": [1, None]},
        timestamp=2.0,
    ),
    SlotSet(name="city", value={"name": "Köln", "ids": [1, 2]}, timestamp=3.0),
    BotUttered(text="Off to Köln.", data={"buttons": []}, timestamp=4.0),
    UnknownEvent(raw={"event": "from_the_future", "timestamp": 5.0}, timestamp=5.0),
)
"""A conversation with what is hard to keep."""


class StoreContract(ABC):
    """Inherit it in a test class named `Test…` and say how to make the store."""

    @abstractmethod
    def make_store(self) -> TrackerStore:
        """Give an empty store."""

    def run(self, play: Callable[[TrackerStore], Awaitable[T]]) -> T:
        """Play something with an empty store and close it."""

        async def with_store() -> T:
            store = self.make_store()
            try:
                return await play(store)
            finally:
                await store.close()

        return asyncio.run(with_store())

    def test_events_come_back_as_they_were_and_in_order(self) -> None:
        """Whatever is appended is loaded again."""

        async def play(store: TrackerStore) -> tuple[Event, ...]:
            await store.append("ada", EVENTS[:2])
            await store.append("ada", EVENTS[2:])
            return await store.load("ada")

        self.expect(self.run(play), EVENTS)

    def test_an_unknown_conversation_has_no_events(self) -> None:
        """Loading what was never appended gives nothing, and makes no conversation."""

        async def play(store: TrackerStore) -> tuple[tuple[Event, ...], tuple[str, ...]]:
            return await store.load("nobody"), await store.conversations()

        self.expect(self.run(play), ((), ()))

    def test_conversations_are_kept_apart(self) -> None:
        """Each conversation has its own events."""

        async def play(store: TrackerStore) -> tuple[object, ...]:
            await store.append("ada", EVENTS[:1])
            await store.append("bob/1 %", EVENTS[1:2])
            await store.append("carl", ())
            return (
                await store.load("ada"),
                await store.load("bob/1 %"),
                sorted(await store.conversations()),
            )

        self.expect(self.run(play), (EVENTS[:1], EVENTS[1:2], ["ada", "bob/1 %"]))

    @staticmethod
    def expect(found: object, expected: object) -> None:
        """Compare.

        Raises:
            AssertionError: the store gave something else.
        """
        if found != expected:
            raise AssertionError(f"the store gave {found!r}, expected {expected!r}")
