from pathlib import Path

import pytest
from hypothesis import example as such_as
from hypothesis import given, settings
from hypothesis import strategies as st

from framework import load_project
from framework.errors import ProjectError
from framework.project.load import read_tests
from framework.project.markup import parse
from framework.project.schema.nlu import EntityAnnotation, Example, NluData
from framework.project.write.markup import write_markup
from framework.project.write.nlu import write_nlu
from tests.training import project as files

MARKED = (
    "a flight to [Paris](city)",
    "to [the city of light](city:Paris), please",
    'from [LA]{"entity": "city", "role": "from", "group": "1", "value": "Los Angeles"} to [x](y)',
    '[new york][{"entity": "city"}, {"entity": "state", "value": "NY"}]',
    'for [two]{"entity": "count", "value": 2}',
    'at [noon]{"entity": "time:of:day"}',
    "[half an [annotation](a)",
    "plain (words) and [brackets] (apart)",
    "\u660e\u5929\u53bb[\u5317\u4eac](city)",
)


@pytest.mark.parametrize("text", MARKED)
def test_marked_texts_are_written_so_that_they_read_alike(text: str):
    read = parse(text)

    written = write_markup(read.text, read.entities)

    assert written is not None
    again = parse(written)
    assert (again.text, again.entities) == (read.text, read.entities)


def test_entities_inside_one_another_cannot_be_written():
    entities = (
        EntityAnnotation(entity="a", start=0, end=5, value="a b c"),
        EntityAnnotation(entity="b", start=2, end=3, value="b"),
    )

    assert write_markup("a b c", entities) is None
    written = write_nlu(NluData(examples=(Example(text="a b c", intent="x", entities=entities),)))
    assert [problem.id for problem in written.problems] == ["unwritable-example"]


def plain(examples):
    return [(item.text, item.intent, item.entities, dict(item.metadata)) for item in examples]


TEXTS = st.text(min_size=1, max_size=20).map(lambda text: text.strip("\n\r ")).filter(str.strip)
EXAMPLES = st.lists(
    st.builds(
        lambda text, intent, metadata: Example(
            text=text.text, entities=text.entities, intent=intent, metadata=metadata
        ),
        st.one_of(TEXTS.map(parse), st.sampled_from(MARKED).map(parse)).filter(
            lambda read: not any(problem.severity == "error" for problem in read.problems)
        ),
        st.sampled_from(["greet", "faq/ask_name", "a+b"]),
        st.sampled_from([{}, {"sentiment": "neutral", "tags": ["x", 1]}]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(EXAMPLES)
@such_as([Example(text="- a dash", intent="greet"), Example(text="# no comment", intent="greet")])
@such_as(
    [
        Example(text="tab\there: yes", intent="greet"),
        Example(text="\x07 bell", intent="greet"),
        Example(text="next line\x85", intent="greet"),
    ]
)
def test_examples_read_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, examples):
    path = tmp_path_factory.mktemp("written") / "nlu.yml"
    written = write_nlu(NluData(examples=tuple(examples)))
    path.write_text(written.text, encoding="utf-8", newline="")

    try:
        read = read_tests(path.parent, [path]).examples
    except ProjectError as error:
        pytest.fail(f"{error.problems()}\n{written.text}")

    expected = [item for item in examples if write_markup(item.text, item.entities) is not None]
    assert plain(read) == plain(expected)


NLU = """\
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello
  - intent: greet
    metadata: {tone: kind}
    examples:
      - text: |
          good [day]{"entity": "time", "value": "morning"}
        metadata: {tags: [1, two]}
      - text: hi
  - synonym: rome
    examples: |
      - roma
      - the eternal city
  - regex: zip
    examples: |
      - \\d{5}
      - [A-Z]\\d
  - lookup: city
    examples: |
      - cities.txt
  - intent: faq/ask_name
    examples: |
      - who are you
responses:
  utter_faq/ask_name:
    - text: A bot.
"""


def test_tables_are_written_out(tmp_path: Path):
    root = files.write(tmp_path / "bot", data_nlu=NLU)
    (root / "cities.txt").write_text("paris\nnew york\n", encoding="utf-8")
    before = load_project(root).nlu

    responses = {"utter_faq/ask_name": [{"text": "A bot."}]}
    written = write_nlu(before, responses=responses)
    (root / "cities.txt").unlink()
    (root / "data" / "nlu.yml").write_text(written.text, encoding="utf-8")
    after = load_project(root)

    assert plain(after.nlu.examples) == plain(before.examples)
    assert {(item.value, item.spellings) for item in after.nlu.synonyms} == {
        (item.value, item.spellings) for item in before.synonyms
    }
    assert [(item.name, item.pattern) for item in after.nlu.regexes] == [
        (item.name, item.pattern) for item in before.regexes
    ]
    assert after.nlu.lookups[0].elements == ("paris", "new york")
    assert after.domain.responses["utter_faq/ask_name"].variations[0].text == "A bot."
