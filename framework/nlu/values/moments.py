"""Points in time: with a grain, moved by units, written as Duckling writes them."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_FINER = {
    "second": "second",
    "minute": "second",
    "hour": "minute",
    "day": "hour",
    "week": "day",
    "month": "day",
    "year": "month",
}

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""Units that are counted in months."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A point in time.

    Attributes:
        at: its beginning, in the user's time zone.
        grain: how long it is: a `day`, an `hour`.
    """

    at: datetime
    grain: str

    @property
    def until(self) -> datetime:
        """The point at which it is over."""
        return moved(self.at, 1, self.grain)

    def to_json(self) -> dict[str, Any]:
        """Give time and grain."""
        return {"value": iso(self.at), "grain": self.grain}


def iso(at: datetime) -> str:
    """Write a point in time with milliseconds and offset: `2013-02-12T04:30:00.000-02:00`."""
    return at.isoformat(timespec="milliseconds")


def point(moment: Moment) -> Mapping[str, Any]:
    """Give the value of a single moment."""
    found = {**moment.to_json(), "type": "value"}
    return {**found, "values": [found]}


def interval(start: Moment | None, end: Moment | None) -> Mapping[str, Any]:
    """Give the value of a stretch of time, open where a side is None."""
    found: dict[str, Any] = {"type": "interval"}
    if start is not None:
        found["from"] = start.to_json()
    if end is not None:
        found["to"] = end.to_json()
    return {**found, "values": [found]}


def moved(at: datetime, count: float, unit: str) -> datetime:
    """Move by so many units: hours and less by the clock that runs, days by the calendar's.

    Months and years keep the day of the month where there is such a day.

    Raises:
        OverflowError: the calendar ends before.
    """
    if unit not in _MONTHS:
        if unit in ("day", "week"):
            return at + timedelta(days=count * (7 if unit == "week" else 1))
        passed = timedelta(seconds=count * {"second": 1, "minute": 60, "hour": 3600}[unit])
        return (at.astimezone(UTC) + passed).astimezone(at.tzinfo)
    months = at.year * 12 + at.month - 1 + round(count * _MONTHS[unit])
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    last_day = calendar.monthrange(year, month + 1)[1]
    return at.replace(year=year, month=month + 1, day=min(at.day, last_day))


def truncated(at: datetime, grain: str) -> datetime:
    """Give the beginning of the second, day, week … that a point lies in."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "second": at.replace(microsecond=0),
        "minute": at.replace(second=0, microsecond=0),
        "hour": at.replace(minute=0, second=0, microsecond=0),
        "day": day,
        "week": day - timedelta(days=day.weekday()) if day.year > 1 else day,
        "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
    }[grain]


def away(now: datetime, count: float, unit: str) -> Moment:
    """Give the moment so many units from now, one grain finer than the unit."""
    grain = _FINER[unit]
    return Moment(at=truncated(moved(now, count, unit), grain), grain=grain)
