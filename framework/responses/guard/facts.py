"""The facts that a text states, in one form for each: numbers, times, days, links, codes, names.

What is found is taken out of the text, so that the digits of a date are no numbers beside it.
"""

# ruff: noqa: RUF001  # signs that look alike are told apart here

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

import regex

from framework.nlu.values.digits import readable_digits
from framework.responses.guard import words
from framework.responses.guard.names import find_names
from framework.responses.guard.spelled import digits_for_words, written_out
from framework.responses.guard.stems import stem

PHONE_DIGITS = 7
"""From this many digits on, a number is compared digit by digit: a phone, an account, an order."""

_GONE = "\x00"
_SENTENCE_BEGIN = regex.compile(r"\s*$|\s+\p{Lu}")
_FIRST_MARK = 0xF0000
_LINK = regex.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>\"'，。！？）]+|[\w.+*-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@])(?:[\w-]+\.)+(?:[a-z]{2,})(?:/[^\s<>\"'，。！？]*)?(?![\w])|(?<!\w)[@#]\w+",
    regex.IGNORECASE,
)
_DOT = regex.compile(r"(?<=\w)\s*[\[(]?\s*\bdot\b\s*[\])]?\s*(?=\w{2,})", regex.IGNORECASE)
_AT = regex.compile(r"(?<=\w)\s*[\[(]\s*at\s*[\])]\s*(?=\w)", regex.IGNORECASE)
_INVISIBLE = regex.compile(r"[\p{Cf}\p{Co}\p{Mn}--[\u0300-\u036f]]", regex.VERSION1)
_ISO = regex.compile(r"(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?!\d)")
_HAN_DATE = regex.compile(r"(\d{1,2})月(\d{1,2})[日号]")
_MONTH = words.MONTH_PATTERN
_NO_VERB = r"(?!(?<= (?-i:may)) (?!at|from|to|until|till|and|or|in|is|was)(?-i:[a-z]))"
"""`children under 14 may only climb` names no day."""

_DAY_MONTH = regex.compile(
    rf"(?<![\w.,])(\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? ({_MONTH})\b{_NO_VERB}\.?"
    r"(?:,? (\d{4}))?",
    regex.IGNORECASE,
)
_MONTH_DAY = regex.compile(
    rf"\b({_MONTH})\b\.? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,? (\d{{4}}))?",
    regex.IGNORECASE,
)
_SLASHES = regex.compile(r"(?<![\d/.])\d{1,2}([/.-])\d{1,2}\1\d{2,4}(?![\d/])")
_HALF = r"(?:a\.?m\b\.?|p\.?m\b\.?|in the morning|in the afternoon|in the evening|at night)"
_CLOCK = regex.compile(
    rf"(?<![\w:.,])(\d{{1,2}})(?:[:h.](\d{{2}})(?::\d{{2}})?)?\s*({_HALF})"
    rf"|(?<![\w:.,])(\d{{1,2}})(?::| ?h ?)(\d{{2}})(?![\d:])(?: ?Uhr)?"
    r"|(?<![\w:.,])(\d{1,2})\s*o'clock",
    regex.IGNORECASE,
)
_NOON = regex.compile(r"\b(noon|midday|midnight)\b", regex.IGNORECASE)
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
_SPELLED_CLOCK = regex.compile(
    r"(?:\b(half|a? ?quarter|\d{1,2}(?: minutes)?) (past|after)"
    r"|\b(a? ?quarter|(?<=(?:\bat|\buntil|\bby|\bbefore) )\d{1,2}(?: minutes)?) (to|before))"
    r" (\d{1,2})(?![\d:]|[.,]\d)(?: ?([ap])m\b)?"
    r"|(?<=\bat )(\d{1,2}) (\d{2})(?![\d:.,]| ?(?:am|pm))",
    regex.IGNORECASE,
)
_TAKEN_AS_FACES = 24


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


def normalise(text: str) -> str:
    """Give a text in one form: compatible characters, plain digits and quotes, nothing unseen."""
    compatible = readable_digits(unicodedata.normalize("NFKC", text))
    plain = _INVISIBLE.sub("", compatible).replace("’", "'")
    digits = (str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in plain)
    return "".join(digits).replace("–", "-").replace("—", " - ")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A text and what it states.

    Attributes:
        facts: all of them.
        rest: the text with a mark in the place of each number, time, date, link and code.
        mentions: the facts by their marks.
    """

    facts: Facts
    rest: str
    mentions: dict[str, Facts]


def facts_of(text: str, *, language: str = "en") -> Facts:
    """Find the facts of a text; number words are those of the language, and English ones."""
    return read_facts(text, language).facts


@lru_cache(maxsize=64)
def read_facts(text: str, language: str) -> Reading:
    """Find the facts of a text and their places; equal texts share what is given."""
    found = Facts()
    mentions: dict[str, Facts] = {}
    rest = normalise(text)
    named = find_names(rest)
    found.words, found.names, found.starts = named.words, named.names, named.starts
    found.days = named.days
    rest = _take(_LINK, _AT.sub("@", _DOT.sub(".", rest)), _read_link, mentions)
    rest = digits_for_words(rest, language, apart=_GONE)
    found.rates = {
        words.RATES[next(filter(None, match.groups())).casefold()] for match in _RATE.finditer(rest)
    }
    rest = written_out(rest)
    for match in _COUNTED.finditer(rest):
        _read_counted(match, found)
    found.counted |= {
        (_value(match[1]).normalize(), match[2]) for match in _COUNTED_IN_HAN.finditer(rest)
    }
    for pattern, read in _READERS:
        rest = _take(pattern, rest, read, mentions)
    for mention in mentions.values():
        for name, values in vars(mention).items():
            getattr(found, name).update(values)
    return Reading(facts=found, rest=rest, mentions=mentions)


def without_facts(text: str, *, language: str) -> str:
    """Give what is left of a text without its facts, their units and periods."""
    return _RATE.sub(_GONE, read_facts(text, language).rest)


def _take(
    pattern: regex.Pattern[str],
    text: str,
    read: Callable[[regex.Match[str], Facts], object],
    mentions: dict[str, Facts],
) -> str:
    """Read all matches and put marks in their places; one whose reader says False stays."""

    def replace(match: regex.Match[str]) -> str:
        found = Facts()
        if read(match, found) is False:
            return match[0]
        mark = chr(_FIRST_MARK + len(mentions))
        mentions[mark] = found
        is_end = match[0].endswith(".") and _SENTENCE_BEGIN.match(text, match.end())
        return f"{mark}." if is_end else mark

    return pattern.sub(replace, text)


def _read_link(match: regex.Match[str], found: Facts) -> object:
    found.links.add(_link(match[0]))
    return True


def _link(text: str) -> str:
    bare = regex.sub(r"^(?:https?://)?(?:www\.)?|^mailto:", "", text.casefold().rstrip(".,;:!?)/"))
    return bare.rstrip("/")


def _read_iso(match: regex.Match[str], found: Facts) -> object:
    return _add_date(found, int(match[1]), int(match[2]), int(match[3]))


def _read_han_date(match: regex.Match[str], found: Facts) -> object:
    return _add_date(found, 0, int(match[1]), int(match[2]))


def _read_day_month(match: regex.Match[str], found: Facts) -> object:
    return _add_date(found, int(match[3] or 0), words.MONTHS[match[2].casefold()], int(match[1]))


def _read_month_day(match: regex.Match[str], found: Facts) -> object:
    return _add_date(found, int(match[3] or 0), words.MONTHS[match[1].casefold()], int(match[2]))


def _add_date(found: Facts, year: int, month: int, day: int) -> bool:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return False
    found.dates.add((year, month, day))
    return True


def _read_slashes(match: regex.Match[str], found: Facts) -> object:
    first, second, year = (int(part) for part in regex.split(r"[/.-]", match[0]))
    year += 2000 if year < 100 else 0
    if first > 12 or first == second:
        return _add_date(found, year, second, first)
    if second > 12:
        return _add_date(found, year, first, second)
    found.dates.add(match[0])
    return True


def _read_clock(match: regex.Match[str], found: Facts) -> object:
    hour, minute = int(match[1] or match[4] or match[6]), int(match[2] or match[5] or 0)
    if hour > _TAKEN_AS_FACES or minute > 59:
        return False
    half = (match[3] or "").casefold()
    found.faces.add((hour, minute))
    if half and hour <= 12:
        is_late = half.startswith("p") or "noon" in half or "evening" in half or "night" in half
        found.minutes.add((hour % 12 + (12 if is_late else 0)) * 60 + minute)
    elif hour > 12 or hour == 0:
        found.minutes.add(hour % 24 * 60 + minute)
    else:
        found.plain.add((hour, minute))
        found.likely |= {hour * 60 + minute} if match[4] else set()
    return True


def _read_spelled_clock(match: regex.Match[str], found: Facts) -> object:
    """Read `half past 8`, `quarter to 7`, and `at 8 12`."""
    hour, told = int(match[5] or match[7]), match[1] or match[3] or match[8]
    minute = 30 if "half" in told else 15 if "quarter" in told else int(told.split()[0])
    if hour > _TAKEN_AS_FACES or minute > 59:
        return False
    if match[3]:
        hour, minute = (hour - 1) or 12, 60 - minute
    found.faces.add((hour, minute))
    if match[6] and hour <= 12:
        found.minutes.add((hour % 12 + (12 if match[6] == "p" else 0)) * 60 + minute)
    else:
        found.plain.add((hour, minute))
    return True


def _read_counted(match: regex.Match[str], found: Facts) -> object:
    """Remember what a number counts: the noun is one of the two words behind it."""
    number = _value(match[1]).normalize()
    for word in (match[2], match[3]):
        if word and word not in words.ENGLISH_NUMBERS:
            found.counted.add((number, stem(word)))
    return True


def _read_noon(match: regex.Match[str], found: Facts) -> object:
    hour = 0 if match[0].casefold() == "midnight" else 12
    found.minutes.add(hour * 60)
    found.faces.add((hour, 0))
    return True


def _read_phone(match: regex.Match[str], found: Facts) -> object:
    digits = regex.sub(r"\D", "", match[0])
    if len(digits) < PHONE_DIGITS or _SPACED.fullmatch(match[0].strip()):
        return False
    found.digits.add(digits.removeprefix("00") if match[0][0] != "+" else digits)
    return True


def _read_number(match: regex.Match[str], found: Facts) -> object:
    value = _value(match[3]) * words.SCALES.get((match[4] or "").casefold(), 1)
    if match[2]:
        value = -value
    unit = (match[1] or match[5] or "").strip(" .").casefold()
    plain = format(value.normalize(), "f")
    if len(plain) >= PHONE_DIGITS and plain.isdigit():
        found.digits.add(plain)
    found.amounts.add((value.normalize(), words.UNITS.get(unit)))
    return True


def _value(text: str) -> Decimal:
    """Read digits with signs between: three digits behind a sign are thousands."""
    whole, _, fraction = (
        regex.sub(r"[,.'’ ](?=\d{3}(?!\d))", "", text).replace(",", ".").partition(".")
    )
    return Decimal(f"{regex.sub(r'[^0-9]', '', whole)}.{regex.sub(r'[^0-9]', '', fraction) or 0}")


def _read_code(match: regex.Match[str], found: Facts) -> object:
    if _NUMBER.fullmatch(match[0]):
        return False
    if regex.fullmatch(r"\d+-\p{L}+", match[0]):
        return False
    found.codes.add(match[0].replace("-", "").casefold())
    return True


_READERS: tuple[tuple[regex.Pattern[str], Callable[..., object]], ...] = (
    (_ISO, _read_iso),
    (_HAN_DATE, _read_han_date),
    (_DAY_MONTH, _read_day_month),
    (_MONTH_DAY, _read_month_day),
    (_SLASHES, _read_slashes),
    (_SPELLED_CLOCK, _read_spelled_clock),
    (_CLOCK, _read_clock),
    (_NOON, _read_noon),
    (_PHONE, _read_phone),
    (_CODE, _read_code),
    (_NUMBER, _read_number),
)
