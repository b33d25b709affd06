"""Answers worded by a language model from passages of documents; the guard decides."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from framework.conversation.tracker import Tracker
from framework.responses.base import INSTEAD, WRITTEN_BY
from framework.responses.generative.budget import USE
from framework.responses.generative.prompt import Task
from framework.responses.generative.writer import shared_writer

logger = logging.getLogger(__name__)

_NOTHING = "NO ANSWER"
_FOUND_NOTHING = "the language model finds no answer in the passages"
_INSTRUCTIONS = (
    "Answer the user's last message in one or two sentences, from the passages alone. If they don't"
    f" answer it, say: {_NOTHING}"
)


class AnswerWriter:
    """Has a language model answer from passages."""

    def __init__(self, options: Any) -> None:
        """Take the settings under `llm:`.

        Raises:
            UsageError: a setting is missing, unknown or wrong.
        """
        self._writer = shared_writer(options)

    async def write(
        self, passages: Sequence[str], *, tracker: Tracker, language: str
    ) -> tuple[str, dict[str, Any]]:
        """Answer the last message from passages.

        Returns:
            the answer, empty where there is none that may be said, and metadata of the reply: who
            wrote it or why nobody did, and what that cost.
        """
        task = Task(
            reply=None,
            instructions=_INSTRUCTIONS,
            language=language,
            passages=tuple(passages),
            nothing=_NOTHING,
        )
        outcome = await self._writer.write(task, tracker=tracker)
        metadata: dict[str, Any] = {} if outcome.use is None else {USE: outcome.use}
        if _NOTHING.casefold() in outcome.text.casefold():
            outcome = replace(outcome, reason=_FOUND_NOTHING)
        if outcome.reason:
            logger.warning("a passage is quoted: %s", outcome.logged)
            logger.debug("%s", outcome.reason)
            return "", {**metadata, INSTEAD: outcome.reason}
        return outcome.text, {**metadata, WRITTEN_BY: self._writer.settings.model}
