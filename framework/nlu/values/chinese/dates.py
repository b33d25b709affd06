"""Chinese dates: `下周三`, `2025年5月1日`, `下个月三号`, `明年五月`, `国庆节`, `这个周末`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import regex

from framework.nlu.values.chinese.numerals import CHARACTERS, read_numeral
from framework.nlu.values.digits import without_ideographs
from framework.nlu.values.moments import Moment, moved, truncated
from framework.nlu.values.numeric_dates import find_numeric_dates
from framework.nlu.values.pieces import Calendar, DatePiece

_NEAR_DAYS = {
    "大前": -3,
    "前": -2,
    "昨": -1,
    "今": 0,
    "明": 1,
    "后": 2,
    "大后": 3,
}
_SHIFTS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "下下": 2}
_YEARS = {"前": -2, "去": -1, "今": 0, "本": 0, "明": 1, "后": 2}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天末7"))
    for name in names
}
_HOLIDAYS = {
    "元旦": (1, 1),
    "情人节": (2, 14),
    "妇女节": (3, 8),
    "愚人节": (4, 1),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "儿童节": (6, 1),
    "教师节": (9, 10),
    "十一": (10, 1),
    "国庆": (10, 1),
    "国庆节": (10, 1),
    "万圣节": (10, 31),
    "双十一": (11, 11),
    "双11": (11, 11),
    "光棍节": (11, 11),
    "平安夜": (12, 24),
    "圣诞": (12, 25),
    "圣诞节": (12, 25),
}
_ONLY_AS_HOLIDAYS = frozenset({"五一", "十一"})

_NUMBER = rf"(?:\d{{1,2}}|[{CHARACTERS}]{{1,3}})"
_YEAR = r"(?:\d{4}|[零〇一二三四五六七八九]{4}|\d\d(?=年\d))"
_WHICH = r"上上|上|这|本|下下|下"
_OTHER_NUMBER = r"(?![线楼门馆厅机房桌车店院柜码选位])"
"""Not `3号线`, `二号楼`: what a number of other things looks like."""


def find_chinese_dates(text: str, known: Calendar) -> Iterator[DatePiece]:
    """Find dates in a text, overlapping ones too."""
    yield from find_numeric_dates(without_ideographs(text), known)
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            try:
                moment = read(match, known)
            except (ValueError, OverflowError):
                continue
            if moment is not None:
                is_day = "bare" in match.groupdict()
                start, end = match.span()
                yield DatePiece(start=start, end=end, moment=moment, is_day_of_month=is_day)
    for match in _WEEKEND.finditer(text):
        first, last = known.weekend(_SHIFTS.get(match["which"] or "", 0))
        yield DatePiece(start=match.start(), end=match.end(), moment=first, last=last)
    for match in _EDGE.finditer(text):
        yield from _edge_of_month(match, known)


def _near_day(match: regex.Match[str], known: Calendar) -> Moment:
    return Moment(at=known.today + timedelta(days=_NEAR_DAYS[match["near"]]), grain="day")


def _weekday(match: regex.Match[str], known: Calendar) -> Moment:
    weekday = _WEEKDAYS[match["weekday"]]
    if match["which"] is None:
        ahead = (weekday - known.today.weekday()) % 7 or 7
        return Moment(at=known.today + timedelta(days=ahead), grain="day")
    monday = truncated(known.now, "week") + timedelta(days=7 * _SHIFTS[match["which"]])
    return Moment(at=monday + timedelta(days=weekday), grain="day")


def _week(match: regex.Match[str], known: Calendar) -> Moment:
    at = moved(truncated(known.now, "week"), _SHIFTS[match["which"]], "week")
    return Moment(at=at, grain="week")


def _near_month(match: regex.Match[str], known: Calendar) -> Moment | None:
    at = moved(truncated(known.now, "month"), _SHIFTS[match["which"]], "month")
    if not match["day"]:
        return Moment(at=at, grain="month")
    day = _count(match["day"])
    return None if day is None else known.day(at.year, at.month, day)


def _year(match: regex.Match[str], known: Calendar) -> Moment | None:
    year = _year_of(match, known)
    return None if year is None else Moment(at=known.day(year, 1, 1).at, grain="year")


def _month_and_day(match: regex.Match[str], known: Calendar) -> Moment | None:
    month, year = _count(match["month"]), _year_of(match, known)
    if month is None or not 1 <= month <= 12:
        return None
    if match["day"] is None:
        coming = known.now.year + (month < known.now.month)
        return known.month(year or coming, month)
    day = _count(match["day"])
    if day is None:
        return None
    return known.day(year, month, day) if year is not None else known.coming(month, day)


def _bare_day(match: regex.Match[str], known: Calendar) -> Moment | None:
    day = _count(match["bare"])
    if day is None or not 1 <= day <= 31:
        return None
    start = truncated(known.now, "month")
    while day < known.now.day or moved(start, 1, "month") - start < timedelta(days=day):
        start = moved(start, 1, "month")
        if day <= (moved(start, 1, "month") - start).days:
            break
    return known.day(start.year, start.month, day)


def _holiday(match: regex.Match[str], known: Calendar) -> Moment | None:
    name = match["name"]
    month, day = _HOLIDAYS[name]
    if name in _ONLY_AS_HOLIDAYS and not match["more"]:
        return None
    year = _year_of(match, known)
    return known.coming(month, day) if year is None else known.day(year, month, day)


def _edge_of_month(match: regex.Match[str], known: Calendar) -> Iterator[DatePiece]:
    """Read `月底` as the last third of a month, `月初` as the first and `月中` as the second."""
    month = moved(truncated(known.now, "month"), _SHIFTS.get(match["which"] or "", 0), "month")
    if match["month"]:
        number = _count(match["month"])
        if number is None or not 1 <= number <= 12:
            return
        month = known.month(known.now.year + (number < known.now.month), number).at
    thirds = [
        month,
        month + timedelta(days=10),
        month + timedelta(days=20),
        moved(month, 1, "month"),
    ]
    place = {"初": 0, "中": 1, "底": 2, "末": 2}[match["edge"]]
    first, last = (Moment(at=at, grain="day") for at in thirds[place : place + 2])
    yield DatePiece(start=match.start(), end=match.end(), moment=first, last=last)


def _year_of(match: regex.Match[str], known: Calendar) -> int | None:
    """Give the year that a match names; None for none."""
    if match["near_year"]:
        return known.now.year + _YEARS[match["near_year"]]
    if not match["year"]:
        return None
    year = _count(match["year"])
    return year + 2000 if year is not None and year < 100 else year


def _count(written: str) -> int | None:
    value = read_numeral(written)
    return value if isinstance(value, int) else None


_Read = Callable[[regex.Match[str], Calendar], Moment | None]


def _rule(pattern: str, read: _Read) -> tuple[regex.Pattern[str], _Read]:
    return regex.compile(pattern, regex.VERBOSE), read


_OF_YEAR = rf"(?:(?:(?P<year>{_YEAR})|(?<!年)(?P<near_year>[去今明后前本]))年的?)"
_NO_NUMERAL = rf"(?<![\d.,/{CHARACTERS}第])"
_WEEKEND = regex.compile(rf"(?:(?P<which>{_WHICH})个?)?周末")
_EDGE = regex.compile(
    rf"(?:(?P<which>{_WHICH})个?|{_NO_NUMERAL}(?P<month>{_NUMBER}))?月(?:份的?)?(?P<edge>[底初末]|中(?=旬))旬?"
)
_RULES = (
    _rule(
        r"(?<![天日月年周])(?P<near>大前|前|昨|今|明|大后|后)(?:天(?![{气}])|日(?![本程])|儿个?|(?=[早晚夜晨]))",
        _near_day,
    ),
    _rule(
        rf"""(?:(?P<which>{_WHICH})个?)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天1-6])
        (?![次遍回\d])""",
        _weekday,
    ),
    _rule(rf"(?P<which>{_WHICH})个?(?:周|星期|礼拜)(?![一二三四五六日天末\d])", _week),
    _rule(
        rf"(?P<which>{_WHICH}|当)个?月(?:份)?(?:的?(?P<day>{_NUMBER})[日号])?(?![底初末])",
        _near_month,
    ),
    _rule(
        rf"""(?:{_OF_YEAR}|{_NO_NUMERAL})(?P<month>{_NUMBER})月(?!饼|球|亮|光|子|经|薪|租|费|底|初|末|天)
        (?:份(?:的)?)?(?:(?P<day>{_NUMBER})(?:[日号]|(?=[到至~-]))|(?![\d]))""",
        _month_and_day,
    ),
    _rule(rf"{_NO_NUMERAL}{_OF_YEAR}(?![初底末级前后])(?<=年)", _year),
    _rule(
        rf"{_NO_NUMERAL}(?<![年月])(?P<bare>{_NUMBER})(?:号{_OTHER_NUMBER}|日(?![游内本元圆币程之前后常用]))",
        _bare_day,
    ),
    _rule(
        rf"""{_OF_YEAR}?(?P<name>{"|".join(sorted(_HOLIDAYS, key=len, reverse=True))})
        (?P<more>(?=[节假期长小黄劳国]|儿童))?""",
        _holiday,
    ),
)
