"""One conversation, one turn at a time: later messages wait in line."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class ConversationLocks:
    """Lets one turn of each conversation run at a time, in the order of arrival.

    Waiting costs nothing: whoever leaves wakes the next in line. Nothing is kept of conversations
    that nobody is in. Used from one event loop.
    """

    def __init__(self) -> None:
        """Start with all conversations free."""
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def hold(self, conversation: str) -> AsyncIterator[None]:
        """Wait until the conversation is free, and keep others waiting until the block ends."""
        await self._enter(conversation)
        try:
            yield
        finally:
            self._leave(conversation)

    def waiting(self, conversation: str) -> int:
        """Count those who wait in line for a conversation, whoever is in it not included."""
        return sum(not turn.done() for turn in self._waiting.get(conversation, ()))

    async def _enter(self, conversation: str) -> None:
        line = self._waiting.get(conversation)
        if line is None:
            self._waiting[conversation] = deque()
            return
        turn = asyncio.get_running_loop().create_future()
        line.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave(conversation)
            raise

    def _leave(self, conversation: str) -> None:
        line = self._waiting[conversation]
        while line:
            turn = line.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._waiting[conversation]
