"""`llm`: rewords variations marked `rephrase`, writes those with `generate`; the guard decides."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from framework.conversation.languages import language_of
from framework.conversation.messages import BotMessage
from framework.conversation.tracker import Tracker
from framework.project.schema.domain import (
    LANGUAGE_SLOT,
    REQUESTED_SLOT,
    SESSION_METADATA_SLOT,
    Domain,
    ResponseVariation,
)
from framework.responses.base import INSTEAD, WRITTEN_BY, Responder
from framework.responses.generative.budget import USE
from framework.responses.generative.prompt import Task
from framework.responses.generative.writer import Outcome, shared_writer
from framework.responses.templates import placeholders

logger = logging.getLogger(__name__)

_NO_FACTS = frozenset({REQUESTED_SLOT, SESSION_METADATA_SLOT, LANGUAGE_SLOT})


class LlmResponder(Responder):
    """Asks a language model for the words, and says the template where they can't be used."""

    name: ClassVar[str] = "llm"

    def __init__(self, options: Any, *, templates: Responder, language: str) -> None:
        """Take the settings under `llm:`, who answers otherwise, and the bot's language.

        Raises:
            UsageError: a setting is missing, unknown or wrong.
        """
        self._writer = shared_writer(options)
        self.settings = self._writer.settings
        self._templates = templates
        self._language = language

    async def respond(
        self,
        response: str,
        *,
        tracker: Tracker,
        domain: Domain,
        channel: str,
        values: Mapping[str, Any],
    ) -> BotMessage | None:
        """Give the response in the model's words where its variation asks for them."""
        own = await self._templates.respond(
            response, tracker=tracker, domain=domain, channel=channel, values=values
        )
        variation = _variation(own, response, domain)
        if own is None or variation is None or not (variation.rephrase or variation.generate):
            return own
        if not own.text and not variation.generate:
            return own
        outcome = await self._write(own, variation, tracker=tracker, domain=domain, values=values)
        metadata = {**own.metadata, **({} if outcome.use is None else {USE: outcome.use})}
        if outcome.text:
            metadata[WRITTEN_BY] = self.settings.model
            return replace(own, text=outcome.text, metadata=metadata)
        logger.warning("the template of %r is said: %s", response, outcome.logged)
        logger.debug("%s", outcome.reason)
        said = replace(own, metadata={**metadata, INSTEAD: outcome.reason})
        return said if own.text or own.custom else None

    async def _write(
        self,
        own: BotMessage,
        variation: ResponseVariation,
        *,
        tracker: Tracker,
        domain: Domain,
        values: Mapping[str, Any],
    ) -> Outcome:
        filled = {**tracker.slots, **values}
        facts = {
            name: value
            for name, value in filled.items()
            if value is not None and name not in _NO_FACTS
        }
        shown = {
            name: filled[name] for name in placeholders(variation.text or "") if name in filled
        }
        task = Task(
            reply=own.text,
            instructions=variation.generate,
            language=language_of(tracker, default=self._language),
            facts=facts if variation.generate else shown,
        )
        return await self._writer.write(
            task,
            tracker=tracker,
            required=tuple(shown.values()),
            alternatives=_alternatives(domain),
            known=facts,
        )


def _variation(
    message: BotMessage | None, response: str, domain: Domain
) -> ResponseVariation | None:
    found = domain.responses.get(response)
    number = message.metadata.get("variation") if message else None
    return found.variations[number] if found and isinstance(number, int) else None


def _alternatives(domain: Domain) -> tuple[str, ...]:
    """Give the values that categorical slots may have."""
    return tuple(value for slot in domain.slots.values() for value in slot.values)
