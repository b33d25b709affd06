"""Where replies go that no message waits for."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable

from framework.conversation.messages import BotMessage

Receive = Callable[[BotMessage], Awaitable[None] | None]
"""Takes what the bot says on its own."""

logger = logging.getLogger(__name__)


class Receivers:
    """All who want to have what the bot says on its own."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._receivers: list[Receive] = []

    def add(self, receiver: Receive) -> None:
        """Take in one more."""
        self._receivers.append(receiver)

    async def pass_on(self, reply: BotMessage) -> None:
        """Give a reply to all of them; that one fails doesn't keep it from the others."""
        if not self._receivers:
            logger.warning("nobody receives what the bot says to %r on its own", reply.conversation)
        for receiver in self._receivers:
            try:
                received = receiver(reply)
                if inspect.isawaitable(received):
                    await received
            except Exception:  # the others are to have it all the same
                logger.exception("a reply to %r could not be passed on", reply.conversation)
