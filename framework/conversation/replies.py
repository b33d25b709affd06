"""A reply as the event it is remembered by, and back."""

from __future__ import annotations

from typing import Any

from framework.conversation.events import BotUttered
from framework.conversation.messages import BotMessage

RICH = ("elements", "quick_replies", "buttons", "attachment", "image", "custom")


def to_event(message: BotMessage) -> BotUttered:
    """Give the event that records a reply; a picture is its attachment too, as in Rasa."""
    data: dict[str, Any] = {name: _plain(getattr(message, name)) for name in RICH}
    data["attachment"] = data["attachment"] or data["image"]
    return BotUttered(text=message.text, data=data, metadata=message.metadata)


def to_message(event: BotUttered, *, conversation: str) -> BotMessage:
    """Give the reply that an event records."""
    data = event.data
    image = data.get("image")
    attachment = data.get("attachment")
    return BotMessage(
        conversation=conversation,
        text=event.text,
        image=image,
        buttons=tuple(data.get("buttons") or ()),
        quick_replies=tuple(data.get("quick_replies") or ()),
        elements=tuple(data.get("elements") or ()),
        attachment=None if attachment == image else attachment,
        custom=data.get("custom"),
        metadata=event.metadata,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [dict(item) for item in value] or None
    return value
