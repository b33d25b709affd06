"""By what an amount is counted: `9 dollars a month` is neither 9 dollars a year nor one a seat."""

# ruff: noqa: RUF001, SIM905  # signs that end sentences look alike; words stand in lines

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import regex

from framework.responses.guard import words
from framework.responses.guard.facts import Facts
from framework.responses.guard.reading import Reading, read_facts
from framework.responses.guard.stems import root
from framework.responses.guard.structure import same_fact

_MARK = r"[\U000F0000-\U000FFFFF]"
_HAN = "|".join(words.HAN_PERIODS)
_ADVERBS = "|".join(words.ADVERBS_OF_RATE)
_TIMES_OF_DAY = frozenset({"morning", "afternoon", "evening"})
_OF_EACH = regex.compile(rf"({_MARK}) an? ([^\W\d]+)", regex.IGNORECASE)
_SENTENCE_END = regex.compile(r"[.!?;。！？；\n]+")
_HAN_THINGS = (
    "人|位|名|次|张|份|件|本|间|台|辆|杯|瓶|斤|公斤|度|单|页|桌|课|节|条|只|箱|户|车|场|个"
)
_SAME_THINGS = {"位": "人", "名": "人"}
_EACH = frozenset("per each every apiece either a an pro je por par".split())
_WHOLE = frozenset({(Decimal(24), "hour"), (Decimal(7), "day")})
"""Of a day, and of a week: all of it."""

_RATE = regex.compile(
    rf"(?P<amount>{_MARK})(?:[ ]?[^\W\d]+){{0,3}}?[ ]?"
    r"(?:\b(?:per|each|every|pro|je|por|par)\s(?P<noun>[^\W\d]+)(?:\s(?P<next>[^\W\d]+))?"
    rf"|\b(?:an?|im|al|la)\s(?P<period>[^\W\d]+)(?! (?:pass|ticket|trip|card)\b)"
    rf"|/\s?(?P<slash>[^\W\d]+)|\b(?P<adverb>{_ADVERBS})\b)"
    rf"|每个?(?P<han>{_HAN}|{_HAN_THINGS})[^\W\d]{{0,6}}?(?P<amount>{_MARK})"
    rf"|(?P<amount>{_MARK})每个?(?P<han>{_HAN}|{_HAN_THINGS})",
    regex.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Rate:
    """An amount and what it is counted by.

    Attributes:
        amount: the amount.
        unit: root of a noun, or a period.
    """

    amount: Facts
    unit: str


def strange_rates(reply: str, source: str, language: str) -> Iterator[str]:
    """Give what a reply counts an amount by, where its source counts it by something else."""
    told = [*_rates(source, language), *_counted_by_things(source, language)]
    others = read_facts(source, language)
    for rate in _rates(reply, language):
        same = [one for one in told if same_fact(one.amount, rate.amount)]
        is_known = any(same_fact(rate.amount, one) for one in others.mentions.values())
        is_counted = any(one.unit == rate.unit for one in same)
        if is_known and not is_counted and (same or not _is_beside(rate, others, told)):
            yield rate.unit


def _counted_by_things(source: str, language: str) -> Iterator[Rate]:
    """Read `9 euros a load`, which a reply may not say of an amount that isn't known as one."""
    reading = read_facts(source, language)
    for match in _OF_EACH.finditer(reading.rest):
        yield Rate(amount=reading.mentions[match[1]], unit=root(match[2], language))


def _is_beside(rate: Rate, source: Reading, told: list[Rate]) -> bool:
    """Say whether a sentence has an amount and, though elsewhere, what a reply counts it by."""
    if rate.unit not in words.RATES.values():
        return False
    for sentence in _SENTENCE_END.split(source.rest):
        has_unit = any(
            words.RATES.get(word.casefold(), root(word.casefold(), "en")) == rate.unit
            for word in regex.findall(r"\p{L}+", sentence)
        )
        has_amount = any(
            same_fact(rate.amount, source.mentions[mark])
            for mark in regex.findall(_MARK, sentence)
            if mark in source.mentions
        )
        if has_unit and has_amount:
            return not any(same_fact(rate.amount, one.amount) for one in told)
    return False


def _rates(text: str, language: str) -> Iterator[Rate]:
    reading = read_facts(text, language)
    for match in _RATE.finditer(reading.rest):
        amount, unit = reading.mentions[match["amount"]], _unit_of(match, language)
        is_plain = match["adverb"] and all(its_unit is None for _, its_unit in amount.amounts)
        if unit and not is_plain:
            yield Rate(amount=amount, unit=unit)


def _unit_of(match: regex.Match[str], language: str) -> str:
    """Give what a match counts by: a period, or the root of a noun; empty where it's neither."""
    word = next(match[name] for name in ("noun", "period", "slash", "adverb", "han") if match[name])
    unit = words.RATES.get(word.casefold()) or words.RATES.get((match["next"] or "").casefold())
    is_thing = match["noun"] is not None or match["han"] is not None
    if (unit is None and not is_thing) or word.casefold() in words.DAYS:
        return ""  # `a` before something else than a period counts nothing
    if word.casefold() in _TIMES_OF_DAY:
        return ""
    return unit or _SAME_THINGS.get(word) or root(word, language)


def unrated(reply: str, source: str, asked: str, language: str) -> Iterator[str]:
    """Give what a reply leaves out that an amount is counted by: `12 euros` for `12 euros a day`.

    Args:
        reply: what is to be said.
        source: what it is made from.
        asked: what the user said last, which may name what the amount is counted by.
        language: ISO code of the language of all.
    """
    told, rated = read_facts(source, language), _rated(source, language)
    reading = read_facts(reply, language)
    before = ""
    for sentence in _SENTENCE_END.split(reading.rest):
        for mark in (one for one in regex.findall(_MARK, sentence) if one in reading.mentions):
            fact = reading.mentions[mark]
            homes = [one for one, other in told.mentions.items() if same_fact(fact, other)]
            homes = [one for one in homes if told.mentions[one].amounts == fact.amounts] or homes
            units = {unit for one in homes for unit in rated.get(one, ("",))}
            text = " ".join((before, sentence, asked, *_single(sentence, reading))).casefold()
            if units and not any(_is_counted_by(unit, text, language) for unit in units):
                yield min(units)
        before = sentence


def counted_once(reply: str, source: str, language: str) -> set[str]:
    """Give periods of which a reply says what one costs: `one hour costs 14 euros`."""
    told, reading, found = read_facts(source, language), read_facts(reply, language), set[str]()
    rated = [(told.mentions[mark], units) for mark, units in _rated(source, language).items()]
    for sentence in _SENTENCE_END.split(reading.rest):
        marks = [one for one in regex.findall(_MARK, sentence) if one in reading.mentions]
        facts = [reading.mentions[one] for one in marks]
        units = [units for one in facts for other, units in rated if same_fact(one, other)]
        found |= set().union(*units) & _single(sentence, reading)
    return found


def _single(sentence: str, reading: Reading) -> set[str]:
    """Give the units of which a sentence has one."""
    marks = [one for one in regex.findall(_MARK, sentence) if one in reading.mentions]
    amounts = [amount for one in marks for amount in reading.mentions[one].amounts]
    return {unit for number, unit in amounts if number == 1 and unit}


def _rated(source: str, language: str) -> dict[str, set[str]]:
    """Give what the amounts of a source are counted by, by their marks."""
    reading, found = read_facts(source, language), dict[str, set[str]]()
    matches = [(match, _unit_of(match, language)) for match in _RATE.finditer(reading.rest)]
    matches += [(m, root(m[2], language)) for m in _OF_EACH.finditer(reading.rest)]
    for match, unit in matches:
        mark = match.groupdict().get("amount") or match[1]
        amounts = reading.mentions[mark].amounts
        is_money = any(one in words.CURRENCIES for _, one in amounts)
        if unit and amounts.isdisjoint(_WHOLE) and (is_money or unit in words.RATES.values()):
            found.setdefault(mark, set()).add(unit)
    return found


def _is_counted_by(unit: str, text: str, language: str) -> bool:
    """Say whether a text names what something is counted by, or that each is meant."""
    if not unit:
        return True
    own = regex.findall(r"[\p{L}--\p{Han}]+", text, regex.V1)
    is_named = any(words.RATES.get(one) == unit or root(one, language) == unit for one in own)
    in_han = [one for one in (*words.HAN_PERIODS, *_HAN_THINGS.split("|")) if one in text]
    return (
        is_named
        or any(_SAME_THINGS.get(one) or words.RATES.get(one, one) == unit for one in in_han)
        or (unit not in words.RATES.values() and not _EACH.isdisjoint(own))
    )
