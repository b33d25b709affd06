"""Writes encoders without pretrained weights as nodes of a graph.

Input `ids` has shape (batch, words, features); everything after the states is as with a `Bert`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from framework.learning.onnx import GraphWriter, Precision
from framework.nlu.bert.training.networks import (
    Convolution,
    FeatureEmbedding,
    Recurrence,
)

_GATES = {nn.GRU: (1, 0, 2), nn.LSTM: (0, 3, 1, 2)}
"""Where the gates stand in ONNX (update, reset, new; input, output, forget, cell)."""


def write_features(
    writer: GraphWriter, embedding: FeatureEmbedding, ids: str, precision: Precision
) -> str:
    """Write the sums of the words' features."""
    rows = writer.embedding(ids, array_of(embedding.table()), precision)
    axis = writer.constant(np.array([2], dtype=np.int64))
    return writer.node("ReduceSum", rows, axis, keepdims=0)


def write_convolution(
    writer: GraphWriter, layer: Convolution, states: str, mask: str, precision: Precision
) -> str:
    """Write a layer that sees neighbours."""
    shown = writer.node("Cast", mask, to=1)
    last = writer.constant(np.array([2], dtype=np.int64))
    seen = writer.node("Mul", states, writer.node("Unsqueeze", shown, last))
    away = layer.distance
    before = _shift(writer, seen, [0, away, 0, 0, 0, 0], first=0, last=-away)
    after = _shift(writer, seen, [0, 0, 0, 0, away, 0], first=away, last=np.iinfo(np.int64).max)
    sides = writer.node("Concat", before, seen, after, axis=-1)
    mixed = writer.linear(
        sides, array_of(layer.mixed.weight), array_of(layer.mixed.bias), precision
    )
    return _add_and_norm(writer, layer.norm, states, writer.node("Gelu", mixed))


def _shift(writer: GraphWriter, states: str, pads: list[int], *, first: int, last: int) -> str:
    framed = writer.node("Pad", states, writer.constant(np.array(pads, dtype=np.int64)))
    bounds = [writer.constant(np.array([bound], dtype=np.int64)) for bound in (first, last, 1)]
    return writer.node("Slice", framed, *bounds)


def write_recurrence(writer: GraphWriter, layer: Recurrence, states: str, mask: str) -> str:
    """Write a layer that reads forwards and backwards."""
    cells = layer.cells
    order = _GATES[type(cells)]
    weights = [_gates(cells, name, order) for name in ("weight_ih_l0", "weight_hh_l0")]
    biases = [_gates(cells, name, order) for name in ("bias_ih_l0", "bias_hh_l0")]
    axis = writer.constant(np.array([1], dtype=np.int64))
    lengths = writer.node("ReduceSum", mask, axis, keepdims=0)
    extra: dict[str, Any] = {"linear_before_reset": 1} if isinstance(cells, nn.GRU) else {}
    read = writer.node(
        "GRU" if isinstance(cells, nn.GRU) else "LSTM",
        writer.node("Transpose", states, perm=[1, 0, 2]),
        *map(writer.constant, weights),
        writer.constant(np.concatenate(biases, axis=1)),
        lengths,
        hidden_size=cells.hidden_size,
        direction="bidirectional",
        **extra,
    )
    both = writer.node("Transpose", read, perm=[2, 0, 1, 3])
    shape = writer.constant(np.array([0, 0, 2 * cells.hidden_size], dtype=np.int64))
    return _add_and_norm(writer, layer.norm, states, writer.node("Reshape", both, shape))


def _gates(cells: nn.RNNBase, name: str, order: tuple[int, ...]) -> NDArray[np.float32]:
    """Give weights of both directions with their gates in ONNX's order."""
    both = []
    for direction in ("", "_reverse"):
        parts = np.split(array_of(getattr(cells, name + direction)), len(order))
        both.append(np.concatenate([parts[gate] for gate in order]))
    return np.stack(both)


def _add_and_norm(writer: GraphWriter, norm: nn.LayerNorm, states: str, added: str) -> str:
    weight, bias = array_of(norm.weight), array_of(norm.bias)
    return writer.add_and_norm(states, added, weight, bias, epsilon=norm.eps)


def array_of(tensor: Tensor) -> NDArray[np.float32]:
    """Give a tensor's values for the graph."""
    with torch.no_grad():
        array: NDArray[np.float32] = tensor.detach().cpu().float().numpy()
    return array
