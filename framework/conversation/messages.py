"""What comes in from a user and what goes out to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CONTENT = ("text", "image", "buttons", "quick_replies", "elements", "attachment", "custom")
"""What a reply may consist of, by the keys of a response."""

REASONS = "reasons"
"""Key of a reply's metadata: why it says what it says, a list of texts."""


@dataclass(frozen=True, kw_only=True)
class UserMessage:
    """A message from a user.

    Attributes:
        text: the words, or a payload `/intent{"entity": "value"}`.
        conversation: id of the conversation (Rasa's sender id).
        channel: registered name of the channel it came through.
        message_id: the channel's id of the message, if any.
        metadata: what the channel knows besides.
    """

    text: str
    conversation: str = "default"
    channel: str = "cmdline"
    message_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class BotMessage:
    """A reply to the user.

    Attributes:
        conversation: whom it is for.
        text: the words, or None.
        image: address of a picture.
        buttons: each with `title` and `payload`.
        quick_replies: as the channel takes them.
        elements: as the channel takes them.
        attachment: as the channel takes it.
        custom: payload for the channel.
        metadata: `utter_action` names the response it came from.
    """

    conversation: str
    text: str | None = None
    image: str | None = None
    buttons: tuple[Mapping[str, Any], ...] = ()
    quick_replies: tuple[Mapping[str, Any], ...] = ()
    elements: tuple[Mapping[str, Any], ...] = ()
    attachment: Any = None
    custom: Any = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
