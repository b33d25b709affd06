"""Whether a reply says the opposite, or of another thing, by a single word: `afterwards`, `red`.

Each sentence of a reply is laid beside those sentences of its source that share most with it. What
stands there in the place of a word must not exclude it.
"""

# ruff: noqa: SIM905  # words are read and kept more easily in lines than one by one

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

import regex

from framework.responses.guard import negations, words
from framework.responses.guard.roles import is_same
from framework.responses.guard.stems import PAST
from framework.responses.guard.structure import Row, Sentence, Token, row_of, rows_of
from framework.responses.guard.vocabulary.reading import Vocabulary

_LEAST_SHARED = 2
_HAN = regex.compile(r"\p{Han}")
_VERBS = frozenset(
    "cost costs take takes need needs last lasts start starts begin begins pay can may must".split()
)
_AHEAD = frozenset(["before", "beforehand", "ahead", "advance", "earlier", "previously"])
_ARTICLES = frozenset("the a an your our my his her their".split())
_LABELS = frozenset({"code", "letter"})


def opposed(
    said: tuple[Sentence, ...], known: tuple[Sentence, ...], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Give words of a reply in whose place its source has what excludes them."""
    if vocabulary is None:
        return
    told = rows_of(known)
    for row in rows_of(said):
        for sides in vocabulary.opposites:
            yield from _opposed(row, told, sides, vocabulary)


def _opposed(
    row: Row, told: Sequence[Row], sides: tuple[frozenset[str], ...], vocabulary: Vocabulary
) -> Iterator[str]:
    all_words = frozenset().union(*sides)
    own = [token for token in row if token.key in all_words and token.text != "left"]
    if not own:
        return
    rest = [token for token in row if _counts(token) and token.key not in all_words]
    homes = nearest(rest, told, vocabulary)
    for token in own:
        side = next(one for one in sides if token.key in one)
        if side & {other.key for home in homes for other in home}:
            continue
        for home in homes:
            rivals = (all_words - side) & {other.key for other in home}
            if rivals and denies(row) == denies(home) and not rivals & {one.key for one in row}:
                yield token.text
                return


def nearest(tokens: Row, told: Sequence[Row], vocabulary: Vocabulary | None) -> list[Row]:
    """Give the sentences of a source that share most with some words of a reply."""
    shares = [sum(any(is_same(one, o, vocabulary) for o in row) for one in tokens) for row in told]
    most = max(shares, default=0)
    return [row for row, share in zip(told, shares, strict=True) if share == most and most]


def _counts(token: Token) -> bool:
    return token.is_content or bool(token.kind)


def denies(row: Row) -> bool:
    """Say whether a sentence denies something."""
    return any(token.text in negations.NEGATIONS or token.text.endswith("n't") for token in row)


def other_modifiers(
    said: tuple[Sentence, ...], known: tuple[Sentence, ...], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Give `red` of `a red light means`, where the source says that of the green light alone."""
    told = rows_of(known)
    for row in rows_of(said):
        for modifier, head in pairwise(row):
            if not (modifier.is_content and head.is_content) or head.text in _VERBS:
                continue
            if (
                head.kind
                or _HAN.match(head.text)
                or not any(_has(modifier, one, None) for one in told)
            ):
                continue
            rest = [token for token in row if _counts(token) and token is not modifier]
            homes = nearest(rest, told, vocabulary)
            if homes and all(
                not _has(modifier, home, vocabulary)
                and _is_modified(head, home, row)
                and sum(_has(one, home, vocabulary) for one in rest) >= _LEAST_SHARED
                for home in homes
            ):
                yield modifier.text


def _has(token: Token, row: Row, vocabulary: Vocabulary | None) -> bool:
    return any(is_same(token, other, vocabulary) for other in row)


def _is_modified(head: Token, home: Row, row: Row) -> bool:
    """Say whether a noun has another word before it in a source, which a reply lacks."""
    return any(
        one.is_content and is_same(head, other) and not _has(one, row, None)
        for one, other in pairwise(home)
    )


def other_objects(
    said: tuple[Sentence, ...], known: tuple[Sentence, ...], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Give what a reply says was replaced, where its source says that of something else."""
    told = rows_of(known)
    for sentence in said:
        for verb, what in _objects(row_of(sentence)):
            homes = [row for row in told if _has(verb, row, None)]
            elsewhere = any(_has(what, row, None) for row in told)
            if not homes or not elsewhere or any(_has(what, row, vocabulary) for row in homes):
                continue
            if all(any(is_same(verb, one) for one, _ in _objects(row)) for row in homes):
                yield what.text


def _objects(row: Row) -> Iterator[tuple[Token, Token]]:
    """Give verbs in the past with the nouns that follow their articles: `replaced the chain`."""
    for verb, article, what in zip(row, row[1:], row[2:], strict=False):
        is_past = verb.text.endswith("ed") or verb.text in PAST
        if verb.is_content and is_past and article.text in _ARTICLES and what.is_content:
            yield verb, what


def vague(
    said: tuple[Sentence, ...], known: tuple[Sentence, ...], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Give `ahead` where the source says how long ahead, and the reply doesn't."""
    told = rows_of(known)
    for row in rows_of(said):
        if any(token.kind.startswith("amount") or token.text in words.UNITS for token in row):
            continue
        for place, token in enumerate(row):
            is_last = not any(_counts(one) for one in row[place + 1 : place + 4])
            if token.text not in _AHEAD or not is_last:
                continue
            homes = nearest([one for one in row if _counts(one)], told, vocabulary)
            if homes and all(_is_measured(home) for home in homes):
                yield token.text


def _is_measured(row: Row) -> bool:
    return any(
        one.kind.startswith("amount") and other.text in _AHEAD | {"in", "prior"}
        for one, other in pairwise(row)
    )


def exchanged(said: tuple[Sentence, ...], known: tuple[Sentence, ...]) -> Iterator[str]:
    """Give a code beside a fact that the source has beside another code: `P4` for `P2`."""
    parts = list(chain.from_iterable(known))
    for part in chain.from_iterable(said):
        codes = [token for token in part if token.kind in _LABELS]
        for fact in (token for token in part if token.kind and token.kind not in _LABELS):
            homes = [one for one in parts if _has(fact, one, None)]
            for code in codes:
                if homes and all(_is_exchanged(code, part, home) for home in homes):
                    yield code.text or "a code"


def _is_exchanged(code: Token, part: Row, home: Row) -> bool:
    rivals = [one for one in home if one.kind == code.kind and not _has(one, part, None)]
    return bool(rivals) and not _has(code, home, None)
