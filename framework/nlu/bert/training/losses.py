"""What a model's answers cost: intents, tags, and what a larger tagger says of both.

Shapes: B batch, I intents.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional

from framework.nlu.bert.training.advice import distance
from framework.nlu.bert.training.batches import IGNORED, Batch
from framework.nlu.bert.training.model import Output
from framework.nlu.bert.training.paths import path_surprise


@dataclass(frozen=True, kw_only=True)
class Loss:
    """The mean loss over a batch.

    Attributes:
        weights: how much an example of each intent counts, shape (I,); empty without intents.
        label_smoothing: share of a label that goes to all intents alike, 0 to 1.
        has_tags: whether there are entities to learn.
    """

    weights: Tensor
    label_smoothing: float
    has_tags: bool

    def of(self, output: Output, batch: Batch, *, whole: Batch) -> Tensor:
        """Give the mean over `whole` as far as `batch`, a part of it, has a share in it."""
        device = output.embedding.device
        loss = output.embedding.new_zeros(())
        if len(self.weights) and bool((batch.intents != IGNORED).any()):
            loss = loss + _share(batch.intents, whole.intents) * self._of_intents(output, batch)
        words = int((whole.tags != IGNORED).sum())
        if self.has_tags and words:
            loss = loss + path_surprise(output.tags, batch.tags.to(device)) / words
        if batch.advice is not None and whole.advice is not None:
            loss = loss + distance(output, batch.advice, whole=whole.advice)
        return loss

    def _of_intents(self, output: Output, batch: Batch) -> Tensor:
        return functional.cross_entropy(
            output.intents,
            batch.intents.to(output.intents.device),
            weight=self.weights,
            ignore_index=IGNORED,
            label_smoothing=self.label_smoothing,
        )


def _share(targets: Tensor, whole: Tensor) -> float:
    """Give the share of a batch's targets that a part of it has."""
    if targets is whole:
        return 1.0
    return int((targets != IGNORED).sum()) / int((whole != IGNORED).sum())
