"""Everything the bot says goes through here: named responses and words given by an action."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from framework.conversation.events import BotUttered
from framework.conversation.messages import BotMessage
from framework.conversation.replies import to_event
from framework.conversation.tracker import Tracker
from framework.project.schema.domain import Domain
from framework.registry import did_you_mean
from framework.responses.base import Responder

logger = logging.getLogger(__name__)

_LISTS = ("buttons", "quick_replies", "elements")
_PLAIN = ("text", "image", "attachment", "custom")


class Voice:
    """Says what an action wishes to say."""

    def __init__(self, *, domain: Domain, responders: Sequence[Responder]) -> None:
        """Make the voice; the first responder with something to say is heard."""
        self.domain = domain
        self.responders = tuple(responders)

    async def say(
        self,
        response: str | None,
        *,
        content: Mapping[str, Any],
        values: Mapping[str, Any],
        tracker: Tracker,
        channel: str,
    ) -> BotUttered | None:
        """Give the reply for a wish, None where there is nothing to say.

        Args:
            response: name of a response, or None for content alone.
            content: parts of a message, laid over the response; its buttons come after those of
                the response.
            values: placeholders that go before those of the slots.
            tracker: the conversation so far.
            channel: name of the channel the reply goes to.
        """
        if response is None:
            message = _lay_over(BotMessage(conversation=tracker.conversation), content)
            return to_event(message) if _has_content(message) else None
        found = await self._respond(response, tracker=tracker, channel=channel, values=values)
        if found is None:
            near = did_you_mean(response, self.domain.responses)
            is_unknown = response not in self.domain.responses
            logger.error(
                "there is nothing to say for the response %r%s",
                response,
                f": the domain lacks it. {near}".rstrip() if is_unknown else "",
            )
            return None
        return to_event(_lay_over(found, content))

    async def _respond(
        self, response: str, *, tracker: Tracker, channel: str, values: Mapping[str, Any]
    ) -> BotMessage | None:
        for responder in self.responders:
            message = await responder.respond(
                response, tracker=tracker, domain=self.domain, channel=channel, values=values
            )
            if message is not None:
                return message
        return None


def _lay_over(message: BotMessage, content: Mapping[str, Any]) -> BotMessage:
    changes: dict[str, Any] = {key: content[key] for key in _PLAIN if content.get(key)}
    for key in _LISTS:
        if content.get(key):
            before = message.buttons if key == "buttons" else ()
            changes[key] = (*before, *content[key])
    if content.get("metadata"):
        changes["metadata"] = {**message.metadata, **content["metadata"]}
    return replace(message, **changes)


def _has_content(message: BotMessage) -> bool:
    return any(getattr(message, key) for key in (*_PLAIN, *_LISTS))
