"""Reads the weights of a tagger back from the graph that a bundle holds.

A graph keeps matrices as 32 or 16 bits, or as 8 bits by row; what rounding took is gone, which
a training that goes on from them makes up for.

Shapes: V vocabulary, D width, I intents, T BIO tags.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from onnx import numpy_helper

Array = NDArray[np.float32]

_PER_LAYER = ("qkv", "attended", "inner", "outer")


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What a trained graph knows.

    Attributes:
        words: the word embedding, shape (V, D).
        encoder: parameters of the layers by their names in `Bert`, the word embedding excepted.
        intents: matrix of the intents, shape (I, D).
        intent_biases: shape (I,).
        tags: matrix of the tags, shape (T, 2 D).
        tag_biases: shape (T,).
    """

    words: Array
    encoder: dict[str, Array]
    intents: Array
    intent_biases: Array
    tags: Array
    tag_biases: Array


@dataclass(kw_only=True)
class _Found:
    """The weights met so far, in the order in which a message passes them."""

    tables: list[Array] = field(default_factory=list)
    linears: list[tuple[Array, Array | None]] = field(default_factory=list)
    norms: list[tuple[Array, Array]] = field(default_factory=list)


def read_weights(graph: bytes) -> Weights | None:
    """Read a graph; None where it isn't that of a tagger on a BERT."""
    try:
        model = onnx.load_from_string(graph)
    except (DecodeError, ValueError):
        return None
    found = _walk(model.graph)
    layers, left = divmod(len(found.linears) - 2, len(_PER_LAYER))
    if layers < 1 or left or len(found.norms) != 2 * layers + 1 or not found.tables:
        return None
    (intents, intent_biases), (tags, tag_biases) = found.linears[-2:]
    return Weights(
        words=_table(found.tables),
        encoder=_name(found),
        intents=intents,
        intent_biases=_or_zeros(intent_biases, len(intents)),
        tags=tags,
        tag_biases=_or_zeros(tag_biases, len(tags)),
    )


def _or_zeros(biases: Array | None, count: int) -> Array:
    return np.zeros(count, dtype=np.float32) if biases is None else biases


def _walk(graph: onnx.GraphProto) -> _Found:
    stored: dict[str, Array] = {
        tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer
    }
    found = _Found()
    product = ""
    for node in graph.node:
        constants = [stored[name] for name in node.input if name in stored]
        match node.op_type:
            case "Cast" if constants:
                stored[node.output[0]] = constants[0].astype(np.float32)
            case "Gather" if constants:
                found.tables.append(constants[0])
            case "LayerNormalization" | "SkipLayerNormalization":
                found.norms.append((constants[0], constants[1]))
            case "MatMul" | "MatMulIntegerToFloat" if constants:
                found.linears.append((_matrix(node, stored), None))
                product = node.output[0]
            case "Mul" if product in node.input:
                product = node.output[0]
            case "Add" if product in node.input and constants:
                found.linears[-1] = (found.linears[-1][0], constants[0])
    return found


def _matrix(node: onnx.NodeProto, stored: Mapping[str, Array]) -> Array:
    """Give a matrix of shape (outputs, inputs); one of 8 bits has a scale for each output."""
    matrix = stored[node.input[1]].astype(np.float32).T
    return matrix if node.op_type == "MatMul" else matrix * stored[node.input[3]][:, None]


def _table(tables: list[Array]) -> Array:
    """Give the word embedding; one of 8 bits has a second table with a scale for each row."""
    first = tables[0].astype(np.float32)
    return first * tables[1] if tables[0].dtype == np.int8 else first


def _name(found: _Found) -> dict[str, Array]:
    named = {"norm.weight": found.norms[0][0], "norm.bias": found.norms[0][1]}
    for place, (weight, bias) in enumerate(found.linears[:-2]):
        layer, part = divmod(place, len(_PER_LAYER))
        prefix = f"layers.{layer}.{_PER_LAYER[part]}"
        named[f"{prefix}.weight"] = weight
        if bias is not None:
            named[f"{prefix}.bias"] = bias
    for place, (weight, bias) in enumerate(found.norms[1:]):
        layer, part = divmod(place, 2)
        prefix = f"layers.{layer}.{('attended_norm', 'outer_norm')[part]}"
        named[f"{prefix}.weight"], named[f"{prefix}.bias"] = weight, bias
    return named
