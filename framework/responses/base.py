"""The contract of responders: they turn the wish to say something into a message."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from framework.conversation.messages import BotMessage
from framework.conversation.tracker import Tracker
from framework.project.schema.domain import Domain

INSTEAD = "said_instead"
"""Metadata of a reply that stands for another one: why that one was not said."""


class Responder(ABC):
    """Says a named response.

    Attributes:
        name: registered short name.
    """

    name: ClassVar[str]

    @abstractmethod
    async def respond(
        self,
        response: str,
        *,
        tracker: Tracker,
        domain: Domain,
        channel: str,
        values: Mapping[str, Any],
    ) -> BotMessage | None:
        """Give the message for a response, or None where this responder has nothing to say.

        Args:
            response: name of a response (`utter_greet`).
            tracker: the conversation so far.
            domain: the bot's domain.
            channel: name of the channel the reply goes to.
            values: placeholders that go before those of the slots.
        """
