"""Encoders without pretrained weights: words as bags of features, and four kinds of layers.

They stand in the same place as a `Bert` and have the same outside.

Shapes: B batch, S words, F features of a word, D width, V features in all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from framework.learning.dropout import ByteDropout
from framework.nlu.bert.choice import EncoderChoice, OwnSettings
from framework.nlu.bert.grams import UNKNOWN
from framework.nlu.bert.training.bert import BertShape, Layer

_EPSILON = 1e-5
_POSITIONS = {"transformer": 256}
MOST_WORDS = 512
_LAYERS = {"cnn": 2, "gru": 1, "lstm": 1, "transformer": 2}
_DEVIATION = 0.3
"""Of the features' values at the start."""


class FeatureEmbedding(nn.Module):
    """The sum of what is learned of a word's features, and of its pretrained vector."""

    def __init__(
        self, size: int, settings: OwnSettings, *, positions: int, vectors: Tensor | None
    ) -> None:
        """Make an embedding.

        Args:
            size: number of features, the empty one included.
            settings: of the encoder.
            positions: longest text where the places of words count, else 0.
            vectors: pretrained vectors, shape (words, width of theirs); their ids follow `size`.
        """
        super().__init__()
        self.size = size
        self.dropout = settings.feature_dropout
        self.weight = nn.Parameter(torch.randn(size, settings.width) * _DEVIATION)
        with torch.no_grad():
            self.weight[0] = 0
            self.weight[UNKNOWN] = 0
        self.positions = nn.Parameter(torch.zeros(positions, settings.width))
        given = torch.zeros(0, 1) if vectors is None else vectors
        self.register_buffer("vectors", torch.cat([torch.zeros(1, given.shape[1]), given]))
        self.projection = nn.Linear(given.shape[1], settings.width, bias=False)
        if vectors is None:
            self.projection.requires_grad_(False)  # noqa: FBT003, torch's only way

    def forward(self, ids_BSF: Tensor) -> Tensor:
        """Give the words' sums, shape (B, S, D)."""
        if self.training and self.dropout:
            kept = torch.rand(ids_BSF.shape, device=ids_BSF.device) >= self.dropout
            ids_BSF = ids_BSF * kept
        rows = ids_BSF.flatten(0, 1)
        own = functional.embedding_bag(
            torch.where(rows < self.size, rows, 0), self.weight, mode="sum", padding_idx=0
        )
        vectors: Tensor = self.get_buffer("vectors")
        if len(vectors) > 1:
            given = (rows - self.size + 1).clamp(min=0)
            found = functional.embedding_bag(given, vectors, mode="sum", padding_idx=0)
            own = own + self.projection(found)
        states = own.view(*ids_BSF.shape[:2], -1)
        return states + self.positions[: states.shape[1]] if len(self.positions) else states

    def table(self) -> Tensor:
        """Give one row for each id, those of the pretrained vectors last, shape (V, D)."""
        own = torch.cat([torch.zeros_like(self.weight[:1]), self.weight[1:]])
        vectors: Tensor = self.get_buffer("vectors")
        return torch.cat([own, self.projection(vectors[1:])])


class Convolution(nn.Module):
    """A layer in which each word sees its neighbours at a distance."""

    def __init__(self, width: int, *, distance: int, dropout: float) -> None:
        super().__init__()
        self.distance = distance
        self.mixed = nn.Linear(3 * width, width)
        self.dropout = ByteDropout(dropout)
        self.norm = nn.LayerNorm(width, eps=_EPSILON)

    def forward(self, states_BSD: Tensor, mask_B11S: Tensor | None) -> Tensor:
        """Give the states after the layer."""
        seen = states_BSD if mask_B11S is None else states_BSD * mask_B11S[:, 0, 0, :, None]
        size, away = seen.shape[1], self.distance
        framed = functional.pad(seen, (0, 0, away, away))
        sides = [framed[:, :size], seen, framed[:, 2 * away : 2 * away + size]]
        mixed = functional.gelu(self.mixed(torch.cat(sides, dim=-1)))
        result: Tensor = self.norm(states_BSD + self.dropout(mixed))
        return result


class Recurrence(nn.Module):
    """A layer that reads the words forwards and backwards."""

    def __init__(self, width: int, *, kind: str, dropout: float) -> None:
        super().__init__()
        make = nn.GRU if kind == "gru" else nn.LSTM
        self.cells = make(width, width // 2, batch_first=True, bidirectional=True)
        self.dropout = ByteDropout(dropout)
        self.norm = nn.LayerNorm(width, eps=_EPSILON)

    def forward(self, states_BSD: Tensor, mask_B11S: Tensor | None) -> Tensor:
        """Give the states after the layer."""
        batch, size, _ = states_BSD.shape
        lengths = torch.full((batch,), size)
        if mask_B11S is not None:
            lengths = mask_B11S[:, 0, 0].sum(dim=-1)
        with torch.autocast(states_BSD.device.type, enabled=False):
            packed = pack_padded_sequence(
                states_BSD.float(), lengths.cpu(), batch_first=True, enforce_sorted=False
            )
            read, _ = self.cells(packed)
            states, _ = pad_packed_sequence(read, batch_first=True, total_length=size)
            result: Tensor = self.norm(states_BSD.float() + self.dropout(states))
        return result


class OwnEncoder(nn.Module):
    """An encoder that begins from random numbers, with the outside of a `Bert`."""

    def __init__(
        self, choice: EncoderChoice, *, features: int, vectors: Tensor | None = None
    ) -> None:
        """Make an encoder.

        Args:
            choice: kind and settings.
            features: number of features of words, the empty one included.
            vectors: pretrained word vectors, one row each.
        """
        super().__init__()
        kind, settings = choice.name or "", choice.own
        width = settings.width
        self.shape = BertShape(
            width=width,
            layers=settings.layers or _LAYERS[kind],
            heads=settings.heads,
            inner=4 * width,
            epsilon=_EPSILON,
            positions=_POSITIONS.get(kind, MOST_WORDS),
        )
        self.word = FeatureEmbedding(
            features,
            settings,
            positions=_POSITIONS.get(kind, 0),
            vectors=vectors,
        )
        self.norm = nn.LayerNorm(width, eps=_EPSILON)
        self.dropout = ByteDropout(settings.dropout)
        make = _KINDS[kind]
        self.layers = nn.ModuleList(
            make(self.shape, settings.dropout, number) for number in range(self.shape.layers)
        )
        self.train(mode=False)

    def embed(self, ids_BSF: Tensor) -> Tensor:
        """Give the states before the first layer, shape (B, S, D)."""
        result: Tensor = self.dropout(self.norm(self.word(ids_BSF)))
        return result

    def run_layers(
        self, states_BSD: Tensor, mask_B11S: Tensor | None, *, first: int = 0
    ) -> list[Tensor]:
        """Give the states after each layer from number `first` on."""
        outputs = []
        for layer in list(self.layers)[first:]:
            states_BSD = layer(states_BSD, mask_B11S)
            outputs.append(states_BSD)
        return outputs


_KINDS: Mapping[str, Callable[[BertShape, float, int], nn.Module]] = {
    "cnn": lambda shape, dropout, number: Convolution(
        shape.width, distance=2**number, dropout=dropout
    ),
    "gru": lambda shape, dropout, _: Recurrence(shape.width, kind="gru", dropout=dropout),
    "lstm": lambda shape, dropout, _: Recurrence(shape.width, kind="lstm", dropout=dropout),
    "transformer": lambda shape, dropout, _: Layer(shape, dropout=dropout),
}
