"""A training that is stopped and taken up ends with the weights of one that never stopped."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest
import torch
from torch import nn
from torch.nn import functional

from framework.learning import resume
from framework.learning.loop import Plan, fit
from framework.learning.optimizer import AdamW, Group
from framework.learning.resume import Checkpoints
from framework.learning.seed import reproducible

INPUTS = torch.linspace(-1, 1, 12)[:, None]
TARGETS = 3 * INPUTS - 1


class Kept(dict[str, dict[str, bytes]]):
    """A store in memory."""

    def read(self, name: str) -> dict[str, bytes] | None:
        return self.get(name)

    def write(self, name: str, state: Mapping[str, bytes]) -> None:
        self[name] = dict(state)


def train(store: Kept | None, *, stop_after: int | None = None, scored: bool = False) -> nn.Module:
    """Fit twice in a row, with noise of its own in each step; stop after so many steps."""
    with reproducible(1, threads=1) as generator:
        model = nn.Linear(1, 1)
        checkpoints = Checkpoints(
            store, generator, every_seconds=0, clock=itertools.count().__next__
        )

        def batches(epoch: int) -> list[torch.Tensor]:
            return list(torch.randperm(12, generator=generator).split(4))

        def loss(batch: torch.Tensor) -> torch.Tensor:
            noisy = functional.dropout(INPUTS[batch], 0.3)
            return (model(noisy) - TARGETS[batch]).square().mean()

        def score() -> dict[str, float]:
            return {"score": -abs(model.weight.item() - 1.5)}

        steps = 0
        for rate in (0.2, 0.05):
            optimizer = AdamW(
                groups=[Group(parameters=list(model.parameters()), learning_rate=rate)]
            )
            plan = Plan(
                part="line",
                epochs=6,
                batches=batches,
                loss=loss,
                score=score if scored else None,
                patience=3 if scored else 0,
            )
            for _ in fit(model, optimizer, plan, checkpoint=checkpoints.next()):
                steps += 1
                if steps == stop_after:
                    return model
        return model


@pytest.mark.parametrize("scored", [False, True], ids=["to the end", "stopped early"])
@pytest.mark.parametrize("stop_after", [1, 2, 3, 4, 9, 19, 20, 24, 30])
def test_a_training_taken_up_is_equal_to_one_that_never_stopped(stop_after: int, scored: bool):
    whole = train(None, scored=scored)
    store = Kept()

    train(store, stop_after=stop_after, scored=scored)
    resumed = train(store, scored=scored)

    assert torch.equal(resumed.weight, whole.weight)
    assert torch.equal(resumed.bias, whole.bias)


def test_a_training_that_was_finished_is_not_run_again():
    store = Kept()
    first = train(store)

    again = train(store, stop_after=2)

    assert torch.equal(again.weight, first.weight)


def test_the_parts_of_a_state_are_made_when_they_are_asked_for(monkeypatch: pytest.MonkeyPatch):
    made = []

    class Counted(Kept):
        def write(self, name: str, state: Mapping[str, bytes]) -> None:
            before = len(made)
            for number, _ in enumerate(state.values(), start=1):
                assert len(made) == before + number

    monkeypatch.setattr(resume, "save", lambda tensors: made.append(tensors) or b"")
    train(Counted())
    assert made


@pytest.mark.parametrize(
    "damage",
    [
        lambda state: {name: part[:20] for name, part in state.items()},
        lambda state: {"state": b"of an earlier version"},
        lambda state: {},
    ],
)
def test_a_damaged_state_is_passed_over(caplog: pytest.LogCaptureFixture, damage):
    store = Kept()
    train(store, stop_after=9)
    store.update({name: damage(state) for name, state in store.items()})

    model = train(store)

    assert torch.equal(model.weight, train(None).weight)
    assert "can't be taken up" in caplog.text


def test_nothing_is_kept_of_a_short_training():
    store = Kept()
    with reproducible(1, threads=1) as generator:
        model = nn.Linear(1, 1)
        optimizer = AdamW(groups=[Group(parameters=list(model.parameters()), learning_rate=0.1)])
        plan = Plan(
            part="line",
            epochs=2,
            batches=lambda _: [torch.arange(12)],
            loss=lambda batch: model(INPUTS[batch]).square().mean(),
        )
        list(fit(model, optimizer, plan, checkpoint=Checkpoints(store, generator).next()))

    assert not store
