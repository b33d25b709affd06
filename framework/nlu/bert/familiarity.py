"""How much a message is like the training examples: tells what the bot has no intent for.

It looks at the sentence vectors of the examples and needs no examples of what is out of scope.
A message is near an intent by the mean cosine to that intent's nearest examples (Sun et al. 2022,
"Out-of-Distribution Detection with Deep Nearest Neighbors"); it is familiar as far as it is near
any of them: a smooth maximum, because what lies between several intents is of their world too.
Where examples were held out, it also counts how much the logits say together (Liu et al. 2020,
"Energy-based Out-of-distribution Detection").

Shapes: Q messages, N examples, D width, C intents, L their finest labels, M examples of the intent
that has most.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from framework.nlu.types import OutOfScope

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

NEAREST = 3
"""Examples of an intent that count, the nearest ones."""

SHARPNESS = 10.0
"""Of the maximum over intents: how much more one near intent tells than several less near ones."""

_LAG = 0.25
"""Weight of how much nearer a message is to examples of what is out of scope."""

NOWHERE = -1.0
"""Nearness of an intent without examples, the least that a cosine can be."""


@dataclass(frozen=True, kw_only=True)
class Familiarity:
    """Scores messages against the examples of the intents.

    Attributes:
        vectors: of the examples, of length 1, shape (N, D).
        places: numbers of each intent's examples, filled up with N, shape (C, M).
        is_known: whether an intent is one of the bot's, not one for what is out of scope, (C,).
        intent_of: number of each finest label's intent, shape (L,).
        energy_weight: how much the logits' energy counts beside the nearness.
        middle: score that is as likely of messages in scope as of others.
        slope: how fast the odds change with the score.
        limit: confidence in being out of scope that hardly any example has when it is left out.
    """

    vectors: Floats
    places: Indices
    is_known: NDArray[np.bool_]
    intent_of: Indices
    energy_weight: float
    middle: float
    slope: float
    limit: float

    def judge(self, vectors_QD: Floats, logits_QL: Floats) -> list[OutOfScope]:
        """Say how surely messages are out of scope.

        Args:
            vectors_QD: sentence vectors of length 1.
            logits_QL: of the finest labels, as the model gives them.
        """
        score_Q = familiarity(nearness(vectors_QD @ self.vectors.T, self.places), self.is_known)
        if self.energy_weight:
            score_Q = score_Q + self.energy_weight * energy(
                logits_QL, self.is_known[self.intent_of]
            )
        odds_Q = self.slope * (self.middle - score_Q)
        return [
            OutOfScope(confidence=float(confidence), limit=self.limit)
            for confidence in logistic(odds_Q)
        ]

    def to_bytes(self) -> bytes:
        """Give all of it as the bytes of an npz file, vectors in half precision."""
        buffer = io.BytesIO()
        np.savez(
            buffer,
            vectors=self.vectors.astype(np.float16),
            places=self.places.astype(np.int32),
            is_known=self.is_known,
            intent_of=self.intent_of.astype(np.int32),
            numbers=np.array([self.energy_weight, self.middle, self.slope, self.limit]),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Read what `to_bytes` gave; the error is a ValueError or KeyError where it is no such."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            energy_weight, middle, slope, limit = (float(each) for each in arrays["numbers"])
            return cls(
                vectors=arrays["vectors"].astype(np.float32),
                places=arrays["places"].astype(np.int64),
                is_known=arrays["is_known"].astype(np.bool_),
                intent_of=arrays["intent_of"].astype(np.int64),
                energy_weight=energy_weight,
                middle=middle,
                slope=slope,
                limit=limit,
            )


def group(intents: Sequence[int], *, count: int) -> Indices:
    """Give the places of each intent's examples, filled up with the number of all, (C, M)."""
    members: Mapping[int, list[int]] = {intent: [] for intent in range(count)}
    for place, intent in enumerate(intents):
        members[intent].append(place)
    longest = max([NEAREST, *map(len, members.values())])
    table = np.full((count, longest), len(intents), dtype=np.int64)
    for intent, places in members.items():
        table[intent, : len(places)] = places
    return table


def nearness(cosines_QN: Floats, places_CM: Indices) -> Floats:
    """Give the mean cosine to each intent's nearest examples, shape (Q, C).

    A cosine of minus infinity stands for an example that doesn't count.
    """
    missing_Q1 = np.full((len(cosines_QN), 1), -np.inf, dtype=np.float32)
    padded = np.concatenate([cosines_QN, missing_Q1], axis=1)
    cosines_QCM = padded[:, places_CM]
    nearest_QCK = np.partition(cosines_QCM, -NEAREST, axis=2)[:, :, -NEAREST:]
    counts_QCK = np.isfinite(nearest_QCK)
    total_QC = np.where(counts_QCK, nearest_QCK, 0).sum(axis=2)
    count_QC = counts_QCK.sum(axis=2)
    mean_QC = total_QC / np.maximum(count_QC, 1)
    return np.where(count_QC > 0, mean_QC, NOWHERE).astype(np.float32)


def familiarity(near_QC: Floats, is_known_C: NDArray[np.bool_]) -> Floats:
    """Give one score a message: nearness to the known intents, less what others are nearer by."""
    known_QC = near_QC[:, is_known_C]
    highest_Q = known_QC.max(axis=1)
    shares_QC = np.exp(SHARPNESS * (known_QC - highest_Q[:, None]))
    is_there_QC = known_QC > NOWHERE
    mean_Q = (shares_QC * is_there_QC).sum(axis=1) / np.maximum(is_there_QC.sum(axis=1), 1)
    score_Q: Floats = highest_Q + np.log(mean_Q) / SHARPNESS
    if not is_known_C.all():
        beyond_Q = near_QC[:, ~is_known_C].max(axis=1)
        score_Q = score_Q - _LAG * np.maximum(beyond_Q - highest_Q, 0)
    return score_Q.astype(np.float32)


def energy(logits_QL: Floats, counts: NDArray[np.bool_]) -> Floats:
    """Give how much labels say together, the logarithm of their summed exponentials, shape (Q,).

    Args:
        logits_QL: of the finest labels.
        counts: which of them count, shape (L,) or (Q, L).
    """
    counted_QL = np.where(counts, logits_QL, -np.inf)
    highest_Q1 = counted_QL.max(axis=1, keepdims=True)
    total_Q = np.exp(counted_QL - highest_Q1).sum(axis=1)
    energy_Q: Floats = highest_Q1[:, 0] + np.log(total_Q)
    return energy_Q.astype(np.float32)


def logistic(odds: Floats) -> Floats:
    """Turn log-odds into probabilities."""
    return (1 / (1 + np.exp(-np.clip(odds, -30, 30)))).astype(np.float32)
