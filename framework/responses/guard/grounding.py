"""Whether what a reply states is known: in the template, in a slot, or in a retrieved passage."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

import regex

from framework.responses.guard import words
from framework.responses.guard.facts import Facts
from framework.responses.guard.grounds import Grounds
from framework.responses.guard.paraphrases import in_one_form
from framework.responses.guard.polarity import contraries
from framework.responses.guard.rates import counted_once
from framework.responses.guard.reading import facts_of, normalise
from framework.responses.guard.stems import as_written, root, stem
from framework.responses.guard.vocabulary.reading import vocabulary_of
from framework.responses.guard.wellknown import FIRST_NAMES, NAMES_LIKE_ADVERBS, PLACES

CJK = r"\p{Han}|\p{Hiragana}|\p{Katakana}"
HOURS = 24
_PAID = frozenset({"charg", "pay", "cost", "fee", "price"})
_TIME_UNITS = frozenset(["day", "night", "week", "month", "year"])
_WEEKDAYS = frozenset({"weekday", "weekdays", "工作日"})
_WORKING = frozenset(["mon", "tue", "wed", "thu", "fri"])
_CURRENCIES = frozenset(["$", "€", "£"])
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_MONTHS = {"month": 1, "year": 12}
_COUNTED_APART = frozenset({"second", "minut", "hour", "day", "week", "month", "year"})
"""Their numbers are judged as amounts."""

LEAST_OPENING = 4
"""A word that begins a sentence naturally by its ending is longer than this."""

_EACH = regex.compile(r"\bof (?:each|every) (\p{L}+)", regex.IGNORECASE)
_MOMENT_BEFORE = regex.compile(r"\bthe (day|week|month) (?:before|ahead)\b", regex.IGNORECASE)
_ONE_MORE = regex.compile(
    r"(?<![\d%$€£] |\b(?:once|twice|times|euros?|dollars?|pounds?|cents?) )"
    rf"\b(?:an?|another|one more) (?:\p{{L}}+ )?({'|'.join(_SECONDS)}|month|year)\b",
    regex.IGNORECASE,
)
_HAN_BEFORE_NAME = regex.compile(r"^[由和请找是与跟给让为到在](?=\p{Han}{2})")
_TWO = regex.compile(r"\b(?:both|pair|couple)\b|双方|两者", regex.IGNORECASE)
_POLITE_TODAY = regex.compile(
    r"\b(?:help|assist|do for|serve|are|be) you\b[^.!?]* today\b|how .* today", regex.I
)


def ungrounded(
    reply: str, *, grounds: Grounds, language: str, is_free: bool = False
) -> tuple[str, ...]:
    """Say what a reply, or its first sentences, states that the bot doesn't know.

    Args:
        reply: what is to be said.
        grounds: what is known.
        language: ISO code of the language of both.
        is_free: whether its words are not judged, so that one at a sentence's start may be a name.
    """
    return tuple(_ungrounded(reply, grounds, language, is_free=is_free))


def _ungrounded(reply: str, grounds: Grounds, language: str, *, is_free: bool) -> Iterator[str]:
    said = facts_of(reply, language=language)
    known = _known(grounds, language)
    yield from _told("link", said.links - known.links)
    yield from _told("code", (code for code in said.codes if code not in known.codes | known.words))
    yield from _told("number", (d for d in said.digits if not _is_known_digits(d, known.digits)))
    once = {(Decimal(1), unit) for unit in counted_once(reply, "\n".join(grounds.texts), language)}
    amounts = (a for a in said.amounts - once if not _is_known(a, known))
    yield from _told("number", (_amount(a) for a in amounts))
    yield from _told("date", (_date(d) for d in said.dates if not is_known_date(d, known)))
    yield from _told("time", (_clock(*face) for face in _strange_times(said, known)))
    yield from _told("day", _strange_days(reply, said, known))
    yield from _told("name", _strange_names(said, known, grounds, language))
    yield from _told("name", _strange_openings(said, known, language, is_free=is_free))
    yield from _told("value", _strange_values(reply, grounds))
    periods = {match[1].casefold() for text in grounds.texts for match in _EACH.finditer(text)}
    yield from _told("rate", (f"per {one}" for one in said.rates - known.rates - periods))
    yield from _told("number", _strange_counts(said, known))
    yield from _told("promise", _strange_claims(reply, grounds))
    source = "\n".join(normalise(text) for text in grounds.texts)
    frees = all(regex.search(words.FREE, text, regex.I) for text in (normalise(reply), source))
    plain = in_one_form(normalise(reply), language)
    for word in sorted(contraries(plain, in_one_form(source, language), language=language[:2])):
        if frees and word in _PAID:
            continue
        shown = as_written(word, normalise(reply), source, language=language[:2])
        yield f"it says the contrary about {shown!r}"


def _told(kind: str, strange: Any) -> Iterator[str]:
    for fact in sorted(str(one) for one in strange):
        yield f"the {kind} {fact!r} is neither in the template, the slots nor a passage"


def _known(grounds: Grounds, language: str) -> Facts:
    known = Facts()
    for text in grounds.texts:
        known.add(facts_of(text, language=language))
    for value in grounds.values:
        known.names |= facts_of(value, language=language).words
    text = " ".join(grounds.texts)
    for match in (*_MOMENT_BEFORE.finditer(text), *_ONE_MORE.finditer(text)):
        known.amounts.add((Decimal(1), match[1].casefold()))
    if _TWO.search(text):
        known.amounts.add((Decimal(2), None))
    hours = {int(number) for number, _ in known.amounts if number == int(number) and number >= 0}
    known.faces |= {(hour, 0) for hour in hours if hour <= HOURS}
    known.faces |= {(hour % 12 or 12, minute) for hour, minute in known.faces}
    return known


def _is_known(amount: tuple[Decimal, str | None], known: Facts) -> bool:
    number, unit = amount
    if unit is None:
        plain = format(number, "f")
        years = {Decimal(d[0]).normalize() for d in known.dates if not isinstance(d, str) and d[0]}
        is_hour = number == int(number) and _is_hour(int(number), known)
        return is_hour or plain in known.digits or number in {n for n, _ in known.amounts} | years
    if (span := _span(amount)) and span in {_span(one) for one in known.amounts}:
        return True
    if unit == "cent" and any((number / 100, one) in known.amounts for one in _CURRENCIES):
        return True
    if unit in _CURRENCIES and (number * 100, "cent") in known.amounts:
        return True
    is_counted = any(number == one and noun not in _COUNTED_APART for one, noun in known.counted)
    return amount in known.amounts or (
        (number, None) in known.amounts
        and not is_counted
        and unit in _TIME_UNITS
        and any(words.UNITS.get(word) == unit for word in known.words)
    )


def _span(amount: tuple[Decimal, str | None]) -> tuple[Decimal, str] | None:
    """Give a time in seconds, or in months: two weeks are 14 days."""
    number, unit = amount
    if unit in _SECONDS:
        return number * _SECONDS[unit], "second"
    return (number * _MONTHS[unit], "month") if unit in _MONTHS else None


def _is_hour(number: int, known: Facts) -> bool:
    """Say whether a bare number is the hour of a known time, and not just of a known number."""
    return any(
        minute % 60 == 0 and minute // 60 % 12 == number % 12 for minute in known.minutes
    ) or (any(not minute and hour % 12 == number % 12 for hour, minute in known.plain))


def _is_known_digits(digits: str, known: Collection[str]) -> bool:
    return digits in known or digits.lstrip("0") in {one.lstrip("0") for one in known}


def is_known_date(date: tuple[int, int, int] | str, known: Facts) -> bool:
    """Say whether a date is known, with or without its year."""
    if isinstance(date, str) or date in known.dates:
        return date in known.dates
    year, month, day = date
    dates = [one for one in known.dates if not isinstance(one, str) and one[1:] == (month, day)]
    is_year_told = (Decimal(year).normalize(), None) in known.amounts
    return any(not year or (not one[0] and is_year_told) for one in dates)


def _strange_times(said: Facts, known: Facts) -> Iterator[tuple[int, int]]:
    for minute in said.minutes - known.minutes - known.likely:
        yield minute // 60, minute % 60
    yield from said.plain - known.faces


def _strange_days(reply: str, said: Facts, known: Facts) -> Iterator[str]:
    months = {f"month {date[1]}" for date in known.dates if not isinstance(date, str)}
    months_said = {f"month {date[1]}" for date in said.dates if not isinstance(date, str)}
    known_days = known.days | (
        _WORKING if _WEEKDAYS & known.words and {"mon", "fri"} <= said.days else set()
    )
    for day in said.days - known_days - months - months_said:
        if day != "today" or not _POLITE_TODAY.search(reply):
            yield day


def _strange_names(said: Facts, known: Facts, grounds: Grounds, language: str) -> Iterator[str]:
    text = normalise(" ".join(grounds.texts))
    named = known.names | known.starts
    nouns = said.names - FIRST_NAMES - PLACES if language[:2] == "de" else set()
    for name in said.names - named - nouns:
        bare = _HAN_BEFORE_NAME.sub("", name)
        if not (_is_cjk(name) and (bare in text or _ends_as_one(name, named))):
            yield name


def _strange_openings(said: Facts, known: Facts, language: str, *, is_free: bool) -> Iterator[str]:
    """Give words that begin a sentence, and are names for all that is known."""
    vocabulary = vocabulary_of(language)
    if vocabulary is not None and not is_free:
        return  # they are judged as words
    own = words.FUNCTION_WORDS.get(language[:2], ())
    stems = {stem(word) for word in known.words}
    for name in said.starts - known.words - known.names - known.starts:
        bare = root(name, language[:2])
        is_word = vocabulary is not None and (
            bare in vocabulary.harmless or bare in vocabulary.near
        )
        if not (is_word or stem(name) in stems or name in own or _is_opening(name)):
            yield name


def _strange_counts(said: Facts, known: Facts) -> Iterator[str]:
    """Find things of which another number is known: two tablets where it is one."""
    nouns = {noun for _, noun in known.counted}
    for number, noun in said.counted - known.counted:
        if noun in nouns and noun not in _COUNTED_APART:
            yield f"{number:f} {noun}"


def _strange_claims(reply: str, grounds: Grounds) -> Iterator[str]:
    """Find promises that nobody made; that something is free may be said in several ways."""
    source = normalise("\n".join(grounds.texts)).casefold()
    source = regex.sub(words.FREE_AT, " ", source)
    plain = regex.sub(words.CLAIM_IDIOMS, " ", normalise(reply).casefold())
    plain = regex.sub(words.FREE_AT, " ", plain)
    is_free = regex.search(words.FREE, source) is not None
    if not is_free and (found := regex.search(words.FREE, plain)):
        yield found[0]
    known = words.WORDS_FOR_FREE if is_free else frozenset()
    for word in set(regex.findall(r"\p{L}+", plain)) & words.CLAIMS - known:
        if not contains(source, word) and not contains(source, word.removesuffix("s")):
            yield word


def _is_opening(word: str) -> bool:
    """Say whether a word begins a sentence naturally by its ending: `sadly`, `checking`."""
    return (
        len(word) > LEAST_OPENING
        and word.endswith(("ly", "ing"))
        and word not in NAMES_LIKE_ADVERBS
    )


def _ends_as_one(name: str, known: Collection[str]) -> bool:
    """Say whether what was read as a Chinese name is a known one with a word before it."""
    return any(_is_cjk(one) and name.endswith(one) for one in known)


def _is_cjk(name: str) -> bool:
    return regex.search(CJK + r"|\p{Hangul}", name) is not None


def _strange_values(reply: str, grounds: Grounds) -> Iterator[str]:
    source = normalise("\n".join(grounds.texts)).casefold()
    for value in grounds.alternatives:
        if contains(normalise(reply).casefold(), value) and not contains(source, value):
            yield value


def contains(text: str, value: str) -> bool:
    """Say whether a text has a value as a word of its own."""
    wanted = regex.escape(normalise(value).casefold())
    edge = r"" if _is_cjk(value) else r"(?<![\p{{Latin}}\p{{N}}_]){}(?![\p{{Latin}}\p{{N}}_])"
    return regex.search(edge.format(wanted) if edge else wanted, text) is not None


def _amount(amount: tuple[Decimal, str | None]) -> str:
    number, unit = amount
    return f"{number:f} {unit}" if unit else f"{number:f}"


def _date(date: tuple[int, int, int] | str) -> str:
    if isinstance(date, str):
        return date
    year, month, day = date
    return f"{year:04}-{month:02}-{day:02}" if year else f"{day} {month_name[month]}"


def _clock(hour: int, minute: int) -> str:
    return f"{hour}:{minute:02}"
