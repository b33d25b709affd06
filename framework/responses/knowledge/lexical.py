"""Finds passages word by word: an inverted index with BM25 weights (Robertson & Zaragoza 2009)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framework.responses.knowledge.terms import telling, terms

_SATURATION = 1.2
_LENGTH_SHARE = 0.75


@dataclass(frozen=True, kw_only=True)
class InvertedIndex:
    """Which passages have a term, and how much that says.

    Attributes:
        vocabulary: number of each term.
        starts: where a term's passages begin, shape (terms + 1,).
        places: passages, term after term.
        weights: of each of them: BM25 without the term's rarity; 1 for a term that stands once in a
            passage of average length.
        passages: how many there are.
        language: ISO code, for cutting queries into terms.
    """

    vocabulary: dict[str, int]
    starts: NDArray[np.int64]
    places: NDArray[np.int32]
    weights: NDArray[np.float16]
    passages: int
    language: str

    @classmethod
    def build(cls, texts: Sequence[str], *, language: str) -> InvertedIndex:
        """Index texts."""
        counted = [Counter(terms(text, language=language)) for text in texts]
        lengths = np.array([counts.total() for counts in counted], dtype=np.float64)
        average = float(lengths.mean()) or 1.0 if len(texts) else 1.0
        found: dict[str, list[tuple[int, float]]] = {}
        for place, counts in enumerate(counted):
            slack = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * lengths[place] / average)
            for term, count in counts.items():
                weight = (_SATURATION + 1) * count / (count + slack)
                found.setdefault(term, []).append((place, weight))
        ordered = sorted(found)
        sizes = [len(found[term]) for term in ordered]
        pairs = [pair for term in ordered for pair in found[term]]
        return cls(
            vocabulary={term: number for number, term in enumerate(ordered)},
            starts=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            places=np.array([place for place, _ in pairs], dtype=np.int32),
            weights=np.array([weight for _, weight in pairs], dtype=np.float16),
            passages=len(texts),
            language=language,
        )

    def rarity(self, term: str) -> float:
        """Give how much a term says: its inverse document frequency, above 0.

        A term that no passage has counts as one that a single passage has.
        """
        number = self.vocabulary.get(term)
        holding = 1 if number is None else int(self.starts[number + 1] - self.starts[number])
        return float(np.log1p((self.passages - holding + 0.5) / (holding + 0.5)))

    def coverage(self, query: str) -> NDArray[np.float32]:
        """Give how much of a query's terms each passage has, shape (passages,).

        It is the BM25 of the passage divided by that of a passage of average length that has each
        of the terms once: 1 for such a passage, up to 2.2 where terms are repeated.
        """
        found = set(telling(list(terms(query, language=self.language)), language=self.language))
        covered = np.zeros(self.passages, dtype=np.float32)
        total = 0.0
        for term in sorted(found):
            rarity = self.rarity(term)
            total += rarity
            number = self.vocabulary.get(term)
            if number is not None:
                part = slice(self.starts[number], self.starts[number + 1])
                covered[self.places[part]] += rarity * self.weights[part].astype(np.float32)
        return covered / np.float32(total or 1.0)
