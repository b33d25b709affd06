"""`llm`: rewords variations marked `rephrase`, writes those with `generate`; the guard decides."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from framework.conversation.events import BotUttered
from framework.conversation.messages import BotMessage
from framework.conversation.tracker import Tracker
from framework.project.schema.domain import Domain, ResponseVariation
from framework.responses.base import INSTEAD, Responder
from framework.responses.generative import prompt
from framework.responses.generative.endpoint import Endpoint, ModelError
from framework.responses.generative.settings import LlmSettings
from framework.responses.guard import Grounds, Limits, faults
from framework.responses.templates import LANGUAGE_SLOT, placeholders

logger = logging.getLogger(__name__)

WRITTEN_BY = "written_by"
"""Metadata of a reply whose words are a language model's: the model's name."""

REFUSED = "reply-refused"
"""Id of the error of a reply that the guard refused."""

_NO_FACTS = frozenset({"requested_slot", "session_started_metadata", LANGUAGE_SLOT})


class LlmResponder(Responder):
    """Asks a language model for the words, and says the template where they can't be used."""

    name: ClassVar[str] = "llm"

    def __init__(self, options: Any, *, templates: Responder, language: str) -> None:
        """Take the settings under `llm:`, who answers otherwise, and the bot's language.

        Raises:
            UsageError: a setting is missing, unknown or wrong.
        """
        self.settings = LlmSettings.read(options)
        self._model = Endpoint(self.settings)
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
        try:
            text = await self._write(own, variation, tracker=tracker, domain=domain, values=values)
        except ModelError as error:
            # what the guard says quotes the conversation, which is logged at DEBUG alone
            fault = "the guard objects" if error.id == REFUSED else error.message
            logger.warning("the template of %r is said: %s", response, fault)
            logger.debug("%s", error)
            said = replace(own, metadata={**own.metadata, INSTEAD: error.message})
            return said if own.text or own.custom else None
        return replace(own, text=text, metadata={**own.metadata, WRITTEN_BY: self.settings.model})

    async def _write(
        self,
        own: BotMessage,
        variation: ResponseVariation,
        *,
        tracker: Tracker,
        domain: Domain,
        values: Mapping[str, Any],
    ) -> str:
        settings = self.settings
        if _calls(tracker) >= settings.max_calls_per_conversation:
            raise ModelError("the conversation has used up its calls of the language model")
        filled = {**tracker.slots, **values}
        facts = {
            name: value
            for name, value in filled.items()
            if value is not None and name not in _NO_FACTS
        }
        language = str(tracker.slots.get(LANGUAGE_SLOT) or self._language)
        said = prompt.recent(
            tracker, turns=settings.context_turns, characters=settings.max_context_characters
        )
        needed = [name for name in placeholders(variation.text or "") if name in filled]
        shown = {name: filled[name] for name in needed}
        text = await self._model.complete(
            prompt.messages(
                reply=own.text,
                instructions=variation.generate,
                language=language,
                facts=facts if variation.generate else shown,
                conversation=said,
            )
        )
        grounds = Grounds(
            template="\n".join(filter(None, (own.text, variation.generate))),
            slots=facts,
            required=tuple(shown.values()),
            alternatives=_alternatives(domain),
            heard=tuple(one["text"] for one in said if one["from"] == "user"),
        )
        limits = Limits(language=language, forbidden=settings.forbidden)
        found = faults(text, grounds=grounds, limits=limits)
        if found:
            raise ModelError(
                f"the language model's reply is not used: {'; '.join(found)}", id=REFUSED
            )
        return text


def _variation(
    message: BotMessage | None, response: str, domain: Domain
) -> ResponseVariation | None:
    found = domain.responses.get(response)
    number = message.metadata.get("variation") if message else None
    return found.variations[number] if found and isinstance(number, int) else None


def _calls(tracker: Tracker) -> int:
    replies = (event for event in tracker.events if isinstance(event, BotUttered))
    return sum(WRITTEN_BY in event.metadata or INSTEAD in event.metadata for event in replies)


def _alternatives(domain: Domain) -> tuple[str, ...]:
    """Give the values that categorical slots may have."""
    return tuple(value for slot in domain.slots.values() for value in slot.values)
