"""The dates and times of day that a text states."""

from __future__ import annotations

import regex

from framework.nlu.values.calendar_names import MONTH_PATTERN, MONTHS
from framework.responses.guard.facts import Facts, Reader

_ISO = regex.compile(r"(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?!\d)")
_HAN_DATE = regex.compile(r"(\d{1,2})月(\d{1,2})[日号]")
_NO_VERB = r"(?!(?<= (?-i:may)) (?!at|from|to|until|till|and|or|in|is|was)(?-i:[a-z]))"
"""`children under 14 may only climb` names no day."""

_DAY_MONTH = regex.compile(
    rf"(?<![\w.,])(\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? ({MONTH_PATTERN})\b{_NO_VERB}\.?"
    r"(?:,? (\d{4}))?",
    regex.IGNORECASE,
)
_MONTH_DAY = regex.compile(
    rf"\b({MONTH_PATTERN})\b\.? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,? (\d{{4}}))?",
    regex.IGNORECASE,
)
_SLASHES = regex.compile(r"(?<![\d/.])\d{1,2}([/.-])\d{1,2}\1\d{2,4}(?![\d/])")
_HALF = r"(?:a\.?m\b\.?|p\.?m\b\.?|in the morning|in the afternoon|in the evening|at night)"
_CLOCK = regex.compile(
    rf"(?<![\w:.,])(\d{{1,2}})(?:[:h.](\d{{2}})(?::\d{{2}})?)?\s*({_HALF})"
    rf"|(?<![\w:.,])(\d{{1,2}})(?::| ?h ?)(\d{{2}})(?![\d:])(?: ?Uhr)?"
    r"|(?<![\w:.,])(\d{1,2})\s*o'clock",
    regex.IGNORECASE,
)
_NOON = regex.compile(r"\b(noon|midday|midnight)\b", regex.IGNORECASE)
_SPELLED_CLOCK = regex.compile(
    r"(?:\b(half|a? ?quarter|\d{1,2}(?: minutes)?) (past|after)"
    r"|\b(a? ?quarter|(?<=(?:\bat|\buntil|\bby|\bbefore) )\d{1,2}(?: minutes)?) (to|before))"
    r" (\d{1,2})(?![\d:]|[.,]\d)(?: ?([ap])m\b)?"
    r"|(?<=\bat )(\d{1,2}) (\d{2})(?![\d:.,]| ?(?:am|pm))",
    regex.IGNORECASE,
)
_TAKEN_AS_FACES = 24


def _read_iso(match: regex.Match[str], found: Facts) -> bool:
    return _add_date(found, int(match[1]), int(match[2]), int(match[3]))


def _read_han_date(match: regex.Match[str], found: Facts) -> bool:
    return _add_date(found, 0, int(match[1]), int(match[2]))


def _read_day_month(match: regex.Match[str], found: Facts) -> bool:
    return _add_date(found, int(match[3] or 0), MONTHS[match[2].casefold()], int(match[1]))


def _read_month_day(match: regex.Match[str], found: Facts) -> bool:
    return _add_date(found, int(match[3] or 0), MONTHS[match[1].casefold()], int(match[2]))


def _add_date(found: Facts, year: int, month: int, day: int) -> bool:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return False
    found.dates.add((year, month, day))
    return True


def _read_slashes(match: regex.Match[str], found: Facts) -> bool:
    first, second, year = (int(part) for part in regex.split(r"[/.-]", match[0]))
    year += 2000 if year < 100 else 0
    if first > 12 or first == second:
        return _add_date(found, year, second, first)
    if second > 12:
        return _add_date(found, year, first, second)
    found.dates.add(match[0])
    return True


def _read_clock(match: regex.Match[str], found: Facts) -> bool:
    hour, minute = int(match[1] or match[4] or match[6]), int(match[2] or match[5] or 0)
    if hour > _TAKEN_AS_FACES or minute > 59:
        return False
    half = (match[3] or "").casefold()
    found.faces.add((hour, minute))
    if half and hour <= 12:
        is_late = half.startswith("p") or "noon" in half or "evening" in half or "night" in half
        found.minutes.add((hour % 12 + (12 if is_late else 0)) * 60 + minute)
    elif hour > 12 or hour == 0:
        found.minutes.add(hour % 24 * 60 + minute)
    else:
        found.plain.add((hour, minute))
        found.likely |= {hour * 60 + minute} if match[4] else set()
    return True


def _read_spelled_clock(match: regex.Match[str], found: Facts) -> bool:
    """Read `half past 8`, `quarter to 7`, and `at 8 12`."""
    hour, told = int(match[5] or match[7]), match[1] or match[3] or match[8]
    minute = 30 if "half" in told else 15 if "quarter" in told else int(told.split()[0])
    if hour > _TAKEN_AS_FACES or minute > 59:
        return False
    if match[3]:
        hour, minute = (hour - 1) or 12, 60 - minute
    found.faces.add((hour, minute))
    if match[6] and hour <= 12:
        found.minutes.add((hour % 12 + (12 if match[6] == "p" else 0)) * 60 + minute)
    else:
        found.plain.add((hour, minute))
    return True


def _read_noon(match: regex.Match[str], found: Facts) -> bool:
    hour = 0 if match[0].casefold() == "midnight" else 12
    found.minutes.add(hour * 60)
    found.faces.add((hour, 0))
    return True


READERS: tuple[Reader, ...] = (
    (_ISO, _read_iso),
    (_HAN_DATE, _read_han_date),
    (_DAY_MONTH, _read_day_month),
    (_MONTH_DAY, _read_month_day),
    (_SLASHES, _read_slashes),
    (_SPELLED_CLOCK, _read_spelled_clock),
    (_CLOCK, _read_clock),
    (_NOON, _read_noon),
)
"""In this order: each takes what it reads out of the text before the next looks."""
