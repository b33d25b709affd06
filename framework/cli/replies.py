"""Replies of the bot as lines of text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from framework.conversation.messages import BotMessage


def in_lines(message: BotMessage) -> list[str]:
    """Give a reply line by line: words, picture, attachment, payload, buttons."""
    lines = message.text.splitlines() if message.text else []
    if message.image:
        lines.append(f"[image] {message.image}")
    for label, value in (
        ("attachment", message.attachment),
        ("elements", list(message.elements)),
        ("custom", message.custom),
    ):
        if value:
            lines.append(f"[{label}] {_as_json(value)}")
    return lines


def choices(messages: Iterable[BotMessage]) -> list[Mapping[str, Any]]:
    """List the buttons and quick replies of the latest reply that has any."""
    found: list[Mapping[str, Any]] = []
    for message in messages:
        found = [*message.buttons, *message.quick_replies] or found
    return found


def title_of(button: Mapping[str, Any]) -> str:
    """Give what a button says."""
    return str(button.get("title") or button.get("payload") or button.get("url") or "?")


def payload_of(button: Mapping[str, Any]) -> str:
    """Give what a button sends when it is pressed."""
    return str(button.get("payload") or button.get("title") or "")


def numbered(buttons: Iterable[Mapping[str, Any]]) -> list[str]:
    """List buttons with their numbers."""
    return [f"  {number}: {_button(button)}" for number, button in enumerate(buttons, start=1)]


def _button(button: Mapping[str, Any]) -> str:
    title, payload = title_of(button), payload_of(button)
    target = button.get("url") or (payload if payload != title else "")
    return f"{title} ({target})" if target else title


def _as_json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
