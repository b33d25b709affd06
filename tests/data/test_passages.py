from itertools import pairwise

import pytest

from framework.data.passages import passages
from framework.project.documents.markdown import read_markdown
from framework.project.documents.sentences import width
from framework.project.documents.types import Block, Document


def cut(text, *, length=200, overlap=60):
    document = Document(file="docs/a.md", blocks=read_markdown(text))
    return list(passages(document, length=length, overlap=overlap))


def test_a_passage_knows_its_headings_and_its_place():
    text = "# Returns\n\nIntro.\n\n## Fees\n\nFree.\n\n# Hours\n\nNine to five.\n"
    assert [(one.source, one.text) for one in cut(text)] == [
        ("docs/a.md:3 > Returns", "Intro."),
        ("docs/a.md:7 > Returns > Fees", "Free."),
        ("docs/a.md:11 > Hours", "Nine to five."),
    ]
    assert cut(text)[1].in_context == "Returns\nFees\nFree."


def test_short_paragraphs_of_a_section_stand_together_and_their_order_stays():
    [one] = cut("# A\n\nWe accept:\n\n- cash\n- cards\n\nNo cheques.\n")
    assert one.text == "We accept:\n- cash\n- cards\nNo cheques."


def test_a_long_paragraph_is_cut_between_sentences_and_repeats_the_last_one():
    sentences = [f"Sentence number {number} has some words in it." for number in range(12)]
    found = cut("# A\n\n" + " ".join(sentences))
    assert len(found) > 2
    for before, after in pairwise(found):
        assert after.text.startswith(before.text.split(". ")[-1])
    covered = [sentence for sentence in sentences if any(sentence in one.text for one in found)]
    assert covered == sentences


def test_every_piece_of_a_long_table_has_its_first_row():
    rows = "\n".join(f"| row {number} | value {number} |" for number in range(30))
    found = cut(f"# A\n\n| name | value |\n|---|---|\n{rows}\n")
    assert len(found) > 2
    assert all(one.text.startswith("name | value\nrow ") for one in found)
    assert [line for one in found for line in one.text.splitlines()[1:]] == [
        f"row {number} | value {number}" for number in range(30)
    ]
    lines = [(one.line, int(one.text.split()[4])) for one in found[1:]]
    assert all(4 <= line - row <= 5 for line, row in lines)


@pytest.mark.parametrize(
    "text",
    [
        "今天天气很好我们去公园。" * 40,
        "字" * 500,
        "x" * 900,
        "word " * 300,
        "- " + "item " * 100 + "\n- short",
        "```\n" + "code line\n" * 60 + "```",
        "| a | b |\n|---|---|\n| " + "x" * 700 + " | y |",
        ". " * 400,
    ],
)
def test_no_passage_is_longer_than_allowed(text):
    found = cut(f"# A\n\n{text}\n")
    assert found
    assert max(width(one.text) for one in found) <= 200


def test_headings_alone_make_no_passage():
    assert cut("# A\n\n## B\n") == []


def test_pages_are_given_where_there_are_no_lines():
    blocks = (Block(kind="paragraph", text="Words.", page=3),)
    [one] = passages(Document(file="a.pdf", blocks=blocks), length=200, overlap=0)
    assert one.source == "a.pdf, p. 3"
