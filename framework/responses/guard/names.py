"""The names in a text: words with capitals, titled people, places; and its days."""

# ruff: noqa: RUF001  # signs that look alike are told apart here

from __future__ import annotations

from dataclasses import dataclass, field

import regex

from framework.nlu.values.calendar_names import MONTHS
from framework.responses.guard import wellknown, words

WORD = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}]+|[\p{L}--[\p{Han}\p{Hiragana}\p{Katakana}]]+"
    r"(?:['’][\p{L}--[\p{Han}\p{Hiragana}\p{Katakana}]]+)*",
    regex.V1,
)
"""Matches a word; signs of Chinese and Japanese are words apart from those beside them."""

_KATAKANA = regex.compile(r"[\p{Katakana}ー]{3,}")
_TITLED = regex.compile(
    r"(\p{Han}{1,3})(?:先生|女士|小姐|老师|经理|医生|教授|师傅|総理|さん|様)|(\p{Hangul}{2,4})(?:씨|님)"
)
_HOUR_BEFORE = regex.compile(
    r"(?:凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上)(?=[\d一二两三四五六七八九十]{1,3}[点时:：])"
)
"""A time of day that belongs to an hour is read with it."""

_GREETING = regex.compile(r"(?:早上|上午|下午|晚上)好")


@dataclass(kw_only=True)
class Names:
    """What was found.

    Attributes:
        names: words with a capital inside a sentence, titled and well-known names.
        starts: words with a capital at the start of a sentence.
        days: weekdays, months without a day, and days named from today.
        words: all words, without case.
    """

    names: set[str] = field(default_factory=set)
    starts: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)


def find_names(text: str) -> Names:
    """Find the names of a normalised text."""
    found = Names()
    found.words = {match[0].casefold().removesuffix("'s") for match in WORD.finditer(text)}
    for match in WORD.finditer(text):
        lowered = match[0].casefold().removesuffix("'s")
        if lowered in words.DAYS:
            found.days.add(words.DAYS[lowered])
        elif lowered in wellknown.PLACES or lowered in wellknown.FIRST_NAMES:
            found.names.add(lowered)
        elif match[0][0].isupper() or any(letter.isupper() for letter in match[0][1:]):
            _read_capital(match, text, found)
    for pattern in (_TITLED, _KATAKANA):
        found.names |= {next(filter(None, m.groups()), m[0]) for m in pattern.finditer(text)}
    found.names |= {place for place in wellknown.HAN_PLACES if place in text}
    plain = _HOUR_BEFORE.sub("", _GREETING.sub("", text))
    found.days |= {day for word, day in words.DAYS.items() if not word.isascii() and word in plain}
    return found


def _read_capital(match: regex.Match[str], text: str, found: Names) -> None:
    is_start = _begins_sentence(text, match.start())
    name = match[0].casefold().removesuffix("'s")
    if name in MONTHS and not (is_start and name in ("may", "march")):
        found.days.add(f"month {MONTHS[name]}")
    elif is_start:
        found.starts.add(name)
    elif name not in words.ALWAYS_CAPITAL and (len(name) == 1 or name not in words.UNITS):
        found.names.add(name)


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start]
    skipped = regex.search(r"[^\p{L}\p{N}.!?:…。！？]*$", before)
    if skipped is not None and "\n" in skipped[0]:
        return True
    before = before[: skipped.start()] if skipped else before
    return not before or before[-1] in ".!?:…。！？"
