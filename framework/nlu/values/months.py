"""Parts of months and weeks: `this weekend`, `the end of May`, `first Monday of April`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import regex

from framework.nlu.values.calendar_names import MONTH_PATTERN, MONTHS, WEEKDAY_PATTERN, WEEKDAYS
from framework.nlu.values.moments import Moment, moved, truncated
from framework.nlu.values.names import DAY, SHIFTS, TO, YEAR, Rules, compiled, dates_by, month_named
from framework.nlu.values.numbers import ORDINALS
from framework.nlu.values.pieces import Calendar, DatePiece

_MONTH, _WEEKDAY = MONTH_PATTERN, WEEKDAY_PATTERN
_SPELLED_DAYS = {
    **ORDINALS,
    "twentieth": 20,
    "thirtieth": 30,
    "thirty first": 31,
    **{f"twenty {name}": 20 + value for name, value in ORDINALS.items() if value < 10},
}
_SPELLED = "|".join(
    name.replace(" ", "[ -]") for name in sorted(_SPELLED_DAYS, key=len, reverse=True)
)
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}


def find_parts_of_months(text: str, known: Calendar) -> Iterator[DatePiece]:
    """Find parts of months, weekends, and days whose month stands at the other end of a stretch."""
    yield from dates_by(text, known, _RULES)
    for match in _WEEKEND.finditer(text):
        yield _weekend(match, known)
    for match in _EDGE_OF_MONTH.finditer(text):
        yield _edge_of_month(match, known)
    yield from _bare_days(text, known)


def _bare_days(text: str, known: Calendar) -> Iterator[DatePiece]:
    """Find the bare day of a stretch: `25` of `March 20-25`, `20` of `20 to 25 March`."""
    for pattern in _BARE_DAYS:
        for match in pattern.finditer(text):
            try:
                moment = known.coming(MONTHS[match["month"].lower()], int(match["day"]))
            except ValueError:
                continue
            start, end = match.span()
            yield DatePiece(start=start, end=end, moment=moment, is_day_of_month=True)


def _spelled_day(match: regex.Match[str], known: Calendar) -> Moment | None:
    """Read `the first of May`, `June the second`, `the third of next month`."""
    word = " ".join(match["nth"].lower().replace("-", " ").split())
    day = _SPELLED_DAYS[word]
    if not match["month"]:
        shift = 1 if match["which"].lower() == "next" else 0
        start = moved(truncated(known.now, "month"), shift, "month")
        return known.day(start.year, start.month, day)
    month = MONTHS[match["month"].lower()]
    if match["year"]:
        return known.day(int(match["year"]), month, day)
    return known.coming(month, day)


def _nth_weekday(match: regex.Match[str], known: Calendar) -> Moment | None:
    """Read `the first Monday of April`, `last Friday in March`, `last week of June`."""
    if match["month"]:
        month = month_named(match["month"], known, year=match["year"])
    else:
        shift = 1 if match["which"].lower() == "next" else 0
        month = Moment(at=moved(truncated(known.now, "month"), shift, "month"), grain="month")
    is_last = match["nth"].lower() == "last"
    if match["weekday"] is None:
        return _nth_week(month, None if is_last else _NTH[match["nth"].lower()])
    weekday = WEEKDAYS[match["weekday"].lower()]
    if is_last:
        end = month.until - timedelta(days=1)
        return Moment(at=end - timedelta(days=(end.weekday() - weekday) % 7), grain="day")
    ahead = (weekday - month.at.weekday()) % 7 + 7 * (_NTH[match["nth"].lower()] - 1)
    day = month.at + timedelta(days=ahead)
    return Moment(at=day, grain="day") if day < month.until else None


def _nth_week(month: Moment, count: int | None) -> Moment:
    """Give the nth week of a month, the first being that of its first day; None for the last."""
    day = month.until - timedelta(days=1) if count is None else month.at
    monday = truncated(day, "week") + timedelta(days=7 * ((count or 1) - 1))
    return Moment(at=monday, grain="week")


def _weekend(match: regex.Match[str], known: Calendar) -> DatePiece:
    first, last = known.weekend(SHIFTS.get((match["modifier"] or "").lower(), 0))
    return DatePiece(start=match.start(), end=match.end(), moment=first, last=last)


def _edge_of_month(match: regex.Match[str], known: Calendar) -> DatePiece:
    """Read `the end of the month` as its last third, `beginning of next month` as its first."""
    if match["month"]:
        month = month_named(match["month"], known, year=match["year"])
    else:
        shift = SHIFTS.get((match["which"] or "").lower(), 0)
        month = Moment(at=moved(truncated(known.now, "month"), shift, "month"), grain="month")
    is_end = match["edge"].lower() == "end"
    tenth = month.at + timedelta(days=20 if is_end else 0)
    over = month.until if is_end else month.at + timedelta(days=10)
    return DatePiece(
        start=match.start(),
        end=match.end(),
        moment=Moment(at=tenth, grain="day"),
        last=Moment(at=over, grain="day"),
    )


_WEEKEND = compiled(
    r"""(?<!\w)(?:(?:on|at|over|for|during)[ ]+)?
    (?:(?P<modifier>this|next|last|past|coming|following|previous)|the)[ ]+week[ -]?end(?!\w)"""
)
_EDGE_OF_MONTH = compiled(
    rf"""(?<!\w)(?:(?:at|by)[ ]+)?(?:the[ ]+)?(?P<edge>end|beginning|start)[ ]+of[ ]+
    (?: (?:(?P<which>this|next|last)|the)[ ]+month | (?P<month>{_MONTH})(?:[ ]+{YEAR})? )(?!\w)"""
)
_BARE_DAYS = (
    compiled(
        rf"""(?<=(?<!\w)(?P<month>{_MONTH})\.?[ ]+\d\d?(?:st|nd|rd|th)?{TO})
        (?:the[ ]+)?{DAY}(?![:/.%]\d|[ ]*(?:[ap]\.?m|{_MONTH})\b)"""
    ),
    compiled(
        rf"""(?<![\w.,:/$€£-]){DAY}
        (?=(?:{TO}|[ ]+and[ ]+)\d\d?(?:st|nd|rd|th)?[ ]+(?:of[ ]+)?(?P<month>{_MONTH})(?!\w))"""
    ),
)
_RULES: Rules = (
    (
        compiled(
            rf"""(?<!\w)(?:on[ ]+)?(?:the[ ]+)?
            (?: (?P<nth>{_SPELLED})[ ]+of[ ]+
                (?:(?P<month>{_MONTH})(?:,?[ ]+{YEAR})?|(?P<which>this|next)[ ]+month)
              | (?P<month>{_MONTH})[ ]+the[ ]+(?P<nth>{_SPELLED})(?:,?[ ]+{YEAR})? )(?!\w)"""
        ),
        _spelled_day,
    ),
    (
        compiled(
            rf"""(?<!\w)(?:on[ ]+)?(?:the[ ]+)?(?P<nth>{"|".join(_NTH)}|last)[ ]+
            (?:(?P<weekday>{_WEEKDAY})|week)[ ]+(?:of|in)[ ]+
            (?:(?P<month>{_MONTH})\.?(?:,?[ ]+{YEAR})?|(?P<which>this|next)[ ]+month)(?!\w)"""
        ),
        _nth_weekday,
    ),
)
