"""Whether a generated reply may be said: every fact in it must come from what the bot knows.

Every number, date, time, name, link and code of it must occur in the template, in a slot, or in a
retrieved passage, in whatever form; nothing may be denied that the bot asserts, nor asserted that
it denies; and its words must be the bot's own, stand for them, or state nothing, and say of each
fact what the bot says of it.
"""

# ruff: noqa: RUF001  # the signs that end sentences look alike

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import regex

from framework.responses.guard import negations, words
from framework.responses.guard.facts import Facts
from framework.responses.guard.grounding import CJK, contains, is_known_date, ungrounded
from framework.responses.guard.grounds import Grounds, flat
from framework.responses.guard.meaning import misstated
from framework.responses.guard.names import WORD
from framework.responses.guard.reading import facts_of, normalise
from framework.responses.guard.relevance import beside_the_question
from framework.responses.guard.stems import as_written, root

LEAST_CHARACTERS = 300
"""A reply may always be this long, however short its template is."""

LONGER_THAN_TEMPLATE = 4
_MARKUP = regex.compile(
    r"<\|?[/a-z]|\{\{?\w+\}|^\s*[\[{]\s*[\"\[{]|```|\[/?INST\]|(?:^|\n)\s*(?:system|assistant|user):",
    regex.I,
)
_UNSEEN = regex.compile(
    r"[[\p{Cc}--\s]\p{Co}\p{Cs}\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f\ufffd]", regex.V1
)
"""Signs that command a terminal, turn the order of letters, hide text, or stand for broken ones."""

_MIXED = regex.compile(r"\p{Latin}[\p{Cyrillic}\p{Greek}]|[\p{Cyrillic}\p{Greek}]\p{Latin}")
_SENTENCE_END = regex.compile(r"(?<=[.!?。！？])\s*|\n")
_ASKED = regex.compile(r"([^.!?。！？\n]+)[?？]")
MOST_ASKED_BACK = 0.7
"""Share of a question's words from which on it is the user's own."""

_FOREIGN_SHARE = 0.3
LEAST_ECHOED = 2
"""So many words of a user make a sentence suspicious, if they are half of it."""

MOST_REPEATED = 2
LEAST_CONTENT = 2
"""From so many meaningful words on, a reply must have one in common with what it is made from."""

LONGEST_FACT = 40
"""A value of more characters must be said as it is; a shorter one may be said in another form."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How a reply must look.

    Attributes:
        language: ISO code of its language.
        most_characters: its length; None allows four times that of the template.
        forbidden: phrases that must not occur, in any case.
        is_free: whether its words may be others than those that it's made from, as where the author
            asks for a joke; its facts may not.
    """

    language: str = "en"
    most_characters: int | None = None
    forbidden: tuple[str, ...] = ()
    is_free: bool = False


@cache
def prepare(language: str) -> None:
    """Load what judging needs, which takes a while once; without it the first reply waits."""
    faults("So it is.", grounds=Grounds(template="It is."), limits=Limits(language=language))


def faults(reply: str, *, grounds: Grounds, limits: Limits | None = None) -> tuple[str, ...]:
    """Say why a reply may not be said; empty where it may."""
    limits = limits or Limits()
    return (
        *_faults_of_form(reply, grounds, limits),
        *faults_so_far(reply, grounds=grounds, limits=limits),
        *_missing(reply, grounds, limits.language),
        *_echoed(reply, grounds),
        *_asked_back(reply, grounds),
        *_beside_the_point(reply, grounds),
        *_beside_the_question(reply, grounds, limits.language),
    )


def faults_so_far(reply: str, *, grounds: Grounds, limits: Limits) -> tuple[str, ...]:
    """Say why a reply may not be said of which only the first sentences are there."""
    language = limits.language
    strange = ungrounded(reply, grounds=grounds, language=language, is_free=limits.is_free)
    if limits.is_free:
        return strange
    return (*strange, *misstated(reply, grounds=grounds, language=language))


def _faults_of_form(reply: str, grounds: Grounds, limits: Limits) -> Iterator[str]:
    text = " ".join(normalise(reply).split())
    if not text:
        yield "it is empty"
        return
    most = limits.most_characters
    if most is None:
        most = max(LEAST_CHARACTERS, LONGER_THAN_TEMPLATE * len(" ".join(grounds.texts)))
    if len(text) > most:
        yield f"it has {len(text)} characters, more than {most}"
    for phrase in limits.forbidden:
        if " ".join(normalise(phrase).split()).casefold() in text.casefold():
            yield f"it has the forbidden phrase {phrase!r}"
    source = "\n".join(grounds.texts)
    if any(match[0] not in source for match in _MARKUP.finditer(reply)):
        yield "it has markup that is not the bot's"
    unseen = {f"U+{ord(sign):04X}" for sign in _UNSEEN.findall(reply) if sign not in source}
    if unseen:
        yield f"it has signs that no text should have: {', '.join(sorted(unseen))}"
    if _MIXED.search(text) and not _MIXED.search(normalise(source)):
        yield "it mixes scripts within a word"
    yield from _foreign(text, limits.language, known=facts_of(source).words)


def _foreign(text: str, language: str, *, known: Collection[str]) -> Iterator[str]:
    """Say whether a text isn't in a language, by its script and its commonest words."""
    own = [w for w in WORD.findall(text.casefold()) if w not in known]
    letters = "".join(own)
    expected = _script_of(language)
    strange = regex.sub(expected, "", letters)
    if letters and len(strange) > _FOREIGN_SHARE * len(letters):
        yield f"it is not in the script of the language {language!r}"
    if language[:2] not in words.FUNCTION_WORDS:
        return
    every = regex.findall(r"\p{L}+", text.casefold())
    said = [one for one in every if len(one) > 1 and one not in known]
    counts = {
        code: sum(one in table for one in said) for code, table in words.FUNCTION_WORDS.items()
    }
    best = max(counts, key=lambda code: counts[code])
    its_own = words.FUNCTION_WORDS[language[:2]]
    counts[language[:2]] = sum(one in its_own for one in every)
    if counts[best] >= 2 and counts[best] > 2 * counts[language[:2]]:
        yield f"it is in the language {best!r}, not in {language!r}"


def _script_of(language: str) -> str:
    scripts = {
        "zh": rf"{CJK}",
        "ja": rf"{CJK}",
        "ko": r"\p{Hangul}|\p{Han}",
        "ru": r"\p{Cyrillic}",
        "uk": r"\p{Cyrillic}",
        "bg": r"\p{Cyrillic}",
        "sr": r"\p{Cyrillic}|\p{Latin}",
        "el": r"\p{Greek}",
        "ar": r"\p{Arabic}",
        "fa": r"\p{Arabic}",
        "he": r"\p{Hebrew}",
        "hi": r"\p{Devanagari}",
        "th": r"\p{Thai}",
    }
    return scripts.get(language[:2], r"\p{Latin}")


def _missing(reply: str, grounds: Grounds, language: str) -> Iterator[str]:
    text = " ".join(normalise(reply).casefold().split())
    said = facts_of(reply, language=language)
    for value in (text for one in grounds.required for text in flat(one)):
        wanted = " ".join(normalise(value).casefold().split())
        is_short = len(wanted) <= LONGEST_FACT
        stated = is_short and _states(said, facts_of(value, language=language))
        if not stated and not contains(text, wanted):
            yield f"the value {value!r} is missing"


def _echoed(reply: str, grounds: Grounds) -> Iterator[str]:
    """Say whether a reply, or a sentence of it, is made of what users said: a model obeyed them."""
    heard = set(_content_words(" ".join(grounds.said_by_users)))
    source = {root(word, "en") for word in _content_words("\n".join(grounds.texts))}
    sentences = [part for part in _SENTENCE_END.split(normalise(reply)) if part.strip()]
    for part, least in ((reply, 1), *((sentence, LEAST_ECHOED) for sentence in sentences)):
        content = _content_words(part)
        echoed = [word for word in content if word in heard and root(word, "en") not in source]
        if len(echoed) >= least and 2 * len(echoed) >= len(content):
            yield f"it says what the user said: {' '.join(echoed)!r}"
            return


def _asked_back(reply: str, grounds: Grounds) -> Iterator[str]:
    """Say whether a reply is the user's own question, which the template answers."""
    text = normalise(reply).casefold()
    asked = _ASKED.findall(text)
    is_all = asked and not WORD.search(_ASKED.sub("", text))
    if not is_all or any(_ASKED.search(normalise(source)) for source in grounds.texts):
        return
    said = [part.casefold() for part in grounds.said_by_users]
    heard = set(regex.findall(r"\p{L}+", normalise(" ".join(said))))
    own = regex.findall(r"\p{L}+", asked[-1])
    if sum(word in heard for word in own) >= MOST_ASKED_BACK * len(own):
        yield f"it asks what the user asked: {asked[-1].strip()!r}"


def _beside_the_point(reply: str, grounds: Grounds) -> Iterator[str]:
    """Say whether a reply says one thing again and again, or nothing of what is to be said."""
    sentences = Counter(part.strip() for part in _SENTENCE_END.split(normalise(reply).casefold()))
    if any(WORD.search(part) and count > MOST_REPEATED for part, count in sentences.items()):
        yield "it repeats itself"
    source = _gist("\n".join(grounds.texts))
    content = _gist(reply)
    if len(source) >= LEAST_CONTENT and content and not content & source:
        yield "it says nothing of the template"


def _beside_the_question(reply: str, grounds: Grounds, language: str) -> Iterator[str]:
    for word in beside_the_question(reply, grounds, language):
        shown = as_written(word, grounds.asked, language=language[:2])
        yield f"it doesn't say what the passages know of {shown!r}, which was asked"


def _gist(text: str) -> set[str]:
    """Give stems of the words that carry meaning, and digits: single numbers, and all in a row."""
    digits = regex.findall(r"\d+", normalise(text))
    return {*(root(word, "en") for word in _content_words(text)), *digits, "".join(digits)} - {""}


def _content_words(text: str) -> list[str]:
    """List words that carry meaning; in scripts without spaces, pairs of signs."""
    plain = normalise(text).casefold()
    common = negations.EMPTY | words.FUNCTION_WORDS["en"]
    spaced = [
        word
        for word in regex.findall(r"[\p{L}--\p{Han}]{3,}", plain, regex.V1)
        if word not in common
    ]
    runs = regex.findall(r"\p{Han}{2,}", plain)
    return spaced + [run[i : i + 2] for run in runs for i in range(len(run) - 1)]


def _states(said: Facts, value: Facts) -> bool:
    """Whether a text states a value that is a number, a time, a date or a link in another form."""
    is_number = value.amounts and not value.words - set(words.ENGLISH_NUMBERS) - set(words.UNITS)
    numbers = {number for number, _ in said.amounts} | {Decimal(hour) for hour, _ in said.faces}
    return bool(
        (is_number and {number for number, _ in value.amounts} <= numbers)
        or (value.minutes and all(_is_told(minute, said) for minute in value.minutes))
        or (value.dates and all(is_known_date(date, said) for date in value.dates))
        or (value.digits and value.digits <= said.digits)
        or (value.links and value.links <= said.links)
    )


def _is_told(minute: int, said: Facts) -> bool:
    return minute in said.minutes or (minute // 60 % 12 or 12, minute % 60) in said.plain
