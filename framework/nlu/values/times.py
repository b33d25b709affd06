"""Times: dates, clocks and parts of the day put together, and the stretches between them.

English words; ISO dates and clock times in any language. What could be several times is the next
one to come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import regex

from framework.nlu.values.clocks import ClockPiece, PeriodPiece, find_clocks, find_periods
from framework.nlu.values.dates import Calendar, DatePiece, find_dates
from framework.nlu.values.durations import Duration
from framework.nlu.values.match import Match
from framework.nlu.values.moments import Moment, away, interval, point, truncated

_Piece = DatePiece | ClockPiece | PeriodPiece

_GLUE = regex.compile(r"(?:,|[ ]|at|on|in|the|of|around|for|from)*", regex.IGNORECASE)
_NOW = regex.compile(r"(?<!\w)(?:right[ ]+|just[ ]+)?now(?!\w)", regex.IGNORECASE)
_IN = regex.compile(r"(?<!\w)(?:in|within)[ ]+$", regex.IGNORECASE)
_AGO = regex.compile(r"[ ]+(?P<side>ago|from[ ]+now|later|hence)(?!\w)", regex.IGNORECASE)
_BETWEEN = regex.compile(r"(?<!\w)(?P<word>from|between)[ ]+$", regex.IGNORECASE)
_TO = regex.compile(
    r"[ ]*(?:-|\u2013|to|until|till|til|through|(?P<and>and))[ ]*", regex.IGNORECASE
)
_OPEN = regex.compile(
    r"(?<!\w)(?:(?P<from>after|since|from)|(?P<to>before|until|till|by))[ ]+$", regex.IGNORECASE
)
_BARE_START = regex.compile(
    r"(?:(?<!\w)(?:from|between)[ ]+)?(?<![\w.:/-])(?P<hour>\d\d?)(?::(?P<minute>\d\d))?$"
)

_NEAR = 24
"""Characters before a time in which words that change it are looked for."""


@dataclass(frozen=True, kw_only=True)
class _Time:
    """A time found in a text: one moment, or a stretch from one to another.

    `has_date` says whether the text names its day.
    """

    start: int
    end: int
    first: Moment | None
    last: Moment | None = None
    is_stretch: bool = False
    has_date: bool = False

    def value(self) -> Mapping[str, Any]:
        """Give Duckling's value."""
        if self.first is not None and not self.is_stretch:
            return point(self.first)
        return interval(self.first, self.last)


def time_matches(text: str, durations: Sequence[Duration], known: Calendar) -> Iterator[Match]:
    """Find times, Duckling's dimension `time`.

    Args:
        text: where to look.
        durations: found in it, for `in two days` and `an hour ago`.
        known: the present, and how dates are written.
    """
    relative = list(_relative(text, durations, known.now))
    groups = [group for group in _groups(text, known) if not _is_within(group, relative)]
    resolved = [time for group in groups if (time := _resolve(group, known)) is not None]
    for found in (*relative, *_stretches(text, resolved, known)):
        yield Match(start=found.start, end=found.end, dimension="time", value=found.value())


def _relative(text: str, durations: Sequence[Duration], now: datetime) -> Iterator[_Time]:
    for match in _NOW.finditer(text):
        moment = Moment(at=truncated(now, "second"), grain="second")
        yield _Time(start=match.start(), end=match.end(), first=moment)
    for found in durations:
        before, after = _just_before(_IN, text, found.start), _AGO.match(text, found.end)
        if before is None and after is None:
            continue
        count = (
            -found.value if after is not None and after["side"].lower() == "ago" else found.value
        )
        try:
            moment = away(now, count, found.unit)
        except (OverflowError, ValueError):
            continue
        start = before.start() if before is not None and after is None else found.start
        end = after.end() if after is not None else found.end
        yield _Time(start=start, end=end, first=moment)


def _is_within(group: Sequence[_Piece], times: Sequence[_Time]) -> bool:
    start, end = group[0].start, group[-1].end
    return any(time.start < end and start < time.end for time in times)


def _groups(text: str, known: Calendar) -> Iterator[list[_Piece]]:
    """Give pieces that stand together and complete each other."""
    everything: list[_Piece] = [*find_dates(text, known), *find_clocks(text), *find_periods(text)]
    everything.sort(key=lambda piece: (piece.start, -piece.end))
    group: list[_Piece] = []
    for piece in everything:
        if group and piece.start < group[-1].end:
            continue
        kinds = {type(other) for other in group}
        fits = bool(group) and _GLUE.fullmatch(text, group[-1].end, piece.start) is not None
        if group and not (fits and type(piece) not in kinds):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _resolve(group: Sequence[_Piece], known: Calendar) -> _Time | None:
    date = next((piece for piece in group if isinstance(piece, DatePiece)), None)
    clock = next((piece for piece in group if isinstance(piece, ClockPiece)), None)
    period = next((piece for piece in group if isinstance(piece, PeriodPiece)), None)
    start, end = group[0].start, group[-1].end
    if date is not None and date.moment.grain != "day" and len(group) > 1:
        date, start, end = None, *_ends(clock or period)
    day = date.moment.at if date is not None else None
    if clock is not None:
        is_today = period is not None and period.is_today
        day = known.today if day is None and is_today else day
        moment = _at(_in_period(clock, period), day, known.now)
        return _Time(start=start, end=end, first=moment, has_date=day is not None)
    if period is None:
        first = date.moment if date is not None else None
        return _Time(start=start, end=end, first=first, has_date=True) if first else None
    if day is None and not period.is_whole:
        return None
    return _part_of_day(period, day or known.today, start=start, end=end)


def _ends(piece: _Piece | None) -> tuple[int, int]:
    return (piece.start, piece.end) if piece is not None else (0, 0)


def _part_of_day(period: PeriodPiece, day: datetime, *, start: int, end: int) -> _Time:
    first, last = (Moment(at=day + timedelta(hours=hour), grain="hour") for hour in period.hours)
    return _Time(start=start, end=end, first=first, last=last, is_stretch=True)


def _in_period(clock: ClockPiece, period: PeriodPiece | None) -> ClockPiece:
    """Give the time of day that a part of the day makes clear."""
    if period is None or not clock.is_ambiguous:
        return clock
    return clock.earlier() if period.hours[1] <= 12 else clock.later()


def _at(clock: ClockPiece, day: datetime | None, now: datetime) -> Moment:
    """Give the moment on a day, or the next one to come."""
    readings = [clock.earlier(), clock.later()] if clock.is_ambiguous else [clock]
    days = [day] if day is not None else [truncated(now, "day") + timedelta(days=n) for n in (0, 1)]
    moments = [
        Moment(
            at=date.replace(hour=one.hour, minute=one.minute, second=one.second), grain=one.grain
        )
        for date in days
        for one in readings
    ]
    return next((moment for moment in moments if moment.at > now), moments[0])


def _stretches(text: str, times: Sequence[_Time], known: Calendar) -> Iterator[_Time]:
    """Join two times with `to` between them, and read `after`, `before` in front of one."""
    place = 0
    while place < len(times):
        time = times[place]
        following = times[place + 1] if place + 1 < len(times) else None
        joined = _joined(text, time, following) if following is not None else None
        if joined is not None:
            yield joined
            place += 2
            continue
        yield _from_bare_hour(text, time, known) or _opened(text, time)
        place += 1


def _joined(text: str, time: _Time, following: _Time) -> _Time | None:
    gap = _TO.fullmatch(text, time.end, following.start)
    before = _just_before(_BETWEEN, text, time.start)
    if gap is None or (gap["and"] and (before is None or before["word"].lower() != "between")):
        return None
    if time.first is None or following.first is None or following.is_stretch:
        return None
    first, last = _on_one_day(time, following, time.first, following.first)
    if first.at >= last.at:
        return None
    start = before.start() if before is not None else time.start
    return _stretch(start, following.end, first, last)


def _on_one_day(
    time: _Time, following: _Time, first: Moment, last: Moment
) -> tuple[Moment, Moment]:
    """Give both ends the day that one of them names, and let the second come after the first."""
    if following.has_date and not time.has_date:
        day = last.at
        first = replace(first, at=first.at.replace(year=day.year, month=day.month, day=day.day))
    elif time.has_date and not following.has_date:
        day = first.at
        last = replace(last, at=last.at.replace(year=day.year, month=day.month, day=day.day))
    step = timedelta(days=7 if first.grain == last.grain == "day" else 1)
    if last.at <= first.at < last.at + step:
        last = replace(last, at=last.at + step)
    return first, last


def _just_before(pattern: regex.Pattern[str], text: str, end: int) -> regex.Match[str] | None:
    """Search the few characters before an offset; the pattern ends with `$`."""
    return pattern.search(text, max(0, end - _NEAR), end)


def _from_bare_hour(text: str, time: _Time, known: Calendar) -> _Time | None:
    """Read the `3` of `3-5 pm` and `from 3 to 5 pm` by the half of the day of the end."""
    if time.first is None or time.is_stretch or time.first.grain not in ("hour", "minute"):
        return None
    for gap in _TO.finditer(text, max(0, time.start - 10), time.start):
        bare = _just_before(_BARE_START, text, gap.start()) if gap.end() == time.start else None
        if bare is None or int(bare["hour"]) > 23 or int(bare["minute"] or 0) > 59:
            continue
        at = time.first.at.replace(hour=int(bare["hour"]), minute=int(bare["minute"] or 0))
        if at + timedelta(hours=12) < time.first.at:
            at += timedelta(hours=12)
        if at < time.first.at:
            grain = "minute" if bare["minute"] else "hour"
            return _stretch(bare.start(), time.end, Moment(at=at, grain=grain), time.first)
    return None


def _stretch(start: int, end: int, first: Moment, last: Moment) -> _Time:
    over = Moment(at=last.until, grain=last.grain)
    return _Time(start=start, end=end, first=first, last=over, is_stretch=True)


def _opened(text: str, time: _Time) -> _Time:
    before = _just_before(_OPEN, text, time.start)
    if before is None or time.is_stretch:
        return time
    first, last = (time.first, None) if before["from"] else (None, time.first)
    return _Time(start=before.start(), end=time.end, first=first, last=last, is_stretch=True)
