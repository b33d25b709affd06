"""How large the model is, and what its training gives: known without torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Settings of the model and its training.

    Attributes:
        window: how many states a decision sees.
        width: numbers that stand for a turn.
        layers: of attention.
        epochs: passes over the data; None for as many as the data calls for.
    """

    window: int
    width: int
    layers: int = 1
    epochs: int | None = None


@dataclass(kw_only=True)
class Trained:
    """What training fills in.

    Attributes:
        graph: the ONNX model.
        temperature: found on held-out dialogues; 1 without.
    """

    graph: bytes = b""
    temperature: float = 1.0
