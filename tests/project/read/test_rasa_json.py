"""NLU data in Rasa's JSON format is read like that in YAML."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from framework.project.checks import inspect
from framework.project.load import load_project
from tests.project.projects import write_minimal

EXAMPLES: list[dict[str, Any]] = [
    {"text": 'Grüße 😀 an "Ada" \\ a/b', "intent": "greet", "entities": []},
    {
        "text": "I take 😀 the big pizza",
        "intent": "order",
        "entities": [{"start": 9, "end": 22, "value": "pizza", "entity": "dish"}],
        "metadata": {"by": "us"},
    },
]


def file(**lists: Any) -> dict[str, Any]:
    return {"rasa_nlu_data": {"common_examples": EXAMPLES, **lists}}


def project(tmp_path: Path, text: str) -> Path:
    return write_minimal(tmp_path, {"data/nlu.yml": None, "data/nlu.json": text})


@pytest.mark.parametrize("is_ascii", [True, False])
@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_examples_keep_their_characters_and_spans_however_they_are_written(
    tmp_path: Path, indent: int | str | None, is_ascii: bool
) -> None:
    text = json.dumps(file(), indent=indent, ensure_ascii=is_ascii).replace("a/b", "a\\/b")

    examples = load_project(project(tmp_path, text)).nlu.examples

    assert [example.text for example in examples] == [one["text"] for one in EXAMPLES]
    assert [example.intent for example in examples] == ["greet", "order"]
    [entity] = examples[1].entities
    assert (entity.entity, entity.value) == ("dish", "pizza")
    assert examples[1].text[entity.start : entity.end] == "the big pizza"
    assert examples[1].metadata == {"by": "us"}


def test_every_example_knows_its_line(tmp_path: Path) -> None:
    examples = load_project(project(tmp_path, json.dumps(file(), indent=1))).nlu.examples

    assert [str(example.where) for example in examples] == [
        "data/nlu.json:5:13",
        "data/nlu.json:10:13",
    ]


def test_synonyms_patterns_and_tables_are_read(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/drinks.txt").write_text("tea\ncoffee\n", encoding="utf-8")
    text = json.dumps(
        file(
            entity_synonyms=[{"value": "pizza", "synonyms": ["pie", "slice"]}],
            regex_features=[{"name": "dish", "pattern": "p[a-z]+"}],
            lookup_tables=[
                {"name": "dish", "elements": ["soup", "stew"]},
                {"name": "drink", "elements": "drinks.txt"},
            ],
        )
    )

    nlu = load_project(project(tmp_path, text)).nlu

    assert {(one.value, one.spellings) for one in nlu.synonyms} == {
        ("pizza", ("pie", "slice")),
        ("pizza", ("the big pizza",)),
    }
    assert [(one.name, one.pattern) for one in nlu.regexes] == [("dish", "p[a-z]+")]
    assert [(one.name, one.elements) for one in nlu.lookups] == [
        ("dish", ("soup", "stew")),
        ("drink", ("tea", "coffee")),
    ]


@pytest.mark.parametrize(
    ("old", "new", "id", "severity", "line"),
    [
        ('"text": "I take', '"text": "I\ttake', "json-syntax", "error", 10),
        ('"intent": "order",', '"intent": "order"', "json-syntax", "error", 12),
        ('"intent": "order",', "", "skipped-example", "warning", 9),
        ('"intent": "order"', '"intent": 5', "wrong-type", "error", 11),
        ('"start": 9', '"start": 99', "bad-span", "warning", 13),
        ('"end": 22', '"end": 9', "bad-span", "warning", 13),
        ('"start": 9', '"start": "9"', "bad-span", "warning", 13),
        ('"entity": "dish"', '"entity": null', "missing-key", "error", 13),
        ('"entities": []', '"entities": {}', "wrong-type", "error", 7),
        ('"common_examples": [', '"common_examples": [7, ', "wrong-type", "error", 3),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, id: str, severity: str, line: int
) -> None:
    text = json.dumps(file(), indent=1, ensure_ascii=False)
    assert old in text

    problems = inspect(project(tmp_path, text.replace(old, new, 1)))

    assert (id, severity, line) in {
        (problem.id, problem.severity, problem.where.line) for problem in problems if problem.where
    }


def test_entities_that_overlap_keep_the_first(tmp_path: Path) -> None:
    one = {"start": 0, "end": 6, "entity": "dish"}
    other = {"start": 4, "end": 9, "entity": "dish"}
    examples = [{"text": "soup du jour", "intent": "order", "entities": [other, one]}]
    root = project(tmp_path, json.dumps(file(common_examples=examples)))

    [example] = load_project(root).nlu.examples

    assert [(entity.start, entity.end) for entity in example.entities] == [(0, 6)]


@pytest.mark.parametrize("text", ["{", "[]", '{"a": "rasa_nlu_data"}', "\x00", "[" * 100_000])
def test_json_of_another_kind_is_left_alone(tmp_path: Path, text: str) -> None:
    root = write_minimal(tmp_path, {"data/other.json": text})

    assert not [p for p in inspect(root) if p.severity == "error"]


def test_brackets_without_end_are_told(tmp_path: Path) -> None:
    problems = inspect(project(tmp_path, '{"rasa_nlu_data": ' + "[" * 100_000))

    assert "json-syntax" in {problem.id for problem in problems}
