"""By what an amount is counted: `9 dollars a month` is neither 9 dollars a year nor one a seat."""

# ruff: noqa: RUF001  # the signs that end sentences look alike

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from framework.responses.guard import words
from framework.responses.guard.facts import Facts, Reading, read_facts
from framework.responses.guard.stems import root
from framework.responses.guard.structure import same_fact

_MARK = r"[\U000F0000-\U000FFFFF]"
_HAN = "|".join(words.HAN_PERIODS)
_ADVERBS = "|".join(words.ADVERBS_OF_RATE)
_TIMES_OF_DAY = frozenset({"morning", "afternoon", "evening"})
_OF_EACH = regex.compile(rf"({_MARK}) an? ([^\W\d]+)", regex.IGNORECASE)
_SENTENCE_END = regex.compile(r"[.!?;。！？；\n]+")
_RATE = regex.compile(
    rf"(?P<amount>{_MARK})(?:[ ]?[^\W\d]+){{0,3}}?[ ]?"
    r"(?:\b(?:per|each|every|pro|je|por|par)\s(?P<noun>[^\W\d]+)(?:\s(?P<next>[^\W\d]+))?"
    rf"|\b(?:an?|im|al|la)\s(?P<period>[^\W\d]+)(?! (?:pass|ticket|trip|card)\b)"
    rf"|/\s?(?P<slash>[^\W\d]+)|\b(?P<adverb>{_ADVERBS})\b)"
    rf"|每个?(?P<han>{_HAN})[^\W\d]{{0,6}}?(?P<amount>{_MARK})|(?P<amount>{_MARK})每个?(?P<han>{_HAN})",
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
        word = next(
            match[name] for name in ("noun", "period", "slash", "adverb", "han") if match[name]
        )
        unit = words.RATES.get(word.casefold()) or words.RATES.get((match["next"] or "").casefold())
        amount = reading.mentions[match["amount"]]
        if match["adverb"] and all(its_unit is None for _, its_unit in amount.amounts):
            continue
        if (unit is None and match["noun"] is None) or word.casefold() in words.WEEKDAYS:
            continue  # `a` before something else than a period counts nothing
        if word.casefold() in _TIMES_OF_DAY:
            continue
        yield Rate(amount=amount, unit=unit or root(word, language))
