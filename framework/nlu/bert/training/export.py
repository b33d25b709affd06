"""Writes a trained tagger as one ONNX graph.

Inputs: `ids` and `mask`, shape (batch, pieces). Outputs: `intents` (batch, I), `tags`
(batch, pieces, T) and `embedding` (batch, D), as `Output` of the model.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from framework.learning.onnx import RUNTIME_DOMAIN, GraphWriter, Precision
from framework.nlu.bert.training.bert import Bert, Layer
from framework.nlu.bert.training.model import Tagger


def write_graph(model: Tagger, word_table: Tensor, *, precision: Precision) -> bytes:
    """Write the model.

    Args:
        model: trained.
        word_table: the whole word embedding, shape (V, D); the model's own may hold only the rows
            that training saw.
        precision: how matrices are stored and multiplied.
    """
    writer = GraphWriter("tagger")
    ids = writer.input("ids", np.int64, ["batch", "pieces"])
    mask = writer.input("mask", np.int32, ["batch", "pieces"])
    states = _encode(writer, model.bert, ids, mask, word_table=word_table, precision=precision)
    embedding = _mean(writer, states, mask)
    width, intents, tags = model.bert.shape.width, len(model.intents), len(model.tags.weight())
    scores = writer.linear(embedding, _array(model.intent_weight()), None)
    tag_scores = writer.linear(states, _array(model.tags.weight()), _array(model.tags.bias()))
    writer.output(scores, "intents", np.float32, ["batch", intents])
    writer.output(tag_scores, "tags", np.float32, ["batch", "pieces", tags])
    writer.output(embedding, "embedding", np.float32, ["batch", width])
    return writer.to_bytes()


def _encode(
    writer: GraphWriter,
    bert: Bert,
    ids: str,
    mask: str,
    *,
    word_table: Tensor,
    precision: Precision,
) -> str:
    words = writer.embedding(ids, _array(word_table), precision)
    table = writer.stored(_array(bert.position.weight), precision)
    size = writer.node("Shape", ids, start=1, end=2)
    zero = writer.constant(np.array([0], dtype=np.int64))
    positions = writer.node("Slice", table, zero, size)
    states = _norm(writer, writer.node("Add", words, positions), bert.norm)
    for layer in bert.layers:
        if isinstance(layer, Layer):
            states = _layer(writer, layer, states, mask, precision=precision)
    return states


def _layer(
    writer: GraphWriter, layer: Layer, states: str, mask: str, *, precision: Precision
) -> str:
    qkv = _linear(writer, layer.qkv, states, precision)
    query, key, value = writer.nodes("Split", qkv, outputs=3, axis=-1, num_outputs=3)
    attended = writer.node(
        "MultiHeadAttention",
        query,
        key,
        value,
        "",
        mask,
        domain=RUNTIME_DOMAIN,
        num_heads=layer.heads,
    )
    attended = _linear(writer, layer.attended, attended, precision)
    states = _add_and_norm(writer, states, attended, layer.attended_norm)
    inner = writer.node("Gelu", _linear(writer, layer.inner, states, precision))
    outer = _linear(writer, layer.outer, inner, precision)
    return _add_and_norm(writer, states, outer, layer.outer_norm)


def _mean(writer: GraphWriter, states: str, mask: str) -> str:
    """Give the mean state of each message, scaled to length 1."""
    weights = writer.node("Cast", mask, to=1)
    last = writer.constant(np.array([2], dtype=np.int64))
    first = writer.constant(np.array([1], dtype=np.int64))
    weighted = writer.node("Mul", states, writer.node("Unsqueeze", weights, last))
    total = writer.node("ReduceSum", weighted, first, keepdims=0)
    return writer.node("LpNormalization", total, axis=-1, p=2)


def _linear(writer: GraphWriter, layer: nn.Linear, value: str, precision: Precision) -> str:
    return writer.linear(value, _array(layer.weight), _array(layer.bias), precision)


def _norm(writer: GraphWriter, value: str, norm: nn.LayerNorm) -> str:
    return writer.layer_norm(value, _array(norm.weight), _array(norm.bias), epsilon=norm.eps)


def _add_and_norm(writer: GraphWriter, value: str, other: str, norm: nn.LayerNorm) -> str:
    weight, bias = _array(norm.weight), _array(norm.bias)
    return writer.add_and_norm(value, other, weight, bias, epsilon=norm.eps)


def _array(tensor: Tensor) -> NDArray[np.float32]:
    with torch.no_grad():
        array: NDArray[np.float32] = tensor.detach().cpu().float().numpy()
    return array
