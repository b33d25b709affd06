import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.nlu.phrases import PhraseIndex, PhraseMatch, fold


@given(st.text())
def test_folding_keeps_the_length(text):
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(("one", "other"), [("ΟΔΟΣ", "οδος"), ("ÄÖ", "äö"), ("ABC", "abc")])
def test_folding_makes_capitals_equal(one, other):
    assert fold(one) == fold(other)


def test_nothing_is_found_without_phrases():
    assert list(PhraseIndex([]).find_all("text")) == []
    assert list(PhraseIndex([("", 0)]).find_all("text")) == []


def test_a_phrase_may_have_several_labels():
    matches = PhraseIndex([("a", 0), ("A", 1), ("a", 0)]).find_longest("a")
    assert matches == [
        PhraseMatch(start=0, end=1, label=0),
        PhraseMatch(start=0, end=1, label=1),
    ]


@pytest.mark.parametrize("text", ["😀 a", "é😀 a", "\U0001d4b3 a"])
def test_offsets_count_characters(text):
    (match,) = PhraseIndex([("a", 0)]).find_all(text)
    assert text[match.start : match.end] == "a"


@given(st.lists(st.text(alphabet="ab "), max_size=5), st.text(alphabet="ab "))
def test_without_word_borders_every_occurrence_is_found(phrases, text):
    index = PhraseIndex([(phrase, 0) for phrase in phrases], whole_words=False)
    expected = {
        (start, start + len(phrase))
        for phrase in phrases
        for start in range(len(text))
        if phrase and text.startswith(phrase, start)
    }
    assert {(match.start, match.end) for match in index.find_all(text)} == expected
