"""Chinese amounts of money: `三百块`, `3.5万元`, `三块五`, `100美元`, `不超过500元`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from framework.nlu.values.amounts import Amount, BoundWords, bounded_matches
from framework.nlu.values.chinese.numerals import CHARACTERS, NUMERAL, read_numeral
from framework.nlu.values.match import Match
from framework.nlu.values.numbers import Number

_NAMES = {
    "CNY": "元人民币 块钱 元钱 人民币 元 圆 块",
    "USD": "美元 美金 美刀 刀",
    "EUR": "欧元",
    "GBP": "英镑",
    "JPY": "日元 日圆",
    "HKD": "港币 港元",
    "TWD": "新台币 台币",
    "KRW": "韩元 韩币",
    "AUD": "澳元 澳币",
    "CAD": "加元 加币",
    "SGD": "新加坡元 新加坡币 新币",
    "NZD": "新西兰元 纽币",
    "CHF": "瑞士法郎 瑞郎",
    "THB": "泰铢",
    "RUB": "卢布",
    "INR": "卢比",
    "MYR": "马币 林吉特",
    "MOP": "澳门元 澳门币",
    "VND": "越南盾",
    "PHP": "菲律宾比索",
}
_UNITS = {name: unit for unit, names in _NAMES.items() for name in names.split()}
_CURRENCY = "|".join(sorted(_UNITS, key=len, reverse=True))
_TENTHS = {"角": 10, "毛": 10, "分": 100}
_AMOUNT = regex.compile(
    rf"""(?<![\d.,{CHARACTERS}第])(?:(?P<before>人民币|美元|欧元|港币)[ ]?)?
    (?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?[万亿]*|{NUMERAL}) (?P<many>多|来|几)? [ ]?
    (?: (?P<name>{_CURRENCY})
      | (?P<small>[角毛](?:钱)?|分钱) | (?(before)|(?!)) )""",
    regex.VERBOSE,
)
_SMALL = regex.compile(rf"(?P<number>[\d{CHARACTERS}])(?P<unit>[角毛分])钱?")
_TENTHS_MORE = regex.compile(rf"(?P<number>[\d{CHARACTERS}])(?![\d{CHARACTERS}.%个位人张元块])")
_NOT_MONEY = regex.compile(r"[旦宵素首老始手板]")
_COUNTED_PIECES = frozenset("一两")
_AFTER_PIECES = regex.compile(rf"[\d{CHARACTERS}\p{{P}}\s的]")
_WORDS = BoundWords(
    between=regex.compile(r"(?:从|在|介于)$"),
    to=regex.compile(r"[ ]?(?:[-\u2013\u2014~]|到|至)[ ]?"),
    most_before=regex.compile(
        r"(?:不(?:要)?(?:超过|高于|多于)|最多|至多|最高|低于|少于|小于|不到|顶多)[ ]?$"
    ),
    most_after=regex.compile(r"(?:及|或)?(?:以下|以内|之内|之下)"),
    least_before=regex.compile(r"(?:不(?:低于|少于)|至少|最少|最低|起码|超过|高于|多于|大于)[ ]?$"),
    least_after=regex.compile(r"(?:及|或)?(?:以上|起步|之上|起(?!来))"),
)


def chinese_money_matches(text: str, numbers: Sequence[Number]) -> Iterator[Match]:
    """Find amounts of money, Duckling's dimension `amount-of-money`.

    Args:
        text: where to look.
        numbers: found in it, for the first of `500到1000元`.
    """
    return bounded_matches(text, list(_amounts(text)), numbers, _WORDS)


def _amounts(text: str) -> Iterator[Amount]:
    for match in _AMOUNT.finditer(text):
        value = read_numeral(match["number"])
        if value is None or _is_other_thing(match, text):
            continue
        if match["small"]:
            value = round(value / _TENTHS[match["small"][0]], 9)
        name = match["name"] or match["before"]
        unit = _UNITS[name] if name else "CNY"
        amount = Amount(start=match.start(), end=match.end(), value=value, unit=unit)
        yield _with_small_money(amount, text)


def _is_other_thing(match: regex.Match[str], text: str) -> bool:
    """Whether it is no money: `一块儿` is together, `五元素` five elements."""
    after = text[match.end() : match.end() + 1]
    if match["name"] in ("块", "刀") and match["number"] in _COUNTED_PIECES:
        return bool(after) and not _AFTER_PIECES.match(after)
    return bool(after) and match["name"] == "元" and _NOT_MONEY.match(after) is not None


def _with_small_money(amount: Amount, text: str) -> Amount:
    """Add `五角` of `三元五角` and `五` of `三块五`."""
    value, end = amount.value, amount.end
    while (small := _SMALL.match(text, end)) is not None:
        value += (read_numeral(small["number"]) or 0) / _TENTHS[small["unit"]]
        end = small.end()
    more = _TENTHS_MORE.match(text, end) if end == amount.end else None
    if more is not None and text[end - 1] in "块元":
        value, end = value + (read_numeral(more["number"]) or 0) / 10, more.end()
    whole = int(value) if value == int(value) else round(value, 9)
    return Amount(start=amount.start, end=end, value=whole, unit=amount.unit)
