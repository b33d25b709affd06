"""What the model looks like and how it is trained, known without torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Network = Literal["gru", "lstm", "transformer"]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Kind and sizes of a model.

    Attributes:
        network: kind of the layers.
        vocabulary: number of pieces.
        width: numbers that stand for a piece, even; a multiple of `heads` for a transformer.
        layers: of the encoder, and as many of the decoder.
        heads: of a transformer's attention.
        dropout: share of numbers left out in training.
    """

    network: Network
    vocabulary: int
    width: int
    layers: int = 1
    heads: int = 4
    dropout: float = 0.2


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a model is trained.

    Attributes:
        network: kind of the layers.
        width: numbers that stand for a piece; None for what the amount of data calls for.
        layers: of the encoder, and as many of the decoder.
        dropout: share of numbers left out in training.
        vocabulary: pieces at most, single characters not counted.
        epochs: passes over the pairs, at most; None for what the amount of data calls for.
        patience: scorings without a gain before training stops; 0 goes through to the end.
        held_out: share of the questions held out to measure on.
        teacher_forcing: share of the right pieces that the decoder is shown at the end of training.
        learning_rate: at its peak.
    """

    network: Network = "gru"
    width: int | None = None
    layers: int = 1
    dropout: float = 0.2
    vocabulary: int = 3000
    epochs: int | None = None
    patience: int = 4
    held_out: float = 0.1
    teacher_forcing: float = 0.8
    learning_rate: float = 2e-3


@dataclass(kw_only=True)
class Trained:
    """What training fills in.

    Attributes:
        files: graphs, word pieces, learned questions and what confidence is made of.
        scores: of held-out questions, where there were any.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
