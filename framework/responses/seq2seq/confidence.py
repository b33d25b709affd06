"""How likely a reply is right: from the model's chances, and from how well the question is known.

A generator is fluent about anything, so its own chances don't tell whether it was asked something
that it knows. The likeness of the question to the nearest one that was learned does. Both are
weighed as held-out questions, and learned ones beside them, show that they should be (logistic
regression; none of the weights may be negative).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from framework.nlu.ngrams import vectors
from framework.responses.seq2seq.decoding import Candidate

QUESTIONS_FILE, WEIGHTS_FILE = "questions.bin", "confidence.json"

RIGHT_FROM = 0.5
"""Share of words (F1) from which on a reply counts as right when weights are found."""

FEWEST = 20
"""Held-out questions below which the weights stay what they are by default."""

_CELL = np.dtype([("place", "<u2"), ("value", "u1")])
_FINEST = 255
_STEPS, _DECAY, _RATE = 4000, 1e-3, 0.2


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What speaks for a reply.

    Attributes:
        mean_chance: mean logarithm of the probabilities of its pieces.
        least_chance: the smallest of them.
        likeness: of the question to the nearest learned one, 0 to 1.
    """

    mean_chance: float
    least_chance: float
    likeness: float

    @classmethod
    def of(cls, candidate: Candidate, likeness: float) -> Self:
        """Gather the evidence for a reply."""
        chances = candidate.chances or (-10.0,)
        mean = sum(chances) / len(chances)
        return cls(mean_chance=mean, least_chance=min(chances), likeness=likeness)

    def row(self) -> list[float]:
        """Give the features, all of them about 0 to 1: the higher, the better."""
        return [
            1 + max(self.mean_chance, -4) / 4,
            1 + max(self.least_chance, -8) / 8,
            self.likeness,
        ]


@dataclass(frozen=True, kw_only=True)
class Weights:
    """How evidence becomes confidence.

    Attributes:
        longest: pieces of the longest learned answer; a reply isn't much longer.
        offset: of the logistic function.
        mean_chance: weight of the mean chance.
        least_chance: weight of the least one.
        likeness: weight of the likeness.
    """

    longest: int = 100
    offset: float = -20.0
    mean_chance: float = 12.0
    least_chance: float = 2.0
    likeness: float = 10.0

    def confidence(self, evidence: Evidence) -> float:
        """Give the probability that the reply is right."""
        weights = (self.mean_chance, self.least_chance, self.likeness)
        score = self.offset + sum(w * x for w, x in zip(weights, evidence.row(), strict=True))
        return float(1 / (1 + np.exp(-np.clip(score, -30, 30))))

    @classmethod
    def fit(cls, evidence: Sequence[Evidence], is_right: Sequence[bool], *, longest: int) -> Self:
        """Find the weights under which the outcomes are likeliest."""
        rows = np.array([one.row() for one in evidence])
        wanted = np.array(is_right, dtype=np.float64)
        weights, offset = np.zeros(rows.shape[1]), 0.0
        middle = rows.mean(axis=0)
        for _ in range(_STEPS):
            error = 1 / (1 + np.exp(-((rows - middle) @ weights + offset))) - wanted
            slope = (rows - middle).T @ error / len(rows) + _DECAY * weights
            weights = np.maximum(weights - 10 * _RATE * slope, 0)
            offset -= _RATE * float(error.mean())
        offset -= float(middle @ weights)
        mean, least, likeness = (float(weight) for weight in weights)
        return cls(
            longest=longest, offset=offset, mean_chance=mean, least_chance=least, likeness=likeness
        )

    def to_bytes(self) -> bytes:
        """Give the weights as a file."""
        rounded = {name: round(value, 6) for name, value in asdict(self).items()}
        return json.dumps(rounded, indent=1).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Take back what `to_bytes` gave."""
        known: Mapping[str, Any] = json.loads(content)
        return cls(**known)


class KnownQuestions:
    """The learned questions, by the words and word parts in them."""

    def __init__(self, cells: NDArray[Any], ends: NDArray[np.int64]) -> None:
        """Take the non-zero places of all questions in a row, and where each question ends."""
        self._cells = cells
        self._starts = np.concatenate([[0], ends[:-1]]).astype(np.int64)
        self._ends = ends
        self._places = cells["place"].astype(np.int64)
        self._values = cells["value"].astype(np.float32) / _FINEST

    @classmethod
    def of(cls, questions: Sequence[str]) -> Self:
        """Take down questions; of equal ones, one."""
        rows = []
        unique = list(dict.fromkeys(question.casefold() for question in questions))
        for start in range(0, len(unique), 512):
            for vector in vectors(unique[start : start + 512]):
                places = np.flatnonzero(vector)
                row = np.zeros(len(places), _CELL)
                row["place"] = places
                row["value"] = np.maximum(np.rint(vector[places] * _FINEST), 1)
                rows.append(row)
        kept = [row for row in rows if len(row)]
        ends = np.cumsum([len(row) for row in kept], dtype=np.int64)
        cells = np.concatenate(kept) if kept else np.zeros(0, _CELL)
        return cls(cells, ends)

    def likeness(self, question: str) -> float:
        """Give the cosine between a question and the nearest learned one, 0 to 1."""
        if not len(self._ends):
            return 0.0
        wanted = vectors([question.casefold()])[0]
        products = np.add.reduceat(wanted[self._places] * self._values, self._starts)
        lengths = np.sqrt(np.add.reduceat(self._values**2, self._starts))
        return float(min(1.0, (products / lengths).max()))

    def to_bytes(self) -> bytes:
        """Give the questions' places as a file; their words don't stand in it."""
        head = np.array([len(self._ends)], "<i8").tobytes()
        return head + self._ends.astype("<i8").tobytes() + self._cells.tobytes()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Take back what `to_bytes` gave."""
        count = int(np.frombuffer(content, "<i8", count=1)[0])
        ends = np.frombuffer(content, "<i8", count=count, offset=8)
        return cls(np.frombuffer(content, _CELL, offset=8 * (count + 1)), ends.astype(np.int64))
