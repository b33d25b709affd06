"""Writes the tables of `tfidf` as a graph: all of it is sums of rows, which are looked up.

Shapes: V features, I intents, T tags, D width of sentence vectors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framework.learning.onnx import GraphWriter, Precision

Floats = NDArray[np.float32]

SIDES = 3
"""A tag is read off the word, the one before and the one after."""


@dataclass(frozen=True, kw_only=True)
class LinearTagger:
    """Tables whose rows are summed over features; row 0 is of no feature.

    Attributes:
        weights: inverse document frequencies, shape (V,).
        intents: shape (V, I).
        intent_bias: shape (I,).
        tags: of the word itself, the one before, the one after, shape (V, 3 T).
        tag_bias: shape (T,).
        vectors: directions of sentence vectors, shape (V, D).
    """

    weights: Floats
    intents: Floats
    intent_bias: Floats
    tags: Floats
    tag_bias: Floats
    vectors: Floats


def write_linear(model: LinearTagger, *, precision: Precision) -> bytes:
    """Write the models as a graph with the inputs and outputs of a tagger's."""
    writer = GraphWriter("tagger")
    ids = writer.input("ids", np.int64, ["batch", "pieces", "features"])
    writer.input("mask", np.int32, ["batch", "pieces"])
    features_axis = writer.constant(np.array([2], dtype=np.int64))
    both_axes = writer.constant(np.array([1, 2], dtype=np.int64))
    squares = writer.node("Gather", writer.constant(model.weights**2), ids)
    length = writer.node("Sqrt", writer.node("ReduceSum", squares, both_axes, keepdims=0))
    axis = writer.constant(np.array([1], dtype=np.int64))
    length = writer.node("Unsqueeze", length, axis)
    scores = _sum_rows(writer, ids, model.intents, both_axes, precision)
    scores = writer.node("Div", scores, length)
    scores = writer.node("Add", scores, writer.constant(model.intent_bias))
    embedding = _sum_rows(writer, ids, model.vectors, both_axes, precision)
    embedding = writer.node("LpNormalization", embedding, axis=-1, p=2)
    tags = _tags_of_words(writer, ids, model, features_axis, precision)
    writer.output(scores, "intents", np.float32, ["batch", model.intents.shape[1]])
    writer.output(tags, "tags", np.float32, ["batch", "pieces", len(model.tag_bias)])
    writer.output(embedding, "embedding", np.float32, ["batch", model.vectors.shape[1]])
    return writer.to_bytes()


def _sum_rows(writer: GraphWriter, ids: str, table: Floats, axes: str, precision: Precision) -> str:
    rows = writer.embedding(ids, table, precision if table.size else "float32")
    return writer.node("ReduceSum", rows, axes, keepdims=0)


def _tags_of_words(
    writer: GraphWriter, ids: str, model: LinearTagger, axis: str, precision: Precision
) -> str:
    summed = _sum_rows(writer, ids, model.tags, axis, precision)
    own, before, after = writer.nodes("Split", summed, outputs=SIDES, axis=-1, num_outputs=SIDES)
    from_before = _shifted(writer, before, [0, 1, 0, 0, 0, 0], first=0, last=-1)
    from_after = _shifted(writer, after, [0, 0, 0, 0, 1, 0], first=1, last=np.iinfo(np.int64).max)
    total = writer.node("Add", own, writer.node("Add", from_before, from_after))
    return writer.node("Add", total, writer.constant(model.tag_bias))


def _shifted(writer: GraphWriter, rows: str, pads: list[int], *, first: int, last: int) -> str:
    framed = writer.node("Pad", rows, writer.constant(np.array(pads, dtype=np.int64)))
    bounds = [writer.constant(np.array([bound], dtype=np.int64)) for bound in (first, last, 1)]
    return writer.node("Slice", framed, *bounds)
