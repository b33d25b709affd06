"""`action_chat`: says what the trained generator writes, or the fallback where it isn't sure."""

from __future__ import annotations

import asyncio
import logging
from typing import ClassVar

from framework.actions.base import Action, ActionContext, Say
from framework.project.schema.names import CHAT
from framework.responses.base import INSTEAD, TrainedResponder

logger = logging.getLogger(__name__)


class ChatAction(Action):
    """Answers the last message in the generator's own words."""

    name: ClassVar[str] = CHAT

    def __init__(self, generator: TrainedResponder) -> None:
        """Take who writes the replies."""
        self._generator = generator

    async def run(self, ctx: ActionContext) -> None:
        """Say the reply, or the fallback response with the reason in its metadata."""
        attempt = await asyncio.to_thread(self._generator.attempt, ctx.tracker)
        metadata = dict(attempt.metadata)
        if attempt.text is not None:
            ctx.effects.append(Say(content={"text": attempt.text, "metadata": metadata}))
            return
        fallback = self._generator.fallback
        if fallback not in ctx.domain.responses:
            logger.warning(
                "nothing is said: %s, and there is no response %r", attempt.note, fallback
            )
            return
        metadata[INSTEAD] = attempt.note
        ctx.effects.append(Say(response=fallback, content={"metadata": metadata}))
