"""Stretches of time: two times with `to` between them, `after five`, `3-5 pm`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import regex

from framework.nlu.values.moments import Moment, interval, moved, point, truncated
from framework.nlu.values.pieces import Wording
from framework.nlu.values.sentences import ends_here

_BARE_START = regex.compile(
    r"(?:(?<!\w)(?:from|between)[ ]+)?(?<![\w.:/-])(?P<hour>\d\d?)(?::(?P<minute>\d\d))?$"
)
_NEAR = 24
"""Characters before a time in which words that change it are looked for."""


@dataclass(frozen=True, kw_only=True)
class Time:
    """A time found in a text: one moment, or a stretch from one to another.

    Attributes:
        start: first character.
        end: character offset after the last one.
        first: the moment, or the beginning of the stretch; None for one without.
        last: where the stretch is over; None for one without an end.
        is_stretch: whether it is one.
        has_date: whether the text names its day.
        is_ambiguous: whether its hour may be before or after noon.
        is_day_of_month: whether only the day of a month is named: `the 21st`.
    """

    start: int
    end: int
    first: Moment | None
    last: Moment | None = None
    is_stretch: bool = False
    has_date: bool = False
    is_ambiguous: bool = False
    is_day_of_month: bool = False

    def value(self) -> Mapping[str, Any]:
        """Give Duckling's value."""
        if self.first is not None and not self.is_stretch:
            return point(self.first)
        return interval(self.first, self.last)


def with_stretches(text: str, times: Sequence[Time], words: Wording) -> Iterator[Time]:
    """Join two times with `to` between them, and read `after`, `before` beside one.

    Args:
        text: where they stand.
        times: found in it, sorted by place.
        words: of the language.
    """
    place = 0
    while place < len(times):
        time = times[place]
        following = times[place + 1] if place + 1 < len(times) else None
        joined = _joined(text, time, following, words) if following is not None else None
        if joined is not None:
            place += 1
        found = joined or _from_bare_hour(text, time, words) or _opened(text, time, words)
        place += 1
        yield found


def with_days(text: str, times: Sequence[Time], words: Wording) -> Iterator[Time]:
    """Give a stretch of hours the day that stands before it: `tomorrow between 9 and 11`."""
    before: Time | None = None
    for time in (_with_hours(text, time, words) for time in times):
        if before is not None and _is_of_day(text, before, time, words):
            yield _on_day(before, time)
            before = None
            continue
        if before is not None:
            yield before
        before = time
    if before is not None:
        yield before


def just_before(pattern: regex.Pattern[str], text: str, end: int) -> regex.Match[str] | None:
    """Search the few characters before an offset; the pattern ends with `$`."""
    return pattern.search(text, max(0, end - _NEAR), end)


def _is_of_day(text: str, day: Time, time: Time, words: Wording) -> bool:
    if day.first is None or day.is_stretch or day.first.grain != "day" or time.has_date:
        return False
    hours = time.first or time.last
    is_clock = hours is not None and hours.grain in ("hour", "minute")
    return (
        time.is_stretch and is_clock and words.glue.fullmatch(text, day.end, time.start) is not None
    )


def _on_day(day: Time, time: Time) -> Time:
    hours = time.first or time.last
    if day.first is None or hours is None:
        return time
    shift = day.first.at - truncated(hours.at, "day")
    first, last = (
        None if end is None else replace(end, at=end.at + shift) for end in (time.first, time.last)
    )
    first, last = _in_the_morning(first, last, time)
    return replace(time, start=day.start, first=first, last=last, has_date=True)


def _with_hours(text: str, day: Time, words: Wording) -> Time:
    """Read the bare hours after a day: `tomorrow from 9 to 11`."""
    if words.hours_after is None or day.first is None or day.is_stretch:
        return day
    match = words.hours_after.match(text, day.end) if day.first.grain == "day" else None
    if match is None or not ends_here(text, match.end()):
        return day
    ends = [_hour_of(match, side, day.first) for side in ("from", "to")]
    first, last = ends
    if first is None or last is None:
        return day
    if last.at <= first.at:
        last = replace(last, at=last.at + timedelta(hours=12))
    if not first.at < last.at < first.at + timedelta(hours=24):
        return day
    return replace(_stretch(day.start, match.end(), first, last), has_date=True)


def _hour_of(match: regex.Match[str], side: str, day: Moment) -> Moment | None:
    hour, minute = int(match[f"{side}_hour"]), match[f"{side}_minute"]
    if hour > 23:
        return None
    at = day.at.replace(hour=hour, minute=int(minute or 0))
    return Moment(at=at, grain="minute" if minute else "hour")


def _in_the_morning(
    first: Moment | None, last: Moment | None, time: Time
) -> tuple[Moment | None, Moment | None]:
    """Move hours of either half of the day to the first one, unless it begins before six."""
    if not time.is_ambiguous or first is None or last is None or not first.at.hour >= 18:
        return first, last
    half = timedelta(hours=12)
    return replace(first, at=first.at - half), replace(last, at=last.at - half)


def _joined(text: str, time: Time, following: Time | None, words: Wording) -> Time | None:
    if following is None or time.first is None or following.first is None:
        return None
    gap = words.to.fullmatch(text, time.end, following.start)
    before = just_before(words.between, text, time.start)
    needs_between = gap is not None and "and" in gap.groupdict() and gap["and"]
    if gap is None or (needs_between and (before is None or not _says_between(before))):
        return None
    if time.is_stretch or following.is_stretch:
        return None
    first, last = _on_one_day(time, following, time.first, following.first)
    if first.at >= last.at:
        return None
    found = _stretch(before.start() if before else time.start, following.end, first, last)
    has_date = time.has_date or following.has_date
    is_ambiguous = time.is_ambiguous and following.is_ambiguous
    return replace(found, has_date=has_date, is_ambiguous=is_ambiguous)


def _says_between(before: regex.Match[str]) -> bool:
    return "between" in before.group().lower()


def _on_one_day(time: Time, following: Time, first: Moment, last: Moment) -> tuple[Moment, Moment]:
    """Give both ends the day that one of them names, and let the second come after the first."""
    if time.has_date and following.has_date:
        return _in_one_month(time, following, first, last)
    if following.has_date:
        day = last.at
        first = replace(first, at=first.at.replace(year=day.year, month=day.month, day=day.day))
    elif time.has_date:
        day = first.at
        last = replace(last, at=last.at.replace(year=day.year, month=day.month, day=day.day))
    if following.is_ambiguous:
        last = _soonest_after(first, last)
    elif time.is_ambiguous and last.at > first.at + timedelta(hours=12):
        first = replace(first, at=first.at + timedelta(hours=12))
    return first, _after(first, last)


def _soonest_after(first: Moment, last: Moment) -> Moment:
    """Give the reading, before or after noon, of the second time that follows the first."""
    day = truncated(first.at, "day")
    hours = sorted({last.at.hour % 12, last.at.hour % 12 + 12})
    for hour in (*hours, 24 + hours[0]):
        at = (day + timedelta(days=hour // 24)).replace(
            hour=hour % 24, minute=last.at.minute, second=last.at.second
        )
        if at > first.at:
            return replace(last, at=at)
    return last


def _in_one_month(
    time: Time, following: Time, first: Moment, last: Moment
) -> tuple[Moment, Moment]:
    """Give a bare day of the month the month that the other end names."""
    if following.is_day_of_month:
        start = truncated(first.at, "month")
        in_month = start.replace(day=1) + timedelta(days=last.at.day - 1)
        last = replace(last, at=_at_clock(in_month, last))
        if last.at < first.at:
            last = replace(last, at=moved(last.at, 1, "month"))
    elif time.is_day_of_month:
        in_month = truncated(last.at, "month") + timedelta(days=first.at.day - 1)
        first = replace(first, at=_at_clock(in_month, first))
    return first, _after(first, last)


def _at_clock(day: Any, moment: Moment) -> Any:
    return day.replace(hour=moment.at.hour, minute=moment.at.minute, second=moment.at.second)


def _after(first: Moment, last: Moment) -> Moment:
    step = timedelta(days=7 if first.grain == last.grain == "day" else 1)
    return replace(last, at=last.at + step) if last.at <= first.at < last.at + step else last


def _from_bare_hour(text: str, time: Time, words: Wording) -> Time | None:
    """Read the `3` of `3-5 pm` and `from 3 to 5 pm` by the half of the day of the end."""
    if time.first is None or time.is_stretch or time.first.grain not in ("hour", "minute"):
        return None
    for gap in words.to.finditer(text, max(0, time.start - 10), time.start):
        bare = just_before(_BARE_START, text, gap.start()) if gap.end() == time.start else None
        if bare is None or int(bare["hour"]) > 23 or int(bare["minute"] or 0) > 59:
            continue
        at = time.first.at.replace(hour=int(bare["hour"]), minute=int(bare["minute"] or 0))
        if at + timedelta(hours=12) < time.first.at:
            at += timedelta(hours=12)
        if at < time.first.at:
            grain = "minute" if bare["minute"] else "hour"
            found = _stretch(bare.start(), time.end, Moment(at=at, grain=grain), time.first)
            return replace(found, has_date=time.has_date)
    return None


def _stretch(start: int, end: int, first: Moment, last: Moment) -> Time:
    over = Moment(at=last.until, grain=last.grain)
    return Time(start=start, end=end, first=first, last=over, is_stretch=True)


def _opened(text: str, time: Time, words: Wording) -> Time:
    if time.is_stretch:
        return time
    before = just_before(words.open_before, text, time.start)
    after = words.open_after.match(text, time.end) if words.open_after is not None else None
    found = before or after
    if found is None:
        return time
    start = before.start() if before is not None else time.start
    end = time.end if before is not None else found.end()
    first, last = (time.first, None) if found["from"] else (None, time.first)
    return replace(time, start=start, end=end, first=first, last=last, is_stretch=True)
