"""Whether two facts have changed places: `adults 5, children 9` for `adults 9, children 5`.

Words and facts of a reply are laid beside those of its source. What goes with the first of two
facts must come first there, too, or both must have been turned round.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations

from framework.responses.guard import words
from framework.responses.guard.roles import is_same
from framework.responses.guard.structure import Row, Sentence, Token, rows_of
from framework.responses.guard.vocabulary.reading import Vocabulary

_FIRST_HAN = "\u2e80"


def rebound(
    said: tuple[Sentence, ...], known: tuple[Sentence, ...], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Give words that stand by another of two facts than in the source."""
    told = list(chain.from_iterable(chain.from_iterable(known)))
    for row in rows_of(said):
        facts = [place for place, token in enumerate(row) if token.kind]
        for one, other in combinations(facts, 2):
            if not _are_rivals(row[one], row[other]):
                continue
            first, second = _places(row[one], told), _places(row[other], told)
            if len(first) != 1 or len(second) != 1 or first == second:
                continue
            yield from _rebound(row, (one, other), told, (first[0], second[0]), vocabulary)


def _rebound(
    row: Row,
    at: tuple[int, int],
    told: Row,
    told_at: tuple[int, int],
    vocabulary: Vocabulary | None,
) -> Iterator[str]:
    """Compare the order of two facts with that of the words that go with them."""
    before = _labels(row, (_fact_before(row, at[0]), at[0]), told, vocabulary)
    between = _labels(row, at, told, vocabulary)
    behind = _labels(row, (at[1], _fact_behind(row, at[1])), told, vocabulary)
    labels = (before, between) if before and between else (between, behind)
    if not all(labels):
        return
    turns = {
        (one < other) == (told_at[0] < told_at[1])
        for _, one in labels[0]
        for _, other in labels[1]
        if one != other
    }
    if turns == {False}:
        yield labels[0][0][0]


def _labels(
    row: Row, span: tuple[int, int], told: Row, vocabulary: Vocabulary | None
) -> list[tuple[str, int]]:
    """Give the words of a span that the source has once, with their places there."""
    found = []
    for token in row[span[0] + 1 : span[1]]:
        if not _is_label(token):
            continue
        places = _places(token, told) or _places(token, told, vocabulary)
        found += [(token.text, places[0])] if len(places) == 1 else []
    return found


def _is_label(token: Token) -> bool:
    is_period = token.text in words.RATES or token.text in words.UNITS
    is_word = token.is_content and not token.kind and token.text[0] < _FIRST_HAN
    return (is_word and not is_period) or token.kind == "day"


def _places(token: Token, told: Row, vocabulary: Vocabulary | None = None) -> list[int]:
    return [at for at, other in enumerate(told) if is_same(token, other, vocabulary)]


def _are_rivals(one: Token, other: Token) -> bool:
    return one.kind == other.kind and one.kind not in ("link", "phone", "letter", "day")


def _fact_before(row: Row, place: int) -> int:
    return next((at for at in range(place - 1, -1, -1) if row[at].kind == row[place].kind), -1)


def _fact_behind(row: Row, place: int) -> int:
    places = range(place + 1, len(row))
    return next((at for at in places if row[at].kind == row[place].kind), len(row))
