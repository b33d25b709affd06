"""The model: an encoder reads the question, a decoder with attention writes the answer.

Shapes: B pairs, S pieces of a question, T pieces of an answer, V vocabulary, D width, L layers.

Every kind of decoder ends in the same readout: one look over the question (Luong et al. 2015,
arXiv:1508.04025, "general" attention) that chooses the next piece from the vocabulary or copies one
of the question, as a gate decides (See et al. 2017, arXiv:1704.04368, pointer-generator).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from framework.responses.seq2seq.sizes import Shape
from framework.responses.seq2seq.training.batches import Batch
from framework.responses.seq2seq.vocabulary import PAD, UNKNOWN

EPSILON = 1e-5
_NEVER = -1e9
_LEAST = 1e-8


class Recurrent(nn.Module):
    """Reads with layers in both directions, writes with layers that start where reading ended."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        kind = nn.GRU if shape.network == "gru" else nn.LSTM
        half = shape.width // 2
        self.reader = kind(shape.width, half, shape.layers, batch_first=True, bidirectional=True)
        self.bridges = nn.ModuleList(
            nn.Linear(shape.width, shape.layers * shape.width)
            for _ in range(1 if shape.network == "gru" else 2)
        )
        self.writer = kind(shape.width, shape.width, shape.layers, batch_first=True)
        self.shape = shape

    def read(self, source_BSD: Tensor, lengths_B: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Give memory_BSD and the states that writing begins with, each (L, B, D)."""
        packed = pack_padded_sequence(source_BSD, lengths_B, batch_first=True, enforce_sorted=False)
        output, ended = self.reader(packed)
        memory, _ = pad_packed_sequence(output, batch_first=True)
        final = ended if isinstance(ended, Tensor) else ended[0]
        both_BD = torch.cat([final[-2], final[-1]], dim=-1)
        rows, layers = len(both_BD), self.shape.layers
        starts = [
            torch.tanh(bridge(both_BD)).view(rows, layers, -1).transpose(0, 1).contiguous()
            for bridge in self.bridges
        ]
        return memory, tuple(starts)

    def write(
        self, target_BTD: Tensor, memory_BSD: Tensor, mask_BS: Tensor, start: tuple[Tensor, ...]
    ) -> Tensor:
        """Give the states after each piece, shape BTD."""
        states: Tensor = self.writer(target_BTD, start if len(start) > 1 else start[0])[0]
        return states


class Attention(nn.Module):
    """Attention of several heads, from one sequence to another or to itself."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.query, self.key, self.value, self.mix = (
            nn.Linear(shape.width, shape.width) for _ in range(4)
        )

    def forward(self, values_BTD: Tensor, seen_BSD: Tensor, allowed: Tensor) -> Tensor:
        """Give what each place sees, shape BTD; `allowed` fits (B, heads, T, S)."""
        query, key, value = (
            self._split(layer(given))
            for layer, given in (
                (self.query, values_BTD),
                (self.key, seen_BSD),
                (self.value, seen_BSD),
            )
        )
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        weights = scores.masked_fill(~allowed, _NEVER).softmax(-1)
        mixed: Tensor = self.mix((weights @ value).transpose(1, 2).flatten(2))
        return mixed

    def _split(self, values_BTD: Tensor) -> Tensor:
        rows, length, _ = values_BTD.shape
        return values_BTD.view(rows, length, self.heads, -1).transpose(1, 2)


class Feed(nn.Module):
    """The layer between attentions."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.rise = nn.Linear(shape.width, 4 * shape.width)
        self.fall = nn.Linear(4 * shape.width, shape.width)

    def forward(self, values_BTD: Tensor) -> Tensor:
        """Give new values of the same shape."""
        fed: Tensor = self.fall(functional.gelu(self.rise(values_BTD)))
        return fed


class Block(nn.Module):
    """One layer of a transformer; one that writes looks at the question, too."""

    def __init__(self, shape: Shape, *, writes: bool) -> None:
        super().__init__()
        self.own_norm = nn.LayerNorm(shape.width, eps=EPSILON)
        self.own = Attention(shape)
        self.cross_norm = nn.LayerNorm(shape.width, eps=EPSILON) if writes else None
        self.cross = Attention(shape) if writes else None
        self.feed_norm = nn.LayerNorm(shape.width, eps=EPSILON)
        self.feed = Feed(shape)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(
        self,
        values_BTD: Tensor,
        own: Tensor,
        memory_BSD: Tensor | None = None,
        seen: Tensor | None = None,
    ) -> Tensor:
        """Give new values; `own` and `seen` say which places may be looked at."""
        normed = self.own_norm(values_BTD)
        values = values_BTD + self.dropout(self.own(normed, normed, own))
        if self.cross is not None and self.cross_norm is not None and seen is not None:
            values = values + self.dropout(self.cross(self.cross_norm(values), memory_BSD, seen))
        grown: Tensor = values + self.dropout(self.feed(self.feed_norm(values)))
        return grown


class Attentive(nn.Module):
    """A transformer that reads and one that writes (Vaswani et al. 2017), norms first."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.readers = nn.ModuleList(Block(shape, writes=False) for _ in range(shape.layers))
        self.read_norm = nn.LayerNorm(shape.width, eps=EPSILON)
        self.writers = nn.ModuleList(Block(shape, writes=True) for _ in range(shape.layers))
        self.write_norm = nn.LayerNorm(shape.width, eps=EPSILON)
        self.width = shape.width

    def read(self, source_BSD: Tensor, lengths_B: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Give memory_BSD; there are no states."""
        values = source_BSD + positions(source_BSD.shape[1], self.width)
        places = torch.arange(source_BSD.shape[1])
        allowed = (places[None] < lengths_B[:, None])[:, None, None]
        for block in self.readers:
            values = block(values, allowed)
        return self.read_norm(values), ()

    def write(
        self, target_BTD: Tensor, memory_BSD: Tensor, mask_BS: Tensor, start: tuple[Tensor, ...]
    ) -> Tensor:
        """Give the states after each piece, shape BTD."""
        length = target_BTD.shape[1]
        values = target_BTD + positions(length, self.width)
        past = torch.ones(length, length, dtype=torch.bool).tril()[None, None]
        for block in self.writers:
            values = block(values, past, memory_BSD, mask_BS[:, None, None])
        states: Tensor = self.write_norm(values)
        return states


def positions(length: int, width: int) -> Tensor:
    """Give the waves that tell places apart, shape (length, width)."""
    rates = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000) / width))
    angles = torch.arange(length)[:, None] * rates[None]
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Generator(nn.Module):
    """Questions and the answers so far -> chances of the next pieces."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width = shape.width
        self.pieces = nn.Embedding(shape.vocabulary, width, padding_idx=PAD)
        nn.init.normal_(self.pieces.weight, std=width**-0.5)
        self.core = Attentive(shape) if shape.network == "transformer" else Recurrent(shape)
        self.look = nn.Linear(width, width, bias=False)
        self.gate = nn.Linear(2 * width, 1)
        nn.init.constant_(self.gate.bias, 2.0)  # at first everything comes from the vocabulary
        self.mix = nn.Linear(2 * width, width)
        self.bias = nn.Parameter(torch.zeros(shape.vocabulary))
        self.dropout = nn.Dropout(shape.dropout)
        self.scale = math.sqrt(width)

    def embed(self, ids: Tensor) -> Tensor:
        """Give the vectors of pieces; those after the vocabulary are unknown."""
        known = ids.masked_fill(ids >= self.shape.vocabulary, UNKNOWN)
        embedded: Tensor = self.dropout(self.pieces(known) * self.scale)
        return embedded

    def loss(self, batch: Batch, *, gold_share: float = 1.0) -> Tensor:
        """Give the mean cost of the answers' pieces.

        Args:
            batch: the pairs.
            gold_share: of the pieces that the decoder is shown as they should be; in place of the
                others it sees what it would have written (scheduled sampling in two passes:
                Mihaylova & Martins 2019, arXiv:1906.07651).
        """
        memory, start = self.core.read(self.embed(batch.source_BS), batch.lengths_B)
        mask_BS = batch.extended_BS != PAD
        shown = batch.shifted_BT
        if gold_share < 1:
            with torch.no_grad():
                written = self._written(shown, memory, mask_BS, start, batch.extended_BS)
            keep = torch.rand(shown.shape) < gold_share
            keep[:, 0] = True
            shown = torch.where(keep | (shown == PAD), shown, written)
        states = self.core.write(self.embed(shown), memory, mask_BS, start)
        gate, seen_BTS, logits = self.readout(states, memory, mask_BS)
        target = batch.target_BT
        in_vocabulary = target < self.shape.vocabulary
        chosen = target.masked_fill(~in_vocabulary, PAD)
        chances = functional.log_softmax(logits, -1).gather(-1, chosen[..., None])[..., 0]
        copied = (seen_BTS * (batch.extended_BS[:, None] == target[..., None])).sum(-1)
        gate = gate[..., 0]
        total = gate * chances.exp() * in_vocabulary + (1 - gate) * copied
        costs = -(total + _LEAST).log()
        counted = target != PAD
        return (costs * counted).sum() / counted.sum()

    def readout(
        self, states_BTD: Tensor, memory_BSD: Tensor, mask_BS: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Give the share of the vocabulary (B, T, 1), the look over the question and the logits."""
        scores = self.look(states_BTD) @ memory_BSD.transpose(1, 2)
        seen_BTS = scores.masked_fill(~mask_BS[:, None], _NEVER).softmax(-1)
        both = torch.cat([states_BTD, seen_BTS @ memory_BSD], dim=-1)
        mixed = self.dropout(torch.tanh(self.mix(both)))
        logits = functional.linear(mixed, self.pieces.weight, self.bias)
        return torch.sigmoid(self.gate(both)), seen_BTS, logits

    def _written(
        self,
        shown: Tensor,
        memory: Tensor,
        mask_BS: Tensor,
        start: tuple[Tensor, ...],
        extended_BS: Tensor,
    ) -> Tensor:
        """Give the likeliest pieces, moved by one place: what the decoder would have seen."""
        states = self.core.write(self.embed(shown), memory, mask_BS, start)
        gate, seen_BTS, logits = self.readout(states, memory, mask_BS)
        best, pieces = (gate * logits.softmax(-1)).max(-1)
        copied, places = seen_BTS.max(-1)
        pointed = extended_BS.gather(1, places)
        pieces = torch.where((1 - gate[..., 0]) * copied > best, pointed, pieces)
        return torch.cat([shown[:, :1], pieces[:, :-1]], dim=1)
