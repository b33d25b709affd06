"""Questions are varied, and words that could be any other are replaced in both texts."""

import numpy as np
import pytest

from framework.project.schema.pairs import Pair
from framework.responses.seq2seq.training.variation import Variation, shared

NAMES = (
    Pair(question="My name is Ada.", answer="Nice to meet you, Ada!"),
    Pair(question="My name is Bob.", answer="Nice to meet you, Bob!"),
    Pair(question="Who was Einstein?", answer="Einstein was a physicist."),
    Pair(question="我叫小明", answer="你好，小明！"),  # noqa: RUF001
    Pair(question="我叫小红", answer="你好，小红！"),  # noqa: RUF001
)


def drawn(place: int) -> list[tuple[str, str]]:
    variation = Variation(NAMES)
    return [variation.draw(place, np.random.default_rng(seed)) for seed in range(60)]


@pytest.mark.parametrize(
    ("place", "words"), [(0, ["Ada"]), (2, ["was", "Einstein"]), (3, ["小明"])]
)
def test_words_that_stand_in_both_texts_are_found(place, words):
    assert shared(NAMES[place]) == words


@pytest.mark.parametrize(
    ("place", "frame"),
    [(0, "Nice to meet you, {}!"), (3, "你好，{}！")],  # noqa: RUF001
)
def test_a_word_that_differs_between_equal_pairs_is_replaced_in_both_texts(place, frame):
    start, end = frame.split("{}")
    names = {answer.removeprefix(start).removesuffix(end) for _, answer in drawn(place)}
    assert len(names) > 10
    assert all(
        answer.removeprefix(start).removesuffix(end) in question
        for question, answer in drawn(place)
    )


def test_a_word_that_only_one_pair_has_there_is_left_alone():
    assert {answer for _, answer in drawn(2)} == {"Einstein was a physicist."}


def test_capitals_and_the_mark_at_the_end_are_left_out_now_and_then():
    questions = {question for question, _ in drawn(2)}
    assert questions == {
        "Who was Einstein?",
        "Who was Einstein",
        "who was einstein?",
        "who was einstein",
    }
