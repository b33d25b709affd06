"""Lengths of time: `2 hours`, `an hour and 30 minutes`, `half a day`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from framework.nlu.values.match import Match
from framework.nlu.values.numbers import Number

SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_592_000,
    "year": 31_536_000,
}
"""Units, smallest first, and their length; months and years as Duckling rounds them."""

_BELOW = {
    "year": (12, "month"),
    "month": (30, "day"),
    "week": (7, "day"),
    "day": (24, "hour"),
    "hour": (60, "minute"),
    "minute": (60, "second"),
}
"""What a part of a unit is told in."""

_NAMES = {
    "second": "seconds second secs sec",
    "minute": "minutes minute mins min",
    "hour": "hours hour hrs hr h",
    "day": "days day",
    "week": "weeks week wks wk",
    "month": "months month",
    "year": "years year yrs yr",
}
_UNITS = {name: unit for unit, names in _NAMES.items() for name in names.split()}
UNIT_PATTERN = "|".join(sorted(_UNITS, key=len, reverse=True))
_PARTS = {"half": 0.5, "quarter": 0.25, "three quarters": 0.75}
_AFTER_NUMBER = regex.compile(
    rf"(?P<half>[ ]+and[ ]+a[ ]+half)?(?:[ ]+of)?[ -]?(?P<unit>{UNIT_PATTERN})(?!\w)",
    regex.IGNORECASE,
)
_SINGLE = regex.compile(
    rf"""(?<!\w)
    (?: (?P<part>half)[ ]+an?[ ]+ | an?[ ]+(?P<part>half)[ -]+ | an?[ ]+
        | (?P<part>three[ ]+quarters)[ ]+of[ ]+an?[ ]+ | an?[ ]+(?P<part>quarter)[ -](?=hour)
        | (?:an?[ ]+)?(?P<part>quarter)[ ]+of[ ]+an?[ ]+ )
    (?P<unit>{UNIT_PATTERN})(?!\w)""",
    regex.VERBOSE | regex.IGNORECASE,
)
_FORTNIGHT = regex.compile(
    r"(?<!\w)(?:(?P<count>an?|one|two|three)[ ]+)?fortnights?(?!\w)", regex.IGNORECASE
)
_FORTNIGHTS = {"two": 2, "three": 3}
_SHORT = regex.compile(r"(?<![\w.:])(?P<hours>\d{1,3})h[ ]?(?P<minutes>[0-5]?\d)m(?:in)?(?!\w)")
_JOINT = regex.compile(r"(?:,?[ ]+(?:and[ ]+)?)?", regex.IGNORECASE)
_HALF_MORE = regex.compile(r"[ ]+and[ ]+a[ ]+half(?!\w)", regex.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Duration:
    """A length of time with its place, in its smallest unit."""

    start: int
    end: int
    value: int | float
    unit: str

    @property
    def seconds(self) -> int | float:
        """The length in seconds."""
        return self.value * SECONDS[self.unit]

    def in_whole_units(self) -> Duration:
        """Give the same length in a unit small enough to be counted: half an hour, 30 minutes."""
        value, unit = self.value, self.unit
        while value != int(value) and unit in _BELOW:
            times, unit = _BELOW[unit]
            value = round(value * times, 6)
        return replace(self, value=int(value) if value == int(value) else value, unit=unit)


def unit_of(name: str) -> str:
    """Give the unit that a name stands for: `hour` for `hrs`."""
    return _UNITS[name.lower()]


def find_durations(text: str, numbers: Sequence[Number]) -> list[Duration]:
    """Find durations, neighbouring ones added up."""
    parts = sorted((*_single(text), *_counted(text, numbers)), key=lambda part: part.start)
    return joined_durations([_with_half(part, text).in_whole_units() for part in parts], text)


def duration_matches(durations: Sequence[Duration]) -> Iterator[Match]:
    """Give durations as Duckling's dimension `duration`."""
    for found in durations:
        yield Match(
            start=found.start,
            end=found.end,
            dimension="duration",
            value={
                "value": found.value,
                "type": "value",
                "unit": found.unit,
                found.unit: found.value,
                "normalized": {"value": found.seconds, "unit": "second"},
            },
        )


def joined_durations(
    parts: Sequence[Duration], text: str, joint: regex.Pattern[str] = _JOINT
) -> list[Duration]:
    """Add up neighbours of which the second has the smaller unit: `an hour and 30 minutes`.

    Args:
        parts: durations, sorted by place.
        text: where they stand.
        joint: what may stand between two of them.
    """
    joined: list[Duration] = []
    for part in parts:
        before = joined[-1] if joined else None
        if before is not None and part.start < before.end:
            continue
        if (
            before is not None
            and SECONDS[part.unit] < SECONDS[before.unit]
            and joint.fullmatch(text, before.end, part.start)
        ):
            value = (before.seconds + part.seconds) / SECONDS[part.unit]
            joined[-1] = Duration(
                start=before.start,
                end=part.end,
                value=int(value) if value == int(value) else value,
                unit=part.unit,
            )
        else:
            joined.append(part)
    return joined


def _single(text: str) -> Iterator[Duration]:
    """Give durations that no number counts."""
    for match in _SHORT.finditer(text):
        value = 60 * int(match["hours"]) + int(match["minutes"])
        yield Duration(start=match.start(), end=match.end(), value=value, unit="minute")
    for match in _FORTNIGHT.finditer(text):
        count = _FORTNIGHTS.get((match["count"] or "").lower(), 1)
        yield Duration(start=match.start(), end=match.end(), value=14 * count, unit="day")
    for match in _SINGLE.finditer(text):
        part = _PARTS.get(" ".join((match["part"] or "").lower().split()), 1)
        unit = unit_of(match["unit"])
        yield Duration(start=match.start(), end=match.end(), value=part, unit=unit)


def _counted(text: str, numbers: Sequence[Number]) -> Iterator[Duration]:
    for number in numbers:
        after = _AFTER_NUMBER.match(text, number.end)
        if after is not None and not _is_ordinal(text, number, after):
            value = number.value + (0.5 if after["half"] else 0)
            unit = unit_of(after["unit"])
            yield Duration(start=number.start, end=after.end(), value=value, unit=unit)


def _is_ordinal(text: str, number: Number, after: regex.Match[str]) -> bool:
    """Whether it counts no seconds: `the thirty-second floor`."""
    return after.group().lower() == "-second" and text[number.start].isalpha()


def _with_half(part: Duration, text: str) -> Duration:
    more = _HALF_MORE.match(text, part.end)
    return part if more is None else replace(part, end=more.end(), value=part.value + 0.5)
