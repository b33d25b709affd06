"""What a bot has at hand of its conversations, and that each does one thing at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from framework.assistant.engine import Step, Turn
from framework.assistant.profiles import Profiles
from framework.assistant.reminders import Reminders
from framework.conversation.locks import ConversationLocks
from framework.conversation.messages import UserMessage
from framework.conversation.stores.base import TrackerStore
from framework.conversation.tracker import Tracker
from framework.project.schema.domain import Domain

REMEMBERED = 1000
"""Conversations whose state and last turn are kept at hand; the store has all of them."""

T = TypeVar("T")


class Conversations:
    """All conversations of a bot: where they stand, and how they came to it last."""

    def __init__(
        self, domain: Domain, *, store: TrackerStore, profiles: Profiles, reminders: Reminders
    ) -> None:
        """Begin with nothing at hand.

        Args:
            domain: the bot's domain.
            store: keeps the events.
            profiles: keeps what is to outlast a conversation.
            reminders: is told of the events.
        """
        self._domain = domain
        self._store = store
        self._profiles = profiles
        self._reminders = reminders
        self._locks = ConversationLocks()
        self._trackers: OrderedDict[str, Tracker] = OrderedDict()
        self._turns: OrderedDict[str, Turn] = OrderedDict()

    @asynccontextmanager
    async def hold(self, conversation: str) -> AsyncIterator[Tracker]:
        """Give the state of a conversation, and keep others out of it until the block ends."""
        async with self._locks.hold(conversation):
            yield await self.tracker(conversation)

    async def tracker(self, conversation: str) -> Tracker:
        """Give the state of a conversation."""
        known = self._trackers.get(conversation)
        if known is not None and not self._store.is_shared:
            return known
        events = await self._store.load(conversation)
        return Tracker.replay(conversation, self._domain, events)

    def last_turn(self, conversation: str) -> Turn | None:
        """Give the last turn of a conversation with all its steps; None before the first."""
        return self._turns.get(conversation)

    async def keep(
        self, message: UserMessage, before: Tracker, steps: AsyncIterator[Step]
    ) -> AsyncIterator[Step]:
        """Pass the steps of a turn on and keep what they came to.

        A turn that doesn't get to its end, because its caller went away, leaves no trace.
        """
        taken: list[Step] = []
        async for step in steps:
            taken.append(step)
            yield step
        turn = Turn(message=message, before=before, steps=tuple(taken))
        await self.save(before, turn.tracker)
        _remember(self._turns, before.conversation, turn)

    async def save(self, before: Tracker, after: Tracker) -> None:
        """Keep what was added to a conversation."""
        added = after.events[len(before.events) :]
        await self._store.append(after.conversation, added)
        _remember(self._trackers, after.conversation, after)
        self._reminders.note(after.conversation, added)
        await self._profiles.learn(before, after)


def _remember(memory: OrderedDict[str, T], conversation: str, value: T) -> None:
    memory[conversation] = value
    memory.move_to_end(conversation)
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)
