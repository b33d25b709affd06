"""Replies written by an NLG server, by Rasa's protocol.

A request is `POST {response, id, arguments, tracker, channel: {name}}`; the answer is a message of
`text`, `image`, `buttons`, `quick_replies`, `elements`, `attachment`, `custom`. Where the
server fails, the bot says the domain's own variation, and the reply's metadata says why.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import httpx
from pydantic import BaseModel, ValidationError

from framework.conversation.messages import BotMessage
from framework.conversation.tracker import Tracker
from framework.project.schema.config import Endpoint
from framework.project.schema.domain import Domain
from framework.project.service import Service
from framework.responses.base import INSTEAD, Responder
from framework.responses.templates import suitable

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 30.0


class _Answer(BaseModel):
    """What a server may answer; further keys are metadata of the reply."""

    model_config = {"extra": "allow", "strict": True}

    text: str | None = None
    image: str | None = None
    buttons: list[dict[str, Any]] | None = None
    quick_replies: list[dict[str, Any]] | None = None
    elements: list[dict[str, Any]] | None = None
    attachment: Any = None
    custom: dict[str, Any] | None = None


class NlgServer(Responder):
    """Asks the service named by `nlg:`; its silence is answered from the domain."""

    name: ClassVar[str] = "nlg"

    def __init__(
        self, endpoint: Endpoint, *, templates: Responder, language: str | None = None
    ) -> None:
        """Take address and options of the server, who answers where it fails, and the language.

        Raises:
            UsageError: there is no address, or an option can't be used.
        """
        self._templates = templates
        self._language = language
        self._service = Service(
            endpoint,
            name="nlg",
            example="http://localhost:5056/nlg",
            timeout_seconds=TIMEOUT_SECONDS,
        )

    async def respond(
        self,
        response: str,
        *,
        tracker: Tracker,
        domain: Domain,
        channel: str,
        values: Mapping[str, Any],
    ) -> BotMessage | None:
        """Give the server's message, or the domain's where the server has none that can be used."""
        own = await self._templates.respond(
            response, tracker=tracker, domain=domain, channel=channel, values=values
        )
        request = {
            "response": response,
            "id": self._id_of(response, tracker=tracker, domain=domain, channel=channel),
            "arguments": dict(values),
            "tracker": tracker.snapshot_json(events="all"),
            "channel": {"name": channel},
        }
        try:
            answer = await self._ask(request)
        except (httpx.HTTPError, httpx.InvalidURL, TypeError, ValueError) as error:
            reason = f"the NLG server at {self._service.url} {_fault(error)}"
            logger.warning("%s: %r is answered from the domain", reason, response)
            return own and replace(own, metadata={**own.metadata, INSTEAD: reason})
        metadata = {**(answer.model_extra or {}), "utter_action": response}
        return BotMessage(
            conversation=tracker.conversation,
            text=answer.text,
            image=answer.image,
            buttons=tuple(answer.buttons or ()),
            quick_replies=tuple(answer.quick_replies or ()),
            elements=tuple(answer.elements or ()),
            attachment=answer.attachment,
            custom=answer.custom,
            metadata=metadata,
        )

    def _id_of(
        self, response: str, *, tracker: Tracker, domain: Domain, channel: str
    ) -> str | None:
        """Give the id of the first variation that fits, as Rasa does; ids that repeat are none."""
        found = domain.responses.get(response)
        fitting = suitable(
            found.variations if found else (),
            slots=tracker.slots,
            channel=channel,
            language=self._language,
        )
        ids = [variation.id for variation in fitting if variation.id]
        return fitting[0].id if fitting and len(ids) == len(set(ids)) else None

    async def _ask(self, request: Mapping[str, Any]) -> _Answer:
        found = await self._service.post(
            json.dumps(request).encode(), headers={"Content-Type": "application/json"}
        )
        found.raise_for_status()
        return _Answer.model_validate_json(found.content)


def _fault(error: Exception) -> str:
    match error:
        case httpx.TimeoutException():
            return "took too long"
        case httpx.HTTPStatusError():
            return f"answered {error.response.status_code}"
        case httpx.HTTPError() | httpx.InvalidURL():
            return f"can't be reached ({error})"
        case ValidationError():
            first = error.errors()[0]
            place = ".".join(str(step) for step in first["loc"])
            return f"gave no message ({place + ': ' if place else ''}{first['msg']})"
        case _:
            return f"can't be asked ({error})"
