"""Writes a trained tagger as one ONNX graph.

Inputs: `ids` and `mask`, shape (batch, pieces); the ids of an encoder without pretrained weights
have a third dimension, the features of a word. Outputs: `intents` (batch, I), `tags`
(batch, pieces, T) and `embedding` (batch, D), as `Output` of the model.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from framework.learning.onnx import RUNTIME_DOMAIN, GraphWriter, Precision
from framework.nlu.bert.training.bert import Bert, Layer
from framework.nlu.bert.training.export_own import (
    array_of,
    write_convolution,
    write_features,
    write_recurrence,
)
from framework.nlu.bert.training.model import Tagger
from framework.nlu.bert.training.networks import (
    Convolution,
    OwnEncoder,
    Recurrence,
)


def write_graph(model: Tagger, word_table: Tensor, *, precision: Precision) -> bytes:
    """Write the model.

    Args:
        model: trained.
        word_table: the whole word embedding, shape (V, D); the model's own may hold only the rows
            that training saw.
        precision: how matrices are stored and multiplied.
    """
    writer = GraphWriter("tagger")
    features = ["features"] if isinstance(model.bert, OwnEncoder) else []
    ids = writer.input("ids", np.int64, ["batch", "pieces", *features])
    mask = writer.input("mask", np.int32, ["batch", "pieces"])
    if isinstance(model.bert, OwnEncoder):
        states = _encode_features(writer, model.bert, ids, precision=precision)
    else:
        states = _encode_pieces(writer, model.bert, ids, word_table, precision=precision)
    for layer in model.bert.layers:
        states = _write_layer(writer, layer, states, mask, precision=precision)
    mean = _mean(writer, states, mask)
    embedding = writer.node("LpNormalization", mean, axis=-1, p=2)
    width, intents, tags = model.bert.shape.width, len(model.intents), len(model.tags.weight())
    scores = writer.linear(embedding, array_of(model.intents), array_of(model.intent_biases))
    evidence = _tag_evidence(writer, states, mean)
    tag_scores = writer.linear(evidence, array_of(model.tags.weight()), array_of(model.tags.bias()))
    writer.output(scores, "intents", np.float32, ["batch", intents])
    writer.output(tag_scores, "tags", np.float32, ["batch", "pieces", tags])
    writer.output(embedding, "embedding", np.float32, ["batch", width])
    return writer.to_bytes()


def _encode_pieces(
    writer: GraphWriter, bert: Bert, ids: str, word_table: Tensor, *, precision: Precision
) -> str:
    words = writer.embedding(ids, array_of(word_table), precision)
    placed = _add_positions(writer, bert.position.weight, ids, words, precision)
    states = _norm(writer, placed, bert.norm)
    return (
        states if bert.projection is None else _linear(writer, bert.projection, states, precision)
    )


def _encode_features(
    writer: GraphWriter, encoder: OwnEncoder, ids: str, *, precision: Precision
) -> str:
    words = write_features(writer, encoder.word, ids, precision)
    if len(encoder.word.positions):
        words = _add_positions(writer, encoder.word.positions, ids, words, precision)
    return _norm(writer, words, encoder.norm)


def _add_positions(
    writer: GraphWriter, positions: Tensor, ids: str, words: str, precision: Precision
) -> str:
    table = writer.stored(array_of(positions), precision)
    size = writer.node("Shape", ids, start=1, end=2)
    zero = writer.constant(np.array([0], dtype=np.int64))
    return writer.node("Add", words, writer.node("Slice", table, zero, size))


def _write_layer(
    writer: GraphWriter, layer: nn.Module, states: str, mask: str, *, precision: Precision
) -> str:
    if isinstance(layer, Layer):
        return _layer(writer, layer, states, mask, precision=precision)
    if isinstance(layer, Convolution):
        return write_convolution(writer, layer, states, mask, precision)
    if isinstance(layer, Recurrence):
        return write_recurrence(writer, layer, states, mask)
    raise TypeError(f"there is no way to write {type(layer).__name__}")


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
    inner = _linear(writer, layer.inner, states, precision)
    inner = writer.node("Gelu", inner, approximate=layer.approximate)
    outer = _linear(writer, layer.outer, inner, precision)
    return _add_and_norm(writer, states, outer, layer.outer_norm)


def _mean(writer: GraphWriter, states: str, mask: str) -> str:
    """Give the mean state of each message."""
    weights = writer.node("Cast", mask, to=1)
    last = writer.constant(np.array([2], dtype=np.int64))
    first = writer.constant(np.array([1], dtype=np.int64))
    weighted = writer.node("Mul", states, writer.node("Unsqueeze", weights, last))
    total = writer.node("ReduceSum", weighted, first, keepdims=0)
    return writer.node("Div", total, writer.node("ReduceSum", weights, first, keepdims=1))


def _tag_evidence(writer: GraphWriter, states: str, mean: str) -> str:
    """Put side by side what tells each piece's tag (`model.tag_evidence`)."""
    pieces = writer.constant(np.array([1], dtype=np.int64))
    size = writer.node("Shape", states)
    means = writer.node("Expand", writer.node("Unsqueeze", mean, pieces), size)
    return writer.node("Concat", states, means, axis=-1)


def _linear(writer: GraphWriter, layer: nn.Linear, value: str, precision: Precision) -> str:
    return writer.linear(value, array_of(layer.weight), array_of(layer.bias), precision)


def _norm(writer: GraphWriter, value: str, norm: nn.LayerNorm) -> str:
    return writer.layer_norm(value, array_of(norm.weight), array_of(norm.bias), epsilon=norm.eps)


def _add_and_norm(writer: GraphWriter, value: str, other: str, norm: nn.LayerNorm) -> str:
    weight, bias = array_of(norm.weight), array_of(norm.bias)
    return writer.add_and_norm(value, other, weight, bias, epsilon=norm.eps)
