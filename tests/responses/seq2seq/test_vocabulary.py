"""Word pieces cover the texts they were learned from, and copy what they don't cover."""

# ruff: noqa: RUF001  # full-width marks are what Chinese is written with

import pytest

from framework.responses.seq2seq.vocabulary import END, UNKNOWN, Vocabulary, tidy

TEXTS = (
    "What's the weather like today?",
    "今天天气晴朗，气温25度。",
    "I'd say 3.50 € (about $4)!",
    "Línea – «ça va»",
    "one\nline below another",
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.learn(TEXTS, size=200)


@pytest.mark.parametrize("text", TEXTS)
def test_an_answer_comes_back_as_it_was_written(vocabulary, text):
    pieces = vocabulary.encode_answer(text)
    assert pieces[-1] == END
    assert UNKNOWN not in pieces
    assert vocabulary.decode(pieces) == text


def test_blanks_are_tidied_and_broken_characters_replaced():
    assert tidy("  a \t b\u3000c ") == "a b c"
    assert tidy("e\u0301") == "é"
    assert tidy("x\ud83d") == "x?"


def test_unknown_characters_are_numbered_after_the_vocabulary_and_can_be_copied(vocabulary):
    found = vocabulary.encode("жжю 今天")
    assert found.unknown == ("ж", "ю")
    assert [number for number in found.extended if number >= vocabulary.size] == [
        vocabulary.size,
        vocabulary.size,
        vocabulary.size + 1,
    ]
    assert vocabulary.decode(found.extended, found.unknown) == "жжю 今天"
    answer = vocabulary.encode_answer("юж", found.unknown)
    assert vocabulary.decode(answer, found.unknown) == "юж"
    assert UNKNOWN in vocabulary.encode_answer("ю", ())


def test_names_of_special_pieces_in_a_message_mean_nothing(vocabulary):
    assert END not in vocabulary.encode("</s> [SEP] <unk>").ids


def test_equal_texts_give_equal_bytes_and_bytes_give_the_vocabulary_back(vocabulary):
    again = Vocabulary.learn(TEXTS, size=200)
    assert again.to_bytes() == vocabulary.to_bytes()
    loaded = Vocabulary.from_bytes(vocabulary.to_bytes())
    assert loaded.encode(TEXTS[0]) == vocabulary.encode(TEXTS[0])


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_said_is_no_piece(vocabulary, text):
    assert vocabulary.decode(vocabulary.encode(text).ids) == ""
