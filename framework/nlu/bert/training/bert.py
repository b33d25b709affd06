"""BERT as a small torch module, because importing transformers takes longer than training a bot.

It covers the models that share BERT's architecture under other names (RoBERTa, XLM-RoBERTa,
DistilBERT, ELECTRA, ALBERT …).

Shapes: B batch, S word pieces, D width, H heads, V vocabulary.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from framework.learning.dropout import ByteDropout

Activation = Literal["gelu", "gelu_new"]


@dataclass(frozen=True, kw_only=True)
class BertShape:
    """Sizes of a BERT, from its config.json.

    Attributes:
        width: D.
        layers: number of transformer layers.
        heads: H.
        inner: width of the feed-forward layers.
        epsilon: of the layer norms.
        positions: longest sequence in pieces, special ones included.
        first_position: number of the first piece's position (RoBERTa starts after its padding).
        embedding: width of the word embedding where it is another than D, else 0.
        activation: of the feed-forward layers; `gelu_new` is the approximation by tanh.
    """

    width: int
    layers: int
    heads: int
    inner: int
    epsilon: float
    positions: int
    first_position: int = 0
    embedding: int = 0
    activation: Activation = "gelu"


class Layer(nn.Module):
    """One transformer layer, norms after the sums, with q, k and v in one matrix."""

    def __init__(self, shape: BertShape, *, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.dropout = ByteDropout(dropout)
        self.approximate = "tanh" if shape.activation == "gelu_new" else "none"
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.attended = nn.Linear(shape.width, shape.width)
        self.attended_norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.inner = nn.Linear(shape.width, shape.inner)
        self.outer = nn.Linear(shape.inner, shape.width)
        self.outer_norm = nn.LayerNorm(shape.width, eps=shape.epsilon)

    def forward(self, states_BSD: Tensor, mask_B11S: Tensor | None) -> Tensor:
        """Give the states after attention and the feed-forward part."""
        batch, pieces, width = states_BSD.shape
        qkv = self.qkv(states_BSD).view(batch, pieces, 3, self.heads, width // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        scores_BHSS = query @ key.transpose(-1, -2) / math.sqrt(width // self.heads)
        if mask_B11S is not None:
            scores_BHSS = scores_BHSS.masked_fill(~mask_B11S, -math.inf)
        attended = scores_BHSS.softmax(dim=-1) @ value
        attended = self.attended(attended.transpose(1, 2).reshape(batch, pieces, width))
        states = self.attended_norm(states_BSD + self.dropout(attended))
        outer = self.outer(functional.gelu(self.inner(states), approximate=self.approximate))
        result: Tensor = self.outer_norm(states + self.dropout(outer))
        return result


class Bert(nn.Module):
    """A BERT encoder whose word embedding may hold only the pieces that training sees."""

    def __init__(self, shape: BertShape, *, vocabulary: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.shape = shape
        embedding = shape.embedding or shape.width
        self.word = _blank_embedding(vocabulary, embedding)
        self.position = _blank_embedding(shape.positions, embedding)
        self.norm = nn.LayerNorm(embedding, eps=shape.epsilon)
        self.projection = nn.Linear(embedding, shape.width) if shape.embedding else None
        self.layers = nn.ModuleList(Layer(shape, dropout=dropout) for _ in range(shape.layers))

    def keep_layers(self, count: int) -> None:
        """Leave out all layers above the lowest ones."""
        self.shape = replace(self.shape, layers=count)
        self.layers = self.layers[:count]

    def set_dropout(self, share: float) -> None:
        """Leave a share of what each layer adds out while training, 0 to 1."""
        for layer in self.layers:
            if isinstance(layer, Layer):
                layer.dropout.share = share

    def embed(self, ids_BS: Tensor) -> Tensor:
        """Give the states before the first layer."""
        pieces = ids_BS.shape[1]
        states: Tensor = self.norm(self.word(ids_BS) + self.position.weight[:pieces])
        return states if self.projection is None else self.projection(states)

    def run_layers(
        self, states_BSD: Tensor, mask_B11S: Tensor | None, *, first: int = 0
    ) -> list[Tensor]:
        """Give the states after each layer from number `first` on."""
        outputs = []
        for layer in list(self.layers)[first:]:
            states_BSD = layer(states_BSD, mask_B11S)
            outputs.append(states_BSD)
        return outputs


def _blank_embedding(rows: int, width: int) -> nn.Embedding:
    """Make an embedding without random weights: drawing them on `meta` imports the compiler."""
    return nn.Embedding(rows, width, _weight=torch.empty(rows, width))


def from_state(shape: BertShape, state: Mapping[str, Tensor]) -> Bert:
    """Make a model of weights under their names here, without random ones first."""
    with torch.device("meta"):
        model = Bert(shape, vocabulary=len(state["word.weight"]))
    model.load_state_dict(state, assign=True)
    return model.requires_grad_().eval()
