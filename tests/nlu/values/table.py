"""Tables of messages and the values in them; how they are written stands at their heads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from framework.nlu.values.find import find_values

Found = tuple[str, str, str]
_ARROW, _NO_ARROW = " =>", " !=>"


@dataclass(frozen=True)
class Case:
    """A message, and what is found in it, or the kinds that are not."""

    text: str
    expected: str

    def __str__(self) -> str:
        return self.text


def found_cases(name: str) -> list[Case]:
    """Give the messages of a table of which all values are stated."""
    return [_case(line, _ARROW) for line in _lines(name) if _NO_ARROW not in line]


def unfound_cases(name: str) -> list[Case]:
    """Give the messages of a table of which kinds are stated that they don't hold."""
    return [_case(line, _NO_ARROW) for line in _lines(name) if _NO_ARROW in line]


def _lines(name: str) -> list[str]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("# ")]


def _case(line: str, arrow: str) -> Case:
    text, _, expected = line.partition(arrow)
    return Case(text, expected.strip())


def read(expected: str) -> list[Found]:
    """Give (kind, words, value) of each thing that a row expects."""
    rows = (item.strip().split("|") for item in expected.split(";") if item.strip())
    return [(kind, words, value) for kind, words, value in rows]


def found_in(text: str, *, language: str, zone: str) -> list[Found]:
    """Give what is found in a message, with values written short."""
    now = datetime(2025, 3, 12, 14, 30, tzinfo=ZoneInfo(zone))
    return [
        (match.dimension, text[match.start : match.end], _short(match.value))
        for match in find_values(text, now=now, language=language)
    ]


def _short(value: Mapping[str, Any]) -> str:
    if value.get("type") != "interval":
        unit = value.get("unit")
        return f"{_end(value)} {unit}" if unit else _end(value)
    first, last = (value.get(side, {}) for side in ("from", "to"))
    unit = first.get("unit", last.get("unit"))
    stretch = f"{_end(first)}..{_end(last)}"
    return f"{stretch} {unit}" if unit else stretch


def _end(end: Mapping[str, Any]) -> str:
    """Write a number as it is, and a time up to its minutes, or its day where that is all."""
    content = end.get("value", "")
    return str(content)[:16].removesuffix("T00:00") if "grain" in end else str(content)
