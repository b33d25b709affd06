"""Writes a trained model as two ONNX graphs: one reads a question, one gives the next piece.

Shapes: S pieces of the question, K replies so far, T pieces of each, V vocabulary, D width,
L layers. The reading graph takes `source` (1, S) and gives `memory` (1, S, D) and, of recurrent
layers, the first states (L, 1, D). The writing graph takes `target`, the last piece of each reply
(K,), or all of them (K, T) for a transformer; `memory`; and the states. It gives the chances of the
vocabulary (K, V), the share that it has (K, 1), the look over the question (K, S), and new states.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from framework.learning.onnx import GraphWriter
from framework.responses.seq2seq.runtime import DECODER_FILE, ENCODER_FILE
from framework.responses.seq2seq.training.network import (
    EPSILON,
    Attention,
    Attentive,
    Block,
    Feed,
    Generator,
    Recurrent,
    positions,
)

Array = NDArray[np.float32]

MOST_PLACES = 512
"""Places that a transformer can tell apart; more than any question or reply has."""


def to_files(model: Generator) -> dict[str, bytes]:
    """Write both graphs, by the names of their files."""
    return {ENCODER_FILE: _reading(model), DECODER_FILE: _writing(model)}


def _reading(model: Generator) -> bytes:
    graph = GraphWriter("seq2seq_encoder")
    source = graph.input("source", np.int64, [1, "pieces"])
    values = _embed(graph, model, source)
    width = model.shape.width
    states: list[str] = []
    if isinstance(model.core, Attentive):
        values = _with_positions(graph, values, width)
        for block in model.core.readers:
            values = _block(graph, block, values)
        memory = _norm(graph, values, model.core.read_norm)
    else:
        memory, states = _read(graph, model.core, values)
    graph.output(memory, "memory", np.float32, [1, "pieces", width])
    for name, state in zip(_state_names(model), states, strict=True):
        graph.output(state, name, np.float32, [model.shape.layers, 1, width])
    return graph.to_bytes()


def _writing(model: Generator) -> bytes:
    graph = GraphWriter("seq2seq_decoder")
    width, layers = model.shape.width, model.shape.layers
    if isinstance(model.core, Attentive):
        target = graph.input("target", np.int64, ["replies", "pieces"])
        memory = graph.input("memory", np.float32, [1, "places", width])
        values = _with_positions(graph, _embed(graph, model, target), width)
        for block in model.core.writers:
            values = _block(graph, block, values, memory=memory)
        last = graph.constant(np.array([-1], np.int64))
        values = graph.node("Gather", _norm(graph, values, model.core.write_norm), last, axis=1)
        after: list[str] = []
    else:
        target = graph.input("target", np.int64, ["replies"])
        memory = graph.input("memory", np.float32, [1, "places", width])
        names = _state_names(model)
        before = [graph.input(name, np.float32, [layers, "replies", width]) for name in names]
        values, after = _write(graph, model.core, _embed(graph, model, target), before)
    _readout(graph, model, values, memory)
    for name, state in zip(_state_names(model), after, strict=True):
        graph.output(state, f"{name}_after", np.float32, [layers, "replies", width])
    return graph.to_bytes()


def _state_names(model: Generator) -> list[str]:
    kinds = {"gru": ["hidden"], "lstm": ["hidden", "cell"], "transformer": []}
    return kinds[model.shape.network]


def _embed(graph: GraphWriter, model: Generator, ids: str) -> str:
    return graph.embedding(ids, _array(model.pieces.weight) * np.float32(model.scale))


def _readout(graph: GraphWriter, model: Generator, values_K1D: str, memory: str) -> None:
    turned = graph.node("Transpose", memory, perm=[0, 2, 1])
    look = graph.linear(values_K1D, _array(model.look.weight), None)
    seen_K1S = graph.node("Softmax", graph.node("MatMul", look, turned), axis=-1)
    found = graph.node("MatMul", seen_K1S, memory)
    both = graph.node("Concat", values_K1D, found, axis=-1)
    mixed = graph.node("Tanh", _linear(graph, both, model.mix))
    logits = graph.linear(mixed, _array(model.pieces.weight), _array(model.bias))
    middle = graph.constant(np.array([1], np.int64))
    chances = graph.node("Squeeze", graph.node("Softmax", logits, axis=-1), middle)
    gate = graph.node("Squeeze", graph.node("Sigmoid", _linear(graph, both, model.gate)), middle)
    graph.output(chances, "chances", np.float32, ["replies", model.shape.vocabulary])
    graph.output(gate, "gate", np.float32, ["replies", 1])
    seen = graph.node("Squeeze", seen_K1S, middle)
    graph.output(seen, "seen", np.float32, ["replies", "places"])


def _read(graph: GraphWriter, core: Recurrent, values_1SD: str) -> tuple[str, list[str]]:
    """Run the reading layers; gives memory and the first states."""
    width = core.shape.width
    flow, final = graph.node("Transpose", values_1SD, perm=[1, 0, 2]), ""
    for layer in range(core.shape.layers):
        both, final = _layer(graph, core.reader, flow, layer=layer, directions=2)
        merged = graph.node("Transpose", both, perm=[0, 2, 1, 3])  # S directions 1 D
        shape = graph.constant(np.array([0, 0, width], np.int64))
        flow = graph.node("Reshape", merged, shape)
    memory = graph.node("Transpose", flow, perm=[1, 0, 2])
    ended = graph.node("Transpose", final, perm=[1, 0, 2])
    ended = graph.node("Reshape", ended, graph.constant(np.array([1, width], np.int64)))
    shape = graph.constant(np.array([core.shape.layers, 1, width], np.int64))
    states = [
        graph.node("Reshape", graph.node("Tanh", _linear(graph, ended, bridge)), shape)
        for bridge in core.bridges
        if isinstance(bridge, nn.Linear)
    ]
    return memory, states


def _write(
    graph: GraphWriter, core: Recurrent, values_KD: str, before: list[str]
) -> tuple[str, list[str]]:
    """Run the writing layers for one piece; gives the last layer's state (K, 1, D) and all."""
    first = graph.constant(np.array([0], np.int64))
    flow = graph.node("Unsqueeze", values_KD, first)
    after: list[list[str]] = [[] for _ in before]
    for layer in range(core.shape.layers):
        place = graph.constant(np.array([layer], np.int64))
        states = [graph.node("Gather", state, place, axis=0) for state in before]
        outputs = _cell(graph, core.writer, flow, layer=layer, directions=1, states=states)
        flow = outputs[1]
        for kept, state in zip(after, outputs[1:], strict=True):
            kept.append(state)
    turned = graph.node("Transpose", flow, perm=[1, 0, 2])
    return turned, [graph.node("Concat", *states, axis=0) for states in after]


def _layer(
    graph: GraphWriter, cells: nn.GRU | nn.LSTM, flow: str, *, layer: int, directions: int
) -> tuple[str, str]:
    outputs = _cell(graph, cells, flow, layer=layer, directions=directions, states=[])
    return outputs[0], outputs[1]


def _cell(
    graph: GraphWriter,
    cells: nn.GRU | nn.LSTM,
    flow: str,
    *,
    layer: int,
    directions: int,
    states: list[str],
) -> list[str]:
    """Add one recurrent layer; gives all outputs, then the last ones of hidden and cell."""
    is_gru = isinstance(cells, nn.GRU)
    order = (1, 0, 2) if is_gru else (0, 3, 1, 2)  # torch: r z n and i f g o; ONNX: z r h, i o f c
    suffixes = [f"_l{layer}", f"_l{layer}_reverse"][:directions]
    inputs, hidden, biases = [], [], []
    for suffix in suffixes:
        inputs.append(_gates(cells, f"weight_ih{suffix}", order))
        hidden.append(_gates(cells, f"weight_hh{suffix}", order))
        pair = [_gates(cells, f"bias_{kind}{suffix}", order) for kind in ("ih", "hh")]
        biases.append(np.concatenate(pair))
    weights = [graph.constant(np.stack(each)) for each in (inputs, hidden, biases)]
    kind: dict[str, Any] = {"linear_before_reset": 1} if is_gru else {}
    return graph.nodes(
        "GRU" if is_gru else "LSTM",
        flow,
        *weights,
        *(["", *states] if states else []),
        outputs=2 if is_gru else 3,
        hidden_size=cells.hidden_size,
        direction="bidirectional" if directions == 2 else "forward",
        **kind,
    )


def _gates(cells: nn.Module, name: str, order: tuple[int, ...]) -> Array:
    parts = np.split(_array(getattr(cells, name)), len(order))
    return np.concatenate([parts[place] for place in order])


def _with_positions(graph: GraphWriter, values: str, width: int) -> str:
    table = graph.constant(_array(positions(MOST_PLACES, width)))
    length = graph.node("Shape", values, start=1, end=2)
    zero = graph.constant(np.array([0], np.int64))
    return graph.node("Add", values, graph.node("Slice", table, zero, length, zero))


def _block(graph: GraphWriter, block: nn.Module, values: str, *, memory: str | None = None) -> str:
    """Add a layer of a transformer; with a memory it is one that writes."""
    if not isinstance(block, Block):
        raise TypeError("not a layer of a transformer")
    normed = _norm(graph, values, block.own_norm)
    own = _attention(graph, block.own, normed, normed, looks_ahead=memory is None)
    values = graph.node("Add", values, own)
    if memory is not None and block.cross is not None and block.cross_norm is not None:
        normed = _norm(graph, values, block.cross_norm)
        seen = _attention(graph, block.cross, normed, memory, looks_ahead=True)
        values = graph.node("Add", values, seen)
    fed = _feed(graph, block.feed, _norm(graph, values, block.feed_norm))
    return graph.node("Add", values, fed)


def _attention(
    graph: GraphWriter, part: Attention, values: str, seen: str, *, looks_ahead: bool
) -> str:
    width = part.query.out_features
    query = _split(graph, _linear(graph, values, part.query), part)
    key = _split(graph, _linear(graph, seen, part.key), part)
    value = _split(graph, _linear(graph, seen, part.value), part)
    turned = graph.node("Transpose", key, perm=[0, 1, 3, 2])
    scale = graph.constant(np.array(1 / math.sqrt(width // part.heads), np.float32))
    scores = graph.node("Mul", graph.node("MatMul", query, turned), scale)
    if not looks_ahead:
        ahead = np.triu(np.full((MOST_PLACES, MOST_PLACES), -1e9, np.float32), 1)
        size = graph.node("Shape", scores, start=2, end=4)
        zeros = graph.constant(np.array([0, 0], np.int64))
        scores = graph.node("Add", scores, graph.node("Slice", graph.constant(ahead), zeros, size))
    mixed = graph.node("MatMul", graph.node("Softmax", scores, axis=-1), value)
    mixed = graph.node("Transpose", mixed, perm=[0, 2, 1, 3])
    flat = graph.node("Reshape", mixed, graph.constant(np.array([0, 0, width], np.int64)))
    return _linear(graph, flat, part.mix)


def _split(graph: GraphWriter, values: str, part: Attention) -> str:
    per_head = part.query.out_features // part.heads
    shape = graph.constant(np.array([0, 0, part.heads, per_head], np.int64))
    return graph.node("Transpose", graph.node("Reshape", values, shape), perm=[0, 2, 1, 3])


def _feed(graph: GraphWriter, part: Feed, values: str) -> str:
    return _linear(graph, graph.node("Gelu", _linear(graph, values, part.rise)), part.fall)


def _linear(graph: GraphWriter, values: str, layer: nn.Linear) -> str:
    return graph.linear(values, _array(layer.weight), _array(layer.bias))


def _norm(graph: GraphWriter, values: str, norm: nn.LayerNorm) -> str:
    return graph.layer_norm(values, _array(norm.weight), _array(norm.bias), epsilon=EPSILON)


def _array(parameter: torch.Tensor) -> Array:
    array: Array = parameter.detach().numpy()
    return array
