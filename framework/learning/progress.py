"""What training yields while it runs; the caller draws, logs and saves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Progress:
    """One step of a part's training.

    Attributes:
        part: what is being trained, in words a user knows ("intents and entities").
        done: steps done.
        total: steps expected; may shrink when training stops early.
        scores: latest figures by name (`loss`, `intent_accuracy`), for display.
    """

    part: str
    done: int
    total: int
    scores: Mapping[str, float] = field(default_factory=dict)
