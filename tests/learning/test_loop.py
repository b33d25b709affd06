"""Training yields progress, stops in time, keeps the best weights and repeats exactly."""

import pytest
import torch
from torch import nn

from framework.errors import TrainingError
from framework.learning.loop import Best, Plan, fit
from framework.learning.optimizer import AdamW, Group, linear_schedule
from framework.learning.seed import reproducible

INPUTS = torch.linspace(-1, 1, 12)[:, None]
TARGETS = 3 * INPUTS - 1


def train(*, seed: int = 1, epochs: int = 60, **plan) -> tuple[nn.Linear, list]:
    with reproducible(seed, threads=1) as generator:
        model = nn.Linear(1, 1)
        optimizer = AdamW(groups=[Group(parameters=list(model.parameters()), learning_rate=0.2)])

        def batches(epoch: int) -> list[torch.Tensor]:
            return list(torch.randperm(12, generator=generator).split(4))

        def loss(batch: torch.Tensor) -> torch.Tensor:
            return (model(INPUTS[batch]) - TARGETS[batch]).square().mean()

        steps = fit(
            model,
            optimizer,
            Plan(part="line", epochs=epochs, batches=batches, loss=loss, **plan),
        )
        return model, list(steps)


def test_a_line_is_learned_and_every_step_reported():
    model, steps = train()
    assert model.weight.item() == pytest.approx(3, abs=0.1)
    assert [step.done for step in steps[:-1]] == list(range(1, 181))
    assert steps[0].total == 180
    assert steps[-1].scores["loss"] < steps[0].scores["loss"]


def test_equal_seeds_give_equal_weights_and_others_differ():
    first, second, other = (train(seed=seed)[0].weight.item() for seed in (5, 5, 6))
    assert first == second
    assert first != other


def test_training_stops_when_the_score_no_longer_rises_and_keeps_the_best_weights():
    scores = iter([0.1, 0.9, 0.5, 0.4, 0.3, 0.2])
    model, steps = train(score=lambda: {"score": next(scores)}, patience=3)
    assert steps[-1].done == 5 * 3
    short, _ = train(epochs=60, score=lambda: {"score": 1.0}, patience=1)
    assert short.weight.item() != model.weight.item()


def test_a_loss_that_is_not_a_number_ends_training_with_a_hint():
    model = nn.Linear(1, 1)
    optimizer = AdamW(groups=[Group(parameters=list(model.parameters()), learning_rate=0.1)])
    plan = Plan(
        part="broken", epochs=1, batches=lambda _: [0], loss=lambda _: model.weight.sum() / 0 * 0
    )
    with pytest.raises(TrainingError, match="became nan") as raised:
        list(fit(model, optimizer, plan, best=Best()))
    assert "learning_rate" in raised.value.hint


def test_the_learning_rate_rises_then_falls_to_nothing():
    factors = [linear_schedule(step, total=20, warmup=0.2) for step in range(21)]
    assert factors[:4] == [0.25, 0.5, 0.75, 1.0]
    assert factors[4:] == sorted(factors[4:], reverse=True)
    assert factors[20] == 0.0


def test_the_optimizer_follows_the_published_algorithm():
    ours, theirs = (nn.Parameter(torch.tensor([[1.0, -2.0]])) for _ in range(2))
    optimizer = AdamW(groups=[Group(parameters=[ours], learning_rate=0.1)], clip=0)
    moments = [torch.zeros(1, 2), torch.zeros(1, 2)]
    for step in range(1, 4):
        gradient = torch.tensor([[0.3 * step, -0.1]])
        ours.grad = gradient.clone()
        optimizer.step()
        moments[0] = 0.9 * moments[0] + 0.1 * gradient
        moments[1] = 0.999 * moments[1] + 0.001 * gradient**2
        slope = moments[0] / (1 - 0.9**step)
        spread = (moments[1] / (1 - 0.999**step)).sqrt() + 1e-8
        theirs.data -= 0.1 * 0.01 * theirs.data
        theirs.data -= 0.1 * slope / spread
    torch.testing.assert_close(ours.data, theirs.data)


def test_the_callers_random_state_and_threads_come_back():
    torch.manual_seed(3)
    expected = torch.rand(1)
    threads = torch.get_num_threads()
    torch.manual_seed(3)
    train(epochs=1)
    assert torch.equal(torch.rand(1), expected)
    assert torch.get_num_threads() == threads
