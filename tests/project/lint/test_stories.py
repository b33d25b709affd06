"""Stories and rules that can't be followed as they are written."""

from __future__ import annotations

from pathlib import Path

from framework.project.checks import inspect
from framework.project.load import load_project
from tests.project.faults import STORIES
from tests.project.projects import edit, found, write_minimal


def test_stories_that_lead_round_in_a_loop_are_found(tmp_path: Path) -> None:
    project = write_minimal(
        tmp_path,
        {
            "data/loop.yml": """\
                stories:
                - story: there
                  steps:
                  - checkpoint: here
                  - intent: greet
                  - action: utter_greet
                  - checkpoint: there
                - story: back
                  steps:
                  - checkpoint: there
                  - intent: order
                  - action: utter_ordered
                  - checkpoint: here
                """
        },
    )

    problems = [problem for problem in inspect(project) if problem.id == "checkpoint-loop"]

    assert len(problems) == 1
    assert "here > there > here" in problems[0].message
    assert str(problems[0].where) == "data/loop.yml:13:5"


RULES = """\
    rules:
    - rule: long
      steps:
      - intent: greet
      - action: utter_greet
      - intent: order
      - action: utter_ordered
    - rule: joined
      steps:
      - intent: greet
      - checkpoint: x
    """


def test_a_rule_has_one_user_turn_and_no_checkpoint(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {"data/rules.yml": RULES})

    assert {
        ("long-rule", "error", "data/rules.yml:6:5"),
        ("bad-rule", "error", "data/rules.yml:11:5"),
    } <= found(inspect(project))


def test_a_story_without_a_name_is_learned_and_goes_by_its_place(tmp_path: Path) -> None:
    project = edit(write_minimal(tmp_path, {}), STORIES, "- story: an order", "- story:")

    assert load_project(project).stories[0].name == f"{STORIES}:3:3"


def test_half_a_character_in_the_payload_of_a_story_is_pointed_out(tmp_path: Path) -> None:
    step = '- user: "/order{\\"dish\\": \\"\\\\ud83d\\"}"\n  - intent: greet'
    project = edit(write_minimal(tmp_path, {}), STORIES, "- intent: greet", step)

    assert "bad-payload" in {problem.id for problem in inspect(project)}


def test_stories_without_their_section_are_said_to_be_lost(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {"data/b.yml": "version: '3.1'\n- rule: x\n  steps: []\n"})

    problem = next(p for p in inspect(project) if p.id == "foreign-file")

    assert problem.message == "the file has no `rules:`, so what it lists is not read"
    assert problem.hint == "write `rules:` in a line of its own above the first `- rule:`"
