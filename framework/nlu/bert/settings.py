"""The settings of the tagger as one value; names, types and defaults stand in `BertTagger`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Storage = Literal["auto", "int8", "float16", "float32"]
Weighting = Literal["none", "root", "balanced"]


@dataclass(frozen=True, kw_only=True)
class TaggerSettings:
    """What `BertTagger.__init__` was given; see there for the meaning of each."""

    encoder: str | Mapping[str, Any] | None
    intents: bool
    entities: bool
    epochs: int | None
    batch_size: int | None
    gradient_accumulation: int
    learning_rate: float
    head_learning_rate: float
    layer_decay: float
    weight_decay: float
    dropout: float
    label_smoothing: float
    class_weights: Weighting
    fast: bool
    precision: Storage
    out_of_scope_intents: tuple[str, ...]
