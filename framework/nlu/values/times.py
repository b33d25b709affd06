"""Times: dates, clocks and parts of the day put together, and what is counted from them.

What could be several times is the next one to come. The words are those of a `Wording`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import regex

from framework.nlu.values.durations import Duration
from framework.nlu.values.match import Match
from framework.nlu.values.moments import Moment, away, moved, truncated
from framework.nlu.values.pieces import Calendar, ClockPiece, DatePiece, PeriodPiece, Wording
from framework.nlu.values.stretches import Time, just_before, with_days, with_stretches
from framework.nlu.values.zones import ZONE, zone_offset

_Piece = DatePiece | ClockPiece | PeriodPiece

_STAMP = regex.compile(
    r"""(?<![\w.-])(?P<day>\d{4}-\d\d-\d\d)T(?P<clock>\d\d:\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?
    (?P<zone>Z|[+-]\d\d:?\d\d)?(?![\w:])""",
    regex.VERBOSE | regex.IGNORECASE,
)


def time_matches(
    text: str, durations: Sequence[Duration], known: Calendar, words: Wording
) -> Iterator[Match]:
    """Find times, Duckling's dimension `time`.

    Args:
        text: where to look.
        durations: found in it, for `in two days` and `an hour ago`.
        known: the present, and how dates are written.
        words: of the language.
    """
    relative = [*_stamps(text, known), *_relative(text, durations, known.now, words)]
    groups = [group for group in _groups(text, known, words) if not _is_within(group, relative)]
    resolved = [time for group in groups if (time := _resolve(group, text, known)) is not None]
    shifted = [_shifted(time, text, durations, words) for time in resolved]
    stretches = list(with_stretches(text, shifted, words))
    for found in (*relative, *with_days(text, stretches, words)):
        yield Match(start=found.start, end=found.end, dimension="time", value=found.value())


def _stamps(text: str, known: Calendar) -> Iterator[Time]:
    """Find `2025-07-01T10:00:00Z`."""
    for match in _STAMP.finditer(text):
        zone = match["zone"] or ""
        written = f"{match['day']}T{match['clock']}:{match['second'] or '00'}"
        try:
            at = datetime.fromisoformat(written + zone.upper())
        except ValueError:
            continue
        here = known.now.tzinfo
        at = at.astimezone(here) if at.tzinfo is not None else at.replace(tzinfo=here)
        grain = "second" if match["second"] else "minute"
        yield Time(start=match.start(), end=match.end(), first=Moment(at=at, grain=grain))


def _relative(
    text: str, durations: Sequence[Duration], now: datetime, words: Wording
) -> Iterator[Time]:
    for match in words.now.finditer(text):
        moment = Moment(at=truncated(now, "second"), grain="second")
        yield Time(start=match.start(), end=match.end(), first=moment)
    for found in durations:
        try:
            time = _counted(text, found, now, words) or _recent(text, found, now, words)
        except (OverflowError, ValueError):
            continue
        if time is not None:
            yield time


def _counted(text: str, found: Duration, now: datetime, words: Wording) -> Time | None:
    """Read `in two days` and `two days ago`."""
    before = just_before(words.ahead, text, found.start)
    after = words.aside.match(text, found.end)
    if after is not None and not (after["back"] or after["ahead"]):
        after = None
    if before is None and after is None:
        return None
    count = -found.value if after is not None and after["back"] else found.value
    start = before.start() if before is not None and after is None else found.start
    end = after.end() if after is not None else found.end
    return Time(start=start, end=end, first=away(now, count, found.unit))


def _recent(text: str, found: Duration, now: datetime, words: Wording) -> Time | None:
    """Read `last 3 days`, whole ones before this one, and `next 3 days`, those after it."""
    before = just_before(words.recent, text, found.start)
    if before is None or found.value != int(found.value):
        return None
    this = truncated(now, found.unit)
    counts = (-found.value, 0) if before["back"] else (1, found.value + 1)
    first, last = (Moment(at=moved(this, count, found.unit), grain=found.unit) for count in counts)
    return Time(start=before.start(), end=found.end, first=first, last=last, is_stretch=True)


def _is_within(group: Sequence[_Piece], times: Sequence[Time]) -> bool:
    start, end = group[0].start, group[-1].end
    return any(time.start < end and start < time.end for time in times)


def _groups(text: str, known: Calendar, words: Wording) -> Iterator[list[_Piece]]:
    """Give pieces that stand together and complete each other."""
    everything: list[_Piece] = [
        *words.dates(text, known),
        *words.clocks(text),
        *words.periods(text),
    ]
    everything.sort(key=lambda piece: (piece.start, -piece.end))
    group: list[_Piece] = []
    for piece in everything:
        if group and piece.start < group[-1].end:
            continue
        kinds = {type(other) for other in group}
        fits = bool(group) and words.glue.fullmatch(text, group[-1].end, piece.start) is not None
        if group and not (fits and type(piece) not in kinds):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _resolve(group: Sequence[_Piece], text: str, known: Calendar) -> Time | None:
    date = next((piece for piece in group if isinstance(piece, DatePiece)), None)
    clock = next((piece for piece in group if isinstance(piece, ClockPiece)), None)
    period = next((piece for piece in group if isinstance(piece, PeriodPiece)), None)
    start, end = group[0].start, group[-1].end
    if date is not None and len(group) > 1 and (date.moment.grain != "day" or date.last):
        date, start, end = None, *_ends(clock or period)
    day = date.moment.at if date is not None else None
    if clock is not None:
        day = known.today if day is None and period is not None and period.is_today else day
        return _zoned(_clock_time(clock, period, day, known, start=start, end=end), text, known)
    if period is None:
        return _date_time(date, start=start, end=end)
    if day is None and not period.is_whole:
        return None
    return _part_of_day(period, day or known.today, start=start, end=end)


def _ends(piece: _Piece | None) -> tuple[int, int]:
    return (piece.start, piece.end) if piece is not None else (0, 0)


def _date_time(date: DatePiece | None, *, start: int, end: int) -> Time | None:
    if date is None:
        return None
    return Time(
        start=start,
        end=end,
        first=date.moment,
        last=date.last,
        is_stretch=date.last is not None,
        has_date=True,
        is_day_of_month=date.is_day_of_month,
    )


def _clock_time(
    clock: ClockPiece,
    period: PeriodPiece | None,
    day: datetime | None,
    known: Calendar,
    *,
    start: int,
    end: int,
) -> Time:
    made_clear = _in_period(clock, period)
    return Time(
        start=start,
        end=end,
        first=_at(made_clear, day, known.now),
        has_date=day is not None,
        is_ambiguous=made_clear.is_ambiguous,
    )


def _part_of_day(period: PeriodPiece, day: datetime, *, start: int, end: int) -> Time:
    first, last = (Moment(at=day + timedelta(hours=hour), grain="hour") for hour in period.hours)
    return Time(start=start, end=end, first=first, last=last, is_stretch=True, has_date=True)


def _in_period(clock: ClockPiece, period: PeriodPiece | None) -> ClockPiece:
    """Give the time of day that a part of the day makes clear."""
    if period is None or not clock.is_ambiguous:
        return clock
    first, last = period.hours
    if last <= 12:
        return clock.earlier()
    if last == 24 and (clock.hour == 12 or clock.hour < 5):
        return replace(clock.earlier(), is_next_day=True)
    is_before_noon = first <= 12 and clock.hour in (10, 11)
    return clock.earlier() if is_before_noon else clock.later()


def _at(clock: ClockPiece, day: datetime | None, now: datetime) -> Moment:
    """Give the moment on a day, or the next one to come."""
    readings = [clock.earlier(), clock.later()] if clock.is_ambiguous else [clock]
    today = truncated(now, "day")
    days = [day] if day is not None else [today + timedelta(days=n) for n in (0, 1)]
    night = timedelta(days=1 if clock.is_next_day and day is not None else 0)
    moments = [
        Moment(
            at=(date + night).replace(hour=one.hour, minute=one.minute, second=one.second),
            grain=one.grain,
        )
        for date in days
        for one in readings
    ]
    return next((moment for moment in moments if moment.at > now), moments[0])


def _zoned(time: Time, text: str, known: Calendar) -> Time:
    """Read the clock in the time zone that is named after it: `3 pm EST`."""
    match = ZONE.match(text, time.end)
    offset = zone_offset(match) if match is not None else None
    if match is None or offset is None or time.first is None:
        return time
    at = time.first.at.replace(tzinfo=timezone(offset)).astimezone(known.now.tzinfo or UTC)
    return replace(time, end=match.end(), first=replace(time.first, at=at), is_ambiguous=False)


def _shifted(time: Time, text: str, durations: Sequence[Duration], words: Wording) -> Time:
    """Count from a day that is named: `a week from Friday`, `two days before Christmas`."""
    if time.first is None or time.is_stretch or time.first.grain != "day":
        return time
    for found in durations:
        aside = words.aside.match(text, found.end, time.start)
        if aside is None or aside.end() != time.start or not aside["other"]:
            continue
        count = -found.value if aside["other"].lower() == "before" else found.value
        try:
            at = moved(time.first.at, count, found.unit)
        except (OverflowError, ValueError):
            continue
        return replace(time, start=found.start, first=replace(time.first, at=at))
    return time
