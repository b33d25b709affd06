"""Texts are read as words with features, in any script, with offsets of the original."""

import pytest

from framework.nlu.bert.grams import UNKNOWN, GramTable, is_gram_table

TEXTS = ["Book a flight to London", "fly to Paris on 12 May", "明天去北京", "wie spät"]


@pytest.fixture(scope="module")
def table() -> GramTable:
    return GramTable.collect(TEXTS, characters=False)


def words(table: GramTable, text: str) -> list[str]:
    return [text[start:end] for start, end in table.read(text).words]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("fly to Oslo!", ["fly", "to", "Oslo", "!"]),
        ("明天飞Paris", ["明", "天", "飞", "Paris"]),
        ("", []),
        (" \n ", []),
        ("😀x\u0301y", ["😀", "x\u0301y"]),
    ],
)
def test_words_and_characters_without_spaces_are_found_in_place(table, text, wanted):
    assert words(table, text) == wanted
    pieces = table.read(text)
    assert len(pieces.ids) == len(wanted) + 1
    assert pieces.heads.tolist() == list(range(1, len(wanted) + 1))
    assert pieces.ids.max() < table.size


def test_an_unknown_word_shares_features_with_those_it_resembles(table):
    known, unknown = (set(table.read(word).ids[1]) - {0} for word in ("flight", "flights"))
    assert len(known & unknown) > len(known) / 2
    assert UNKNOWN in unknown
    assert UNKNOWN not in known


def test_numbers_share_their_shape(table):
    assert set(table.read("12").ids[1]) == set(table.read("47").ids[1])


def test_every_character_is_a_word_where_entities_end_inside_words():
    table = GramTable.collect(TEXTS, characters=True)
    assert words(table, "to X1") == ["t", "o", "X", "1"]


def test_words_with_a_pretrained_vector_have_its_row():
    table = GramTable.collect(TEXTS, characters=False, words=["london", "rome"])
    assert table.size + 1 in table.read("ROME").ids[1]
    assert table.size in table.read("London").ids[1]


def test_a_table_written_down_reads_alike(table):
    assert is_gram_table(table.to_str())
    again = GramTable.from_str(table.to_str())
    for text in TEXTS:
        assert again.read(text).ids.tolist() == table.read(text).ids.tolist()


def test_long_texts_are_cut():
    table = GramTable.collect(TEXTS, characters=False)
    table.enable_truncation(5)
    assert len(table.read("a b c d e f g").words) == 4
