"""Several projects are read as one where the configuration imports them."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.project.checks import inspect
from framework.project.load import load_project
from tests.project.projects import edit, write, write_minimal

IMPORTS = "importers:\n- name: MultiProjectImporter\nimports:\n"
DOMAIN = "intents: [{intent}]\nresponses:\n  utter_{intent}:\n  - text: Yes\n"
DATA = """\
nlu:
- intent: {intent}
  examples: |
    - {intent} please
    - do {intent}
rules:
- rule: {intent}
  steps:
  - intent: {intent}
  - action: utter_{intent}
"""


def part(folder: str, intent: str, config: str = "") -> dict[str, str]:
    """Give the files of a project that knows one intent."""
    return {
        f"{folder}/domain.yml": DOMAIN.format(intent=intent),
        f"{folder}/data/all.yml": DATA.format(intent=intent),
        f"{folder}/config.yml": f"language: de\npipeline: []\n{config}",
        f"{folder}/endpoints.yml": "action_endpoint: {url: http://other}\n",
        f"{folder}/tests/test_stories.yml": "stories:\n- story: not learned\n  steps: []\n",
    }


def project(tmp_path: Path, imports: str, files: dict[str, str]) -> Path:
    root = write_minimal(tmp_path, files)
    return edit(root, "config.yml", "", f"{IMPORTS}{imports}")


def test_what_is_imported_is_read_beside_the_projects_own_data(tmp_path: Path) -> None:
    files = {**part("bots/tea", "tea"), **part("bots/coffee", "coffee")}
    root = project(tmp_path, "- bots/tea\n- bots/coffee\n- bots/tea\n", files)

    loaded = load_project(root)

    assert not loaded.problems
    assert {"greet", "tea", "coffee"} <= set(loaded.domain.intents)
    assert {"utter_greet", "utter_tea", "utter_coffee"} <= set(loaded.domain.responses)
    assert [rule.name for rule in loaded.rules] == ["tea", "coffee"]
    assert [story.name for story in loaded.stories] == ["an order"]
    assert loaded.config.language == "en"
    assert not loaded.endpoints.services


@pytest.mark.parametrize(
    "imports", ["imports: [../b]\n", "imports: [../b/config.yml, ../../bots]\n"]
)
def test_an_imported_project_may_import_further_ones_and_circles_end(
    tmp_path: Path, imports: str
) -> None:
    files = {**part("bots/a", "tea", imports), **part("bots/b", "coffee", "imports: [../a]\n")}

    loaded = load_project(project(tmp_path, "- bots/a\n", files))

    assert [rule.name for rule in loaded.rules] == ["tea", "coffee"]


def test_an_import_that_leads_nowhere_is_named_with_its_place(tmp_path: Path) -> None:
    root = project(tmp_path, '- bots/nowhere\n- "a\\0b"\n- [x]\n', {})

    problems = inspect(root)

    assert [(p.id, str(p.where)) for p in problems] == [
        ("missing-import", "config.yml:4:3"),
        ("missing-import", "config.yml:5:3"),
    ]


def test_without_the_importer_nothing_is_imported(tmp_path: Path) -> None:
    root = write_minimal(tmp_path, part("bots/tea", "tea"))
    edit(root, "config.yml", "", "imports: [bots/tea]\n")

    assert not load_project(root).rules
    assert [p.id for p in inspect(root)] == ["ignored-key"]


def test_a_project_may_consist_of_imports_alone(tmp_path: Path) -> None:
    config = f"language: en\nassistant_id: x\n{IMPORTS}- bots\n"

    loaded = load_project(write(tmp_path, {"config.yml": config, **part("bots/tea", "tea")}))

    assert [rule.name for rule in loaded.rules] == ["tea"]
