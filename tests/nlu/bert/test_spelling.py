"""A slip of the finger is read as the word that was meant, and places stay those of the message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import Unigram, WordPiece
from tokenizers.pre_tokenizers import WhitespaceSplit

from framework.nlu.bert.spelling import Spelling, words_of
from framework.nlu.bert.words import find_words

EXAMPLES = ["that sounds great", "Cancel my booking, please", "I want a pizza", "send it back"]
WORDS = words_of(EXAMPLES)


def by_word_pieces() -> Tokenizer:
    """Knows the words of the examples, some more, and single letters."""
    known = ["[UNK]", *WORDS, "grape", "cooking", "spend"]
    letters = [sign + letter for letter in map(chr, range(97, 123)) for sign in ("", "##")]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys([*known, *letters]))}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    return tokenizer


def by_pieces_of_the_bot() -> Tokenizer:
    letters = [(chr(code), -9.0) for code in range(97, 123)]
    return Tokenizer(Unigram([("<unk>", 0.0), *letters], unk_id=0))


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling(WORDS, by_word_pieces())


def test_the_words_of_examples_are_those_long_enough_to_be_recognised():
    expected = "back booking cancel great pizza please send sounds that want"
    assert expected.split() == WORDS


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("that sonuds graet!", "that sounds great!"),  # two letters changed places
        ("cancl my boooking", "cancel my booking"),  # one is missing, one too many
        ("a pizxa", "a pizza"),  # one is another
        ("CANCLE it", "CANCEL it"),
        ("Plaese", "Please"),
        ("snet", "snet"),  # two slips in a short word
        ("sned", "send"),
        ("sond", "sond"),  # too short to tell
        ("cooking grape spend", "cooking grape spend"),  # words that the encoder knows
        ("vooking", "vooking"),  # the first letter is right
        ("p1zza pi-zza", "p1zza pi-zza"),
        ("", ""),
    ],
)
def test_a_slip_is_mended(spelling, written, meant):
    assert spelling.correct(written).text == meant


def test_what_could_be_two_words_stays_as_it_is():
    tokenizer = by_word_pieces()
    assert Spelling(["charged", "chased"], tokenizer).correct("chaged").text == "chaged"
    assert Spelling(["charged"], tokenizer).correct("chaged").text == "charged"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sonuds", "sounds"),
        ("soundss", "sounds"),
        ("piza", "pizza"),
        ("pizxa", "pizxa"),
        ("sound", "sound"),
    ],
)
def test_where_most_words_are_unknown_only_clear_slips_count(written, meant):
    assert Spelling(WORDS, by_pieces_of_the_bot()).correct(written).text == meant


def test_places_are_those_of_the_message(spelling):
    written = "hm, cancl the boooking and that graet pizza"
    mended = spelling.correct(written)
    spans = mended.as_written(find_words(mended.text))
    assert [written[start:end] for start, end in spans] == [
        written[start:end] for start, end in find_words(written)
    ]


@given(st.lists(st.sampled_from(["graet", "cancl", "piizza", "sned", "x", "é!", " ", "GRAET"])))
def test_no_text_loses_a_word(parts):
    spelling = Spelling(WORDS, by_word_pieces())
    written = " ".join(parts)
    mended = spelling.correct(written)
    assert list(mended.as_written(find_words(mended.text))) == find_words(written)
