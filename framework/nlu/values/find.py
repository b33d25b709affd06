"""All kinds of values in a text, longest first: `5 pm` is a time and no number beside it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from framework.nlu.values.contacts import email_matches, phone_matches, url_matches
from framework.nlu.values.dates import Calendar
from framework.nlu.values.digits import readable_digits
from framework.nlu.values.durations import Duration, duration_matches, find_durations
from framework.nlu.values.match import Match, without_covered
from framework.nlu.values.money import money_matches
from framework.nlu.values.numbers import Number, find_numbers, number_matches, ordinal_matches
from framework.nlu.values.times import time_matches

_LONGEST_TEXT = 5000
"""Characters that are looked at; what comes after is no message any more."""

_DECIMAL_COMMA = frozenset(
    {"cs", "da", "de", "es", "fi", "fr", "id", "it", "nl", "no", "pl", "pt", "ru", "sv", "tr", "uk"}
)


@dataclass(frozen=True)
class _Reading:
    """A text with what several kinds of values are made of, worked out once."""

    text: str
    language: str
    calendar: Calendar

    @cached_property
    def numbers(self) -> list[Number]:
        """The numbers in the text."""
        return find_numbers(self.text, decimal_comma=self.language in _DECIMAL_COMMA)

    @cached_property
    def durations(self) -> list[Duration]:
        """The durations in the text."""
        return find_durations(self.text, self.numbers)


_FINDERS: Mapping[str, Callable[[_Reading], Iterable[Match]]] = {
    "amount-of-money": lambda read: money_matches(read.text, read.numbers),
    "duration": lambda read: duration_matches(read.durations),
    "email": lambda read: email_matches(read.text),
    "number": lambda read: number_matches(read.numbers),
    "ordinal": lambda read: ordinal_matches(read.text),
    "phone-number": lambda read: phone_matches(read.text),
    "time": lambda read: time_matches(read.text, read.durations, read.calendar),
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
        language: ISO code; words are English, digits are read as the language writes them.
        day_first: whether 3/4 is the third of April.
    """
    looked_at = readable_digits(text[:_LONGEST_TEXT])
    reading = _Reading(looked_at, language, Calendar(now=now, day_first=day_first))
    wanted = DIMENSIONS if dimensions is None else dimensions
    return without_covered(
        match for name, find in _FINDERS.items() if name in wanted for match in find(reading)
    )
