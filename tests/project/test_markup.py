from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.errors import Location
from framework.project.markup import parse
from framework.project.schema.nlu import EntityAnnotation

WHERE = Location(file="nlu.yml", line=4, column=7)


def entity(entity: str, start: int, end: int, value: object, **labels: str) -> EntityAnnotation:
    return EntityAnnotation(entity=entity, start=start, end=end, value=value, **labels)


@pytest.mark.parametrize(
    ("written", "text", "entities"),
    [
        ("hello", "hello", ()),
        ("to [Paris](city) now", "to Paris now", (entity("city", 3, 8, "Paris"),)),
        ("[NYC](city:New York)", "NYC", (entity("city", 0, 3, "New York"),)),
        (
            'from [LA]{"entity": "city", "role": "from", "group": "1", "value": "Los Angeles"}',
            "from LA",
            (entity("city", 5, 7, "Los Angeles", role="from", group="1"),),
        ),
        ('[5]{"entity": "n", "value": 5}', "5", (entity("n", 0, 1, 5),)),
        (
            '[ny][{"entity": "city"}, {"entity": "state", "value": "NY"}]',
            "ny",
            (entity("city", 0, 2, "ny"), entity("state", 0, 2, "NY")),
        ),
        ("[a](x) 😀 [b](y)", "a 😀 b", (entity("x", 0, 1, "a"), entity("y", 4, 5, "b"))),
        ("明天去[北京](城市)", "明天去北京", (entity("城市", 3, 5, "北京"),)),
        ("an array a[0] (see [1])", "an array a[0] (see [1])", ()),
        ("[text] (not an entity)", "[text] (not an entity)", ()),
        ("[ ] unchecked", "[ ] unchecked", ()),
    ],
)
def test_annotations_are_taken_out_of_the_text(
    written: str, text: str, entities: tuple[EntityAnnotation, ...]
) -> None:
    markup = parse(written, where=WHERE)

    assert (markup.text, markup.entities, markup.problems) == (text, entities, ())


BROKEN = {
    "warning": [
        ("to [Paris]()", 10),
        ("to [Paris](city:)", 10),
        ('[Paris]{"entity": "city"', 7),
        ("to Paris](city)", 15),
        ("to [Paris]](city)", 10),
        ('[Paris] {"entity": "city"}', 7),
    ],
    "error": [
        ("to [Paris](city", 10),
        (r'to [Paris]{"entity": "city", "value": "\ud83d"}', 10),
        (r'to [Paris]{"entity": "ci\udc00ty"}', 10),
        ('to [Paris]{"entity": "city", "value": NaN}', 10),
        ("to [Paris](city now", 10),
        ("a [b](c) and [Paris](city", 20),
        ("[Paris]{entity: city}", 7),
        ('[Paris]{"role": "to"}', 7),
        ('[Paris]{"entity": 5}', 7),
        ('[Paris]{"entity": "city", "role": 1}', 7),
        ('[Paris]{"entity": "city", "value": [1]}', 7),
    ],
}
"""Annotations as written, with the column; an error is what nobody can have meant as text."""


@pytest.mark.parametrize(
    ("severity", "written", "column"),
    [(severity, *case) for severity, cases in BROKEN.items() for case in cases],
)
def test_a_broken_annotation_is_reported_with_its_column(
    severity: str, written: str, column: int
) -> None:
    problems = parse(written, where=WHERE).problems

    assert [(p.id, p.severity) for p in problems] == [("broken-annotation", severity)]
    assert problems[0].where == Location(file="nlu.yml", line=4, column=column)
    assert problems[0].hint or "value" in problems[0].message


@pytest.mark.parametrize("written", ["to Paris](city)", "to [Paris]](city)"])
def test_a_broken_annotation_that_can_be_text_stays_text(written: str) -> None:
    markup = parse(written)

    assert (markup.text, markup.entities) == (written, ())


def test_a_key_that_says_nothing_is_told_and_the_entity_stays() -> None:
    markup = parse('to [Paris]{"entity": "city", "rol": "to", "colour": "blue"}', where=WHERE)

    assert [(p.id, p.severity, p.hint) for p in markup.problems] == [
        ("unknown-key", "warning", "did you mean 'role'?"),
        ("unknown-key", "warning", "keys are entity, role, group, value"),
    ]
    assert [(e.entity, e.role) for e in markup.entities] == [("city", None)]


def test_a_missing_bracket_before_an_entity_name_is_a_warning() -> None:
    problems = parse("to [Paris(city) now", where=WHERE).problems

    assert [(p.id, p.severity) for p in problems] == [("broken-annotation", "warning")]


def test_a_second_bracket_that_annotates_nothing_is_dropped_with_a_warning() -> None:
    markup = parse("matrix[0][1]", where=WHERE)

    assert markup.text == "matrix0"
    assert [problem.severity for problem in markup.problems] == ["warning"]


@given(st.text(alphabet='[](){}":,ab 1\\n', max_size=40))
def test_any_text_parses_and_spans_fit_the_plain_text(written: str) -> None:
    markup = parse(written, where=WHERE)

    for found in markup.entities:
        assert 0 <= found.start <= found.end <= len(markup.text)
        if isinstance(found.value, str) and found.value == markup.text[found.start : found.end]:
            assert found.value in written
