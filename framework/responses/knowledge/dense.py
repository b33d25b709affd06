"""Finds passages by meaning: their vectors, and what turns a message's vector into one of them.

Passages have the vectors that the encoder gave before it was trained for the bot, so they stay as
they are when the bot learns something new. The vector of a message is that of the trained encoder;
an affine map brings it back, fitted on the bot's examples, whose vectors of both kinds are known.
It starts from leaving everything as it is (ridge regression towards the identity), so that few
examples do no harm.

Cosines are taken around the mean of the examples' vectors: those of some encoders all lie in a
narrow cone, where what has nothing in common is as near as what has, and a map's small errors weigh
most.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_STEPS = 127.0
_CHUNK = 4096
_RIDGE = 1.0
_SHORTEST = 1e-6


@dataclass(frozen=True, kw_only=True)
class QueryMap:
    """Brings vectors of messages to where those of passages are.

    Attributes:
        center: mean of the examples' vectors of the trained encoder, shape (D,).
        target: mean of their vectors of the encoder before training, shape (D,).
        matrix: shape (D, D).
        anchors: vectors of examples before training, each of length 1, shape (anchors, D).
    """

    center: Floats
    target: Floats
    matrix: Floats
    anchors: Floats

    @classmethod
    def fit(cls, trained: Floats, untrained: Floats, *, anchors: int) -> QueryMap:
        """Fit the map on vectors of the same texts, shape (texts, D) each; all of length 1."""
        center, target = trained.mean(axis=0), untrained.mean(axis=0)
        given = (trained - center).astype(np.float64)
        missing = (untrained - target).astype(np.float64) - given
        gram = given.T @ given
        ridge = _RIDGE * max(float(np.trace(gram)), 1e-9) / len(gram)
        identity = np.eye(len(gram))
        matrix = identity + np.linalg.solve(gram + ridge * identity, given.T @ missing)
        step = max(1, len(untrained) // anchors)
        return cls(
            center=center.astype(np.float32),
            target=target.astype(np.float32),
            matrix=matrix.astype(np.float32),
            anchors=untrained[::step][:anchors].astype(np.float32),
        )

    def apply(self, vector: Floats) -> Floats:
        """Give where a message lies from `target`, shape (D,); the result has length 1."""
        return _unit(np.asarray((vector - self.center) @ self.matrix, dtype=np.float32))

    def cosines(self, vectors: PassageVectors, directions: Floats, *, distances: Floats) -> Floats:
        """Give the cosines between passages and messages, both as seen from `target`.

        Args:
            vectors: of the passages.
            directions: of the messages, of length 1, shape (D,) or (D, messages).
            distances: of the passages from `target`, shape (passages,).
        """
        offsets = np.asarray(self.target @ directions, dtype=np.float32)[..., None]
        return np.asarray((vectors.similarities(directions) - offsets) / distances, np.float32)


@dataclass(frozen=True, kw_only=True)
class PassageVectors:
    """The vectors of all passages, of length 1, in one byte a number.

    Attributes:
        steps: rounded numbers, shape (passages, D).
        scales: what a step stands for in each passage, shape (passages,).
    """

    steps: NDArray[np.int8]
    scales: Floats

    @classmethod
    def pack(cls, vectors: Floats) -> PassageVectors:
        """Round vectors of length 1, shape (passages, D)."""
        largest = np.abs(vectors).max(axis=1, initial=1e-12)
        steps = np.rint(vectors / largest[:, None] * _STEPS).astype(np.int8)
        return cls(steps=steps, scales=(largest / _STEPS).astype(np.float32))

    def distances(self, point: Floats) -> Floats:
        """Give how far the passages lie from a point, shape (passages,)."""
        squares = 1.0 - 2.0 * self.similarities(point) + float(point @ point)
        return np.asarray(np.sqrt(np.maximum(squares, _SHORTEST)), dtype=np.float32)

    def similarities(self, queries: Floats) -> Floats:
        """Give the cosine of each passage to queries, shape (D,) or (D, queries)."""
        parts = [
            (self.steps[start : start + _CHUNK].astype(np.float32) @ queries).T
            * self.scales[start : start + _CHUNK]
            for start in range(0, len(self.steps), _CHUNK)
        ]
        shape = (*queries.shape[1:], 0)
        return np.concatenate(parts, axis=-1) if parts else np.zeros(shape, dtype=np.float32)


def usual(vectors: PassageVectors, query: QueryMap) -> tuple[float, float]:
    """Give the cosine that a message usually has with its nearest passage, and the spread of all.

    Both depend on the encoder, the bot's subject and the number of passages: only against them a
    cosine says something. Most of a bot's examples have nothing to do with its documents.
    """
    if not len(query.anchors) or not len(vectors.steps):
        return 0.0, 1.0
    directions = _unit(query.anchors - query.target).T
    near = query.cosines(vectors, directions, distances=vectors.distances(query.target))
    apart = float(np.median(np.abs(near - np.median(near))))
    spread = 1.4826 * apart  # the standard deviation, if they are normal
    return float(np.median(near.max(axis=-1))), max(spread, 0.01)


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, _SHORTEST), dtype=np.float32)
