"""What follows from a message without anybody deciding: the mood of the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from framework.assistant.steps import Observer
from framework.conversation.mood import MoodMonitor


def observers(settings: Mapping[str, Any]) -> tuple[Observer, ...]:
    """Make the observers of a bot.

    Args:
        settings: Frame's own sections of the configuration, by their keys.

    Raises:
        UsageError: a setting is out of its range.
    """
    found: list[Observer] = []
    if "mood" in settings:
        found.append(MoodMonitor(**(settings["mood"] or {})))
    return tuple(found)
