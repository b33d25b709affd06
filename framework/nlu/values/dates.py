"""Days, weeks, months and years named in English or in digits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import regex

from framework.nlu.values.calendar_names import MONTH_PATTERN, MONTHS, WEEKDAY_PATTERN, WEEKDAYS
from framework.nlu.values.holidays import NAMES, holiday_in
from framework.nlu.values.moments import Moment, moved, truncated
from framework.nlu.values.months import find_parts_of_months
from framework.nlu.values.names import (
    DAY,
    ON,
    SHIFTS,
    TO,
    YEAR,
    Rules,
    compiled,
    dates_by,
    is_doubtful,
    month_named,
)
from framework.nlu.values.numeric_dates import find_numeric_dates
from framework.nlu.values.pieces import Calendar, DatePiece
from framework.nlu.values.sentences import ends_here

_MONTH, _WEEKDAY = MONTH_PATTERN, WEEKDAY_PATTERN
_HOLIDAY = "|".join(
    name.replace("'", "['\u2019]").replace(" ", "[ ]+")
    for name in sorted(NAMES, key=len, reverse=True)
)
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


def find_dates(text: str, known: Calendar) -> Iterator[DatePiece]:
    """Find dates in a text, overlapping ones too."""
    yield from find_numeric_dates(text, known)
    yield from dates_by(text, known, _RULES)
    yield from find_parts_of_months(text, known)


def _near_day(match: regex.Match[str], known: Calendar) -> Moment:
    days = _NEAR_DAYS[" ".join(match.group().lower().split())]
    return Moment(at=known.today + timedelta(days=days), grain="day")


def _night_before(_match: regex.Match[str], known: Calendar) -> Moment:
    """Read the day of `last night`."""
    return Moment(at=known.today - timedelta(days=1), grain="day")


def _weekday(match: regex.Match[str], known: Calendar) -> Moment | None:
    name, modifier = match["weekday"], (match["modifier"] or "").lower()
    if not (modifier or match["on"] is not None) and is_doubtful(match, "weekday"):
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
    count = SHIFTS.get(match["modifier"].lower(), 0)
    return Moment(at=moved(truncated(known.now, unit), count, unit), grain=unit)


def _month_and_day(match: regex.Match[str], known: Calendar) -> Moment:
    month, day = MONTHS[match["month"].lower()], int(match["day"])
    if match["year"]:
        return known.day(int(match["year"]), month, day)
    return known.coming(month, day)


def _month(match: regex.Match[str], known: Calendar) -> Moment | None:
    name, modifier = match["month"], (match["modifier"] or "").lower()
    if not (match["year"] or modifier or match["in"] is not None) and is_doubtful(match, "month"):
        return None
    return month_named(name, known, year=match["year"], modifier=modifier)


def _day_of_month(match: regex.Match[str], known: Calendar) -> Moment | None:
    if not match["which"] and not ends_here(match.string, match.end()):
        return None
    return _coming_day(int(match["day"]), known, is_next=(match["which"] or "").lower() == "next")


def _coming_day(day: int, known: Calendar, *, is_next: bool = False) -> Moment:
    start = truncated(known.now, "month")
    month = moved(start, int(is_next or day < known.now.day), "month")
    return known.day(month.year, month.month, day)


def _named_day(match: regex.Match[str], known: Calendar) -> Moment:
    name = " ".join(match["name"].lower().replace("\u2019", "'").split())
    year = int(match["year"]) if match["year"] else known.now.year
    day = holiday_in(year, name)
    if not match["year"] and day < known.now.date():
        day = holiday_in(year + 1, name)
    return known.day(day.year, day.month, day.day)


def _quarter(match: regex.Match[str], known: Calendar) -> Moment:
    quarter = int(match["quarter"])
    year = int(match["year"]) if match["year"] else known.now.year
    moment = known.month(year, 3 * quarter - 2)
    return Moment(at=moment.at, grain="quarter")


def _year_alone(match: regex.Match[str], known: Calendar) -> Moment | None:
    if not ends_here(match.string, match.end()):
        return None
    return Moment(at=known.day(int(match["year"]), 1, 1).at, grain="year")


_RULES: Rules = (
    (
        compiled(rf"(?<!\w)(?:{'|'.join(name.replace(' ', '[ ]+') for name in _NEAR_DAYS)})(?!\w)"),
        _near_day,
    ),
    (compiled(r"(?<!\w)last(?=[ ]+(?:night|evening)(?!\w))"), _night_before),
    (
        compiled(
            rf"""(?<!\w)(?P<on>on[ ]+|(?=(?:{_WEEKDAY})\.?{TO}(?:{_WEEKDAY})\b))?
            (?:(?P<modifier>this|next|last|past|coming)[ ]+)?(?P<weekday>{_WEEKDAY})\.?
            (?P<next_week>[ ]+(?:of[ ]+)?next[ ]+week)?(?!\w)"""
        ),
        _weekday,
    ),
    (
        compiled(
            r"""(?<!\w)(?P<modifier>this|next|last|past|coming|previous|following|current)[ ]+
            (?P<unit>week|month|year)(?!\w)"""
        ),
        _span,
    ),
    (
        compiled(
            rf"""{ON}(?:the[ ]+)?
            (?: (?P<month>{_MONTH})\.?[ ]+(?:the[ ]+)?{DAY}
                | {DAY}[ ]+(?:of[ ]+)?(?P<month>{_MONTH})\.? )
            (?:,?[ ]+{YEAR})?(?![\w:])"""
        ),
        _month_and_day,
    ),
    (
        compiled(
            rf"""(?<!\w)
            (?P<in>in[ ]+
                |(?<=\b(?:since|until|till|by|before|after|of|during)[ ]+|\b(?:{_MONTH}){TO}))?
            (?:(?P<modifier>this|next|last|past)[ ]+)?
            (?P<month>{_MONTH})\.?(?:,?[ ]+{YEAR})?(?!\w)"""
        ),
        _month,
    ),
    (
        compiled(
            rf"""(?:(?<!\w)on[ ]+|(?<!\w)(?:on[ ]+)?(?:{_WEEKDAY}),?[ ]+
                |(?<=(?<!\w)(?:until|till|by|since|from|to|before|after)[ ]+))
            (?:the[ ]+)?(?P<day>\d{{1,2}})(?P<th>st|nd|rd|th)(?!\w)
            |(?<!\w)(?:on[ ]+)?the[ ]+(?P<day>\d{{1,2}})(?P<th>st|nd|rd|th)
            [ ]+of[ ]+(?P<which>this|next)[ ]+month(?!\w)"""
        ),
        _day_of_month,
    ),
    (
        compiled(rf"(?<!\w)(?:(?:on|at)[ ]+)?(?P<name>{_HOLIDAY})(?:,?[ ]+{YEAR})?(?!\w)"),
        _named_day,
    ),
    (
        compiled(rf"(?<!\w)(?:in[ ]+)?q(?P<quarter>[1-4])(?:(?:[ ]+of)?[ /-]*{YEAR})?(?!\w)"),
        _quarter,
    ),
    (
        compiled(
            rf"""(?<!\w)(?:in[ ]+|(?:in[ ]+)?(?:the[ ]+)?year[ ]+
            |(?<=(?<!\w)(?:since|until|before|after|of|from|to)[ ]+)){YEAR}(?![-/.:,]\d)"""
        ),
        _year_alone,
    ),
)
