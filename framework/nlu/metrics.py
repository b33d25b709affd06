"""Figures for understanding: intents, exact entity spans, whole sentences, calibration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Precision, recall and their harmonic mean, 0 to 1, of so many expected items."""

    precision: float
    recall: float
    f1: float
    support: int


def accuracy(expected: Sequence[Hashable], predicted: Sequence[Hashable]) -> float:
    """Give the share of equal pairs, 0 to 1; 1 when there are none."""
    if not expected:
        return 1.0
    pairs = zip(expected, predicted, strict=True)
    return sum(wanted == found for wanted, found in pairs) / len(expected)


def label_scores(
    expected: Sequence[Hashable], predicted: Sequence[Hashable]
) -> dict[Hashable, Scores]:
    """Score each label that is expected or predicted somewhere."""
    pairs = list(zip(expected, predicted, strict=True))
    hits = Counter(wanted for wanted, found in pairs if wanted == found)
    wanted_counts, found_counts = Counter(expected), Counter(predicted)
    labels = sorted({*wanted_counts, *found_counts}, key=str)
    return {
        label: _scores(hits[label], wanted=wanted_counts[label], found=found_counts[label])
        for label in labels
    }


def macro_f1(expected: Sequence[Hashable], predicted: Sequence[Hashable]) -> float:
    """Give the mean F1 over the labels that are expected or predicted; 1 when there are none."""
    scores = label_scores(expected, predicted)
    return float(np.mean([score.f1 for score in scores.values()])) if scores else 1.0


def span_scores(
    expected: Sequence[AbstractSet[Hashable]], predicted: Sequence[AbstractSet[Hashable]]
) -> Scores:
    """Score entities over all messages (micro); one counts only when all of it is equal.

    Args:
        expected: per message its entities, each with all that must match (start, end, name …).
        predicted: the same, as found.
    """
    pairs = list(zip(expected, predicted, strict=True))
    hits = sum(len(wanted & found) for wanted, found in pairs)
    return _scores(
        hits,
        wanted=sum(len(wanted) for wanted, _ in pairs),
        found=sum(len(found) for _, found in pairs),
    )


def expected_calibration_error(
    confidences: Sequence[float] | NDArray[np.float64],
    correct: Sequence[bool] | NDArray[np.bool_],
    *,
    bins: int = 10,
) -> float:
    """Give the mean gap between confidence and accuracy over equal bins (Guo et al. 2017, eq. 3).

    Args:
        confidences: of the predictions made, 0 to 1.
        correct: whether each was right.
        bins: number of equal intervals.
    """
    certainty = np.asarray(confidences, dtype=np.float64)
    right = np.asarray(correct, dtype=np.float64)
    if certainty.size == 0:
        return 0.0
    place = np.clip(np.ceil(certainty * bins).astype(int) - 1, 0, bins - 1)
    gaps = np.bincount(place, weights=right - certainty, minlength=bins)
    return float(np.abs(gaps).sum() / certainty.size)


def _scores(hits: int, *, wanted: int, found: int) -> Scores:
    """Score counts; nothing wanted and nothing found is perfect."""
    if not wanted and not found:
        return Scores(precision=1.0, recall=1.0, f1=1.0, support=0)
    precision = hits / found if found else 0.0
    recall = hits / wanted if wanted else 0.0
    f1 = 2 * hits / (wanted + found)
    return Scores(precision=precision, recall=recall, f1=f1, support=wanted)
