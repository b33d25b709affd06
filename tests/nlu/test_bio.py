"""Tags and spans say the same, and no path through the tags is invalid."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from framework.nlu import bio
from framework.nlu.bio import Span


@st.composite
def spans(draw) -> tuple[int, list[Span]]:
    words = draw(st.integers(0, 12))
    cuts = sorted(draw(st.sets(st.integers(0, words), max_size=6)))
    pairs = [pair for pair in itertools.pairwise(cuts) if draw(st.booleans())]
    return words, [Span(first=a, last=b, label=draw(st.integers(0, 2))) for a, b in pairs]


@given(spans())
def test_spans_come_back_from_their_tags(case):
    words, wanted = case
    assert bio.decode(bio.encode(wanted, words=words)) == wanted


@st.composite
def scores(draw) -> NDArray[np.float32]:
    labels, words = draw(st.integers(0, 2)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    shape = (words, bio.count_tags(labels))
    return (draw(st.sampled_from([1.0, 30.0])) * rng.normal(size=shape)).astype(np.float32)


def is_valid(path: Sequence[int]) -> bool:
    return bio.encode(bio.decode(path), words=len(path)).tolist() == list(path)


def valid_paths(scores: NDArray[np.float32]) -> dict[tuple[int, ...], float]:
    """Give every valid path and the sum of its scores."""
    words, tags = scores.shape
    return {
        path: sum(float(scores[word, tag]) for word, tag in enumerate(path))
        for path in itertools.product(range(tags), repeat=words)
        if is_valid(path)
    }


@settings(deadline=None)
@given(scores())
def test_the_best_path_is_the_best_of_all_valid_ones(scores):
    every = valid_paths(scores)
    path = tuple(bio.best_path(scores).tolist())
    assert every[path] == pytest.approx(max(every.values()), abs=1e-4)


@settings(deadline=None)
@given(scores())
def test_shares_are_those_of_the_valid_paths(scores):
    every = valid_paths(scores)
    best = max(every.values())
    wanted = np.zeros(scores.shape)
    for path, total in every.items():
        wanted[np.arange(len(path)), path] += np.exp(total - best)
    wanted /= wanted[0].sum()
    np.testing.assert_allclose(bio.shares(scores), wanted, atol=1e-6)


def test_shares_of_hopeless_scores_are_numbers():
    scores = np.array([[0, -1e4, 9e4], [-1e4, -1e4, 9e4], [0, 0, 0]], dtype=np.float32)
    assert np.isfinite(bio.shares(scores)).all()


def test_no_words_have_no_path():
    assert len(bio.best_path(np.zeros((0, 3), dtype=np.float32))) == 0
    assert bio.shares(np.zeros((0, 3), dtype=np.float32)).shape == (0, 3)


def test_of_overlapping_spans_the_longer_stays():
    tags = bio.encode([Span(first=0, last=1, label=0), Span(first=0, last=3, label=1)], words=4)
    assert bio.decode(tags) == [Span(first=0, last=3, label=1)]


def test_two_spans_of_one_label_side_by_side_stay_two():
    wanted = [Span(first=0, last=1, label=0), Span(first=1, last=2, label=0)]
    assert bio.decode(bio.encode(wanted, words=2)) == wanted
