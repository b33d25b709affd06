"""Days, weeks, months and years named in English or in digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import regex

from framework.nlu.values.calendar_names import (
    MONTH_PATTERN,
    MONTHS,
    WEEKDAY_PATTERN,
    WEEKDAYS,
)
from framework.nlu.values.moments import Moment, moved, truncated

_ALSO_WORDS = {"sat", "sun", "mar", "may", "march", "wed", "mon"}
"""Names that are also other words: alone they count with a capital or after `on`, `in`, `next`."""

_DAY = r"(?P<day>\d{1,2})(?:[ ]?(?:st|nd|rd|th))?(?!\w)"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\w)"

_NEAR_DAYS = {
    "today": 0,
    "tomorrow": 1,
    "tmrw": 1,
    "tmr": 1,
    "yesterday": -1,
    "day after tomorrow": 2,
    "the day after tomorrow": 2,
    "day before yesterday": -2,
    "the day before yesterday": -2,
}


@dataclass(frozen=True, kw_only=True)
class DatePiece:
    """A date found in a text."""

    start: int
    end: int
    moment: Moment


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """What dates are read against.

    Attributes:
        now: the present, in the user's time zone.
        day_first: whether 3/4 is the third of April.
    """

    now: datetime
    day_first: bool = False

    @property
    def today(self) -> datetime:
        """The beginning of this day."""
        return truncated(self.now, "day")

    def day(self, year: int, month: int, day: int) -> Moment:
        """Give a day of the calendar.

        Raises:
            ValueError: there is no such day.
        """
        return Moment(at=self.today.replace(year=year, month=month, day=day), grain="day")

    def coming(self, month: int, day: int) -> Moment:
        """Give the next day of this name, today included.

        Raises:
            ValueError: there is no such day this year or next.
        """
        year = self.now.year
        is_over = (month, day) < (self.now.month, self.now.day)
        return self.day(year + is_over, month, day)


def find_dates(text: str, known: Calendar) -> Iterator[DatePiece]:
    """Find dates in a text, overlapping ones too."""
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            try:
                moment = read(match, known)
            except (ValueError, OverflowError):
                continue
            if moment is not None:
                yield DatePiece(start=match.start(), end=match.end(), moment=moment)


def _near_day(match: regex.Match[str], known: Calendar) -> Moment:
    days = _NEAR_DAYS[" ".join(match.group().lower().split())]
    return Moment(at=known.today + timedelta(days=days), grain="day")


def _weekday(match: regex.Match[str], known: Calendar) -> Moment | None:
    name, modifier = match["weekday"], (match["modifier"] or "").lower()
    if _is_doubtful(name, is_marked=bool(modifier or match["on"])):
        return None
    today = known.today
    ahead = (WEEKDAYS[name.lower()] - today.weekday()) % 7 or 7
    if modifier in ("last", "past"):
        ahead = ahead - 7 or -7
    elif modifier == "next" or match["next_week"]:
        ahead = 7 - today.weekday() + WEEKDAYS[name.lower()]
    return Moment(at=today + timedelta(days=ahead), grain="day")


def _span(match: regex.Match[str], known: Calendar) -> Moment:
    unit = match["unit"].lower()
    shift = {"next": 1, "coming": 1, "following": 1, "last": -1, "past": -1, "previous": -1}
    count = shift.get(match["modifier"].lower(), 0)
    return Moment(at=moved(truncated(known.now, unit), count, unit), grain=unit)


def _month_and_day(match: regex.Match[str], known: Calendar) -> Moment:
    month, day = MONTHS[match["month"].lower()], int(match["day"])
    if match["year"]:
        return known.day(int(match["year"]), month, day)
    return known.coming(month, day)


def _month(match: regex.Match[str], known: Calendar) -> Moment | None:
    name, modifier = match["month"], (match["modifier"] or "").lower()
    if not match["year"] and _is_doubtful(name, is_marked=bool(modifier or match["in"])):
        return None
    month, now = MONTHS[name.lower()], known.now
    if match["year"]:
        year = int(match["year"])
    elif modifier in ("last", "past"):
        year = now.year - (month >= now.month)
    else:
        year = now.year + (month < now.month)
    return Moment(at=known.day(year, month, 1).at, grain="month")


def _day_of_month(match: regex.Match[str], known: Calendar) -> Moment:
    day, start = int(match["day"]), truncated(known.now, "month")
    is_next = (match["which"] or "").lower() == "next" or day < known.now.day
    month = moved(start, int(is_next), "month")
    return known.day(month.year, month.month, day)


def _year_first(match: regex.Match[str], known: Calendar) -> Moment:
    return known.day(int(match["year"]), int(match["month"]), int(match["day"]))


def _slashed(match: regex.Match[str], known: Calendar) -> Moment:
    first, second = int(match["first"]), int(match["second"])
    day_first = known.day_first or first > 12 or match["mark"] == "."
    day, month = (first, second) if day_first and second <= 12 else (second, first)
    if not match["year"]:
        return known.coming(month, day)
    year = int(match["year"])
    return known.day(year + 2000 if year < 100 else year, month, day)


def _is_doubtful(name: str, *, is_marked: bool) -> bool:
    return name.lower() in _ALSO_WORDS and not is_marked and not name[0].isupper()


_Read = Callable[[regex.Match[str], Calendar], Moment | None]


def _rule(pattern: str, read: _Read) -> tuple[regex.Pattern[str], _Read]:
    return regex.compile(pattern, regex.VERBOSE | regex.IGNORECASE), read


_RULES = (
    _rule(
        rf"(?<!\w)(?:{'|'.join(name.replace(' ', '[ ]+') for name in _NEAR_DAYS)})(?!\w)",
        _near_day,
    ),
    _rule(
        rf"""(?<!\w)(?P<on>on[ ]+)?(?:(?P<modifier>this|next|last|past|coming)[ ]+)?
        (?P<weekday>{WEEKDAY_PATTERN})\.?(?P<next_week>[ ]+(?:of[ ]+)?next[ ]+week)?(?!\w)""",
        _weekday,
    ),
    _rule(
        r"""(?<!\w)(?P<modifier>this|next|last|past|coming|previous|following|current)[ ]+
        (?P<unit>week|month|year)(?!\w)""",
        _span,
    ),
    _rule(
        rf"""(?<!\w)(?:on[ ]+)?(?:the[ ]+)?
        (?: (?P<month>{MONTH_PATTERN})\.?[ ]+(?:the[ ]+)?{_DAY}
            | {_DAY}[ ]+(?:of[ ]+)?(?P<month>{MONTH_PATTERN})\.? )
        (?:,?[ ]+{_YEAR})?(?![\w:])""",
        _month_and_day,
    ),
    _rule(
        rf"""(?<!\w)(?P<in>(?:in|since|until|by)[ ]+)?(?:(?P<modifier>this|next|last|past)[ ]+)?
        (?P<month>{MONTH_PATTERN})\.?(?:,?[ ]+{_YEAR})?(?!\w)""",
        _month,
    ),
    _rule(
        r"""(?<!\w)(?:on[ ]+the[ ]+(?P<day>\d{1,2})(?:st|nd|rd|th)
        |the[ ]+(?P<day>\d{1,2})(?:st|nd|rd|th)[ ]+of[ ]+(?P<which>this|next)[ ]+month)(?!\w)""",
        _day_of_month,
    ),
    _rule(
        r"(?<![\w.-])(?P<year>\d{4})([-./])(?P<month>\d\d?)\2(?P<day>\d\d?)(?![\w-])", _year_first
    ),
    _rule(
        r"""(?<![\w./-])(?:on[ ]+)?(?P<first>\d\d?)(?P<mark>[/.-])(?P<second>\d\d?)
        (?:(?P=mark)(?P<year>\d{4}|\d\d))(?![\w/-])
        | (?<![\w./-])(?:on[ ]+)?(?P<first>\d\d?)(?P<mark>/)(?P<second>\d\d?)(?![\w/-])""",
        _slashed,
    ),
)
