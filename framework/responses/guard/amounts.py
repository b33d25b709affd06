"""The amounts that a text states: numbers with units, rates, phone numbers, codes."""

# ruff: noqa: RUF001  # signs that look alike are told apart here

from __future__ import annotations

from decimal import Decimal

import regex

from framework.responses.guard import words
from framework.responses.guard.facts import Facts, Reader
from framework.responses.guard.stems import stem

_PHONE_DIGITS = 7
"""From this many digits on, a number is compared digit by digit: a phone, an account, an order."""

_PHONE = regex.compile(r"(?<![\w.])\+?\(?\d[\d\s().\-/]{5,}\d(?!\w)")
_SPACED = regex.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)")
_UNIT = words.UNIT_PATTERN
_CODE = regex.compile(
    r"(?<![\p{Latin}\d])(?=[\p{Latin}\d-]*\d)(?=[\p{Latin}\d-]*\p{Latin})"
    r"[\p{Latin}\d]+(?:-[\p{Latin}\d]+)*"
)
_NUMBER = regex.compile(
    r"([$€£¥₹]|(?<!\p{L})(?:USD|EUR|GBP|INR|Rs\.?)\s)?\s?(minus |(?<!\w)[-−])?"
    r"(\d+(?:[,.'’ ]\d{3}(?!\d))*(?:[.,]\d+)?)(?:st|nd|rd|th)?"
    r"(?:[ -]?(hundred|thousand|million|billion|k)\b)?"
    rf"(?:[ -]?(?:{words.BETWEEN})?({_UNIT})(?![\p{{Latin}}\d]))?",
    regex.IGNORECASE,
)
_PERIOD = "|".join(sorted(words.RATES, key=len, reverse=True))
_ALONE = r"(?! (?:pass|ticket|trip|card|tour|rate|off|ahead|before|early|earlier|later)\b)"
_RATE = regex.compile(
    rf"(?:(?<!(?:\bof|days?) )\b(?:per|each|every|a single)\b(?: \p{{L}}+)?|/)\s*\b({_PERIOD})\b"
    rf"|(?:[\d%$€£¥₹]|\b(?:{_UNIT}|once|twice|times))\s*(?:\p{{L}}+ )?\ban?\s+({_PERIOD})\b{_ALONE}"
    rf"|\b({'|'.join(words.ADVERBS_OF_RATE)})\b|(?:每个?|一个)({'|'.join(words.HAN_PERIODS)})",
    regex.IGNORECASE,
)
_NO_NOUN = r"(?!(?:of|to|and|or|in|on|at|for|by|from|per|each|every|an)\b)"
_COUNTED = regex.compile(
    rf"(?<![\p{{Latin}}\d.,:-])(\d+(?:[.,]\d+)?)(?:[ -]{_NO_NOUN}(\p{{Ll}}{{3,}}))?"
    rf"(?:[ -]{_NO_NOUN}(\p{{Ll}}{{3,}}))?"
)
_COUNTED_IN_HAN = regex.compile(
    r"(?<![\d.])(?!1[^\d号])(\d+)(号[楼厅线门窗桌馆库院车]|[张次位件份层楼路条盒瓶片粒杯排室栋节课台辆名本间])"
)


def rates_in(text: str) -> set[str]:
    """Give the periods that something is counted by: `month` for `9 dollars a month`."""
    return {
        words.RATES[next(filter(None, match.groups())).casefold()] for match in _RATE.finditer(text)
    }


def without_rates(text: str, *, gone: str) -> str:
    """Put a sign in the place of each period that something is counted by."""
    return _RATE.sub(gone, text)


def counts_in(text: str) -> set[tuple[Decimal, str]]:
    """Give numbers with the stem of what they count: one of the two words behind each."""
    found = {
        (_value(match[1]).normalize(), stem(word))
        for match in _COUNTED.finditer(text)
        for word in (match[2], match[3])
        if word and word not in words.ENGLISH_NUMBERS
    }
    return found | {
        (_value(match[1]).normalize(), match[2]) for match in _COUNTED_IN_HAN.finditer(text)
    }


def _read_phone(match: regex.Match[str], found: Facts) -> bool:
    digits = regex.sub(r"\D", "", match[0])
    if len(digits) < _PHONE_DIGITS or _SPACED.fullmatch(match[0].strip()):
        return False
    found.digits.add(digits.removeprefix("00") if match[0][0] != "+" else digits)
    return True


def _read_number(match: regex.Match[str], found: Facts) -> bool:
    value = _value(match[3]) * words.SCALES.get((match[4] or "").casefold(), 1)
    if match[2]:
        value = -value
    unit = (match[1] or match[5] or "").strip(" .").casefold()
    plain = format(value.normalize(), "f")
    if len(plain) >= _PHONE_DIGITS and plain.isdigit():
        found.digits.add(plain)
    found.amounts.add((value.normalize(), words.UNITS.get(unit)))
    return True


def _value(text: str) -> Decimal:
    """Read digits with signs between: three digits behind a sign are thousands."""
    whole, _, fraction = (
        regex.sub(r"[,.'’ ](?=\d{3}(?!\d))", "", text).replace(",", ".").partition(".")
    )
    return Decimal(f"{regex.sub(r'[^0-9]', '', whole)}.{regex.sub(r'[^0-9]', '', fraction) or 0}")


def _read_code(match: regex.Match[str], found: Facts) -> bool:
    if _NUMBER.fullmatch(match[0]):
        return False
    if regex.fullmatch(r"\d+-\p{L}+", match[0]):
        return False
    found.codes.add(match[0].replace("-", "").casefold())
    return True


READERS: tuple[Reader, ...] = (
    (_PHONE, _read_phone),
    (_CODE, _read_code),
    (_NUMBER, _read_number),
)
"""In their order; without days and times, which are taken out before."""
