"""Whether a reply says that something costs, of which its source says that it is free."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import regex

from framework.responses.guard import words
from framework.responses.guard.contrasts import Row, denies, nearest
from framework.responses.guard.structure import Sentence
from framework.responses.guard.vocabulary.reading import Vocabulary

_PAID = regex.compile(r"\b(?:fees?|charge[sd]?|costs?|pay|price|surcharge|paid)\b")
_FREE = regex.compile(rf"{words.FREE}|\bfree\b")


def charged(
    said: tuple[Sentence, ...], known: tuple[Sentence, ...], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Give the word by which a reply says that something costs which is free."""
    told = [list(chain.from_iterable(sentence)) for sentence in known]
    for sentence in said:
        row = list(chain.from_iterable(sentence))
        found = _PAID.search(_text(row))
        if found is None or _is_free(row) or denies(row):
            continue
        rest = [one for one in row if (one.is_content or one.kind) and not _PAID.match(one.text)]
        homes = nearest(rest, told, vocabulary)
        if homes and all(_is_free(home) and not _is_priced(home) for home in homes):
            yield found[0]


def _text(row: Row) -> str:
    return " ".join(token.text for token in row)


def _is_free(row: Row) -> bool:
    return _FREE.search(_text(row)) is not None


def _is_priced(row: Row) -> bool:
    return any(token.kind.startswith("amount of") for token in row)
