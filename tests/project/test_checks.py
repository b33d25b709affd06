"""Every problem of a project is found, in one run, at its place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from framework.project.checks import inspect
from framework.project.load import load_project
from tests.project.faults import CONFIG, DOMAIN, FAULTS, NLU, STORIES
from tests.project.projects import edit, found, write, write_minimal


def test_a_sound_project_has_no_problems(tmp_path: Path) -> None:
    assert inspect(write_minimal(tmp_path, {})) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "id", "severity", "place"),
    FAULTS,
    ids=[f"{fault[3]}-{index}" for index, fault in enumerate(FAULTS)],
)
def test_a_fault_is_found_at_its_place(
    tmp_path: Path, file: str, old: str, new: str, id: str, severity: str, place: str
) -> None:
    project = edit(write_minimal(tmp_path, {}), file, old, new)

    problems = inspect(project)
    assert (id, severity, place) in found(problems)
    assert [problem.id for problem in problems if not problem.hint] == []


def test_every_problem_of_a_typo_names_what_was_meant(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {})
    edit(project, STORIES, "- intent: greet", "- intent: gret")
    edit(project, STORIES, "utter_greet", "utter_gret")

    hints = {problem.id: problem.hint for problem in inspect(project)}

    assert "did you mean 'greet'?" in hints["unknown-intent"]
    assert "did you mean 'utter_greet'?" in hints["unknown-response"]


def test_all_problems_are_found_in_one_run(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {"data/more.yml": "nlu: [\n"})
    edit(project, STORIES, "utter_greet", "utter_gret")
    edit(project, NLU, "[pizza](dish)", "[pizza]{dish}")
    edit(project, CONFIG, "language: en", "langage: en")

    errors = {p.id for p in inspect(project) if p.severity == "error"}

    assert errors == {"yaml-syntax", "unknown-response", "broken-annotation", "unknown-key"}


@pytest.mark.parametrize(
    ("bare", "elsewhere"), [("greet", ""), ("nlu_fallback", ""), ("faq", "faq/opening")]
)
def test_an_intent_without_examples_is_a_warning_where_it_has_some_elsewhere_or_needs_none(
    tmp_path: Path, bare: str, elsewhere: str
) -> None:
    project = write_minimal(tmp_path, {})
    more = f"- intent: {elsewhere}\n  examples: |\n    - when are you open\n" if elsewhere else ""
    (project / "data" / "a.yml").write_text(f'version: "3.1"\nnlu:\n- intent: {bare}\n{more}')

    found = [p for p in inspect(project) if p.id == "intent-without-examples"]

    assert [(p.severity, str(p.where)) for p in found] == [("warning", "data/a.yml:3:11")]


def test_what_a_broken_file_may_hold_is_not_called_unused(tmp_path: Path) -> None:
    project = edit(write_minimal(tmp_path, {}), STORIES, "steps:", "steps: [")

    assert [problem.id for problem in inspect(project)] == ["yaml-syntax"]


def test_a_section_put_aside_is_no_typo(tmp_path: Path) -> None:
    project = edit(write_minimal(tmp_path, {}), NLU, "nlu:", "draft_nlu:\n- x\nnlu:")

    assert found(inspect(project)) == {("unknown-key", "warning", f"{NLU}:2:1")}


def test_faults_of_regression_conversations_are_warnings(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path,
        {
            "tests/test_stories.yml": """\
                stories:
                - story: t
                  steps:
                  - user: hello
                    intent: gret
                  - action: utter_gret
                """
        },
    )

    assert found(inspect(project)) == {
        ("unknown-intent", "warning", "tests/test_stories.yml:4:5"),
        ("unknown-response", "warning", "tests/test_stories.yml:6:5"),
    }


@pytest.mark.parametrize(
    ("of_type", "is_warned_of"),
    [("text", False), ("list", False), ("bool", True), ("float", True), ("any", False)],
)
def test_a_slot_without_a_value_is_a_warning_unless_its_type_has_a_usual_one(
    tmp_path: Path, of_type: str, is_warned_of: bool
) -> None:
    project = edit(
        write_minimal(tmp_path, {}),
        DOMAIN,
        "responses:",
        f"  more: {{type: {of_type}}}\nresponses:",
    )
    edit(project, STORIES, "    - dish: pizza\n  - action", "    - more\n  - action")

    warning = ("slot-without-value", "warning", f"{STORIES}:11:7")
    assert (warning in found(inspect(project))) is is_warned_of


def test_a_test_file_among_the_training_data_is_pointed_out(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {})
    (project / STORIES).rename(project / "data/test_stories.yml")

    assert found(inspect(project)) == {
        ("test-file-trained-on", "warning", "data/test_stories.yml:2:1")
    }
    assert {str(story.where.file) for story in load_project(project).stories} == {
        "data/test_stories.yml"
    }


def test_a_slot_that_nothing_reads_is_pointed_out(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {})
    edit(
        project,
        DOMAIN,
        "responses:",
        "  old:\n    type: bool\n    mappings: [{type: custom}]\nresponses:",
    )

    assert found(inspect(project)) == {("unused-slot", "warning", f"{DOMAIN}:13:3")}


def test_files_of_others_among_the_data_are_left_alone(tmp_path: Path) -> None:
    headless = (
        "# stories:\nversion: '3.1'\n- story: x\n  steps:\n  - intent: y\n    entities: [z]\n"
    )
    project = write_minimal(
        tmp_path, {"data/names.yml": "- Ada\n- Bea\n", "data/put_aside.yaml": headless}
    )

    assert found(inspect(project)) == {
        ("foreign-file", "warning", "data/names.yml:1:1"),
        ("foreign-file", "warning", "data/put_aside.yaml:3:1"),
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "id", "place"),
    [
        (STORIES, "- story: an order", "- story:", "missing-name", f"{STORIES}:3:3"),
        (STORIES, "- story: an order", '- story: " "', "missing-name", f"{STORIES}:3:3"),
        (
            DOMAIN,
            "    mappings:\n    - type: from_entity\n      entity: dish\n",
            "    mappings: []\n",
            "missing-mappings",
            f"{DOMAIN}:8:3",
        ),
        (
            STORIES,
            "  - action: utter_greet",
            "  - action:\n  - action: utter_greet",
            "empty-step",
            f"{STORIES}:6:5",
        ),
        (
            NLU,
            "nlu:\n",
            "nlu:\n- intent: greet\n  examples:\n  - text:\n  - text: ' '\n  - text: hey\n",
            "empty-example",
            f"{NLU}:5:",
        ),
        (
            STORIES,
            "  - action: utter_greet",
            "  - entities: [dish]\n  - action: utter_greet",
            "empty-step",
            f"{STORIES}:6:5",
        ),
    ],
)
def test_what_is_empty_and_rasa_passes_over_is_a_warning(
    tmp_path: Path, file: str, old: str, new: str, id: str, place: str
) -> None:
    problems = inspect(edit(write_minimal(tmp_path, {}), file, old, new))

    assert not [p for p in problems if p.severity == "error"]
    assert any(p.id == id and str(p.where).startswith(place) for p in problems)


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("colour: red", "error"),
        ("limit: 3", "error"),
        ("strict: true", "error"),
        ("language: en", "warning"),
        ("description: a bot", "warning"),
        ("flows: {a: 1}", "warning"),
        ("colours: [red]", "warning"),
        ("colour:", "warning"),
        ("notes: |\n  of ours", "warning"),
    ],
)
@pytest.mark.parametrize("file", [DOMAIN, NLU])
def test_a_setting_that_nothing_reads_is_an_error_and_what_others_may_read_is_not(
    tmp_path: Path, file: str, line: str, severity: str
) -> None:
    project = edit(write_minimal(tmp_path, {}), file, "", f"{line}\n")

    assert ("unknown-key", severity, f"{file}:1:1") in found(inspect(project))


def test_a_broken_file_with_a_section_is_an_error(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {"data/more.yml": "'nlu' : [\n"})

    assert [problem.id for problem in inspect(project)] == ["yaml-syntax"]


@pytest.mark.parametrize(
    ("files", "id"),
    [
        ({}, "empty-project"),
        ({"config.yml": "language: en"}, "no-training-data"),
        ({"data/nlu.yml": "# nothing"}, "no-training-data"),
        ({"data/stories.yml": "stories:\n- story: s\n  steps:\n  - intent: a\n"}, "missing-domain"),
    ],
)
def test_a_project_that_lacks_the_essential_is_an_error(
    tmp_path: Path, files: dict[str, str], id: str
) -> None:
    problems = inspect(write(tmp_path, files))

    assert id in {problem.id for problem in problems if problem.severity == "error"}


def test_a_domain_that_is_skipped_as_too_new_is_a_missing_domain(tmp_path: Path) -> None:
    project = edit(write_minimal(tmp_path, {}), DOMAIN, 'version: "3.1"', 'version: "9.9"')

    problems = inspect(project)

    assert [problem.id for problem in problems if problem.severity == "error"] == ["missing-domain"]
    assert "newer-version" in {problem.id for problem in problems}


def test_a_project_folder_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    assert [problem.id for problem in inspect(tmp_path / "no")] == ["missing-project"]


def test_paths_of_the_call_that_do_not_exist_are_errors(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {})

    problems = inspect(project, data=["dat"], domain="dom.yml", config="conf.yml")

    missing = [str(problem.where) for problem in problems if problem.id == "missing-file"]
    assert missing == ["conf.yml", "dat", "dom.yml"]


def test_checking_imports_neither_torch_nor_transformers(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path,
        {CONFIG: "language: en\npipeline: [{name: fallback, threshold: 0.5}]\n"},
    )
    code = (
        "import sys; from framework.project.checks import inspect; inspect(sys.argv[1]);"
        "print([name for name in ('torch', 'transformers', 'safetensors') if name in sys.modules])"
    )

    run = subprocess.run(
        [sys.executable, "-c", code, str(project)], capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == "[]"
