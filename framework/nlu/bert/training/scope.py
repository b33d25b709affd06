"""Fits the out-of-scope score: every example is left out once, and so is every intent.

An example left out shows how familiar messages in scope are that nobody wrote down. An example
whose whole intent is left out stands for a message that the bot has no intent for. Both need the
sentence vectors and logits only, so that nothing is trained twice.

Shapes: N examples, H held-out ones, D width, C intents, L their finest labels.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framework.nlu.bert.familiarity import (
    NOWHERE,
    Familiarity,
    Floats,
    Indices,
    energy,
    familiarity,
    group,
    logistic,
    nearness,
)
from framework.nlu.bert.training.batches import IGNORED, Encoded
from framework.nlu.bert.training.judge import Logits, Targets

MOST, MOST_OF_ONE = 3000, 100
"""Examples that are kept at most, and of one intent: each has an even share."""

_LEAST_INTENTS = 3
"""Below, there is no intent that could be left out and still be told from two others."""

_FLAGGED_SHARE = 0.005
"""Share of examples left out that may look out of scope all the same."""

_FLAGGED_HELD_SHARE = 0.02
"""The same of held-out examples, which are fewer and haven't shaped the vectors."""

_LEAST_LIMIT = 0.8
"""Confidence below which nothing is flagged: new messages are less familiar than examples are."""

_LEAST_LIMIT_OF_MANY, _MANY_INTENTS = 0.9, 30
"""The same where there are so many intents: other worlds are told from theirs more surely there."""

_LEAST_LIMIT_BY_LOGITS = 0.7
"""The same where logits count, whatever the number of intents."""

ENERGY_WEIGHT = 0.2
"""Of the logits where they tell more than nearness alone does."""

_STEPS, _RIDGE = 50, 1e-2


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Examples and their vectors.

    Attributes:
        vectors: of length 1, shape (N, D).
        logits: of the finest labels, shape (N, L).
        labels: number of each example's finest label, shape (N,).
        intent_of: number of each finest label's intent, shape (L,).
    """

    vectors: Floats
    logits: Floats
    labels: Indices
    intent_of: Indices

    @property
    def intents(self) -> Indices:
        """Number of each example's intent, shape (N,)."""
        return self.intent_of[self.labels]


@dataclass(frozen=True, kw_only=True)
class Unseen:
    """What the model said of held-out examples before it learned them, too.

    Attributes:
        near: their nearness to each intent, shape (H, C).
        logits: of the finest labels, shape (H, L).
    """

    near: Floats
    logits: Floats


def take_sample(
    examples: Sequence[Encoded],
    bases: Sequence[str],
    *,
    read: Callable[[Sequence[Encoded]], Sequence[Logits]],
) -> Sample:
    """Read examples that have an intent, or an even share of them.

    Args:
        examples: labelled.
        bases: the intent of each finest label.
        read: gives what the model says of examples.
    """
    labels = np.array([example.intent for example in examples], dtype=np.int64)
    chosen = choose(labels.tolist())
    answers = read([examples[place] for place in chosen])
    numbers = {name: number for number, name in enumerate(sorted(set(bases)))}
    intent_of = np.array([numbers[base] for base in bases], dtype=np.int64)
    nothing = np.zeros((0, 0), dtype=np.float32)
    return Sample(
        vectors=np.stack([answer.embedding for answer in answers]) if answers else nothing,
        logits=np.stack([answer.intents for answer in answers]) if answers else nothing,
        labels=labels[chosen],
        intent_of=intent_of,
    )


def judge_by_others(sample: Sample, *, count: int, sharpness: float) -> Targets:
    """Give logits of examples, each by its nearness to the others of every label.

    Args:
        sample: examples of the trained bot.
        count: of labels.
        sharpness: what the model multiplies cosines by.
    """
    if not len(sample.labels):
        return Targets(logits=np.zeros((0, count), dtype=np.float32), wanted=sample.labels)
    near = leave_one_out(sample.vectors, sample.labels, count=count)
    has_others = near[np.arange(len(near)), sample.labels] > NOWHERE
    return Targets(logits=sharpness * near[has_others], wanted=sample.labels[has_others])


def choose(labels: Sequence[int], *, most: int = MOST, most_of_one: int = MOST_OF_ONE) -> list[int]:
    """Give the places of at most so many labelled examples, each label's share being even."""
    rounds: dict[int, int] = {}
    ranked = []
    for place, label in enumerate(labels):
        rounds[label] = rounds.get(label, -1) + 1
        if label != IGNORED and rounds[label] < most_of_one:
            ranked.append((rounds[label], place))
    return sorted(place for _, place in sorted(ranked)[:most])


def leave_one_out(vectors: Floats, labels: NDArray[np.int64], *, count: int) -> Floats:
    """Give each example's nearness to every label as if it were not there itself, (N, C)."""
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    return nearness_in_parts(cosines, group(labels.tolist(), count=count))


def judge_held(held: Sample, learned: Sample, *, count: int) -> Unseen:
    """Say how near held-out examples are to the intents of those learned from."""
    cosines = held.vectors @ learned.vectors.T
    near = nearness_in_parts(cosines, group(learned.intents.tolist(), count=count))
    return Unseen(near=near, logits=held.logits)


def nearness_in_parts(cosines: Floats, places: NDArray[np.int64], *, size: int = 64) -> Floats:
    """Give the nearness of many messages without holding all of it in memory at once."""
    parts = [nearness(cosines[at : at + size], places) for at in range(0, len(cosines), size)]
    return np.concatenate(parts)


def fit_familiarity(
    sample: Sample,
    names: Sequence[str],
    *,
    beyond: Collection[str],
    held: Unseen | None = None,
    energy_weight: float = 0.0,
) -> Familiarity | None:
    """Fit the score.

    Args:
        sample: examples of the trained bot.
        names: of the intents.
        beyond: names of intents whose examples are out of scope.
        held: examples in scope that were held out.
        energy_weight: how much the logits count.

    Returns:
        The score; None where there are too few intents, or the vectors tell nothing.
    """
    is_known = np.array([name not in beyond for name in names])
    if is_known[np.unique(sample.intents)].sum() < _LEAST_INTENTS:
        return None
    scorer = _Scorer(
        is_known=is_known,
        counts=is_known[sample.intent_of],
        weight=energy_weight,
    )
    within, without = _leave_out(sample, scorer, count=len(names))
    if not len(within) or within.mean() <= without.mean():
        return None
    middle, slope = _separate(within, without)
    lowest = [_quantile(within, _FLAGGED_SHARE)]
    if held is not None:
        lowest.append(_quantile(scorer.score(held.near, held.logits), _FLAGGED_HELD_SHARE))
    limit = logistic(np.array([slope * (middle - min(lowest))], dtype=np.float32))[0]
    return Familiarity(
        vectors=sample.vectors,
        places=group(sample.intents.tolist(), count=len(names)),
        is_known=is_known,
        intent_of=sample.intent_of,
        energy_weight=energy_weight,
        middle=middle,
        slope=slope,
        limit=max(_least_limit(int(is_known.sum()), energy_weight), float(limit)),
    )


@dataclass(frozen=True, kw_only=True)
class _Scorer:
    """Scores messages as `Familiarity` will: known intents (C,), labels that count (L,), weight."""

    is_known: NDArray[np.bool_]
    counts: NDArray[np.bool_]
    weight: float

    def score(
        self, near: Floats, logits: Floats, *, but: NDArray[np.bool_] | None = None
    ) -> Floats:
        """Give a score a message; `but` tells labels that don't count for it, shape (N, L)."""
        score = familiarity(near, self.is_known)
        if not self.weight:
            return score
        counts = self.counts if but is None else self.counts & ~but
        return score + np.float32(self.weight) * energy(logits, counts)


def _leave_out(sample: Sample, scorer: _Scorer, *, count: int) -> tuple[Floats, Floats]:
    """Score examples, each left out, and the same with their whole intents left out."""
    near = leave_one_out(sample.vectors, sample.intents, count=count)
    rows = np.arange(len(near))
    others = near.copy()
    others[rows, sample.intents] = NOWHERE
    is_known = scorer.is_known[sample.intents]
    is_in = is_known & (near[rows, sample.intents] > NOWHERE)
    own = sample.intent_of[None, :] == sample.intents[:, None]
    within = scorer.score(near[is_in], sample.logits[is_in])
    unknown = scorer.score(others[is_known], sample.logits[is_known], but=own[is_known])
    beyond = scorer.score(near[~is_known], sample.logits[~is_known])
    return within, np.concatenate([unknown, beyond])


def _least_limit(intents: int, energy_weight: float) -> float:
    if energy_weight:
        return _LEAST_LIMIT_BY_LOGITS
    return _LEAST_LIMIT if intents < _MANY_INTENTS else _LEAST_LIMIT_OF_MANY


def _quantile(scores: Floats, share: float) -> float:
    """Give the score that at most so large a share of all lies below."""
    return float(np.sort(scores)[int(share * len(scores))])


def _separate(within: Floats, without: Floats) -> tuple[float, float]:
    """Fit log-odds that fall with the score, both sides weighing the same.

    Returns:
        The score of even odds, and the slope, which is above 0.
    """
    scores = np.concatenate([within, without]).astype(np.float64)
    center, spread = float(scores.mean()), max(float(scores.std()), 1e-6)
    scaled = (scores - center) / spread
    wanted = np.concatenate([np.zeros(len(within)), np.ones(len(without))])
    weight = np.where(wanted == 0, 0.5 / len(within), 0.5 / len(without))
    design = np.stack([np.ones_like(scaled), scaled], axis=1)
    ridge = np.diag([0.0, _RIDGE])
    fitted = np.zeros(2)
    for _ in range(_STEPS):
        share = 1 / (1 + np.exp(-np.clip(design @ fitted, -30, 30)))
        slope = design.T @ (weight * (share - wanted)) + ridge @ fitted
        curvature = (design * (weight * share * (1 - share))[:, None]).T @ design + ridge
        fitted = fitted - np.linalg.solve(curvature + 1e-9 * np.eye(2), slope)
    steepness = max(-float(fitted[1]), 1e-3)
    return center + spread * float(fitted[0]) / steepness, steepness / spread
