"""Texts made of examples are new, in the examples' words, and the same for the same seed."""

import pytest

from framework.data.mix import mix

EXAMPLES = ["I want to fly to Rome", "book a table in Rome please", "how is the weather, please?"]


def test_texts_are_new_and_each_is_made_once():
    made = mix(EXAMPLES, 40, seed=3)
    assert len(made) == 40
    assert len({*made, *EXAMPLES}) == 43


def test_texts_consist_of_words_of_the_examples():
    words = set(" ".join(EXAMPLES).replace(",", " ,").replace("?", " ?").split())
    for text in mix(EXAMPLES, 40, seed=3):
        assert set(text.replace(",", " ,").replace("?", " ?").split()) <= words


def test_a_splice_goes_on_behind_a_word_that_both_texts_have():
    made = mix(EXAMPLES, 60, seed=0)
    assert "I want to fly to Rome please" in made


def test_the_same_seed_gives_the_same_texts():
    assert mix(EXAMPLES, 20, seed=5) == mix(EXAMPLES, 20, seed=5)
    assert mix(EXAMPLES, 20, seed=5) != mix(EXAMPLES, 20, seed=6)


def test_scripts_without_spaces_are_cut_anywhere():
    made = mix(["今天天气怎么样", "明天去北京吗"], 10, seed=0)
    assert len(made) == 10
    assert all(text and " " not in text for text in made)


@pytest.mark.parametrize("texts", [[], [""], ["yes"]])
def test_where_nothing_can_be_made_nothing_is(texts):
    assert mix(texts, 10, seed=0) == []
