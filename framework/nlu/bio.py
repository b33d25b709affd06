"""BIO tags: labelled spans over words, and the transitions that make them valid (Ramshaw & Marcus).

Tag 0 is outside (`O`); label k has tag 2k + 1 where a span begins (`B`) and 2k + 2 inside it (`I`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OUTSIDE = 0


@dataclass(frozen=True, kw_only=True, order=True)
class Span:
    """Words `first` to `last`, exclusive, that carry label number `label`."""

    first: int
    last: int
    label: int


def count_tags(labels: int) -> int:
    """Give the number of tags for so many labels."""
    return 2 * labels + 1


def encode(spans: Iterable[Span], *, words: int) -> NDArray[np.int64]:
    """Give the tag of each word; where spans overlap, the longer one stays, then the first.

    Args:
        spans: labelled words.
        words: number of words, shape of the result.
    """
    tags = np.zeros(words, dtype=np.int64)
    for span in sorted(spans, key=lambda s: (s.first - s.last, s.first)):
        if span.first >= span.last or tags[span.first : span.last].any():
            continue
        tags[span.first] = 2 * span.label + 1
        tags[span.first + 1 : span.last] = 2 * span.label + 2
    return tags


def decode(tags: Sequence[int] | NDArray[np.int64]) -> list[Span]:
    """Read the spans off a sequence of tags; an `I` without its `B` begins a span."""
    spans: list[Span] = []
    first, label = 0, -1
    for word, tag in enumerate([*tags, OUTSIDE]):
        continues = tag != OUTSIDE and tag % 2 == 0 and (tag - 2) // 2 == label
        if continues:
            continue
        if label >= 0:
            spans.append(Span(first=first, last=word, label=label))
        first, label = word, -1 if tag == OUTSIDE else (int(tag) - 1) // 2
    return spans


def allowed(labels: int) -> NDArray[np.bool_]:
    """Say which tag may follow which, shape (tags + 1, tags); the last row is the start."""
    tags = count_tags(labels)
    table = np.ones((tags + 1, tags), dtype=np.bool_)
    for label in range(labels):
        begin, inside = 2 * label + 1, 2 * label + 2
        table[:, inside] = False
        table[[begin, inside], inside] = True
    return table


def best_path(scores: NDArray[np.float32], transitions: NDArray[np.float32]) -> NDArray[np.int64]:
    """Find the sequence of tags with the highest sum of scores (Viterbi).

    Args:
        scores: of each word's tags, shape (words, tags).
        transitions: score of a tag after another, shape (tags + 1, tags), minus infinity where
            not allowed; the last row stands for the start.

    Returns:
        The tags, shape (words,).
    """
    words = len(scores)
    if words == 0:
        return np.zeros(0, dtype=np.int64)
    back = np.zeros(scores.shape, dtype=np.int64)
    best = transitions[-1] + scores[0]
    for word in range(1, words):
        candidates = best[:, None] + transitions[:-1]
        back[word] = candidates.argmax(axis=0)
        best = candidates.max(axis=0) + scores[word]
    path = np.empty(words, dtype=np.int64)
    path[-1] = best.argmax()
    for word in range(words - 1, 0, -1):
        path[word - 1] = back[word, path[word]]
    return path
