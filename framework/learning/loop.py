"""The training loop: a generator that yields progress and keeps the best weights.

It knows neither texts nor dialogues. A caller gives the model, an optimizer, a function that makes
the batches of an epoch and one that gives the loss of a batch; a held-out score, where there is
one, decides when to stop and which weights stay.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

from framework.errors import TrainingError
from framework.learning.optimizer import AdamW, linear_schedule
from framework.learning.processes import Processes
from framework.learning.progress import Progress
from framework.learning.resume import Checkpoint, Place

Batch = TypeVar("Batch")


@dataclass(frozen=True, kw_only=True)
class Plan(Generic[Batch]):
    """What one training does.

    Attributes:
        part: name of the part in words a user knows, for the progress.
        epochs: passes over the data, at most.
        batches: gives the batches of an epoch by its number from 0, the same number each time.
        loss: gives the mean loss of a batch, with gradients.
        score: gives held-out figures after an epoch; the one named by `watch` decides.
        watch: the figure that is to rise; used only with `score`.
        patience: epochs without a rise before training stops; 0 goes through to the end.
        warmup: share of the steps in which the learning rate rises.
        accumulate: batches whose gradients are added up for one step of the optimizer.
        processes: those among which the training is spread; `loss` gives each one's part.
    """

    part: str
    epochs: int
    batches: Callable[[int], Sequence[Batch]]
    loss: Callable[[Batch], Tensor]
    score: Callable[[], Mapping[str, float]] | None = None
    watch: str = "score"
    patience: int = 0
    warmup: float = 0.1
    accumulate: int = 1
    processes: Processes = field(default_factory=Processes)


@dataclass(kw_only=True)
class Best:
    """The best weights so far.

    Attributes:
        score: the highest figure; minus infinity before the first.
        epoch: number of epochs done when it was reached.
        weights: the model's parameters then.
    """

    score: float = -math.inf
    epoch: int = 0
    weights: dict[str, Tensor] = field(default_factory=dict)

    def offer(self, score: float, *, epoch: int, model: nn.Module) -> bool:
        """Keep the weights if the score rose; says whether it did."""
        if score <= self.score:
            return False
        self.score, self.epoch = score, epoch
        self.weights = {
            name: parameter.detach().clone()
            for name, parameter in model.named_parameters()
            if parameter.requires_grad
        }
        return True

    def restore(self, model: nn.Module) -> None:
        """Put the kept weights back into the model."""
        if self.weights:
            model.load_state_dict(self.weights, strict=False)


def fit(
    model: nn.Module,
    optimizer: AdamW,
    plan: Plan[Batch],
    *,
    best: Best | None = None,
    checkpoint: Checkpoint | None = None,
) -> Iterator[Progress]:
    """Train the model in place, yielding progress after every step.

    With a score the best weights are put back at the end; without one the last ones stay.

    Args:
        model: what is trained; in evaluation mode when the generator ends.
        optimizer: follows the gradients.
        plan: data, loss and length.
        best: filled with the best score and its epoch, for a caller who wants to know.
        checkpoint: keeps the state now and then; a state that it holds is taken up.

    Raises:
        TrainingError: the loss is not a number any more.
    """
    best = best or Best()
    place = Place()
    if checkpoint is not None:
        place = checkpoint.restore(model, optimizer, best.weights)
        best.score = -math.inf if place.best_score is None else place.best_score
        best.epoch = place.best_epoch
    if not place.is_finished:
        for _ in _epochs(model, optimizer, plan, best=best, place=place, checkpoint=checkpoint):
            figures = dict(place.figures)
            yield Progress(part=plan.part, done=place.done, total=place.total, scores=figures)
        best.restore(model)
        if checkpoint is not None:
            checkpoint.finish(place, model)
    model.eval()
    figures = dict(place.figures)
    yield Progress(part=plan.part, done=place.done, total=place.done, scores=figures)


def _epochs(
    model: nn.Module,
    optimizer: AdamW,
    plan: Plan[Batch],
    *,
    best: Best,
    place: Place,
    checkpoint: Checkpoint | None,
) -> Iterator[None]:
    """Go through the epochs from `place` on, which is kept up to date; yields after each step."""
    while place.epoch < plan.epochs:
        model.train()
        batches = _batches(plan, place.epoch, checkpoint)
        place.total = place.total or plan.epochs * len(batches)
        for batch in batches[place.step :]:
            together = _together(place.step, len(batches), plan.accumulate)
            step = place.done // plan.accumulate
            total = -(-place.total // plan.accumulate)
            factor = linear_schedule(step, total=total, warmup=plan.warmup)
            place.figures["loss"] = _backward(plan.loss(batch), together)
            place.done += 1
            place.step += 1
            if place.step % plan.accumulate == 0 or place.step == len(batches):
                plan.processes.add_up(optimizer.parameters())
                optimizer.step(factor)
                if checkpoint is not None:
                    checkpoint.step_done(place, model, optimizer, best.weights)
            yield
        place.epoch, place.step = place.epoch + 1, 0
        if plan.score is None:
            continue
        model.eval()
        place.figures.update(plan.processes.agree(plan.score()))
        if best.offer(place.figures[plan.watch], epoch=place.epoch, model=model):
            place.best_score, place.best_epoch = best.score, best.epoch
        if plan.patience and place.epoch - best.epoch >= plan.patience:
            break


def _batches(plan: Plan[Batch], epoch: int, checkpoint: Checkpoint | None) -> Sequence[Batch]:
    if checkpoint is None:
        return plan.batches(epoch)
    checkpoint.begin_epoch()
    batches = plan.batches(epoch)
    checkpoint.batches_made()
    return batches


def _together(step: int, steps: int, accumulate: int) -> int:
    """Count the batches whose gradients make one step with this one."""
    first = step - step % accumulate
    return min(accumulate, steps - first)


def _backward(loss: Tensor, together: int) -> float:
    value = float(loss.detach())
    if not math.isfinite(value):
        raise TrainingError(
            f"the training loss became {value}",
            id="diverged",
            hint="a lower `learning_rate` keeps the training stable",
        )
    torch.autograd.backward(loss / together if together > 1 else loss)
    return value
