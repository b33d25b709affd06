"""A text as sentences and their parts, each a row of words and facts."""

# ruff: noqa: SIM905, RUF001  # signs that end sentences look alike; words stand in lines

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

import regex

from framework.nlu.values.calendar_names import MONTHS
from framework.responses.guard import negations, words
from framework.responses.guard.facts import Facts
from framework.responses.guard.reading import read_facts
from framework.responses.guard.stems import root
from framework.responses.guard.vocabulary.reading import vocabulary_of

_MARKS = r"\U000F0000-\U000FFFFF"
_TITLE = regex.compile(r"\b(Mr|Mrs|Ms|Dr|Prof|St|No|Nr|Sr|Sra|Dra|Ltd|approx)\.", regex.IGNORECASE)
_SENTENCE_END = regex.compile(r"[.!?;\n。！？；]+")
_JOINT = r"and|but|or|while|although|though|however|because|so|und|oder|aber|y|o|pero|et|ou|mais"
_PART_END = regex.compile(
    rf"(?:[,()，：、]|\s-\s|而|但"
    rf"|(?<!\b(?:between|from|zwischen|entre|von)\s?[{_MARKS}]\s?)(?=\b(?:{_JOINT})\b))",
    regex.IGNORECASE | regex.V1,
)
_MOMENT = "week|weekend|month|year|morning|afternoon|evening|night"
_WHICH_MOMENT = regex.compile(rf"(this|next|last|coming|following|previous) ({_MOMENT})")
_SAME_WHICH = {"coming": "next", "following": "next", "previous": "last"}
_ATOM = regex.compile(
    rf"[{_MARKS}]"
    rf"|\b(?i:this|next|last|coming|following|previous) (?:{_MOMENT})\b"
    rf"|\p{{Han}}+|[\p{{L}}--\p{{Han}}]+(?:['-][\p{{L}}--\p{{Han}}]+)*",
    regex.V1,
)
_COUNTERS = frozenset("个节本张份件次位名条间层楼号点分天周年月日岁人桌课元块角")
"""Signs that stand between a number and what it counts."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Token:
    """A word or a fact of a text.

    Attributes:
        text: the word, without case; empty for a fact.
        key: its root.
        fact: what a number, time, date, link or code states; None for a word.
        is_content: whether the word means something.
        is_name: whether it has a capital inside a sentence.
        is_opening: whether a comma follows what it belongs to, as in `if it rains, we stay`.
    """

    text: str = ""
    key: str = ""
    fact: Facts | None = None
    is_content: bool = False
    is_name: bool = False
    is_opening: bool = False

    @property
    def kind(self) -> str:
        """What a fact or a day is a rival of; empty for other words."""
        return _kind_of_word(self) if self.fact is None else _kind_of_fact(self.fact)


_OPENINGS = frozenset(
    """
    for in on at with without if when after before during from as to within by
    unless
    """.split()
)


def _kind_of_word(token: Token) -> str:
    if token.text in words.DAYS or " " in token.text:
        return "day"
    if not token.is_name:
        return ""
    return "month" if token.text in MONTHS else "letter" if len(token.text) == 1 else ""


def _kind_of_fact(fact: Facts) -> str:
    if fact.dates:
        return "date"
    if fact.faces:
        return "time"
    for _, unit in fact.amounts:
        return f"amount of {unit}" if unit else "number"
    return "link" if fact.links else "phone" if fact.digits else "code"


Part = tuple[Token, ...]
Sentence = tuple[Part, ...]
Row = Sequence[Token]
"""Words and facts in their order, of a sentence or of a part of it."""


def row_of(sentence: Sentence) -> tuple[Token, ...]:
    """Give a sentence without its parts."""
    return tuple(chain.from_iterable(sentence))


def rows_of(sentences: Iterable[Sentence]) -> list[tuple[Token, ...]]:
    """Give each sentence without its parts."""
    return [row_of(sentence) for sentence in sentences]


@lru_cache(maxsize=64)
def sentences_of(text: str, language: str) -> tuple[Sentence, ...]:
    """Read a text; facts are those of `framework.responses.guard.reading`."""
    reading = read_facts(text, language)
    rest = _TITLE.sub(r"\1", reading.rest)
    found = []
    for sentence in _SENTENCE_END.split(rest):
        parts = (
            tuple(_tokens(part, reading.mentions, language)) for part in _PART_END.split(sentence)
        )
        if kept := tuple(part for part in parts if part):
            found.append(_with_opening(kept))
    return tuple(found)


def _with_opening(parts: Sentence) -> Sentence:
    """Put what a sentence opens with, as `for children,` or `in winter,`, to what follows it."""
    is_opening = len(parts) > 1 and parts[0][0].text in _OPENINGS
    if not is_opening:
        return parts
    return ((*(replace(one, is_opening=True) for one in parts[0]), *parts[1]), *parts[2:])


def _tokens(part: str, mentions: dict[str, Facts], language: str) -> Iterator[Token]:
    is_counted = False
    for match in _ATOM.finditer(part):
        text = _WHICH_MOMENT.sub(
            lambda m: f"{_SAME_WHICH.get(m[1], m[1])} {m[2]}", match[0].casefold()
        )
        if match[0] in mentions:
            is_counted = True
            yield Token(fact=mentions[match[0]])
            continue
        if is_counted and text[0] in _COUNTERS:
            text = text[1:]
        is_counted = False
        if regex.match(r"\p{Han}", text):
            yield from _han_tokens(text, language)
        else:
            bare = text.removesuffix("'s")
            is_start = not regex.search(r"[\p{L}\p{Co}]", part[: match.start()])
            yield Token(
                text=bare,
                key=root(bare, language),
                is_content=_means_something(bare, language),
                is_name=language != "de"
                and match[0][0].isupper()
                and not is_start
                and bare not in words.DAYS,
            )


def _han_tokens(run: str, language: str) -> Iterator[Token]:
    """Read Chinese: days, and pairs of signs, which stand for words."""
    for piece in regex.split(f"({'|'.join(_HAN_DAYS)})", run):
        if piece in words.DAYS:
            yield Token(text=piece, key=piece)
        elif len(piece) == 1:
            is_content = _means_something(piece, language, least=1)
            yield Token(text=piece, key=piece, is_content=is_content)
        else:
            pairs = (piece[i : i + 2] for i in range(len(piece) - 1))
            yield from (
                Token(text=pair, key=pair, is_content=_means_something(pair, language, least=2))
                for pair in pairs
            )


def _means_something(word: str, language: str, *, least: int = 3) -> bool:
    vocabulary = vocabulary_of(language)
    if language != "en" and vocabulary is not None and word in vocabulary.harmless:
        return False
    return (
        word not in negations.EMPTY
        and word not in words.DAYS
        and not word.endswith("n't")
        and word not in negations.NEGATIONS
        and len(word) >= least
    )


_HAN_DAYS = [word for word in words.DAYS if regex.match(r"\p{Han}", word)]


def same_fact(one: Facts, other: Facts) -> bool:
    """Say whether two mentions state the same, in whatever form."""
    if one.dates or other.dates:
        return bool(_days(one) & _days(other))
    if one.links or other.links or one.codes or other.codes:
        return bool(one.links & other.links or one.codes & other.codes)
    if one.digits & other.digits:
        return True
    if one.faces and other.faces:
        return bool(_hours(one) & _hours(other))
    return any(
        number == another and (unit == its_unit or unit is None or its_unit is None)
        for number, unit in _amounts(one)
        for another, its_unit in _amounts(other)
    )


def _days(fact: Facts) -> set[object]:
    return {date if isinstance(date, str) else date[1:] for date in fact.dates}


def _hours(fact: Facts) -> set[tuple[int, int]]:
    return {(hour % 12, minute) for hour, minute in fact.faces}


def _amounts(fact: Facts) -> set[tuple[object, str | None]]:
    hours = {(hour, None) for hour, minute in fact.faces if not minute}
    return {*fact.amounts, *hours, *((hour % 12 or 12, None) for hour, _ in hours)}
