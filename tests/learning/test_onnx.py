"""Graphs written node by node compute what they say."""

import numpy as np
import onnxruntime
import pytest

from framework.learning.onnx import GraphWriter, Precision, quantise

RNG = np.random.default_rng(0)


def run(writer: GraphWriter, **inputs: np.ndarray) -> list[np.ndarray]:
    return onnxruntime.InferenceSession(writer.to_bytes()).run(None, inputs)


@pytest.mark.parametrize(
    ("precision", "tolerance"), [("float32", 1e-4), ("float16", 1e-2), ("int8", 0.15)]
)
def test_a_linear_layer_multiplies_and_adds(precision: Precision, tolerance: float):
    weight, bias = RNG.normal(size=(5, 16)), RNG.normal(size=5)
    writer = GraphWriter("linear")
    states = writer.input("states", np.float32, ["batch", 16])
    writer.output(
        writer.linear(states, weight, bias, precision), "scores", np.float32, ["batch", 5]
    )
    given = RNG.normal(size=(3, 16)).astype(np.float32)
    (scores,) = run(writer, states=given)
    np.testing.assert_allclose(scores, given @ weight.T + bias, atol=tolerance)


def test_in_8_bits_a_row_is_rounded_on_its_own():
    weight = RNG.normal(size=(5, 16))
    writer = GraphWriter("linear")
    states = writer.input("states", np.float32, ["batch", 16])
    writer.output(writer.linear(states, weight, None, "int8"), "y", np.float32, ["batch", 5])
    given = RNG.normal(size=(3, 16)).astype(np.float32) * [[1.0], [1000.0], [0.0]]
    given = given.astype(np.float32)
    (together,) = run(writer, states=given)
    (alone,) = run(writer, states=given[:1])
    np.testing.assert_array_equal(together[:1], alone)
    np.testing.assert_allclose(together[1], weight @ given[1], rtol=0.05, atol=100)
    np.testing.assert_array_equal(together[2], np.zeros(5))


def test_a_sum_is_normalised_in_one_step():
    value, other = (RNG.normal(size=(1, 2, 8)).astype(np.float32) for _ in range(2))
    weight, bias = RNG.normal(size=8), RNG.normal(size=8)
    writer = GraphWriter("norm")
    names = [writer.input(name, np.float32, [1, 2, 8]) for name in ("value", "other")]
    normed = writer.add_and_norm(*names, weight, bias, epsilon=1e-5)
    writer.output(normed, "normed", np.float32, [1, 2, 8])
    (found,) = run(writer, value=value, other=other)
    total = value + other
    centred = total - total.mean(axis=-1, keepdims=True)
    wanted = centred / np.sqrt(total.var(axis=-1, keepdims=True) + 1e-5) * weight + bias
    np.testing.assert_allclose(found, wanted, atol=1e-4)


@pytest.mark.parametrize(
    ("precision", "tolerance"), [("float32", 1e-6), ("float16", 1e-2), ("int8", 0.05)]
)
def test_an_embedding_gives_the_rows_asked_for(precision: Precision, tolerance: float):
    table = RNG.normal(size=(9, 4))
    writer = GraphWriter("embedding")
    rows = writer.input("rows", np.int64, ["batch"])
    writer.output(writer.embedding(rows, table, precision), "vectors", np.float32, ["batch", 4])
    (vectors,) = run(writer, rows=np.array([3, 3, 8]))
    np.testing.assert_allclose(vectors, table[[3, 3, 8]], atol=tolerance)


def test_equal_graphs_have_equal_bytes():
    def build() -> bytes:
        writer = GraphWriter("norm")
        value = writer.input("value", np.float32, ["batch", 4])
        normed = writer.layer_norm(value, np.ones(4), np.zeros(4), epsilon=1e-5)
        writer.output(normed, "normed", np.float32, ["batch", 4])
        return writer.to_bytes()

    assert build() == build()


def test_a_row_of_zeros_stays_zero_in_8_bits():
    rounded, scale = quantise(np.zeros((2, 3)))
    assert not rounded.any()
    assert np.isfinite(scale).all()
