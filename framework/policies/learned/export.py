"""The trained model as an ONNX graph that scores the last turn of one or more windows.

Shapes: B windows, T turns, F features, E sentence vector, D width, H heads, A actions. The graph
takes `features_BTF`, `texts_BTE` and `back_T` (how far each turn lies back, the last one 0) and
gives `probabilities` (B, A).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from torch import nn

from framework.learning.onnx import GraphWriter
from framework.policies.learned.network import EPSILON, LookBack, TurnEmbedding, TurnTransformer

Array = NDArray[np.float32]


def to_onnx(model: TurnTransformer, *, temperature: float) -> bytes:
    """Write the graph.

    Args:
        model: as trained.
        temperature: scores are divided by it before they become probabilities.
    """
    shape = model.shape
    graph = GraphWriter("learned_policy")
    features = graph.input("features", np.float32, ["windows", "turns", shape.features])
    texts = graph.input("texts", np.float32, ["windows", "turns", shape.text])
    back = graph.input("back", np.int64, ["turns"])
    memory = _embed(graph, model.embedding, features=features, texts=texts)
    last = graph.constant(np.array([-1], np.int64))
    turn = graph.node("Gather", memory, last, axis=1)
    for layer in model.layers:
        if isinstance(layer, LookBack):
            turn = _look_back(graph, layer, turn=turn, memory=memory, back=back)
    scores = _linear(graph, _norm(graph, turn, model.norm), model.score)
    scores = graph.node("Squeeze", scores, graph.constant(np.array([1], np.int64)))
    scores = graph.node("Div", scores, graph.constant(np.array(temperature, np.float32)))
    chances = graph.node("Softmax", scores, axis=-1)
    graph.output(chances, "probabilities", np.float32, ["windows", shape.labels])
    return graph.to_bytes()


def _embed(graph: GraphWriter, part: TurnEmbedding, *, features: str, texts: str) -> str:
    turns = graph.node("MatMul", features, graph.constant(_array(part.features)))
    if part.text is not None and part.text_norm is not None:
        axis = graph.constant(np.array([-1], np.int64))
        size = graph.node("ReduceMax", graph.node("Abs", texts), axis, keepdims=1)
        text = _linear(graph, _norm(graph, texts, part.text_norm), part.text)
        turns = graph.node("Add", turns, graph.node("Mul", text, graph.node("Sign", size)))
    turns = _norm(graph, turns, part.norm)
    return graph.node("Add", turns, _feed(graph, turns, rise=part.rise, fall=part.fall))


def _look_back(graph: GraphWriter, layer: LookBack, *, turn: str, memory: str, back: str) -> str:
    known = _norm(graph, memory, layer.memory_norm)
    query = _split(graph, _linear(graph, _norm(graph, turn, layer.norm), layer.query), layer)
    key = _split(graph, _linear(graph, known, layer.key), layer)
    value = _split(graph, _linear(graph, known, layer.value), layer)
    key = graph.node("Transpose", key, perm=[0, 1, 3, 2])
    per_head = layer.query.out_features // layer.heads
    scale = graph.constant(np.array(1 / math.sqrt(per_head), np.float32))
    scores = graph.node("Mul", graph.node("MatMul", query, key), scale)
    distances = graph.constant(_array(layer.distance)[None, :, None, :])
    scores = graph.node("Add", scores, graph.node("Gather", distances, back, axis=3))
    seen = graph.node("MatMul", graph.node("Softmax", scores, axis=-1), value)
    seen = graph.node("Transpose", seen, perm=[0, 2, 1, 3])
    flat = graph.constant(np.array([0, 0, layer.query.out_features], np.int64))
    mixed = _linear(graph, graph.node("Reshape", seen, flat), layer.mix)
    turn = graph.node("Add", turn, mixed)
    fed = _feed(graph, _norm(graph, turn, layer.feed_norm), rise=layer.rise, fall=layer.fall)
    return graph.node("Add", turn, fed)


def _split(graph: GraphWriter, values: str, layer: LookBack) -> str:
    per_head = layer.query.out_features // layer.heads
    shape = graph.constant(np.array([0, 0, layer.heads, per_head], np.int64))
    return graph.node("Transpose", graph.node("Reshape", values, shape), perm=[0, 2, 1, 3])


def _feed(graph: GraphWriter, value: str, *, rise: nn.Linear, fall: nn.Linear) -> str:
    return _linear(graph, graph.node("Gelu", _linear(graph, value, rise)), fall)


def _linear(graph: GraphWriter, value: str, layer: nn.Linear) -> str:
    return graph.linear(value, layer.weight.detach().numpy(), layer.bias.detach().numpy())


def _norm(graph: GraphWriter, value: str, norm: nn.LayerNorm) -> str:
    return graph.layer_norm(
        value, norm.weight.detach().numpy(), norm.bias.detach().numpy(), epsilon=EPSILON
    )


def _array(parameter: nn.Parameter) -> Array:
    array: Array = parameter.detach().numpy()
    return array
