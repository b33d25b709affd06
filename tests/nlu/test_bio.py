"""Tags and spans say the same, and no path through the tags is invalid."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(st.integers(0, 3), st.integers(0, 8), st.integers(0, 1000))
def test_the_best_path_is_the_best_of_all_valid_ones(labels, words, seed):
    words = min(words, 5) if labels > 1 else words
    tags = bio.count_tags(labels)
    if tags**words > 20_000:
        words = 3
    scores = np.random.default_rng(seed).normal(size=(words, tags)).astype(np.float32)
    allowed = bio.allowed(labels)
    path = bio.best_path(scores, np.where(allowed, 0, -np.inf).astype(np.float32))

    def is_valid(tags_of_path: tuple[int, ...]) -> bool:
        before = [len(allowed) - 1, *tags_of_path]
        return all(allowed[one, two] for one, two in itertools.pairwise(before))

    def total(tags_of_path: tuple[int, ...]) -> float:
        return sum(float(scores[word, tag]) for word, tag in enumerate(tags_of_path))

    every = [p for p in itertools.product(range(tags), repeat=words) if is_valid(p)]
    assert is_valid(tuple(path.tolist()))
    assert total(tuple(path.tolist())) == pytest.approx(max(map(total, every)), abs=1e-4)


def test_of_overlapping_spans_the_longer_stays():
    tags = bio.encode([Span(first=0, last=1, label=0), Span(first=0, last=3, label=1)], words=4)
    assert bio.decode(tags) == [Span(first=0, last=3, label=1)]


def test_two_spans_of_one_label_side_by_side_stay_two():
    wanted = [Span(first=0, last=1, label=0), Span(first=1, last=2, label=0)]
    assert bio.decode(bio.encode(wanted, words=2)) == wanted
