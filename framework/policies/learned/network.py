"""The model: each turn is embedded, the last one looks back over the window, an action is scored.

Shapes: B batch, T turns, F features, E sentence vector, D width, H heads, A actions.

The design follows the transformer embedding dialogue policy (Vlasov, Mosig & Nichol 2019,
arXiv:1910.00486) with one difference: in every layer a turn looks at the turns as they were
embedded, not at what the layer below made of them. However many layers there are, a decision then
depends on the states of its window and on nothing else, whole dialogues can be trained in one pass,
and when serving only the last turn goes through the layers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from framework.learning.dropout import ByteDropout
from framework.policies.learned.batches import Batch

EPSILON = 1e-5


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Sizes of the model.

    Attributes:
        features: size of the vocabulary.
        labels: how many there are to choose from.
        text: numbers in a sentence vector; 0 for none.
        window: how many turns a decision sees.
        width: numbers that stand for a turn.
        heads: of attention.
        layers: of attention.
        dropout: share of numbers dropped in training.
    """

    features: int
    labels: int
    text: int
    window: int
    width: int
    heads: int = 4
    layers: int = 1
    dropout: float = 0.2


class TurnEmbedding(nn.Module):
    """Features and sentence vector of a turn -> one vector."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.features = nn.Parameter(torch.randn(shape.features, shape.width) * 0.3)
        self.text_norm = nn.LayerNorm(shape.text, eps=EPSILON) if shape.text else None
        self.text = nn.Linear(shape.text, shape.width) if shape.text else None
        self.norm = nn.LayerNorm(shape.width, eps=EPSILON)
        self.rise = nn.Linear(shape.width, 2 * shape.width)
        self.fall = nn.Linear(2 * shape.width, shape.width)
        self.dropout = ByteDropout(shape.dropout)

    def forward(self, batch: Batch) -> Tensor:
        """Give turns_BTD."""
        rows, length = batch.labels_BT.shape
        turns = functional.embedding_bag(
            torch.from_numpy(batch.indices),
            self.features,
            torch.from_numpy(batch.offsets),
            mode="sum",
            per_sample_weights=torch.from_numpy(batch.values),
        ).view(rows, length, -1)
        if self.text is not None and self.text_norm is not None:
            texts_BTE = torch.from_numpy(batch.texts_BTE)
            has_text = texts_BTE.abs().sum(-1, keepdim=True) > 0
            turns = turns + self.dropout(self.text(self.text_norm(texts_BTE))) * has_text
        turns = self.dropout(self.norm(turns))
        embedded: Tensor = turns + self.dropout(self.fall(functional.gelu(self.rise(turns))))
        return embedded


class LookBack(nn.Module):
    """One layer: a turn attends to the embedded turns of its window, its own included."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.window = shape.window
        self.norm = nn.LayerNorm(width, eps=EPSILON)
        self.memory_norm = nn.LayerNorm(width, eps=EPSILON)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.mix = nn.Linear(width, width)
        self.distance = nn.Parameter(torch.zeros(shape.heads, shape.window))
        self.feed_norm = nn.LayerNorm(width, eps=EPSILON)
        self.rise = nn.Linear(width, 2 * width)
        self.fall = nn.Linear(2 * width, width)
        self.dropout = ByteDropout(shape.dropout)

    def forward(self, turns_BTD: Tensor, memory_BTD: Tensor) -> Tensor:
        """Give the turns enriched by what they saw, shape BTD."""
        memory = self.memory_norm(memory_BTD)
        query = self._split(self.query(self.norm(turns_BTD)))
        key, value = self._split(self.key(memory)), self._split(self.value(memory))
        scores_BHTT = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        weights = (scores_BHTT + self._bias(turns_BTD.shape[1])).softmax(-1)
        seen = (weights @ value).transpose(1, 2).flatten(2)
        turns = turns_BTD + self.dropout(self.mix(seen))
        grown = functional.gelu(self.rise(self.feed_norm(turns)))
        fed: Tensor = turns + self.dropout(self.fall(grown))
        return fed

    def _split(self, values_BTD: Tensor) -> Tensor:
        rows, turns, _ = values_BTD.shape
        return values_BTD.view(rows, turns, self.heads, -1).transpose(1, 2)

    def _bias(self, length: int) -> Tensor:
        places = torch.arange(length)
        back_TT = places[:, None] - places[None]
        bias_HTT = self.distance[:, back_TT.clamp(0, self.window - 1)]
        return bias_HTT.masked_fill((back_TT < 0) | (back_TT >= self.window), -1e9)


class TurnTransformer(nn.Module):
    """Turns -> scores of the labels after each."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = TurnEmbedding(shape)
        self.layers = nn.ModuleList(LookBack(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width, eps=EPSILON)
        self.score = nn.Linear(shape.width, shape.labels)

    def forward(self, batch: Batch) -> Tensor:
        """Give scores_BTA."""
        memory_BTD = self.embedding(batch)
        turns_BTD = memory_BTD
        for layer in self.layers:
            turns_BTD = layer(turns_BTD, memory_BTD)
        scores: Tensor = self.score(self.norm(turns_BTD))
        return scores
