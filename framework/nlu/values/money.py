"""Amounts of money: a number beside a currency's sign, code or name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from framework.nlu.values.amounts import Amount, BoundWords, bounded_matches
from framework.nlu.values.match import Match
from framework.nlu.values.numbers import Number

_NAMES = {
    "$": "$ dollar dollars buck bucks",
    "USD": "usd us$ us-dollar us-dollars",
    "EUR": "€ eur euro euros",
    "£": "£ pound pounds quid",
    "GBP": "gbp",
    "JPY": "¥ jpy jp¥ yen",
    "CNY": "cny rmb cn¥ yuan renminbi",
    "INR": "₹ inr rupee rupees rs rs.",
    "CHF": "chf sfr. franc francs",
    "AUD": "aud a$ au$",
    "CAD": "cad c$ ca$",
    "NZD": "nzd nz$",
    "SGD": "sgd s$ sg$",
    "HKD": "hkd hk$",
    "TWD": "twd nt$",
    "MXN": "mxn mx$ peso pesos",
    "BRL": "brl r$ reais",
    "KRW": "₩ krw won",
    "RUB": "₽ rub ruble rubles roubles",
    "UAH": "₴ uah hryvnia",
    "TRY": "₺ try lira",
    "ILS": "₪ ils nis shekel shekels",
    "PHP": "₱ php",
    "VND": "₫ vnd dong",
    "THB": "฿ thb baht",
    "IDR": "idr rp rp. rupiah",
    "MYR": "myr rm ringgit",
    "NGN": "₦ ngn naira",
    "PLN": "pln zł zloty zlotys",
    "CZK": "czk kč koruna",
    "HUF": "huf ft forint forints",
    "RON": "ron lei",
    "BGN": "bgn лв",
    "SEK": "sek",
    "NOK": "nok",
    "DKK": "dkk",
    "kr": "kr kr. kronor kroner krona krone",
    "ZAR": "zar rand",
    "EGP": "egp",
    "KES": "kes ksh",
    "AED": "aed dirham dirhams",
    "SAR": "sar riyal riyals",
    "QAR": "qar",
    "KWD": "kwd dinar dinars",
    "PKR": "pkr",
    "BDT": "৳ bdt taka",
    "LKR": "lkr",
    "BTC": "₿ btc bitcoin bitcoins",
    "ETH": "eth",
    "cent": "¢ cent cents pence",
}
"""Duckling's units and the ways to write them."""

_UNITS = {name: unit for unit, names in _NAMES.items() for name in names.split()}
_ALSO_WORDS = frozenset({"try", "won", "php", "ron", "all", "rand", "rm", "rp", "eth", "sar"})
"""Names that are also other words: they count in capitals only."""

_AFTER_ONLY = frozenset({"ft", "lei", "dong", "php"})
_SIGNS = "$€£¥₹₩₽₴₺₪₱₫฿₦৳₿"
_SIGNS_AND_CODES = [
    name for name in _UNITS if (not name.isalpha() or len(name) <= 3) and name not in _AFTER_ONLY
]


def _alternatives(names: Sequence[str]) -> str:
    return "|".join(regex.escape(name) for name in sorted(names, key=len, reverse=True))


_BEFORE = regex.compile(
    rf"(?<![\w{_SIGNS}])(?P<name>{_alternatives(_SIGNS_AND_CODES)})[ ]?$", regex.IGNORECASE
)
_AFTER = regex.compile(
    rf"[ ]?(?P<name>{_alternatives(list(_UNITS))})(?![\w{_SIGNS}])", regex.IGNORECASE
)
_MINUS = regex.compile(r"(?<![\w.])-$")
_JOINT = regex.compile(r",?[ ]+(?:and[ ]+)?", regex.IGNORECASE)
_LONGEST_NAME = max(map(len, _UNITS)) + 1
_WORDS = BoundWords(
    between=regex.compile(r"(?<!\w)(?:from|between)[ ]+$", regex.I),
    to=regex.compile(r"[ ]?[-\u2013~][ ]?|[ ]+(?:to|and|until|up[ ]to)[ ]+", regex.I),
    most_before=regex.compile(
        r"""(?<!\w)(?:under|below|up[ ]to|within|(?:at|the)[ ]most|(?:no|not)[ ]more[ ]than
        |less[ ]than|cheaper[ ]than|(?:a[ ])?max(?:imum)?(?:[ ]of)?)[ ]+$""",
        regex.I | regex.X,
    ),
    most_after=regex.compile(r"[ ]+(?:or[ ]less|(?:at[ ])?(?:max|most|maximum))(?!\w)", regex.I),
    least_before=regex.compile(
        r"""(?<!\w)(?:over|above|at[ ]least|(?:no|not)[ ]less[ ]than|more[ ]than|upwards[ ]of
        |(?:a[ ])?min(?:imum)?(?:[ ]of)?|starting[ ](?:at|from))[ ]+$""",
        regex.I | regex.X,
    ),
    least_after=regex.compile(r"[ ]+(?:or[ ]more|and[ ](?:up|above)|minimum)(?!\w)", regex.I),
)


def money_matches(text: str, numbers: Sequence[Number], *, yen: str = "JPY") -> Iterator[Match]:
    """Find amounts of money among numbers, Duckling's dimension `amount-of-money`.

    Args:
        text: where to look.
        numbers: found in it.
        yen: the currency that ¥ stands for.
    """
    found = [amount for number in numbers if (amount := _amount(text, number, yen)) is not None]
    return bounded_matches(text, list(_with_cents(text, found)), numbers, _WORDS)


def _with_cents(text: str, amounts: Sequence[Amount]) -> Iterator[Amount]:
    """Take `5 dollars and 20 cents` together."""
    place = 0
    while place < len(amounts):
        amount = amounts[place]
        place += 1
        following = amounts[place] if place < len(amounts) else None
        if following is not None and amount.unit != "cent" and following.unit == "cent":
            is_joined = _JOINT.fullmatch(text, amount.end, following.start)
            if is_joined and 0 < following.value < 100:
                total = amount.value + following.value / 100
                amount = Amount(
                    start=amount.start, end=following.end, value=total, unit=amount.unit
                )
                place += 1
        yield amount


def _amount(text: str, number: Number, yen: str) -> Amount | None:
    """Give a number with the currency beside it; None where there is none."""
    before = _BEFORE.search(text, max(0, number.start - _LONGEST_NAME - 1), number.start)
    after = _AFTER.match(text, number.end)
    if before is not None and not _counts(before["name"]):
        before = None
    if before is not None and (after is None or not before["name"].isalpha()):
        sign = _MINUS.search(text, max(0, before.start() - 2), before.start())
        start = sign.start() if sign is not None else before.start()
        value = -number.value if sign is not None else number.value
        unit = yen if before["name"] == "¥" else _UNITS[before["name"].lower()]
        return Amount(start=start, end=number.end, value=value, unit=unit)
    if after is not None and _counts(after["name"]):
        unit = yen if after["name"] == "¥" else _UNITS[after["name"].lower()]
        return Amount(start=number.start, end=after.end(), value=number.value, unit=unit)
    return None


def _counts(name: str) -> bool:
    return name.lower() not in _ALSO_WORDS or name.isupper()
