"""The loss of tags counts valid sequences only, as the decoder does."""

import itertools

import pytest
import torch

from framework.nlu import bio
from framework.nlu.bert.training.batches import IGNORED
from framework.nlu.bert.training.paths import path_surprise


def spelled_out(logits: torch.Tensor, tags: list[int]) -> float:
    """Give the surprise of one sequence by going through all valid ones."""
    words, count = logits.shape
    totals = [
        sum(logits[word, tag] for word, tag in enumerate(path))
        for path in itertools.product(range(count), repeat=words)
        if bio.encode(bio.decode(path), words=words).tolist() == list(path)
    ]
    true = sum(logits[word, tag] for word, tag in enumerate(tags))
    return float(torch.logsumexp(torch.stack(totals), dim=0) - true)


def test_the_surprise_is_that_among_all_valid_sequences():
    logits = 3 * torch.randn(3, 6, 5, generator=torch.Generator().manual_seed(0))
    tags = torch.full((3, 6), IGNORED)
    tags[0, [1, 2, 4]] = torch.tensor([3, 4, 0])
    tags[1, 1:5] = torch.tensor([0, 1, 2, 2])
    wanted = spelled_out(logits[0, [1, 2, 4]], [3, 4, 0]) + spelled_out(
        logits[1, 1:5], [0, 1, 2, 2]
    )
    assert float(path_surprise(logits, tags)) == pytest.approx(wanted, abs=1e-4)


def test_messages_without_tags_cost_nothing():
    logits = torch.randn(2, 4, 3, requires_grad=True)
    assert float(path_surprise(logits, torch.full((2, 4), IGNORED))) == 0


def test_every_score_of_a_word_gets_a_finite_slope():
    logits = torch.zeros(1, 4, 5, requires_grad=True)
    path_surprise(logits, torch.tensor([[IGNORED, 1, 2, 0]])).backward()
    assert torch.isfinite(logits.grad).all()
    assert not logits.grad[0, 0].any()
