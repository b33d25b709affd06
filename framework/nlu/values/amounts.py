"""Amounts of money with bounds: `10 to 20 euros`, `under $500`, `500元以上`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import regex

from framework.nlu.values.match import Match
from framework.nlu.values.numbers import Number

_NEAR = 24
"""Characters beside an amount in which words that bound it are looked for."""


@dataclass(frozen=True, kw_only=True)
class Amount:
    """An amount of money found in a text.

    Attributes:
        start: first character.
        end: character offset after the last one.
        value: how much; of a stretch, its lower end.
        unit: Duckling's name of the currency.
        until: the upper end of a stretch; None for a single amount.
    """

    start: int
    end: int
    value: int | float
    unit: str
    until: int | float | None = None


@dataclass(frozen=True, kw_only=True)
class BoundWords:
    """How a language bounds amounts; patterns of what stands before end with `$`.

    Attributes:
        between: before the first of two amounts.
        to: between them.
        most_before: before an amount that is not exceeded.
        most_after: after it.
        least_before: before an amount that is not fallen short of.
        least_after: after it.
    """

    between: regex.Pattern[str]
    to: regex.Pattern[str]
    most_before: regex.Pattern[str]
    most_after: regex.Pattern[str]
    least_before: regex.Pattern[str]
    least_after: regex.Pattern[str]


def bounded_matches(
    text: str, amounts: Sequence[Amount], numbers: Sequence[Number], words: BoundWords
) -> Iterator[Match]:
    """Give amounts as Duckling's dimension `amount-of-money`, with what bounds them.

    Args:
        text: where they stand.
        amounts: found in it, sorted by place.
        numbers: found in it, for `10 to 20 euros` and `$10-20`.
        words: of the language.
    """
    for amount in _stretches(text, amounts, numbers, words):
        start, end, value = _bounded(text, amount, words)
        yield Match(start=start, end=end, dimension="amount-of-money", value=value)


def _stretches(
    text: str, amounts: Sequence[Amount], numbers: Sequence[Number], words: BoundWords
) -> Iterator[Amount]:
    place = 0
    while place < len(amounts):
        amount = amounts[place]
        place += 1
        if place < len(amounts) and _leads_to(text, amount, amounts[place], words):
            following = amounts[place]
            amount = replace(amount, end=following.end, until=following.value)
            place += 1
        else:
            amount = _with_bare_number(text, amount, numbers, words)
        if amount.until is not None:
            before = _before(words.between, text, amount.start)
            amount = replace(amount, start=before.start() if before else amount.start)
        yield amount


def _leads_to(text: str, amount: Amount, other: Amount, words: BoundWords) -> bool:
    is_joined = words.to.fullmatch(text, amount.end, other.start) is not None
    return is_joined and amount.unit == other.unit and amount.value < other.value


def _with_bare_number(
    text: str, amount: Amount, numbers: Sequence[Number], words: BoundWords
) -> Amount:
    """Take in the other end of a stretch, where the currency stands at one of both only."""
    for number in numbers:
        is_lower = number.end <= amount.start and 0 <= number.value < amount.value
        if is_lower and words.to.fullmatch(text, number.end, amount.start):
            return replace(amount, start=number.start, value=number.value, until=amount.value)
        is_upper = number.start >= amount.end and number.value > amount.value
        if is_upper and words.to.fullmatch(text, amount.end, number.start):
            return replace(amount, end=number.end, until=number.value)
    return amount


def _bounded(text: str, amount: Amount, words: BoundWords) -> tuple[int, int, Mapping[str, Any]]:
    """Give start, end and Duckling's value of an amount."""
    lower: dict[str, Any] = {"value": amount.value, "unit": amount.unit}
    if amount.until is not None:
        upper = {"value": amount.until, "unit": amount.unit}
        return amount.start, amount.end, _interval({"from": lower, "to": upper})
    sides = (
        ("to", words.most_before, words.most_after),
        ("from", words.least_before, words.least_after),
    )
    for side, before, after in sides:
        if (found := _before(before, text, amount.start)) is not None:
            return found.start(), amount.end, _interval({side: lower})
        if (found := after.match(text, amount.end)) is not None:
            return amount.start, found.end(), _interval({side: lower})
    return amount.start, amount.end, {"value": amount.value, "type": "value", "unit": amount.unit}


def _interval(sides: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    return {"type": "interval", **sides}


def _before(pattern: regex.Pattern[str], text: str, end: int) -> regex.Match[str] | None:
    return pattern.search(text, max(0, end - _NEAR), end)
