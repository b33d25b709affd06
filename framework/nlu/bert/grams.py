"""Words as bags of features, for encoders without pretrained weights.

A word is its lower-case form, its parts of two to four characters and its shape (capitals, digits),
each a number of a vocabulary taken from the project's examples. A word that no example holds is
read by the parts it shares with others. Characters of scripts without spaces are words of their
own, read with their neighbours; so is every character where entities end inside words.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self

import numpy as np
import regex

from framework.data.scripts import UNSPACED
from framework.nlu.bert.words import Pieces, find_words

MAX_FEATURES = 60_000
"""Features kept, the most frequent ones; a small project has a few thousand."""

UNKNOWN = 2
"""Id that words which no example holds have in place of their own."""

_KIND = "grams"
_HEAD = f'{{"kind": "{_KIND}"'
_START, _UNKNOWN = "<start>", "<unknown>"
_MOST_PER_WORD = 32
_CACHED_WORDS = 20_000
_UNSPACED = regex.compile(UNSPACED)
_DIGIT = regex.compile(r"\p{N}")
_RUNS = regex.compile(r"(.)\1+")


class GramTable:
    """A vocabulary of features, and how texts are read with it.

    Id 0 stands for no feature. Ids from `size` on are rows of pretrained word vectors.
    """

    def __init__(
        self, features: Sequence[str], *, characters: bool, words: Sequence[str] = ()
    ) -> None:
        """Make a table.

        Args:
            features: names of the features; the first has id 1.
            characters: whether every character is a word of its own.
            words: lower-case words that have a pretrained vector, in the order of the rows.
        """
        self.size = len(features) + 1
        self.words = tuple(words)
        self._characters = characters
        self._features = tuple(features)
        self._numbers = {feature: number for number, feature in enumerate(features, start=1)}
        self._rows = {word: row for row, word in enumerate(words, start=self.size)}
        self._most = 0
        self._cache: dict[tuple[str, str, str], tuple[int, ...]] = {}

    @classmethod
    def collect(cls, texts: Iterable[str], *, characters: bool, words: Sequence[str] = ()) -> Self:
        """Take the features that texts have, the most frequent first, ties by name."""
        counts: Counter[str] = Counter()
        for text in texts:
            for word, before, after in _in_context(text, _split(text, characters=characters)):
                counts.update(_features(word, before, after))
        ranked = sorted(counts, key=lambda feature: (-counts[feature], feature))
        kept = [_START, _UNKNOWN, *ranked[:MAX_FEATURES]]
        return cls(kept, characters=characters, words=words)

    @staticmethod
    def ends(text: str) -> tuple[set[int], set[int]]:
        """Give where words start and where they end."""
        words = _split(text, characters=False)
        return {start for start, _ in words}, {end for _, end in words}

    def enable_truncation(self, most: int) -> None:
        """Read no more than so many words of a text, the start included."""
        self._most = most

    def read(self, text: str) -> Pieces:
        """Read a text: a row of feature ids for the start and one for each word."""
        words = _split(text, characters=self._characters)
        if self._most:
            words = words[: self._most - 1]
        rows = [(self._numbers[_START],), *map(self._ids, _in_context(text, words))]
        ids = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
        return Pieces(ids=ids, heads=np.arange(1, len(rows), dtype=np.int64), words=tuple(words))

    def to_str(self) -> str:
        """Write the table down, the same text for the same table."""
        document: dict[str, Any] = {
            "kind": _KIND,
            "characters": self._characters,
            "most": self._most,
            "features": self._features,
            "words": self.words,
        }
        return json.dumps(document, ensure_ascii=False)

    @classmethod
    def from_str(cls, text: str) -> Self:
        """Read what `to_str` wrote."""
        document = json.loads(text)
        table = cls(
            document["features"], characters=document["characters"], words=document["words"]
        )
        table.enable_truncation(document["most"])
        return table

    def _ids(self, key: tuple[str, str, str]) -> tuple[int, ...]:
        found = self._cache.get(key)
        if found is None:
            whole, *parts = (self._numbers.get(feature, 0) for feature in _features(*key))
            vector = self._rows.get(key[0].lower(), 0)
            ids = (whole or UNKNOWN, *parts, vector)
            found = tuple(number for number in ids if number)
            if len(self._cache) >= _CACHED_WORDS:
                self._cache.clear()
            self._cache[key] = found
        return found


def is_gram_table(text: str) -> bool:
    """Say whether a text is what `GramTable.to_str` wrote, without reading all of it."""
    return text.startswith(_HEAD)


def _split(text: str, *, characters: bool) -> list[tuple[int, int]]:
    """Give (start, end) of each word; characters without spaces between them one by one."""
    found: list[tuple[int, int]] = []
    for start, end in find_words(text):
        first = start
        for place in range(start, end):
            if characters or _UNSPACED.match(text, place):
                if first < place:
                    found.append((first, place))
                found.append((place, place + 1))
                first = place + 1
        if first < end:
            found.append((first, end))
    return found


def _in_context(text: str, words: Sequence[tuple[int, int]]) -> Iterator[tuple[str, str, str]]:
    """Give each word, for single letters with the characters on both sides of it."""
    for start, end in words:
        word = text[start:end]
        if end - start == 1 and word.isalpha():
            yield word, text[start - 1 : start] if start else "", text[end : end + 1]
        else:
            yield word, "", ""


def _features(word: str, before: str, after: str) -> Iterator[str]:
    """Name the features of a word: itself, its parts, its shape."""
    plain = _DIGIT.sub("0", word.lower())
    yield f"w {plain}"
    yield f"s {_shape(word)}"
    if before.strip():
        yield f"b {before.lower()}{plain}"
    if after.strip():
        yield f"a {plain}{after.lower()}"
    if len(word) > 1:
        framed = f"<{plain}>"
        parts = [
            framed[start : start + length]
            for length in (3, 4, 2)
            for start in range(len(framed) - length + 1)
        ]
        yield from (f"g {part}" for part in dict.fromkeys(parts[:_MOST_PER_WORD]))


def _shape(word: str) -> str:
    """Give a word's shape: `London` is `Xx`, `A4` is `X0`."""
    signs = "".join(
        "0" if c.isdigit() else "X" if c.isupper() else "x" if c.isalpha() else c for c in word[:24]
    )
    return _RUNS.sub(r"\1", signs)
