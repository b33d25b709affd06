"""Fits intents on sentence vectors as they are: that is where fine-tuning begins.

Fine-tuning that starts from heads which already fit the pretrained vectors changes these less, and
keeps more of what they know (Kumar et al. 2022, "Fine-Tuning can Distort Pretrained Features").

Shapes: N examples, D width, I intents.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

MOST_OF_ONE = 30
"""Examples of an intent that are looked at, at most."""

_STRENGTH = 5.0
"""How much an example counts against the wish for small weights."""

_STEPS, _CLOSE = 150, 1e-3

_FOLDS = 5


@dataclass(frozen=True, kw_only=True)
class Probe:
    """Weights (I, D) and biases (I,) of the intents."""

    weights: Tensor
    biases: Tensor


def fit_probe(vectors_ND: Tensor, intents_N: Tensor, weights_I: Tensor) -> Probe:
    """Fit a multinomial logistic regression by Nesterov's accelerated gradient, with restarts.

    Args:
        vectors_ND: sentence vectors of length 1.
        intents_N: number of each one's intent.
        weights_I: how much an example of each intent counts.
    """
    center_D = vectors_ND.mean(dim=0)
    centered_ND = vectors_ND - center_D
    counts_N1 = _STRENGTH * weights_I[intents_N][:, None]
    wanted_NI = functional.one_hot(intents_N, len(weights_I)).to(vectors_ND.dtype)
    features = torch.cat([centered_ND, torch.ones_like(counts_N1)], dim=1)
    pull = torch.ones(features.shape[1])
    pull[-1] = 1e-3
    step = 1 / (0.5 * _largest_curvature(features * counts_N1.sqrt()) + 1)
    fitted = ahead = torch.zeros(len(weights_I), features.shape[1])
    momentum = 0
    first_slope = None
    for _ in range(_STEPS):
        shares_NI = (features @ ahead.T).softmax(dim=1)
        slope = ((shares_NI - wanted_NI) * counts_N1).T @ features + pull * ahead
        moved = ahead - step * slope
        size = float(torch.linalg.vector_norm(slope))
        first_slope = first_slope or size
        if size < _CLOSE * first_slope:
            fitted = moved
            break
        overshoots = float((slope * (moved - fitted)).sum()) > 0
        momentum = 0 if overshoots else momentum + 1
        ahead = moved + momentum / (momentum + 3) * (moved - fitted)
        fitted = moved
    weights = fitted[:, :-1]
    return Probe(weights=weights, biases=fitted[:, -1] - weights @ center_D)


def foretell_accuracy(
    vectors_ND: Tensor, intents_N: Tensor, weights_I: Tensor, *, generator: torch.Generator
) -> float:
    """Give the share, 0 to 1, that is right where a fifth is judged by what the others teach.

    Args:
        vectors_ND: sentence vectors of length 1 that know nothing of the intents.
        intents_N: number of each one's intent; each has an even share of the fifths.
        weights_I: how much an example of each intent counts.
        generator: deals the examples out.
    """
    shuffled = torch.randperm(len(intents_N), generator=generator)
    dealt = shuffled[intents_N[shuffled].argsort(stable=True)]
    folds = torch.empty_like(dealt)
    folds[dealt] = torch.arange(len(dealt)) % _FOLDS
    right = 0
    for fold in range(min(_FOLDS, len(dealt))):
        out = folds == fold
        if bool(out.all()):
            return 0.0
        probe = fit_probe(vectors_ND[~out], intents_N[~out], weights_I)
        found = (vectors_ND[out] @ probe.weights.T + probe.biases).argmax(dim=1)
        right += int((found == intents_N[out]).sum())
    return right / len(intents_N)


def _largest_curvature(features: Tensor) -> float:
    """Bound the largest eigenvalue of the Gram matrix by some steps of the power method."""
    direction = torch.ones(features.shape[1])
    length = 1.0
    for _ in range(20):
        direction = features.T @ (features @ (direction / torch.linalg.vector_norm(direction)))
        length = float(torch.linalg.vector_norm(direction))
    return 1.1 * length
