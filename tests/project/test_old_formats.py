from __future__ import annotations

from pathlib import Path

import pytest

from framework.project.checks import inspect
from framework.project.load import load_project
from framework.project.schema.domain import MappingCondition
from tests.project.projects import edit, write_minimal

OLD_DOMAIN = """\
    version: "2.0"
    intents: [greet, order]
    entities: [dish, name]
    slots:
      dish:
        type: text
      name:
        type: unfeaturized
        auto_fill: false
      note:
        type: rasa.shared.core.slots.BooleanSlot
    forms:
      order_form:
        required_slots:
          dish:
          - type: from_entity
            entity: dish
          - type: from_text
      name_form:
        name:
        - type: from_intent
          intent: greet
          value: me
    responses:
      utter_greet: [{text: Hello}]
      utter_ordered: [{text: Coming}]
      utter_ask_dish: [{text: "What?"}]
      utter_ask_name: [{text: "Who?"}]
    """


def test_a_domain_of_format_2_gets_the_mappings_it_meant(tmp_path: Path) -> None:
    project = load_project(write_minimal(tmp_path, {"domain.yml": OLD_DOMAIN}))

    dish, name, note = (project.domain.slots[slot] for slot in ("dish", "name", "note"))
    form = MappingCondition(active_loop="order_form")
    asked = MappingCondition(active_loop="order_form", requested_slot="dish")
    assert [(m.type, m.entity, m.conditions) for m in dish.mappings] == [
        ("from_entity", "dish", (form,)),
        ("from_text", None, (asked,)),
        ("from_entity", "dish", ()),
    ]
    assert [(m.type, m.value) for m in name.mappings] == [("from_intent", "me")]
    assert [m.type for m in note.mappings] == ["custom"]
    assert (name.type, note.type) == ("any", "bool")
    assert project.domain.forms["order_form"].required_slots == ("dish",)
    assert project.domain.forms["name_form"].required_slots == ("name",)


def test_what_changed_since_format_2_is_named_with_its_replacement(tmp_path: Path) -> None:
    problems = inspect(write_minimal(tmp_path, {"domain.yml": OLD_DOMAIN}))

    hints = {(problem.id, problem.severity): problem.hint for problem in problems}
    assert ("old-version", "warning") in hints
    assert "required_slots" in hints["old-form", "warning"]
    assert "custom" in hints["missing-mappings", "warning"]
    assert "from_entity" in hints["removed-key", "warning"]
    assert "type: any" in hints["removed-slot-type", "warning"]
    assert not [problem for problem in problems if problem.severity == "error"]


def test_triggers_are_replaced_by_a_rule(tmp_path: Path) -> None:
    project = write_minimal(tmp_path, {})
    edit(project, "domain.yml", "- greet", "- greet: {triggers: utter_greet}")

    problems = inspect(project)

    assert [(p.id, str(p.where)) for p in problems] == [("removed-key", "domain.yml:3:11")]
    assert "- action: utter_greet" in problems[0].hint


MARKDOWN_NLU = "## intent:greet\n- hello\n"
MARKDOWN_STORY = "# stories\n\n## happy path\n<!-- generated -->\n* greet\n  - utter_greet\n"


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("data/nlu.md", MARKDOWN_NLU, "data/nlu.md:1"),
        ("data/stories.md", MARKDOWN_STORY, "data/stories.md:3"),
    ],
)
def test_training_data_before_yaml_is_told_how_to_convert(
    tmp_path: Path, name: str, text: str, place: str
) -> None:
    files = {"data/nlu.yml": None, "data/stories.yml": None, name: text}

    problems = inspect(write_minimal(tmp_path, files))

    found = [problem for problem in problems if problem.id == "legacy-format"]
    assert [(problem.severity, str(problem.where)) for problem in found] == [("error", place)]
    assert "rasa data convert" in found[0].hint


def test_markdown_beside_yaml_is_a_leftover_and_a_readme_is_nothing(tmp_path: Path) -> None:
    readme = "# My bot\n\n## Setup\n\n* install\n\n## Usage\n\n- run\n"
    files = {"data/old.md": MARKDOWN_NLU, "data/README.md": readme, "data/kb.json": "{}"}

    problems = inspect(write_minimal(tmp_path, files))

    assert [(p.severity, str(p.where)) for p in problems] == [("warning", "data/old.md:1")]
