"""Writes ONNX graphs node by node: quicker than tracing a model, and equal bytes each time.

A graph is built from the inputs on; each method adds nodes and returns the name of what they
compute. Weights are kept in one of three precisions:

- `float32` as trained;
- `float16` stored in half the bytes, computed in 32 bits;
- `int8` matrices with a scale per output; what they are multiplied by is rounded row by row, each
  row by its own largest value, so that a message's answer doesn't depend on what it is read
  together with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Precision = Literal["float32", "float16", "int8"]
Array = NDArray[Any]

OPSET = 20
IR_VERSION = 9
"""Any ONNX Runtime from 1.22 on reads both."""

_LEVELS, _ZERO = 127, 128
"""Whole numbers above zero for the inputs of 8-bit matrices, and the one that stands for zero."""

_LEAST = 1e-12
"""Largest value of a row that counts as nothing but zeros."""

RUNTIME_DOMAIN = "com.microsoft"
"""Fused operators of ONNX Runtime."""


class GraphWriter:
    """An ONNX graph under construction.

    Example:
        writer = GraphWriter("scores")
        states = writer.input("states", np.float32, ["batch", 8])
        logits = writer.linear(states, weight, bias)
        writer.output(logits, "logits", np.float32, ["batch", 3])
        model = writer.to_bytes()
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._count = 0

    def input(self, name: str, dtype: type[np.generic], shape: Sequence[int | str]) -> str:
        """Declare an input; a named dimension may be of any size."""
        self._inputs.append(helper.make_tensor_value_info(name, _element(dtype), list(shape)))
        return name

    def output(
        self, value: str, name: str, dtype: type[np.generic], shape: Sequence[int | str]
    ) -> None:
        """Make a computed value an output of the graph under a name of its own."""
        self._nodes.append(helper.make_node("Identity", [value], [name]))
        self._outputs.append(helper.make_tensor_value_info(name, _element(dtype), list(shape)))

    def constant(self, array: Array | np.generic) -> str:
        """Store an array."""
        name = self._fresh("c")
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add an operator with one output; an empty input name leaves an optional input out."""
        return self.nodes(operator, *inputs, outputs=1, domain=domain, **attributes)[0]

    def nodes(
        self, operator: str, *inputs: str, outputs: int, domain: str = "", **attributes: Any
    ) -> list[str]:
        """Add an operator with several outputs."""
        names = [self._fresh(operator.lower()) for _ in range(outputs)]
        self._nodes.append(
            helper.make_node(operator, list(inputs), names, domain=domain, **attributes)
        )
        return names

    def stored(self, array: Array, precision: Precision) -> str:
        """Store an array of floats so that nodes see 32 bits; `int8` is kept as `float16` here."""
        if precision == "float32":
            return self.constant(array.astype(np.float32))
        half = self.constant(array.astype(np.float16))
        return self.node("Cast", half, to=TensorProto.FLOAT)

    def linear(
        self, value: str, weight: Array, bias: Array | None, precision: Precision = "float32"
    ) -> str:
        """Multiply by a weight of shape (outputs, inputs), as torch keeps it, and add the bias."""
        if precision == "int8":
            return self._linear_in_8_bits(value, weight, bias)
        product = self.node("MatMul", value, self.stored(weight.T, precision))
        if bias is None:
            return product
        return self.node("Add", product, self.constant(bias.astype(np.float32)))

    def _linear_in_8_bits(self, value: str, weight: Array, bias: Array | None) -> str:
        quantised, scale = quantise(weight)
        last = self.constant(np.array([-1], dtype=np.int64))
        largest = self.node("ReduceMax", self.node("Abs", value), last)
        largest = self.node("Max", largest, self.constant(np.float32(_LEAST)))
        step = self.constant(np.float32(1 / _LEVELS))
        zero = self.constant(np.uint8(_ZERO))
        rounded = self.node("QuantizeLinear", self.node("Div", value, largest), step, zero)
        product = self.node(
            "MatMulIntegerToFloat",
            rounded,
            self.constant(quantised.T),
            step,
            self.constant(scale),
            zero,
            domain=RUNTIME_DOMAIN,
        )
        product = self.node("Mul", product, largest)
        if bias is None:
            return product
        return self.node("Add", product, self.constant(bias.astype(np.float32)))

    def embedding(self, indices: str, table: Array, precision: Precision = "float32") -> str:
        """Look rows of a table up by whole numbers; `int8` rows have one scale each."""
        if precision == "int8":
            quantised, scale = quantise(table)
            rows = self.node("Gather", self.constant(quantised), indices)
            scales = self.node("Gather", self.constant(scale[:, None]), indices)
            return self.node("Mul", self.node("Cast", rows, to=TensorProto.FLOAT), scales)
        dtype = np.float16 if precision == "float16" else np.float32
        rows = self.node("Gather", self.constant(table.astype(dtype)), indices)
        return self.node("Cast", rows, to=TensorProto.FLOAT) if precision == "float16" else rows

    def layer_norm(self, value: str, weight: Array, bias: Array, *, epsilon: float) -> str:
        """Normalise over the last dimension."""
        return self.node(
            "LayerNormalization",
            value,
            self.constant(weight.astype(np.float32)),
            self.constant(bias.astype(np.float32)),
            epsilon=epsilon,
            axis=-1,
        )

    def add_and_norm(
        self, value: str, other: str, weight: Array, bias: Array, *, epsilon: float
    ) -> str:
        """Add two values and normalise the sum over the last dimension, in one step."""
        return self.node(
            "SkipLayerNormalization",
            value,
            other,
            self.constant(weight.astype(np.float32)),
            self.constant(bias.astype(np.float32)),
            domain=RUNTIME_DOMAIN,
            epsilon=epsilon,
        )

    def to_bytes(self) -> bytes:
        """Give the graph as the bytes of a file."""
        graph = helper.make_graph(
            self._nodes, self._name, self._inputs, self._outputs, initializer=self._constants
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(RUNTIME_DOMAIN, 1)]
        model = helper.make_model(
            graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="frame"
        )
        return bytes(model.SerializeToString(deterministic=True))

    def _fresh(self, stem: str) -> str:
        self._count += 1
        return f"{stem}_{self._count}"


def quantise(weight: Array) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Round rows to 8 bits, symmetric about 0.

    Args:
        weight: floats, shape (rows, columns).

    Returns:
        Whole numbers -127 to 127 of the same shape, and one scale per row.
    """
    largest = np.maximum(weight.max(axis=1), -weight.min(axis=1))
    scale = (np.where(largest > 0, largest, 1.0) / 127).astype(np.float32)
    rounded = weight / scale[:, None]
    np.rint(rounded, out=rounded)
    np.clip(rounded, -127, 127, out=rounded)
    return rounded.astype(np.int8), scale


def _element(dtype: type[np.generic]) -> int:
    return int(helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))
