"""The tagger's model: one encoder, one head for intents, one for entity tags.

Shapes: B batch, S word pieces, D width, E = 2 D, I intents, L entity labels, T BIO tags.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from framework.learning.dropout import ByteDropout
from framework.nlu.bert.labels import EntityLabel, Labels
from framework.nlu.bert.training.bert import Bert
from framework.nlu.bert.training.networks import OwnEncoder


@dataclass(frozen=True, kw_only=True)
class Output:
    """What the model says of a batch.

    Attributes:
        intents: logits, shape (B, I).
        tags: logits of each piece, shape (B, S, T).
        embedding: sentence vectors of length 1, shape (B, D).
    """

    intents: Tensor
    tags: Tensor
    embedding: Tensor


class Tagger(nn.Module):
    """Intents by a linear layer on the mean state, scaled to length 1; tags piece by piece.

    A tag is told by the piece's state and by the mean state, which says what the message is about.
    """

    def __init__(self, bert: Bert | OwnEncoder, labels: Labels, *, dropout: float) -> None:
        super().__init__()
        self.bert = bert
        self.dropout = ByteDropout(dropout)
        self.intents = nn.Parameter(torch.zeros(len(labels.intents), bert.shape.width))
        self.intent_biases = nn.Parameter(torch.zeros(len(labels.intents)))
        self.tags = TagHead(labels.entities, width=2 * bert.shape.width)

    def forward(self, ids_BS: Tensor, mask_BS: Tensor) -> Output:
        """Read a batch; padding is where the mask is False."""
        return self.read_states(self.encode(ids_BS, mask_BS), mask_BS)

    def encode(self, ids_BS: Tensor, mask_BS: Tensor) -> Tensor:
        """Give the encoder's last states, shape (B, S, D)."""
        attended = None if bool(mask_BS.all()) else mask_BS[:, None, None]
        return self.bert.run_layers(self.bert.embed(ids_BS), attended)[-1].float()

    def read_states(self, states_BSD: Tensor, mask_BS: Tensor) -> Output:
        """Apply the heads to the encoder's last states."""
        mean_BD = mean_states(states_BSD, mask_BS)
        dropped = functional.normalize(self.dropout(mean_BD), dim=-1)
        return Output(
            intents=functional.linear(dropped, self.intents, self.intent_biases),
            tags=self.tags(self.dropout(tag_evidence(states_BSD, mean_BD))),
            embedding=functional.normalize(mean_BD, dim=-1),
        )


class TagHead(nn.Module):
    """Scores BIO tags; a label's score is the sum of its entity's, role's and group's.

    Every tag also has a part of its own, so that nothing is out of reach.
    """

    def __init__(self, labels: Sequence[EntityLabel], *, width: int) -> None:
        super().__init__()
        shares = tag_shares(labels)
        self.register_buffer("shares", shares, persistent=False)
        self.parts = nn.Parameter(torch.zeros(shares.shape[1], width))
        self.biases = nn.Parameter(torch.zeros(shares.shape[1]))

    def forward(self, evidence_BSE: Tensor) -> Tensor:
        """Give the logits of each piece."""
        return functional.linear(evidence_BSE, self.weight(), self.bias())

    def weight(self) -> Tensor:
        """Give the matrix of all tags, shape (T, 2 D)."""
        shares: Tensor = self.get_buffer("shares")
        return shares @ self.parts

    def bias(self) -> Tensor:
        """Give the bias of all tags, shape (T,)."""
        shares: Tensor = self.get_buffer("shares")
        return shares @ self.biases


def tag_shares(labels: Sequence[EntityLabel]) -> Tensor:
    """Say which parts a tag is the sum of, shape (T, parts): its own, then what it shares."""
    tags, names = _parts_of_tags(labels), tag_parts(labels)
    numbers = {name: number for number, name in enumerate(names)}
    shares = torch.zeros(len(tags), len(names))
    for row, tag in enumerate(tags):
        for name in tag:
            shares[row, numbers[name]] = 1.0
    return shares


def tag_parts(labels: Sequence[EntityLabel]) -> list[str]:
    """Name the parts that tags are sums of, in their order."""
    return sorted({name for tag in _parts_of_tags(labels) for name in tag})


def _parts_of_tags(labels: Sequence[EntityLabel]) -> list[tuple[str, ...]]:
    tags: list[tuple[str, ...]] = [("O",)]
    for label in labels:
        for place in ("B", "I"):
            shared = [f"{place} {label.entity}", f"entity {label.entity}"]
            if label.role:
                shared.append(f"role {label.entity} {label.role}")
            if label.group:
                shared.append(f"group {label.entity} {label.group}")
            own = f"own {place} {label.entity} {label.role} {label.group}"
            tags.append((*shared, own))
    return tags


def tag_evidence(states_BSD: Tensor, mean_BD: Tensor) -> Tensor:
    """Put side by side what tells each piece's tag, its state and the mean, shape (B, S, 2 D)."""
    return torch.cat([states_BSD, mean_BD[:, None].expand_as(states_BSD)], dim=-1)


def mean_states(states_BSD: Tensor, mask_BS: Tensor) -> Tensor:
    """Give the mean over a message's pieces, shape (B, D)."""
    weights_BS1 = mask_BS[..., None].to(states_BSD.dtype)
    return (states_BSD * weights_BS1).sum(dim=1) / weights_BS1.sum(dim=1)
