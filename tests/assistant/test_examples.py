import numpy as np
import pytest

from framework.assistant.examples import KnownExample, KnownExamples, choose, pack
from framework.errors import BundleError, Location

KNOWN = KnownExamples(
    items=(
        KnownExample(text="hi", label="greet", where=Location(file="data/nlu.yml", line=3)),
        KnownExample(text="\udc80", label="faq/ask_name"),
    ),
    vectors=pack(np.array([[3, 4], [0, 0]], dtype=np.float32)),
)


def test_examples_come_back_as_they_were_kept():
    back = KnownExamples.from_files(KNOWN.to_files())

    assert back.items == KNOWN.items
    assert np.array_equal(back.vectors, KNOWN.vectors)
    assert back.to_files() == KNOWN.to_files()


def test_a_bundle_without_examples_knows_none():
    known = KnownExamples.from_files({})

    assert known.nearest(np.ones(2, dtype=np.float32)) == ()


def test_the_nearest_example_is_the_one_in_the_same_direction():
    (nearest,) = KNOWN.nearest(np.array([30, 40], dtype=np.float32), count=1)

    assert nearest.example.text == "hi"
    assert nearest.similarity == pytest.approx(1, abs=1e-3)


def test_an_intent_includes_its_retrieval_labels():
    found = KNOWN.nearest(np.ones(2, dtype=np.float32), intent="faq")

    assert [item.example.label for item in found] == ["faq/ask_name"]


@pytest.mark.parametrize("vector", [None, np.ones(3, dtype=np.float32)])
def test_nothing_is_near_a_message_without_a_fitting_vector(vector):
    assert KNOWN.nearest(vector) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"vectors.npy": b"nonsense"},
        {"examples.json": b"{"},
        {"examples.json": b"[]"},
        {"examples.json": b"[[1], [2]]"},
    ],
)
def test_damaged_examples_are_refused(change):
    with pytest.raises(BundleError, match="examples"):
        KnownExamples.from_files({**KNOWN.to_files(), **change})


def test_of_too_many_examples_each_label_keeps_an_even_share():
    labels = ["a"] * 10 + ["b"] * 2 + ["c"]

    assert choose(labels, most=5) == [0, 1, 10, 11, 12]
    assert choose(labels, most=13) == list(range(13))
