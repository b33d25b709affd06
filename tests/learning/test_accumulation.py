"""Batches in pieces, or spread over processes, are the batches they came from."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from framework.learning.loop import Plan, fit
from framework.learning.optimizer import AdamW, Group
from framework.learning.process import count_processes, is_main_process
from framework.learning.processes import Processes

INPUTS = torch.linspace(-1, 1, 12)[:, None]
TARGETS = 3 * INPUTS - 1


def train(size: int, accumulate: int) -> float:
    model = nn.Linear(1, 1)
    with torch.no_grad():
        model.weight.fill_(0.5)
        model.bias.fill_(0.0)
    plan = Plan(
        part="line",
        epochs=3,
        batches=lambda _: list(torch.arange(12).split(size)),
        loss=lambda rows: (model(INPUTS[rows]) - TARGETS[rows]).square().mean(),
        warmup=0.0,
        accumulate=accumulate,
    )
    optimizer = AdamW(groups=[Group(parameters=list(model.parameters()), learning_rate=0.1)])
    list(fit(model, optimizer, plan))
    return model.weight.item()


def test_a_batch_in_pieces_is_one_step():
    pieces, whole = train(3, accumulate=4), train(12, accumulate=1)

    assert pieces == pytest.approx(whole, rel=1e-4)
    assert pieces != pytest.approx(train(3, accumulate=1), rel=0.05)


def test_the_rest_of_an_epoch_is_a_step_of_its_own():
    assert train(4, accumulate=2) != train(4, accumulate=3)


def test_a_process_alone_learns_from_all_rows_and_agrees_with_itself():
    alone = Processes()

    assert alone.rows(3) == [0, 1, 2]
    assert alone.agree({"score": 0.5}) == {"score": 0.5}


def test_the_launcher_says_which_process_this_is(monkeypatch: pytest.MonkeyPatch):
    assert count_processes() == 1
    assert is_main_process()
    monkeypatch.setenv("WORLD_SIZE", "4")
    monkeypatch.setenv("RANK", "2")

    assert count_processes() == 4
    assert not is_main_process()
