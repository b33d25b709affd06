"""Scores of replies; the values of BLEU were computed with sacreBLEU 2.5 on the same words."""

# ruff: noqa: RUF001  # full-width marks are what Chinese is written with

import pytest

from framework.responses.scores import bleu, distinct, exact_match, is_same, shared_words, words


@pytest.mark.parametrize(
    ("replies", "references", "expected"),
    [
        (
            ["The cat is on the mat, is it not?", "I like green tea with milk."],
            [
                ["The cat sat on the mat, did it not?", "There is a cat on the mat."],
                ["I like green tea with some milk.", "Green tea is what I like."],
            ],
            51.35740666,
        ),
        (["今天天气晴朗，气温25度。"], [["今天的天气很晴朗，气温20度。"]], 37.59014233),
        (["a b c d e f"], [["a x b y c z d"]], 9.71654722),
        (["short one here now"], [["this is a much longer text than it"]], 0.0),
        (["the same words"], [["the same words"]], 0.0),
        (["the same words here"], [["the same words here"]], 100.0),
        ([""], [["something"]], 0.0),
        ([], [], 0.0),
    ],
)
def test_bleu_is_that_of_sacrebleu(replies, references, expected):
    assert bleu(replies, references) == pytest.approx(expected)


def test_words_keep_numbers_whole_and_han_characters_apart():
    assert words("It's 3.5 km, 今天。") == ["It", "'", "s", "3.5", "km", ",", "今", "天", "。"]


@pytest.mark.parametrize(
    ("reply", "expected", "same"),
    [
        ("Hello there!", "hello  there", True),
        ("ＡＢＣ？", "abc", True),
        ("?!", "?!", True),
        ("?!", "...", False),
        ("Hello", "Hello you", False),
        ("it's", "its", False),
    ],
)
def test_a_match_is_exact_but_for_capitals_blanks_and_marks_at_the_ends(reply, expected, same):
    assert is_same(reply, expected) is same


def test_a_reply_is_right_when_it_is_one_of_several_answers():
    assert exact_match(["yes", "no"], [["no", "yes"], ["perhaps"]]) == 0.5


def test_distinct_counts_different_runs_among_all():
    assert distinct(["I see", "I see", "i do"], 1) == pytest.approx(3 / 6)
    assert distinct(["I see", "I see", "i do"], 2) == pytest.approx(2 / 3)
    assert distinct([], 1) == 0.0


def test_shared_words_go_by_the_nearest_reference():
    assert shared_words("a b c", ["x y", "a b d"]) == pytest.approx(2 / 3)
    assert shared_words("", ["x"]) == 0.0
