"""When English names of days and months are meant as such, and what is around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import regex

from framework.nlu.values.calendar_names import MONTHS, WEEKDAY_PATTERN
from framework.nlu.values.moments import Moment
from framework.nlu.values.pieces import Calendar, DatePiece
from framework.nlu.values.sentences import is_name_by_its_capital

_ALSO_WORDS = frozenset({"sat", "sun", "mar", "may", "march", "wed", "mon"})
"""Names that are also other words: alone they count after `on`, `in`, `next`, or by a capital."""

_SHORT_MONTHS = frozenset(name for name in MONTHS if len(name) <= 4) - {"may", "june", "july"}
"""Names too short to say a month by themselves: `Jan called`, `dec the halls`."""


DAY = r"(?P<day>\d{1,2})(?:[ ]?(?:st|nd|rd|th))?(?!\w)"
YEAR = r"(?P<year>(?:19|20)\d\d)(?!\w)"
ON = rf"(?<!\w)(?:on[ ]+)?(?:(?:{WEEKDAY_PATTERN})\.?,?[ ]+)?"
TO = r"[ ]*(?:-|\u2013|to|until|till|through)[ ]*"
SHIFTS = {"next": 1, "coming": 1, "following": 1, "last": -1, "past": -1, "previous": -1}

Read = Callable[[regex.Match[str], Calendar], Moment | None]
Rules = tuple[tuple[regex.Pattern[str], Read], ...]


def compiled(pattern: str) -> regex.Pattern[str]:
    """Compile a pattern that is written with spaces and without regard to capitals."""
    return regex.compile(pattern, regex.VERBOSE | regex.IGNORECASE)


def dates_by(text: str, known: Calendar, rules: Rules) -> Iterator[DatePiece]:
    """Find dates by patterns and what reads their matches; a day that doesn't exist is left out.

    A match with the group `th`, and no `which`, names a day of some month only.
    """
    for pattern, read in rules:
        for match in pattern.finditer(text):
            try:
                moment = read(match, known)
            except (ValueError, OverflowError):
                continue
            if moment is not None:
                is_day = "th" in match.groupdict() and not match["which"]
                start, end = match.span()
                yield DatePiece(start=start, end=end, moment=moment, is_day_of_month=is_day)


def month_named(name: str, known: Calendar, *, year: str | None, modifier: str = "") -> Moment:
    """Give the month of a name: of a year, or the one to come, or with `last` the one before."""
    month, now = MONTHS[name.lower()], known.now
    if year:
        return known.month(int(year), month)
    if modifier in ("last", "past"):
        return known.month(now.year - (month >= now.month), month)
    return known.month(now.year + (month < now.month), month)


def is_doubtful(match: regex.Match[str], group: str) -> bool:
    """Whether a name that is also another word is meant as one: `May I`, `the sun`, `Jan said`."""
    name = match[group].lower()
    if group == "month" and name in _SHORT_MONTHS:
        return match.string.strip(" .,!?").lower() != name
    return name in _ALSO_WORDS and not is_name_by_its_capital(match.string, *match.span(group))
