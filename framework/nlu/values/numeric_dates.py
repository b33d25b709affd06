"""Dates in digits: `2025-07-01`, `1/7/2025`, `25.12.2025`."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from framework.nlu.values.moments import Moment
from framework.nlu.values.names import ON, Rules, compiled, dates_by
from framework.nlu.values.pieces import Calendar, DatePiece
from framework.nlu.values.sentences import ends_here


def find_numeric_dates(text: str, known: Calendar) -> Iterator[DatePiece]:
    """Find dates in digits, overlapping ones too."""
    return dates_by(text, known, _NUMERIC_RULES)


def _year_first(match: regex.Match[str], known: Calendar) -> Moment:
    return known.day(int(match["year"]), int(match["month"]), int(match["day"]))


def _slashed(match: regex.Match[str], known: Calendar) -> Moment | None:
    first, second = int(match["first"]), int(match["second"])
    day_first = known.day_first or first > 12 or match["mark"] == "."
    day, month = (first, second) if day_first and second <= 12 else (second, first)
    if not match["year"]:
        is_other = (first, second) == (24, 7) or not ends_here(match.string, match.end())
        return None if is_other else known.coming(month, day)
    year = int(match["year"])
    return known.day(year + 2000 if year < 100 else year, month, day)


_NUMERIC_RULES: Rules = (
    (
        compiled(
            rf"{ON}(?<![\w.-])(?P<year>\d{{4}})([-./])(?P<month>\d\d?)\2(?P<day>\d\d?)(?![\w-])"
        ),
        _year_first,
    ),
    (
        compiled(
            rf"""{ON}(?<![\w./-])(?P<first>\d\d?)(?P<mark>[/.-])(?P<second>\d\d?)
            (?:(?P=mark)(?P<year>\d{{4}}|\d\d))(?![\w/-])
            | {ON}(?<![\w./-])(?P<first>\d\d?)(?P<mark>/)(?P<second>\d\d?)(?![\w/-])"""
        ),
        _slashed,
    ),
)
