"""The processes that `accelerate launch` started; imported only in one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list
from torch import Tensor, nn

from framework.learning.process import count_processes, process_number
from framework.learning.processes import Processes


class LaunchedProcesses(Processes):
    """The processes that Hugging Face Accelerate started, on one machine or several."""

    def __init__(self) -> None:
        """Join the others."""
        self._accelerator = Accelerator(cpu=not torch.cuda.is_available())
        self.count = count_processes()

    @property
    def device(self) -> torch.device:
        """Where this process computes."""
        device: torch.device = self._accelerator.device
        return device

    def rows(self, total: int) -> list[int]:
        """Give every n-th row."""
        return list(range(process_number(), total, self.count))

    def add_up(self, parameters: Iterable[nn.Parameter]) -> None:
        """Add up the gradients of all processes, in one message."""
        trained = [parameter for parameter in parameters if parameter.requires_grad]
        gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in trained]
        joined = torch.cat([gradient.flatten() for gradient in gradients])
        total: Tensor = self._accelerator.reduce(joined, reduction="sum")
        sizes = [parameter.numel() for parameter in trained]
        for parameter, gradient in zip(trained, torch.split(total, sizes), strict=True):
            parameter.grad = gradient.view_as(parameter).clone()

    def agree(self, figures: Mapping[str, float]) -> dict[str, float]:
        """Give the figures of the first process."""
        given: list[dict[str, float]] = broadcast_object_list([dict(figures)])
        return given[0]
