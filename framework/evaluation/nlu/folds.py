"""What several trainings, each scored on examples it hasn't seen, say together."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from framework.evaluation.nlu.suspects import Suspect


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Mean of a figure over the folds, and its standard deviation from fold to fold."""

    mean: float
    std: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Work it out; the deviation of one value is 0."""
        deviation = statistics.stdev(values) if len(values) > 1 else 0.0
        return cls(mean=statistics.fmean(values), std=deviation)


@dataclass(frozen=True, kw_only=True)
class CrossValidation:
    """Figures of a cross-validation.

    Attributes:
        folds: how many parts the examples were split into.
        figures: by name.
        suspects: examples that look mislabelled, the most doubtful first.
    """

    folds: int
    figures: Mapping[str, Spread]
    suspects: tuple[Suspect, ...] = ()
