"""What a larger tagger says of texts, as targets for a smaller one (Hinton et al. 2015).

Shapes: B batch, S word pieces, W words, I intents, T BIO tags.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from framework.nlu import bio
from framework.nlu.bert.runtime import Reading
from framework.nlu.bert.training.model import Output
from framework.nlu.bert.words import Pieces

Floats = NDArray[np.float32]

_LEAST_SHARE = 1e-9
"""Probability below which a tag counts as this likely."""


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What the larger tagger says of one text.

    Attributes:
        intents: logits, shape (I,).
        tags: logarithms of the probabilities of the smaller one's words' tags, shape (W, T).
        is_known: whether the larger one reads a word where the smaller does, shape (W,).
        temperature: what logits are divided by; the higher, the more less likely answers count.
    """

    intents: Floats
    tags: Floats
    is_known: NDArray[np.bool_]
    temperature: float


@dataclass(frozen=True, kw_only=True)
class SoftTargets:
    """Advice of a batch.

    Attributes:
        intents: logits, shape (B, I).
        has_intents: which texts there is advice for, shape (B,).
        tags: logarithms of probabilities, shape (B, S, T).
        has_tags: which pieces there is advice for, shape (B, S).
        temperature: of all of it.
    """

    intents: Tensor
    has_intents: Tensor
    tags: Tensor
    has_tags: Tensor
    temperature: float

    def take(self, rows: Tensor) -> SoftTargets:
        """Give the advice of some texts."""
        return SoftTargets(
            intents=self.intents[rows],
            has_intents=self.has_intents[rows],
            tags=self.tags[rows],
            has_tags=self.has_tags[rows],
            temperature=self.temperature,
        )


def fit_to_words(reading: Reading, pieces: Pieces, *, temperature: float) -> Advice:
    """Give what was said word by word to the words that begin where those do."""
    places = {start: place for place, (start, _) in enumerate(reading.words)}
    rows = [places.get(start, -1) for start, _ in pieces.words]
    is_known = np.array([row >= 0 for row in rows], dtype=np.bool_)
    tags = np.zeros((len(rows), reading.tags.shape[1]), dtype=np.float32)
    known = bio.shares(reading.tags)[[row for row in rows if row >= 0]]
    tags[is_known] = np.log(np.maximum(known, _LEAST_SHARE))
    return Advice(intents=reading.intents, tags=tags, is_known=is_known, temperature=temperature)


def collate_advice(
    advice: Sequence[Advice | None], heads: Sequence[NDArray[np.int64]], *, pieces: int
) -> SoftTargets | None:
    """Put the advice for several texts side by side; None where there is none for any.

    Args:
        advice: of each text.
        heads: index of each word's first piece, text by text.
        pieces: S.
    """
    first = next((one for one in advice if one is not None), None)
    if first is None:
        return None
    intents = np.zeros((len(advice), len(first.intents)), dtype=np.float32)
    tags = np.zeros((len(advice), pieces, first.tags.shape[1]), dtype=np.float32)
    has_tags = np.zeros((len(advice), pieces), dtype=np.bool_)
    for row, (one, places) in enumerate(zip(advice, heads, strict=True)):
        if one is not None:
            intents[row] = one.intents
            tags[row, places] = one.tags
            has_tags[row, places] = one.is_known
    return SoftTargets(
        intents=torch.from_numpy(intents),
        has_intents=torch.tensor([one is not None for one in advice]),
        tags=torch.from_numpy(tags),
        has_tags=torch.from_numpy(has_tags),
        temperature=first.temperature,
    )


def distance(output: Output, soft: SoftTargets, *, whole: SoftTargets) -> Tensor:
    """Give how far a model's answers are from the advice, the mean over a batch.

    Args:
        output: of the model.
        soft: the advice for the texts that it read.
        whole: the advice for the whole batch, of which `soft` is a part.
    """
    total = output.embedding.new_zeros(())
    for logits, wanted, known, all_known in (
        (output.intents, soft.intents, soft.has_intents, whole.has_intents),
        (output.tags, soft.tags, soft.has_tags, whole.has_tags),
    ):
        count = int(all_known.sum())
        if logits.shape[-1] > 1 and count:
            rows = _divergence(logits, wanted.to(logits.device), soft.temperature)
            total = total + (rows * known.to(logits.device)).sum() / count
    return total


def _divergence(logits: Tensor, wanted: Tensor, temperature: float) -> Tensor:
    """Give what it costs to take answers for those wanted (Kullback & Leibler), row by row in nats.

    The square of the temperature keeps its gradients as large as those of true labels.
    """
    answers = functional.log_softmax(logits / temperature, dim=-1)
    aims = functional.log_softmax(wanted / temperature, dim=-1)
    costs = functional.kl_div(answers, aims, reduction="none", log_target=True)
    return costs.sum(dim=-1) * temperature**2
