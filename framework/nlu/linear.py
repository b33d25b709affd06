"""Multinomial logistic regression in numpy: small, exact to the bit, quick on hundreds of rows.

Shape letters: N rows, D features, K classes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

_WEIGHTS, _CENTER = "weights.npy", "center.npy"


@dataclass(frozen=True, kw_only=True)
class LinearClassifier:
    """Class probabilities from a feature vector's direction around the centre of the data.

    Attributes:
        center_D: mean of the training features, taken off before all else.
        weights_DK: one direction per class.
    """

    center_D: Array
    weights_DK: Array

    @classmethod
    def fit(
        cls,
        features_ND: Array,
        targets_N: NDArray[np.intp],
        *,
        steps: int = 100,
        decay: float = 1e-3,
        sharpness: float = 10.0,
    ) -> Self:
        """Learn from rows of features and their classes, which are 0 to K - 1, each present.

        Starts at the class means (prototypes) and is drawn back to them, so that classes with few
        rows stay sensible; descends by Nesterov's accelerated gradient with the step that the
        curvature's bound allows.

        Args:
            features_ND: one row per example.
            targets_N: class of each row.
            steps: descents.
            decay: pull towards the prototypes.
            sharpness: length that features are scaled to.
        """
        count, classes = len(features_ND), int(targets_N.max()) + 1
        center_D = features_ND.mean(axis=0) if classes > 1 else np.zeros_like(features_ND[0])
        scaled_ND = _to_length(features_ND - center_D, sharpness)
        wanted_NK = np.eye(classes, dtype=np.float32)[targets_N]
        prototypes_DK = _to_length((scaled_ND.T @ wanted_NK / wanted_NK.sum(axis=0)).T, 1.0).T
        weights_DK = ahead_DK = prototypes_DK
        bound = 0.5 * sharpness**2 + decay
        for step in range(steps):
            error_NK = _softmax(scaled_ND @ ahead_DK) - wanted_NK
            slope_DK = scaled_ND.T @ error_NK / count + decay * (ahead_DK - prototypes_DK)
            moved_DK = _single(ahead_DK - slope_DK / bound)
            ahead_DK = _single(moved_DK + step / (step + 3) * (moved_DK - weights_DK))
            weights_DK = moved_DK
        return cls(center_D=center_D, weights_DK=_single(sharpness * weights_DK))

    def predict(self, features_ND: Array) -> Array:
        """Give the probability of each class, shape (N, K)."""
        return _softmax(_to_length(features_ND - self.center_D, 1.0) @ self.weights_DK)

    def save(self) -> dict[str, bytes]:
        """Give the two arrays as named bytes."""
        return {_WEIGHTS: _to_bytes(self.weights_DK), _CENTER: _to_bytes(self.center_D)}

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Self | None:
        """Take back what `save` gave; None where the files hold no classifier."""
        if _WEIGHTS not in files:
            return None
        return cls(center_D=_from_bytes(files[_CENTER]), weights_DK=_from_bytes(files[_WEIGHTS]))


def _to_bytes(array: Array) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _from_bytes(content: bytes) -> Array:
    return np.asarray(np.load(io.BytesIO(content), allow_pickle=False), dtype=np.float32)


def _to_length(rows: Array, length: float) -> Array:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return _single(rows * (length / np.maximum(norms, 1e-6)))


def _softmax(scores_NK: Array) -> Array:
    raised_NK = np.exp(scores_NK - scores_NK.max(axis=1, keepdims=True))
    return _single(raised_NK / raised_NK.sum(axis=1, keepdims=True))


def _single(values: NDArray[np.floating[Any]]) -> Array:
    return np.asarray(values, dtype=np.float32)
