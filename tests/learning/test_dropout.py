"""Dropout leaves out its share and keeps what is expected."""

import pytest
import torch

from framework.learning.dropout import ByteDropout


@pytest.mark.parametrize("shape", [(7, 11, 13), (64, 384), (1,), (0, 5)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_values_keep_their_shape_and_type(shape, dtype):
    dropped = ByteDropout(0.3)(torch.ones(shape, dtype=dtype))
    assert dropped.shape == shape
    assert dropped.dtype == dtype


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.9])
def test_the_share_is_left_out_and_the_mean_stays(share):
    torch.manual_seed(0)
    dropped = ByteDropout(share)(torch.ones(400, 500))
    assert float((dropped == 0).float().mean()) == pytest.approx(share, abs=0.005)
    assert float(dropped.mean()) == pytest.approx(1.0, abs=0.02)


def test_gradients_flow_where_values_stayed():
    torch.manual_seed(0)
    values = torch.ones(20, 30, requires_grad=True)
    dropped = ByteDropout(0.25)(values)
    dropped.sum().backward()
    assert torch.equal(values.grad, dropped.detach())


def test_one_seed_drops_the_same():
    first, second = (
        torch.random.manual_seed(3) and ByteDropout(0.5)(torch.ones(9, 9)) for _ in range(2)
    )
    assert torch.equal(first, second)


def test_nothing_is_left_out_in_evaluation_or_without_a_share():
    values = torch.randn(5, 6)
    assert torch.equal(ByteDropout(0.5).eval()(values), values)
    assert torch.equal(ByteDropout(0.0)(values), values)
