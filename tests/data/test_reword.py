"""What a language model made of an example is taken only where its labels surely hold."""

import pytest

from framework.data.reword import Known, read_rewordings
from framework.data.types import Utterance
from framework.project.markup import parse
from framework.project.schema.nlu import LookupTable, NluData


def utterance(line: str) -> Utterance:
    read = parse(line)
    return Utterance(text=read.text, intent="fly", entities=read.entities)


FLY = utterance('fly from [Oslo](city) to [Rome]{"entity": "city", "value": "roma"}')


def read(answer: str, example: Utterance = FLY, *others: Utterance) -> list[str]:
    known = Known.of(
        [example, *others], NluData(lookups=(LookupTable(name="c", elements=("Bonn",)),))
    )
    return [one.text for one in read_rewordings(example, answer, known)]


def test_lines_are_read_without_numbers_bullets_quotes_and_introduction():
    answer = (
        "<think>hm</think>Here are some:\n1. get me from Oslo to Rome\n"
        '- "from Oslo to Rome, please"\n\n3) Rome from Oslo'
    )
    assert read(answer) == [
        "get me from Oslo to Rome",
        "from Oslo to Rome, please",
        "Rome from Oslo",
    ]


def test_entities_are_marked_where_their_words_stand_now():
    known = Known.of([FLY], NluData())
    (made,) = read_rewordings(FLY, "to Rome I fly from Oslo", known)
    assert [(made.text[e.start : e.end], e.value) for e in made.entities] == [
        ("Rome", "roma"),
        ("Oslo", "Oslo"),
    ]
    assert made.intent == "fly"


@pytest.mark.parametrize(
    "line",
    [
        "fly from oslo to Rome",
        "fly to Rome",
        "from Oslo to Rome and back to Oslo",
        "from Oslo to Rome by Bonn",
        "Fly from Oslo to Rome!",
        "fly from Oslo to Rome " + "please " * 40,
        "?!",
    ],
)
def test_a_line_is_left_out_where_an_entity_is_unsure_or_nothing_is_new(line):
    assert read(line) == []


def test_a_rewording_is_taken_once_and_not_where_another_example_has_it():
    answer = "from Oslo to Rome now\nFrom Oslo to Rome, now!"
    assert read(answer) == ["from Oslo to Rome now"]
    assert read(answer, FLY, Utterance(text="from Oslo to Rome now?", intent="other")) == []


def test_a_word_that_holds_the_letters_of_a_value_is_no_value():
    greet = Utterance(text="hello", intent="greet")
    with_value = utterance("paint it [red](colour)")
    assert read("hi, are you bored?", greet, with_value) == ["hi, are you bored?"]
    assert read("hi, red one", greet, with_value) == []
