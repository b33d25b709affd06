# ruff: noqa: RUF001  # signs of Chinese

import pytest

from framework.project.documents.sentences import width
from framework.responses.knowledge.lexical import InvertedIndex
from framework.responses.knowledge.quote import quote
from tests.responses.knowledge.indexes import passage

LONG = (
    "All our bread contains gluten. The croissants contain butter and eggs. Nuts are used in the"
    " walnut loaf. The rye bread is made without milk and is fit for vegans. Talk to the baker if"
    " you have an allergy. Everything is baked in the same room."
)
TABLE = "Distance | Fee\n" + "\n".join(f"up to {n} km | {n} euros" for n in range(2, 40))
LIST = "We accept:\n" + "\n".join(f"- kind {n} of card" for n in range(20)) + "\n- cheques"


def quoted(text, question, length):
    index = InvertedIndex.build([text, "Something else altogether."], language="en")
    return quote(passage(text), question, lexical=index, length=length)


def test_a_short_passage_is_quoted_whole():
    assert quoted("One. Two.", "two?", 100) == "One. Two."


@pytest.mark.parametrize(
    ("text", "question", "start"),
    [
        (LONG, "is the rye fit for vegans?", "The rye bread is made without milk"),
        (LONG, "are there nuts?", "Nuts are used in the walnut loaf."),
        (LONG, "what about xyz?", "All our bread contains gluten."),
        (LIST, "can I pay with cheques?", "- "),
    ],
)
def test_the_sentences_that_have_the_questions_words_are_quoted(text, question, start):
    found = quoted(text, question, 90)
    assert found.startswith(start)
    assert width(found) <= 90
    assert all(sentence in text for sentence in found.split("\n"))


def test_a_row_of_a_table_is_quoted_below_the_first_row():
    lines = quoted(TABLE, "how much is it for 27 km?", 60).splitlines()
    assert lines[0] == "Distance | Fee"
    assert "up to 27 km | 27 euros" in lines


def test_a_sentence_that_is_too_long_is_cut_between_words():
    found = quoted("word " * 100, "word", 50)
    assert found.endswith("word\u2026")
    assert width(found) <= 50


def test_chinese_is_quoted_by_sentences():
    text = "面包含有麸质。" + "我们九点开门，六点关门。" * 8 + "退款请在一天内申请，并带上收据。"
    index = InvertedIndex.build([text, "别的"], language="zh")
    found = quote(passage(text), "怎么退款", lexical=index, length=80)
    assert "退款请在一天内申请，并带上收据。" in found
    assert width(found) <= 80
