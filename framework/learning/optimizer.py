"""AdamW with groups of different learning rates, and the schedule they follow.

It stands here because torch's own optimizers import the compiler at their first step, which takes
longer than the training of a small bot. The arithmetic is torch's fused kernel all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import torch
from torch import Tensor, nn


@dataclass(kw_only=True)
class Group:
    """Parameters that share a learning rate.

    Attributes:
        parameters: what is trained.
        learning_rate: at the peak of the schedule.
        weight_decay: decoupled; applied to matrices only, not to biases and norms.
    """

    parameters: Sequence[nn.Parameter]
    learning_rate: float
    weight_decay: float = 0.01


@dataclass(frozen=True)
class _State:
    first: Tensor
    second: Tensor
    steps: Tensor


@dataclass(kw_only=True)
class AdamW:
    """Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2).

    Attributes:
        groups: what is trained and how fast.
        betas: decay of the two moments.
        epsilon: keeps the quotient finite.
        clip: largest norm of all gradients together; 0 for no limit.
    """

    groups: Sequence[Group]
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-8
    clip: float = 1.0
    _states: dict[nn.Parameter, _State] = field(default_factory=dict, repr=False)

    @torch.no_grad()
    def step(self, factor: float = 1.0) -> None:
        """Follow the gradients once, then forget them.

        Args:
            factor: share of each group's learning rate, from the schedule.
        """
        if self.clip:
            self._clip_gradients()
        for group in self.groups:
            trained = [p for p in group.parameters if p.grad is not None]
            trained.sort(key=Tensor.dim)
            for is_matrix, alike in groupby(trained, key=lambda p: p.dim() > 1):
                self._update(
                    list(alike),
                    rate=group.learning_rate * factor,
                    weight_decay=group.weight_decay if is_matrix else 0.0,
                )
        self.clear()

    def clear(self) -> None:
        """Forget the gradients."""
        for group in self.groups:
            for parameter in group.parameters:
                parameter.grad = None

    def state(self) -> dict[str, Tensor]:
        """Give the moments and the number of steps of each parameter, to be put back."""
        kept: dict[str, Tensor] = {}
        for place, parameter in enumerate(self.parameters()):
            state = self._states.get(parameter)
            if state is not None:
                kept[f"{place}.first"] = state.first
                kept[f"{place}.second"] = state.second
                kept[f"{place}.steps"] = state.steps
        return kept

    def restore(self, kept: Mapping[str, Tensor]) -> None:
        """Take back what `state` gave for the same groups."""
        for place, parameter in enumerate(self.parameters()):
            if f"{place}.steps" in kept:
                self._states[parameter] = _State(
                    kept[f"{place}.first"], kept[f"{place}.second"], kept[f"{place}.steps"]
                )

    def parameters(self) -> list[nn.Parameter]:
        """Give everything that is trained, group by group."""
        return [parameter for group in self.groups for parameter in group.parameters]

    def _clip_gradients(self) -> None:
        gradients = [p.grad for g in self.groups for p in g.parameters if p.grad is not None]
        if not gradients:
            return
        norms = torch.stack([torch.linalg.vector_norm(gradient) for gradient in gradients])
        scale = (self.clip / (torch.linalg.vector_norm(norms) + 1e-6)).clamp(max=1.0)
        for gradient in gradients:
            gradient.mul_(scale)

    def _update(
        self, parameters: Sequence[nn.Parameter], *, rate: float, weight_decay: float
    ) -> None:
        states = [self._state(parameter) for parameter in parameters]
        for state in states:
            state.steps.add_(1)
        torch._fused_adamw_(
            list(parameters),
            [p.grad for p in parameters if p.grad is not None],
            [state.first for state in states],
            [state.second for state in states],
            [],
            [state.steps for state in states],
            lr=rate,
            beta1=self.betas[0],
            beta2=self.betas[1],
            weight_decay=weight_decay,
            eps=self.epsilon,
            amsgrad=False,
            maximize=False,
        )

    def _state(self, parameter: nn.Parameter) -> _State:
        if parameter not in self._states:
            steps = torch.zeros((), device=parameter.device)
            self._states[parameter] = _State(
                torch.zeros_like(parameter), torch.zeros_like(parameter), steps
            )
        return self._states[parameter]


def linear_schedule(step: int, *, total: int, warmup: float = 0.1) -> float:
    """Give the share of the learning rate: up for the `warmup` share of steps, then down to 0.

    Args:
        step: number of the step, from 0.
        total: steps in all.
        warmup: share of the steps that the rise takes.
    """
    rise = max(1, round(total * warmup))
    if step < rise:
        return (step + 1) / rise
    return max(0.0, (total - step) / max(1, total - rise))
