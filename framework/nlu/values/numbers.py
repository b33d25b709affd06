"""Numbers and ordinals: digits in any language, words in English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from framework.nlu.values.match import Match

_NAMES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
ONES = {name: value for value, name in enumerate(_NAMES.split())}
TENS = {
    name: 10 * value
    for value, name in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SUFFIXES = {"k": 10**3, "m": 10**6, "g": 10**9}
_ORDINAL_NAMES = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
ORDINALS = {name: value for value, name in enumerate(_ORDINAL_NAMES.split(), start=1)}
ROUND_ORDINALS = {f"{name[:-1]}ieth": value for name, value in TENS.items()}
"""`twentieth` to `ninetieth`; `ORDINALS` holds those up to `nineteenth`."""

_KINDS = {
    **{name: ("one" if value < 10 else "teen", value) for name, value in ONES.items()},
    **{name: ("ten", value) for name, value in TENS.items()},
    **{name: ("scale", value) for name, value in _SCALES.items()},
    "hundred": ("hundred", 100),
    "dozen": ("dozen", 12),
    "couple": ("couple", 2),
}
"""What each word is in a number, and what it adds or multiplies by."""

_LONGEST_NUMERAL = 40
"""Digits beyond which a numeral is no number but a code."""

_WORDS = "|".join(sorted(_KINDS, reverse=True))
_TOKEN = regex.compile(
    rf"""(?<![\w.])(?:
        (?P<article>an?)(?=[ ]+(?:hundred|thousand|million|billion|trillion|dozen|couple)\b)
        | (?P<word>{_WORDS})(?!\w)
        | (?P<digits>\d+(?:[.,]\d+)*)(?P<suffix>[kmg](?![\w$€£¢]))?
    )""",
    regex.VERBOSE | regex.IGNORECASE,
)
_GAP = regex.compile(r"(?:[ ]+|-)(?:(?P<and>and)[ ]+)?", regex.IGNORECASE)
_SIGN = regex.compile(r"(?:(?<![\w.])-|\b(?:minus|negative)[ ]+)$", regex.IGNORECASE)
_POINT = regex.compile(r"[ ]+point((?:[ ]+(?:{}))+)\b".format("|".join(list(ONES)[:10])), regex.I)
_ORDINAL = regex.compile(
    rf"""(?<![\w.])(?:
        (?P<digits>\d{{1,9}})[ ]?(?:st|nd|rd|th)
        | (?:(?P<tens>{"|".join(TENS)})[ -]+)?(?P<small>{"|".join(ORDINALS)})
        | (?P<round>{"|".join(ROUND_ORDINALS)})
    )(?!\w)""",
    regex.VERBOSE | regex.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number with its place: `value` is an int where it is whole."""

    start: int
    end: int
    value: int | float


@dataclass(kw_only=True)
class _Sum:
    """A number being read word by word.

    Attributes:
        total: what scales ("thousand") have closed.
        current: what they haven't.
        last: kind of the last word.
        scale: the smallest scale so far; the next one must be smaller.
    """

    total: float = 0
    current: float = 0
    last: str = ""
    scale: float = float("inf")

    def take(self, kind: str, value: float) -> bool:
        """Add a word, or say that it begins another number."""
        fits = {
            "article": self.last == "",
            "digits": self.last in ("", "scale") and value < self.scale,
            "one": self.last in ("", "ten", "hundred", "scale"),
            "teen": self.last in ("", "hundred", "scale"),
            "ten": self.last in ("", "hundred", "scale"),
            "hundred": self.last in ("", "article", "one", "teen", "digits") and self.current < 100,
            "dozen": self.last in ("", "article", "one", "teen", "ten", "digits"),
            "couple": self.last in ("", "article"),
            "scale": self.last not in ("scale", "dozen", "couple") and value < self.scale,
        }[kind]
        if not fits:
            return False
        if kind in ("hundred", "dozen"):
            self.current = (self.current or 1) * value
        elif kind == "scale":
            self.total += (self.current or 1) * value
            self.current, self.scale = 0, value
        elif kind != "article":
            self.current += value
        self.last = kind
        return True


def find_numbers(text: str, *, decimal_comma: bool = False) -> list[Number]:
    """Find numbers in digits (`1,200.5`, `3k`), English words, or both (`3 million`).

    Args:
        text: where to look.
        decimal_comma: whether `1.200,5` is how the language writes it.
    """
    found: list[Number] = []
    for number in _read(text, decimal_comma=decimal_comma):
        if not found or number.start >= found[-1].end:
            found.append(_with_sign(number, text))
    return found


def number_matches(numbers: list[Number]) -> Iterator[Match]:
    """Give numbers as Duckling's dimension `number`."""
    for number in numbers:
        value = {"value": number.value, "type": "value"}
        yield Match(start=number.start, end=number.end, dimension="number", value=value)


def ordinal_matches(text: str) -> Iterator[Match]:
    """Find ordinals (`3rd`, `twenty first`), Duckling's dimension `ordinal`."""
    for match in _ORDINAL.finditer(text):
        if match["digits"]:
            value = int(match["digits"])
        elif match["round"]:
            value = ROUND_ORDINALS[match["round"].lower()]
        else:
            tens = TENS[match["tens"].lower()] if match["tens"] else 0
            small = ORDINALS[match["small"].lower()]
            if tens and small > 9:
                continue
            value = tens + small
        content = {"value": value, "type": "value"}
        yield Match(start=match.start(), end=match.end(), dimension="ordinal", value=content)


def _read(text: str, *, decimal_comma: bool) -> Iterator[Number]:
    reading = _Sum()
    start = end = -1
    for match in _TOKEN.finditer(text):
        kind, value = _classify(match, decimal_comma=decimal_comma)
        if kind == "":
            continue
        gap = _GAP.fullmatch(text, end, match.start()) if start >= 0 else None
        may_join = gap is not None and (not gap["and"] or reading.last in ("hundred", "scale"))
        if not (may_join and reading.take(kind, value)):
            if start >= 0:
                yield _finish(reading, start, end, text)
            reading, start = _Sum(), match.start()
            reading.take(kind, value)
        end = match.end()
    if start >= 0:
        yield _finish(reading, start, end, text)


def _classify(match: regex.Match[str], *, decimal_comma: bool) -> tuple[str, float]:
    """Give the kind of a token and its value; no kind for digits that are no number."""
    if match["digits"]:
        value = _read_digits(match["digits"], decimal_comma=decimal_comma)
        times = _SUFFIXES.get((match["suffix"] or "").lower(), 1)
        return ("digits", value * times) if value is not None else ("", 0)
    return ("article", 0) if match["article"] else _KINDS[match["word"].lower()]


def _read_digits(written: str, *, decimal_comma: bool) -> int | float | None:
    if len(written) > _LONGEST_NUMERAL:
        return None
    thousands, point = (".", ",") if decimal_comma else (",", ".")
    if {thousands, point} <= set(written) and written.rindex(thousands) > written.rindex(point):
        thousands, point = point, thousands
    whole, _, fraction = written.partition(point)
    groups = whole.split(thousands)
    if point in fraction or thousands in fraction:
        return None
    if len(groups) > 1 and not _are_groups([len(group) for group in groups]):
        return None
    digits = "".join(groups)
    return float(f"{digits}.{fraction}") if fraction else int(digits)


def _are_groups(lengths: list[int]) -> bool:
    """Whether digits stand in groups as numbers do: 1,234,567 or, as in India, 12,34,567."""
    first, *between, last = lengths
    if last != 3 or first > 3:
        return False
    return all(length == 3 for length in between) or (
        first <= 2 and all(length == 2 for length in between)
    )


def _finish(reading: _Sum, start: int, end: int, text: str) -> Number:
    value = reading.total + reading.current
    point = _POINT.match(text, end)
    if point is not None and reading.last in ("one", "teen", "ten"):
        decimals = "".join(str(ONES[word.lower()]) for word in point[1].split())
        value, end = float(f"{value:.0f}.{decimals}"), point.end()
    return Number(start=start, end=end, value=_whole(value))


def _with_sign(number: Number, text: str) -> Number:
    sign = _SIGN.search(text, max(0, number.start - 12), number.start)
    if sign is None:
        return number
    return Number(start=sign.start(), end=number.end, value=-number.value)


def _whole(value: float) -> int | float:
    return int(value) if value == int(value) else value
