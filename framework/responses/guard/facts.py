"""What a text states, in one form for each kind: numbers, times, days, links, codes, names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

import regex


@dataclass(kw_only=True)
class Facts:
    """What a text states.

    Attributes:
        links: addresses, e-mails, handles, without scheme and case.
        amounts: numbers with their units, None where there is none.
        digits: phone numbers and other long numbers.
        codes: words that hold letters and digits.
        dates: (year or 0, month, day), or the digits as written where they are ambiguous.
        minutes: times of day that are certain, as minutes after midnight.
        likely: minutes after midnight, where `7:00` is taken as it stands.
        plain: times that may be of the morning or the evening: hour and minute.
        faces: all times as the clock shows them: hour and minute.
        days: weekdays, months without a day, and days named from today.
        names: words with a capital inside a sentence, titled and well-known names.
        starts: words with a capital at the start of a sentence.
        words: all words, without case.
        rates: periods that something is counted by: `month` of "9 dollars a month".
        counted: numbers with the stem of the noun that they count.
    """

    links: set[str] = field(default_factory=set)
    amounts: set[tuple[Decimal, str | None]] = field(default_factory=set)
    digits: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    dates: set[tuple[int, int, int] | str] = field(default_factory=set)
    minutes: set[int] = field(default_factory=set)
    likely: set[int] = field(default_factory=set)
    plain: set[tuple[int, int]] = field(default_factory=set)
    faces: set[tuple[int, int]] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    starts: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    rates: set[str] = field(default_factory=set)
    counted: set[tuple[Decimal, str]] = field(default_factory=set)

    def add(self, other: Facts) -> None:
        """Add all that another text states."""
        for name, values in vars(other).items():
            getattr(self, name).update(values)


Reader = tuple[regex.Pattern[str], Callable[[regex.Match[str], Facts], bool]]
"""A pattern, and what adds the fact that it matched; False where the match states none."""
