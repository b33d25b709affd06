"""BIO tags: labelled spans over words, and the transitions that make them valid (Ramshaw & Marcus).

Tag 0 is outside (`O`); label k has tag 2k + 1 where a span begins (`B`) and 2k + 2 inside it (`I`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OUTSIDE = 0

_LEAST = -500.0
"""Scores further behind a word's best count as this far, so that no exponential is zero."""


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


def best_path(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Find the valid sequence of tags with the highest sum of scores (Viterbi).

    Args:
        scores: of each word's tags, shape (words, tags).

    Returns:
        The tags, shape (words,); an `I` only follows its `B` or itself.
    """
    path = np.zeros(len(scores), dtype=np.int64)
    if not len(scores):
        return path
    back = np.zeros(scores.shape, dtype=np.int64)
    best = scores[0].copy()
    best[2::2] = -np.inf
    for word in range(1, len(scores)):
        best = _step(best, scores[word], back[word])
    path[-1] = best.argmax()
    for word in range(len(scores) - 1, 0, -1):
        path[word - 1] = back[word, path[word]]
    return path


def shares(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """Give each tag's probability at each word over all valid sequences (forward-backward).

    The probability of a sequence is in proportion to the exponential of the sum of its scores.

    Args:
        scores: of each word's tags, shape (words, tags).

    Returns:
        Probabilities, shape (words, tags); each row sums to 1.
    """
    if not len(scores):
        return np.zeros(scores.shape)
    behind = scores.astype(np.float64) - scores.max(axis=1, keepdims=True)
    raised = np.exp(np.maximum(behind, _LEAST))
    before, after = np.empty_like(raised), np.ones_like(raised)
    raised[0, 2::2] = 0.0
    before[0] = raised[0] / raised[0].sum()
    for word in range(1, len(raised)):
        row = np.full(raised.shape[1], before[word - 1].sum())
        row[2::2] = before[word - 1, 1::2] + before[word - 1, 2::2]
        row *= raised[word]
        before[word] = row / row.sum()
    for word in range(len(raised) - 2, -1, -1):
        coming = raised[word + 1] * after[word + 1]
        row = np.full(raised.shape[1], coming[0] + coming[1::2].sum())
        row[1::2] += coming[2::2]
        row[2::2] += coming[2::2]
        after[word] = row / row.max()
    joint = before * after
    result: NDArray[np.float64] = joint / joint.sum(axis=1, keepdims=True)
    return result


def _step(
    best: NDArray[np.float32], own: NDArray[np.float32], back: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Go one word further; `back` gets the tag before each tag on the best way to it."""
    back[:] = best.argmax()
    total: NDArray[np.float32] = own + best.max()
    begun, going = best[1::2], best[2::2]
    back[2::2] = np.arange(1, len(own), 2) + (going > begun)
    total[2::2] = own[2::2] + np.maximum(begun, going)
    return total
