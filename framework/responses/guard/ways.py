"""Where something comes from and goes to: a train to Lyon isn't one from Lyon."""

from __future__ import annotations

from collections.abc import Iterator

import regex

_STANDS = frozenset(["gate", "platform", "terminal", "counter", "desk", "window", "stop", "door"])
"""One goes to them, and leaves from them."""

_OUT = frozenset({"from", "von", "desde", "从"})
_WAY = regex.compile(
    r"(?|\b(?i:(from|to|into|von|nach|desde|hasta) (?:the |an? |your |our )?)"
    r"(\p{L}[\p{L}-]+(?: \p{Lu}\b)?)"
    r"|(从|到达?|飞往|至|抵达|往)了?(\p{Han}{2}))"
)


_CHANNELS = tuple(
    (regex.compile(rf"\b(?:{said})\b", regex.IGNORECASE), regex.compile(known, regex.IGNORECASE))
    for said, known in (
        ("(?:by|over the|on the|via) (?:tele)?phone", r"\b(?:call|phone|ring|dial|tele)|\d{5}"),
        ("(?:by|via) (?:post|letter|mail)", r"\b(?:post|letter|mail|send|sent)"),
        ("(?:by|via) e-?mail", r"\be-?mail|@|\bwrite\b|\bmail"),
        ("(?:by|via) (?:text|sms)(?: message)?", r"\btext|\bsms\b"),
        ("(?:by|via) fax", r"\bfax"),
        (
            "in person",
            r"\bperson|\bcome\b|\bvisit|\bdesk|\bcounter|\boffice|\bat (?:the|our)\b|\bhere\b",
        ),
    )
)
"""By what ways one reaches somebody, and what in a source tells of them."""


def other_channels(reply: str, source: str) -> Iterator[str]:
    """Give ways to reach somebody of which a source doesn't tell: `by phone` for `in the app`."""
    for said, known in _CHANNELS:
        found = said.search(reply)
        if found and not known.search(source):
            yield found[0]


def turned_ways(reply: str, source: str) -> Iterator[str]:
    """Give places to which a reply goes where its source comes from there, or the other way."""
    said, known = _ways(reply), _ways(source)
    for place, ways in said.items():
        if place not in _STANDS and place in known and not ways & known[place]:
            yield place


def _ways(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for match in _WAY.finditer(text):
        way = "from" if match[1].casefold() in _OUT else "to"
        found.setdefault(match[2].casefold(), set()).add(way)
    return found
