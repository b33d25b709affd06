"""What follows from a message without anybody deciding: language, mood and taste."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from framework.actions.recommending.taste import TasteObserver
from framework.assistant.engine import Observer
from framework.conversation.languages import LanguageFinder
from framework.conversation.mood import MoodMonitor
from framework.project.schema.recommend import SECTION, RecommendSettings


def observers(settings: Mapping[str, Any]) -> tuple[Observer, ...]:
    """Make the observers of a bot.

    Args:
        settings: Frame's own sections of the configuration, by their keys.

    Raises:
        UsageError: a setting can't be used.
        MissingExtraError: one needs a package that isn't installed.
    """
    found: list[Observer] = []
    if "languages" in settings:
        finder = LanguageFinder(**(settings["languages"] or {}))
        finder.load()
        found.append(finder)
    if "mood" in settings:
        found.append(MoodMonitor(**(settings["mood"] or {})))
    if SECTION in settings:
        found.append(TasteObserver(RecommendSettings(**settings[SECTION])))
    return tuple(found)
