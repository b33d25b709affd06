"""Saves a training now and then, and takes it up where it was: equal to one that was never stopped.

A training is a row of fits. Each has a state of its own, known by its number in the row: while it
runs, the weights, the optimizer's moments and the random numbers; once it is over, the weights and
the random numbers.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from framework.learning.checkpoint import CheckpointStore
from framework.learning.optimizer import AdamW
from framework.learning.process import is_main_process

logger = logging.getLogger(__name__)

LEAST_SECONDS = 15.0
"""Seconds between two states, at least."""

_LEAST_SHARE = 20
"""How many times longer than writing a state takes the training goes on before the next."""

_PLACE, _RANDOM, _SHUFFLE = "place", "random", "shuffle"
_START = "start."
_ONLY = "tensor"


@dataclass(kw_only=True)
class Place:
    """How far a fit is.

    Attributes:
        epoch: number of the epoch, from 0.
        step: batches done in it.
        done: batches done in all.
        total: batches expected in all.
        figures: latest figures by name.
        best_score: the highest held-out score; None before the first.
        best_epoch: epochs done when it was reached.
        is_finished: whether the fit is over.
    """

    epoch: int = 0
    step: int = 0
    done: int = 0
    total: int = 0
    figures: dict[str, float] = field(default_factory=dict)
    best_score: float | None = None
    best_epoch: int = 0
    is_finished: bool = False


class Checkpoints:
    """The states of the fits of one training."""

    def __init__(
        self,
        store: CheckpointStore | None,
        generator: torch.Generator,
        *,
        every_seconds: float = LEAST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make them.

        Args:
            store: where states are kept; None keeps none.
            generator: shuffles batches; its state is kept as well.
            every_seconds: least time between two states.
            clock: tells the time in seconds.
        """
        self._store = store
        self._generator = generator
        self._every_seconds = every_seconds
        self._clock = clock
        self._count = 0

    def next(self) -> Checkpoint:
        """Give the state of the next fit in the row."""
        self._count += 1
        return Checkpoint(
            f"fit{self._count}",
            self._store,
            self._generator,
            every_seconds=self._every_seconds,
            clock=self._clock,
        )


class Checkpoint:
    """The state of one fit."""

    def __init__(
        self,
        name: str,
        store: CheckpointStore | None,
        generator: torch.Generator,
        *,
        every_seconds: float,
        clock: Callable[[], float],
    ) -> None:
        self._name = name
        self._store = store
        self._generator = generator
        self._clock = clock
        self._every_seconds = every_seconds
        self._due = clock() + every_seconds
        self._is_kept = False
        self._random_at_start: dict[str, Tensor] = {}
        self._random_now: dict[str, Tensor] = {}

    def restore(self, model: nn.Module, optimizer: AdamW, best: dict[str, Tensor]) -> Place:
        """Put a kept state back, and say how far it is; a new fit where none is kept.

        Args:
            model: takes the weights.
            optimizer: takes the moments.
            best: takes the best weights so far.
        """
        kept = self._read()
        if kept is None:
            return Place()
        place, state = kept
        self._is_kept = True
        device = next(model.parameters()).device
        model.load_state_dict(_part(state, "model.", device), strict=False)
        best.update(_part(state, "best.", device))
        optimizer.restore(_part(state, "optimizer.", device))
        self._random_now = {name: state[name] for name in (_RANDOM, _SHUFFLE)}
        if place.is_finished:
            self._set_random(self._random_now)
            return place
        self._set_random({name: state[_START + name] for name in (_RANDOM, _SHUFFLE)})
        logger.info("training goes on in epoch %d after %d steps", place.epoch + 1, place.done)
        return place

    def begin_epoch(self) -> None:
        """Note the random numbers from which the batches of an epoch follow."""
        self._random_at_start = self._get_random()

    def batches_made(self) -> None:
        """Go on with the random numbers of the step at which the kept state was written."""
        if self._random_now:
            self._set_random({_RANDOM: self._random_now[_RANDOM]})
            self._random_now = {}

    def step_done(
        self, place: Place, model: nn.Module, optimizer: AdamW, best: Mapping[str, Tensor]
    ) -> None:
        """Keep the state if it is time for it."""
        if self._store is None or self._clock() < self._due:
            return
        began = self._clock()
        start = {_START + name: value for name, value in self._random_at_start.items()}
        parts = {"optimizer.": optimizer.state(), "best.": best}
        self._write(place, {**_joined(parts), **_weights(model), **start})
        spent = self._clock() - began
        self._due = self._clock() + max(self._every_seconds, _LEAST_SHARE * spent)

    def finish(self, place: Place, model: nn.Module) -> None:
        """Keep the weights of a fit that is over, if it took long enough to be worth it."""
        if self._store is not None and (self._clock() >= self._due or self._is_kept):
            place.is_finished = True
            self._write(place, _weights(model))

    def _write(self, place: Place, tensors: Mapping[str, Tensor]) -> None:
        described = torch.tensor(list(json.dumps(asdict(place)).encode()), dtype=torch.uint8)
        everything = {**tensors, **self._get_random(), _PLACE: described}
        self._is_kept = True
        if self._store is not None and is_main_process():
            self._store.write(self._name, _Serialised(everything))

    def _read(self) -> tuple[Place, dict[str, Tensor]] | None:
        written = self._store.read(self._name) if self._store is not None else None
        if written is None:
            return None
        try:
            state = {name: load(part)[_ONLY] for name, part in written.items()}
            return Place(**json.loads(bytes(state[_PLACE].tolist()))), state
        except (SafetensorError, KeyError) as error:
            logger.warning("an interrupted training can't be taken up: %s", error)
            return None

    def _get_random(self) -> dict[str, Tensor]:
        return {_RANDOM: torch.get_rng_state(), _SHUFFLE: self._generator.get_state()}

    def _set_random(self, state: Mapping[str, Tensor]) -> None:
        torch.set_rng_state(state[_RANDOM])
        if _SHUFFLE in state:
            self._generator.set_state(state[_SHUFFLE])


class _Serialised(Mapping[str, bytes]):
    """Tensors as bytes, each made when it is asked for."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._tensors = tensors

    def __getitem__(self, name: str) -> bytes:
        return save({_ONLY: self._tensors[name].cpu().contiguous()})

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)


def _weights(model: nn.Module) -> dict[str, Tensor]:
    """Give everything that training changes: parameters that learn, and running statistics."""
    fixed = {name for name, parameter in model.named_parameters() if not parameter.requires_grad}
    return {
        f"model.{name}": value.detach()
        for name, value in model.state_dict().items()
        if name not in fixed
    }


def _joined(parts: Mapping[str, Mapping[str, Tensor]]) -> dict[str, Tensor]:
    return {prefix + name: value for prefix, part in parts.items() for name, value in part.items()}


def _part(state: Mapping[str, Tensor], prefix: str, device: torch.device) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): value.to(device)
        for name, value in state.items()
        if name.startswith(prefix)
    }
