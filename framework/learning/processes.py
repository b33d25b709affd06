"""The processes among which a training is spread: this one alone, unless others were launched.

Each process holds the whole model and goes through the same batches; of each batch it learns from
its own rows, and the gradients are added up (data parallelism). All of them end with equal weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import nn

from framework.learning.seed import pick_device


class Processes:
    """This process alone."""

    count = 1

    @property
    def device(self) -> torch.device:
        """Where this process computes."""
        return pick_device()

    def rows(self, total: int) -> list[int]:
        """Give the rows of a batch that this process learns from; there may be none."""
        return list(range(total))

    def add_up(self, parameters: Iterable[nn.Parameter]) -> None:
        """Add up the gradients of all processes."""

    def agree(self, figures: Mapping[str, float]) -> dict[str, float]:
        """Give the figures of the first process, so that all of them stop at the same time."""
        return dict(figures)
