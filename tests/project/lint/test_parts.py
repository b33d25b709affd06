"""Pipeline and policies against what the project needs of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.project.checks import inspect
from framework.project.load import load_project
from tests.project.faults import CONFIG, DOMAIN, NLU
from tests.project.projects import edit, found, write_minimal


def test_rules_and_forms_need_the_rule_policy(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path,
        {
            CONFIG: "language: en\npolicies: [{name: MemoizationPolicy}]\n",
            "data/rules.yml": """\
                rules:
                - rule: r
                  steps:
                  - intent: greet
                  - action: utter_greet
                """,
        },
    )
    edit(project, DOMAIN, "responses:", "forms:\n  f: {required_slots: [dish]}\nresponses:")

    ids = {problem.id for problem in inspect(project)}

    assert {"rules-without-policy", "forms-without-policy"} <= ids


def test_retrieval_intents_need_responses_and_a_selector(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path,
        {
            CONFIG: "language: en\npipeline: [{name: DIETClassifier}]\n",
            "data/faq.yml": """\
                nlu:
                - intent: faq/price
                  examples: |
                    - how much is it
                    - what does it cost
                rules:
                - rule: faq
                  steps:
                  - intent: faq
                  - action: utter_faq
                responses:
                  utter_faq/prize:
                  - text: Ten
                """,
        },
    )
    edit(project, DOMAIN, "- greet", "- greet\n- faq")

    problems = found(inspect(project))

    assert ("missing-response", "warning", "data/faq.yml:4:7") in problems
    assert ("unused-response", "warning", "data/faq.yml:12:3") in problems
    assert ("missing-selector", "warning", "domain.yml:4:3") in problems
    assert not [problem for problem in problems if problem[1] == "error"]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{gret: 0.8}", "the intent 'gret', which no file defines"),
        ("{greet: 1.8}", "the threshold of 'greet' is 1.8: expected a number from 0 to 1"),
        ("{greet: high}", "the threshold of 'greet' is 'high': expected a number from 0 to 1"),
        ("0.8", "`thresholds` of `FallbackClassifier` is 0.8: expected a mapping"),
    ],
)
def test_thresholds_of_single_intents_are_checked(tmp_path: Path, written: str, message: str):
    pipeline = f"[{{name: DIETClassifier}}, {{name: FallbackClassifier, thresholds: {written}}}]"
    project = write_minimal(tmp_path, {CONFIG: f"language: en\npipeline: {pipeline}\n"})

    (problem,) = (item for item in inspect(project) if item.severity == "error")

    assert message in problem.message
    assert problem.where is not None
    assert str(problem.where).startswith(CONFIG)
    assert ("did you mean 'greet'?" in problem.hint) is ("gret'" in message)


def test_a_component_may_be_the_bots_own(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path,
        {
            CONFIG: "language: en\npipeline: [{name: DIETClassifier}, {name: mood, scale: 3}]\n",
            "actions/mood.py": "class Mood:\n    name = 'mood'\n",
        },
    )

    assert inspect(project) == ()


def test_a_part_in_the_section_of_the_other_kind_is_told_where_it_belongs(tmp_path: Path) -> None:
    lines = "language: en\npipeline: [{name: TEDPolicy}]\npolicies: [{name: synonyms}]\n"
    project = write_minimal(tmp_path, {CONFIG: lines})

    assert [problem.hint for problem in inspect(project)] == [
        "it is a policy: move it to `policies:`",
        "it is a component: move it to `pipeline:`",
    ]


@pytest.mark.parametrize("name", ["DucklingEntityExtractor", "duckling_entities"])
def test_a_single_text_where_texts_are_listed_is_a_list_of_one(tmp_path: Path, name: str) -> None:
    pipeline = f"pipeline: [{{name: DIETClassifier}}, {{name: {name}, dimensions: number}}]"
    project = write_minimal(tmp_path, {CONFIG: f"language: en\n{pipeline}\n"})

    place = pipeline.index("dimensions") + 1
    assert found(inspect(project)) == {("wrong-setting", "warning", f"{CONFIG}:2:{place}")}
    assert load_project(project).config.pipeline[1].settings == {"dimensions": ["number"]}


def test_tables_that_no_component_reads_are_pointed_out(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path, {CONFIG: "language: en\npipeline: [{name: DIETClassifier}]\n"}
    )
    tables = "- synonym: s\n  examples: |\n    - t\n- regex: r\n  examples: |\n    - u\n"
    edit(project, NLU, "nlu:\n", f"nlu:\n{tables}")

    assert found(inspect(project)) == {
        ("unused-table", "warning", f"{NLU}:3:12"),
        ("unused-table", "warning", f"{NLU}:8:7"),
    }


@pytest.mark.parametrize("line", ["encoder: no-such-encoder", "encoder: ./nowhere"])
def test_an_encoder_that_training_refuses_is_an_error_of_the_check(
    tmp_path: Path, line: str
) -> None:
    project = edit(write_minimal(tmp_path, {}), CONFIG, "", f"{line}\n")

    assert ("missing-encoder", "error", f"{CONFIG}:1:10") in found(inspect(project))
