"""Amounts of money: a number beside a currency's sign, code or name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from framework.nlu.values.match import Match
from framework.nlu.values.numbers import Number

_NAMES = {
    "$": "$ us$ dollar dollars buck bucks",
    "USD": "usd",
    "EUR": "€ eur euro euros",
    "£": "£ pound pounds quid",
    "GBP": "gbp",
    "JPY": "¥ jpy yen",
    "INR": "₹ inr rupee rupees rs rs.",
    "CNY": "cny rmb yuan",
    "CHF": "chf francs",
    "AUD": "aud a$",
    "CAD": "cad c$",
    "KRW": "₩ krw won",
    "RUB": "₽ rub rubles",
    "BRL": "r$ brl reais",
    "MXN": "mxn pesos",
    "SEK": "sek",
    "NOK": "nok",
    "DKK": "dkk",
    "PLN": "pln",
    "TRY": "₺ try lira",
    "SGD": "sgd",
    "HKD": "hkd",
    "NZD": "nzd",
    "cent": "¢ cent cents",
}
"""Duckling's units and the ways to write them."""

_UNITS = {name: unit for unit, names in _NAMES.items() for name in names.split()}
_ALSO_WORDS = frozenset({"try", "won"})
"""Names that are also other words: they count in capitals only."""

_SIGNS_AND_CODES = [
    name for name in _UNITS if not name.isalpha() or len(name) == 3 or name in ("rs", "rs.")
]


def _alternatives(names: Sequence[str]) -> str:
    return "|".join(regex.escape(name) for name in sorted(names, key=len, reverse=True))


_BEFORE = regex.compile(
    rf"(?<![\w$€£¥₹])(?P<name>{_alternatives(_SIGNS_AND_CODES)})[ ]?$", regex.IGNORECASE
)
_AFTER = regex.compile(
    rf"[ ]?(?P<name>{_alternatives(list(_UNITS))})(?![\w$€£¥₹])", regex.IGNORECASE
)
_JOINT = regex.compile(r",?[ ]+(?:and[ ]+)?", regex.IGNORECASE)
_LONGEST_NAME = max(map(len, _UNITS)) + 1


def money_matches(text: str, numbers: Sequence[Number]) -> Iterator[Match]:
    """Find amounts of money among numbers, Duckling's dimension `amount-of-money`."""
    amounts = [found for number in numbers if (found := _amount(text, number)) is not None]
    place = 0
    while place < len(amounts):
        start, end, value, unit = amounts[place]
        place += 1
        if place < len(amounts) and unit != "cent" and amounts[place][3] == "cent":
            next_start, next_end, cents, _ = amounts[place]
            if _JOINT.fullmatch(text, end, next_start) and 0 < cents < 100:
                value, end, place = value + cents / 100, next_end, place + 1
        yield Match(
            start=start,
            end=end,
            dimension="amount-of-money",
            value={"value": value, "type": "value", "unit": unit},
        )


def _amount(text: str, number: Number) -> tuple[int, int, int | float, str] | None:
    """Give start, end, value and unit of a number with a currency beside it."""
    before = _BEFORE.search(text, max(0, number.start - _LONGEST_NAME - 1), number.start)
    after = _AFTER.match(text, number.end)
    if before is not None and not _counts(before["name"]):
        before = None
    if before is not None and (after is None or not before["name"].isalpha()):
        return before.start(), number.end, number.value, _UNITS[before["name"].lower()]
    if after is not None and _counts(after["name"]):
        return number.start, after.end(), number.value, _UNITS[after["name"].lower()]
    return None


def _counts(name: str) -> bool:
    return name.lower() not in _ALSO_WORDS or name.isupper()
