"""All kinds of values in a text, longest first: `5 pm` is a time and no number beside it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from framework.nlu.values.chinese.durations import find_lengths
from framework.nlu.values.chinese.money import chinese_money_matches
from framework.nlu.values.chinese.numerals import find_numerals, ordinal_numerals, simplified
from framework.nlu.values.chinese.wording import CHINESE
from framework.nlu.values.contacts import email_matches, phone_matches, url_matches
from framework.nlu.values.digits import narrowed, readable_digits, without_ideographs
from framework.nlu.values.durations import Duration, duration_matches, find_durations
from framework.nlu.values.english import ENGLISH
from framework.nlu.values.match import Match, without_covered
from framework.nlu.values.money import money_matches
from framework.nlu.values.numbers import Number, find_numbers, number_matches, ordinal_matches
from framework.nlu.values.pieces import Calendar
from framework.nlu.values.times import time_matches

LANGUAGES = ("en", "zh")
"""Languages whose words for values are known."""

_LONGEST_TEXT = 5000
"""Characters that are looked at; what comes after is no message any more."""

_DECIMAL_COMMA = frozenset(
    {"cs", "da", "de", "es", "fi", "fr", "id", "it", "nl", "no", "pl", "pt", "ru", "sv", "tr", "uk"}
)


@dataclass(frozen=True)
class _Reading:
    """A text with what several kinds of values are made of, worked out once.

    `text` has its ideographs blanked, `chinese` has them simplified; where the language isn't
    Chinese, `chinese` is empty.
    """

    text: str
    chinese: str
    language: str
    calendar: Calendar

    @cached_property
    def numbers(self) -> list[Number]:
        """The numbers in digits and English words."""
        return find_numbers(self.text, decimal_comma=self.language in _DECIMAL_COMMA)

    @cached_property
    def numerals(self) -> list[Number]:
        """The numbers with Chinese numerals."""
        return list(find_numerals(self.chinese))

    @cached_property
    def durations(self) -> list[Duration]:
        """The durations in English words."""
        return find_durations(self.text, self.numbers)

    @cached_property
    def lengths(self) -> list[Duration]:
        """The durations in Chinese words."""
        return find_lengths(self.chinese)


def _money(read: _Reading) -> Iterator[Match]:
    yen = "CNY" if read.language == "zh" else "JPY"
    yield from money_matches(read.text, read.numbers, yen=yen)
    if read.chinese:
        numbers = sorted((*read.numbers, *read.numerals), key=lambda number: number.start)
        yield from chinese_money_matches(read.chinese, numbers)


def _durations(read: _Reading) -> Iterator[Match]:
    yield from duration_matches((*read.durations, *read.lengths))


def _numbers(read: _Reading) -> Iterator[Match]:
    yield from number_matches([*read.numbers, *read.numerals])


def _ordinals(read: _Reading) -> Iterator[Match]:
    yield from ordinal_matches(read.text)
    yield from ordinal_numerals(read.chinese)


def _times(read: _Reading) -> Iterator[Match]:
    yield from time_matches(read.text, read.durations, read.calendar, ENGLISH)
    if read.chinese:
        yield from time_matches(read.chinese, read.lengths, read.calendar, CHINESE)


_FINDERS: Mapping[str, Callable[[_Reading], Iterable[Match]]] = {
    "amount-of-money": _money,
    "duration": _durations,
    "email": lambda read: email_matches(read.text),
    "number": _numbers,
    "ordinal": _ordinals,
    "phone-number": lambda read: phone_matches(read.text, read.chinese or read.text),
    "time": _times,
    "url": lambda read: url_matches(read.text),
}
DIMENSIONS = tuple(sorted(_FINDERS))
"""Duckling's names of the kinds of values that are found here."""


def find_values(
    text: str,
    *,
    now: datetime,
    dimensions: Collection[str] | None = None,
    language: str = "en",
    day_first: bool = False,
) -> list[Match]:
    """Find values; of those within one another only the longest.

    Args:
        text: where to look.
        now: the present, in the user's time zone.
        dimensions: kinds to look for; None for all.
        language: ISO code; words are English, and Chinese for `zh`; digits are read as the
            language writes them.
        day_first: whether 3/4 is the third of April.
    """
    looked_at = readable_digits(narrowed(text[:_LONGEST_TEXT]))
    reading = _Reading(
        without_ideographs(looked_at),
        simplified(looked_at) if language == "zh" else "",
        language,
        Calendar(now=now, day_first=day_first),
    )
    wanted = DIMENSIONS if dimensions is None else dimensions
    return without_covered(
        match for name, find in _FINDERS.items() if name in wanted for match in find(reading)
    )
