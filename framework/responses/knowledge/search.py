"""A question -> the passages that answer it, with a confidence for each.

What words and vectors say is put together by a logistic regression, fitted on questions with and
without an answer (`tests/benchmarks/retrieval.py --fit`), so that one number both orders passages
and tells whether to answer at all. Its bias is rounded, for documents as bots have them, too
(docs/benchmarks/retrieval.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framework.data.passages import Passage
from framework.responses.knowledge.dense import Floats
from framework.responses.knowledge.index import KnowledgeIndex


@dataclass(frozen=True, kw_only=True)
class Weights:
    """A logistic regression on what is known of a question and a passage.

    Attributes:
        bias: of the logit.
        meaning: for each spread by which the cosine lies above that which a message usually has
            with its nearest passage.
        words: for the share of the question's words that the passage has.
    """

    bias: float
    meaning: float
    words: float


HYBRID = Weights(bias=-3.3, meaning=0.83, words=1.69)
WORDS_ONLY = Weights(bias=-2.5, meaning=0.0, words=5.0)
"""Not fitted: a passage with half of the question's words is as likely an answer as not."""

_FARTHEST = 8.0
"""Spreads beyond which a cosine says nothing more."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A passage that was found.

    Attributes:
        passage: what was found.
        confidence: that it answers the question, 0 to 1.
        words: share of the question's words that it has; above 1 where it repeats them.
        meaning: cosine of its vector to that of the question; None where no vector is known.
    """

    passage: Passage
    confidence: float
    words: float
    meaning: float | None = None


def search(
    index: KnowledgeIndex, question: str, vector: Floats | None, *, count: int
) -> tuple[Hit, ...]:
    """Give the passages likeliest to answer a question, best first.

    Args:
        index: of the documents.
        question: the user's words.
        vector: of the message, by the trained encoder, shape (D,); None where there is none.
        count: how many at most.
    """
    words = index.lexical.coverage(question)
    meaning = similarities(index, vector)
    logits = score(index, words, meaning)
    best = np.argsort(-logits, kind="stable")[:count]
    return tuple(
        Hit(
            passage=index.passages[place],
            confidence=float(1 / (1 + np.exp(-logits[place]))),
            words=float(words[place]),
            meaning=None if meaning is None else float(meaning[place]),
        )
        for place in best
    )


def similarities(index: KnowledgeIndex, vector: Floats | None) -> Floats | None:
    """Give the cosine of each passage to a message; None where there are no vectors."""
    if vector is None or index.vectors is None or index.query is None:
        return None
    if vector.shape != index.query.center.shape:
        return None
    direction = index.query.apply(vector)
    return index.query.cosines(index.vectors, direction, distances=index.distances)


def score(index: KnowledgeIndex, words: Floats, meaning: Floats | None) -> NDArray[np.float32]:
    """Give the logit of each passage."""
    if meaning is None:
        return np.asarray(WORDS_ONLY.bias + WORDS_ONLY.words * words, dtype=np.float32)
    above = (meaning - np.float32(index.about.nearest)) / np.float32(index.about.spread)
    above = np.clip(above, -_FARTHEST, _FARTHEST)
    logits = HYBRID.bias + HYBRID.meaning * above + HYBRID.words * words
    return np.asarray(logits, dtype=np.float32)
