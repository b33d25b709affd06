"""The words of a reply that are neither the bot's own, nor stand for them, nor say nothing.

A reworded reply needs few words of its own: politeness, function words, synonyms. Any other word
states something that nobody told the bot, whatever it is: a pool, a courier, a fee. So this needs
no list of what may be made up, but a list of what is harmless; it is kept for each language.
"""

# ruff: noqa: SIM905  # words are read and kept more easily in lines than one by one

from __future__ import annotations

from collections.abc import Collection, Iterator

import regex

from framework.nlu.values.calendar_names import MONTHS
from framework.responses.guard import negations, words
from framework.responses.guard.facts import Facts
from framework.responses.guard.grounds import Grounds
from framework.responses.guard.names import WORD
from framework.responses.guard.paraphrases import in_one_form
from framework.responses.guard.reading import facts_of, normalise, without_facts
from framework.responses.guard.stems import are_forms_of_one, root
from framework.responses.guard.vocabulary.reading import Vocabulary, vocabulary_of

_APART = regex.compile(r"[_\s]+")
_HAN = regex.compile(r"\p{Han}+")
_PREFIXED = regex.compile(r"(?:non|un|in|im|dis|ir|re)(\p{L}{4,})")
_MORE = regex.compile(
    r"\d[^.;!?]{0,20}\b(?:more|extra|higher)\b(?! or\b)|\bplus\W+\d", regex.IGNORECASE
)
_LESS = regex.compile(r"\d[^.;!?]{0,20}\b(?:less|cheaper|lower)\b(?! or\b)", regex.IGNORECASE)
_ENDING = regex.compile(r"'(?:s|ll|d|ve|re|m)$")
_ELIDED = regex.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=\p{L}{2})")
_LETTER = regex.compile(r"\b(\p{L})-(?=\p{L})")
_FORBIDDING = frozenset("禁止 严禁 不能 不可以 不可 不得 不准 不允许 请勿 谢绝 不要".split())
_COMPLEMENTS = frozenset("住掉好完着过成定")
"""What follows a Chinese verb to say that it is done, whatever it is."""

_LEAST_LETTERS = 2
_LONGEST_HAN = 6


def strange_words(reply: str, *, grounds: Grounds, language: str) -> Iterator[str]:
    """Give the words of a reply that state something of which the bot says nothing."""
    vocabulary = vocabulary_of(language)
    if vocabulary is None:
        return
    reply = in_one_form(normalise(reply), language)
    source = "\n".join((*grounds.texts, *(_APART.sub(" ", name) for name in grounds.slots)))
    if language[:2] == "zh":
        plain = f"{source}\n{in_one_form(normalise(source), language)}"
        yield from _strange_runs(reply, plain, vocabulary)
    yield from _strange_words(reply, source, vocabulary, language[:2])


def _strange_words(reply: str, source: str, vocabulary: Vocabulary, language: str) -> Iterator[str]:
    own = {*_words_of(source), *_words_of(in_one_form(normalise(source), language))}
    if vocabulary.turns is not None:
        own |= vocabulary.turns.found(normalise(source))
    denied = {negations.CONTRARIES[word] for word in own & negations.CONTRARIES.keys()}
    told = facts_of(source, language=language)
    implied = {*_implied(told), *_of_change(source)}
    known = {root(word, language) for word in own | denied | implied}
    signs = {str(unit) for _, unit in told.amounts} | {"@" for link in told.links if "@" in link}
    evoked = vocabulary.evoked({root(word, language) for word in own | denied} | signs)
    text = without_facts(reply, language=language)
    if vocabulary.turns is not None:
        text = vocabulary.turns.without(
            text, is_told=lambda word: _is_told(word, known, vocabulary, language)
        )
    if vocabulary.phrases is not None:
        text = vocabulary.phrases.sub(" ", text)
    for word in dict.fromkeys(_words_of(text)):
        is_evoked = root(word, language) in evoked
        if not (is_evoked or _is_told(word, known, vocabulary, language)):
            yield word


def _implied(told: Facts) -> Iterator[str]:
    """Give the words by which one speaks of facts of a kind: one calls a number, pays an amount."""
    if told.digits:
        yield from ("call", "number")
    if any("@" in link for link in told.links):
        yield from ("write", "mail", "e-mail", "send")
    if any(unit in ("g", "kg", "jin") for _, unit in told.amounts):
        yield from ("weigh", "weight")
    if told.links:
        yield from ("link", "page", "site", "visit", "online")
    if told.words & {"may", "can", *negations.NEGATIONS} or any(
        w.endswith("n't") for w in told.words
    ):
        yield from ("allow", "permit")
    if {"mon", "fri"} <= told.days:
        yield "weekdays"
    if any(unit in words.CURRENCIES for _, unit in told.amounts):
        yield from ("cost", "price", "pay", "charge", "fee", "total")
    if told.days or told.dates:
        yield "date"
    if any(unit in words.RATES.values() for _, unit in told.amounts):
        yield from ("duration", "period")


def _of_change(source: str) -> Iterator[str]:
    """Give the words by which one speaks of an amount more or less; the bounds judge which."""
    if _MORE.search(source):
        yield from ("more", "extra", "additional", "higher", "increase", "rise", "surcharge")
    if _LESS.search(source):
        yield from ("less", "lower", "cheaper", "reduction", "decrease", "save")


def _words_of(text: str) -> Iterator[str]:
    for match in WORD.finditer(_LETTER.sub(r"\1", text.casefold())):
        word = _ELIDED.sub("", _ENDING.sub("", match[0]))
        if not word.endswith("n't") and not _HAN.match(word) and len(word) >= _LEAST_LETTERS:
            yield word


def _is_told(word: str, known: set[str], vocabulary: Vocabulary, language: str) -> bool:
    bare = root(word, language)
    if word in words.DAYS or word in MONTHS or word in negations.NEGATIONS:
        return True
    if bare in vocabulary.harmless or vocabulary.stands_for(bare, known):
        return True
    if word in negations.CONTRARIES and root(negations.CONTRARIES[word], language) in known:
        return True
    prefixed = _PREFIXED.fullmatch(word)
    if prefixed and root(prefixed[1], language) in known:
        return True  # a denial, if it is one, is judged as such
    if language == "en":
        return False
    return any(
        are_forms_of_one(bare, one)
        for one in (*known, *vocabulary.same)
        if one in known or vocabulary.same[one] & known
    )


def _strange_runs(reply: str, source: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Cover Chinese by what the source has and by harmless words; give what stays uncovered."""
    known = without_facts(source, language="zh")
    words_told = frozenset((*_HAN.findall(known), *_implied_in_han(source, vocabulary)))
    text = without_facts(reply, language="zh")
    for run in _HAN.findall(text):
        yield from _uncovered(run, source, vocabulary, words_told).split()


def _implied_in_han(source: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Give words by which one speaks of the facts of a source, and what its words bring along."""
    told = facts_of(source, language="zh")
    if any(unit in words.CURRENCIES for _, unit in told.amounts):
        yield from "费用 价格 价钱 收费 收取 支付 付款 付 花费 扣 扣除 缴纳 交 钱 金额 收".split()
    if told.digits:
        yield from "拨打 致电 电话 号码 打电话 打".split()
    if any(unit in words.RATES.values() for _, unit in told.amounts):
        yield from "时长 时间 期间 为期".split()
    if told.faces or told.dates or told.days:
        yield from "时间 日期 时候".split()
    if told.links:
        yield from "网址 链接 网站 网页 打开 访问".split()
    for what, brought in vocabulary.frames:
        if any(one in source for one in what):
            yield from brought


def _uncovered(run: str, source: str, vocabulary: Vocabulary, told: Collection[str]) -> str:
    """Give a run with spaces for what is told, by the reading that leaves the least."""
    best = [""]
    for end in range(1, len(run) + 1):
        readings = [best[end - 1] + run[end - 1]]
        readings += [
            best[start] + " " * (end - start)
            for start in range(max(0, end - _LONGEST_HAN), end)
            if run[start:end] in told or _is_told_in_han(run[start:end], source, vocabulary)
        ]
        best.append(max(readings, key=lambda reading: reading.count(" ")))
    return best[-1]


def _is_told_in_han(part: str, source: str, vocabulary: Vocabulary) -> bool:
    if part in vocabulary.harmless or (len(part) > 1 and part in source):
        return True
    if part in vocabulary.same and part in source:
        return True
    if part in _FORBIDDING and any(one in source for one in _FORBIDDING):
        return True
    if len(part) == 2 and part[1] in _COMPLEMENTS and part[0] in source:
        return True  # `锁住` for `锁定`
    others = vocabulary.same.get(part, frozenset()) - vocabulary.harmless
    return any(one in source and (len(one) > 1 or one in part or len(part) == 1) for one in others)
