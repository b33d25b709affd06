"""Lengths of time: `2 hours`, `an hour and 30 minutes`, `half a day`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
_AFTER_NUMBER = regex.compile(rf"[ -]?(?P<unit>{UNIT_PATTERN})(?!\w)", regex.IGNORECASE)
_SINGLE = regex.compile(
    rf"""(?<!\w)(?: (?P<half>half[ ]+)an?[ ]+ | an?[ ]+(?P<half>half[ -]+) | an?[ ]+ )
    (?P<unit>{UNIT_PATTERN})(?!\w)""",
    regex.VERBOSE | regex.IGNORECASE,
)
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


def unit_of(name: str) -> str:
    """Give the unit that a name stands for: `hour` for `hrs`."""
    return _UNITS[name.lower()]


def find_durations(text: str, numbers: Sequence[Number]) -> list[Duration]:
    """Find durations, neighbouring ones added up."""
    single = [
        _halved(
            Duration(start=m.start(), end=m.end(), value=1, unit=unit_of(m["unit"])),
            is_half=bool(m["half"]),
        )
        for m in _SINGLE.finditer(text)
    ]
    counted = [
        Duration(
            start=number.start, end=after.end(), value=number.value, unit=unit_of(after["unit"])
        )
        for number in numbers
        if (after := _AFTER_NUMBER.match(text, number.end)) is not None
    ]
    parts = sorted((*single, *counted), key=lambda part: part.start)
    return _joined([_with_half(part, text) for part in parts], text)


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


def _with_half(part: Duration, text: str) -> Duration:
    more = _HALF_MORE.match(text, part.end)
    if more is None:
        return part
    longer = _halved(part, is_half=True, times=2 * part.value + 1)
    return Duration(start=part.start, end=more.end(), value=longer.value, unit=longer.unit)


def _halved(part: Duration, *, is_half: bool, times: int | float = 1) -> Duration:
    """Give so many halves of the unit in the unit below: half an hour is 30 minutes."""
    if not is_half:
        return part
    units = list(SECONDS)
    below = units[max(units.index(part.unit) - 1, 0)]
    half = {"month": 15, "year": 6}.get(part.unit, SECONDS[part.unit] / SECONDS[below] / 2)
    unit = {"month": "day", "year": "month", "week": "hour"}.get(part.unit, below)
    half = 84 if part.unit == "week" else half
    value = half * times
    whole = int(value) if value == int(value) else value
    return Duration(start=part.start, end=part.end, value=whole, unit=unit)


def _joined(parts: Sequence[Duration], text: str) -> list[Duration]:
    joined: list[Duration] = []
    for part in parts:
        before = joined[-1] if joined else None
        if before is not None and part.start < before.end:
            continue
        if (
            before is not None
            and SECONDS[part.unit] < SECONDS[before.unit]
            and _JOINT.fullmatch(text, before.end, part.start)
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
