"""Whether a reply says that something costs which is free, or is free which costs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, takewhile

import regex

from framework.responses.guard import words
from framework.responses.guard.contrasts import denies, nearest
from framework.responses.guard.structure import Row, Sentence, Token, rows_of
from framework.responses.guard.vocabulary.reading import Vocabulary

_PAID = regex.compile(r"\b(?:fees?|charge[sd]?|costs?|pay|price|surcharge|paid)\b")
_FREE_WORDS = frozenset(["free", "gratis", "complimentary", "charge", "cost", "costs", "pay"])
_MONEY = frozenset(f"amount of {unit}" for unit in ("$", "€", "£", "¥", "₹", "cent"))
_FREE = regex.compile(rf"{words.FREE}|\bfree\b")


def charged(
    said: tuple[Sentence, ...], known: tuple[Sentence, ...], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Give the word by which a reply says that something costs which is free."""
    told = rows_of(known)
    for row in rows_of(said):
        found = _PAID.search(_text(row))
        if found is None or _is_free(row) or denies(row):
            continue
        rest = [one for one in row if (one.is_content or one.kind) and not _PAID.match(one.text)]
        homes = nearest(rest, told, vocabulary)
        if homes and all(_is_free(home) and not _is_priced(home) for home in homes):
            yield found[0]


def freed(
    said: tuple[Sentence, ...], known: tuple[Sentence, ...], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Give `free` where a reply says it of what has a price."""
    told = rows_of(known)
    for row in rows_of(said):
        if not _is_free(row) or _is_priced(row) or denies(row):
            continue
        rest = [one for one in row if (one.is_content or one.kind) and one.text not in _FREE_WORDS]
        homes = nearest(rest, told, vocabulary)
        if (homes and all(_costs(home) for home in homes)) or _is_joined_to_free(row, known):
            yield "free"


def _is_joined_to_free(row: Row, known: tuple[Sentence, ...]) -> bool:
    """Say whether one of several things that are said to be free has a price of its own."""
    parts = list(chain.from_iterable(known))
    subjects = takewhile(lambda one: not _FREE.fullmatch(one.text), row)
    homes = [[part for part in parts if _has(one, part)] for one in subjects if one.is_content]
    return any(found and all(_costs(part) for part in found) for found in homes)


def _has(token: Token, part: Row) -> bool:
    return any(one.key == token.key for one in part)


def _costs(row: Row) -> bool:
    is_money = any(token.kind in _MONEY for token in row)
    return is_money and not _is_free(row) and not denies(row)


def _text(row: Row) -> str:
    return " ".join(token.text for token in row)


def _is_free(row: Row) -> bool:
    return _FREE.search(_text(row)) is not None


def _is_priced(row: Row) -> bool:
    return any(token.kind.startswith("amount of") for token in row)
