"""Whatever stands in the files: problems come back, nothing is raised."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framework.errors import ProjectError
from framework.project.checks import inspect
from framework.project.load import read_tests
from framework.project.scaffold import create
from tests.project.projects import write_minimal

JUNK = ["null", "[]", "{}", "5", "true", "- a", '"', "\t", "[x](y", "{", ": ", "&a ", "*a", "!x ",
        "\x00", "😀", "|", "> ", "#", "  ", "\n", "- - -", "<<: ", "%", "\\",
        "", "\u2028"]  # fmt: skip
KEYS = ["intent", "action", "steps", "story", "user", "entities", "slot_was_set", "or", "examples",
        "nlu", "slots", "forms", "mappings", "type", "conditions", "required_slots", "pipeline",
        "policies", "name", "version", "text", "buttons", "metadata", "responses"]  # fmt: skip

values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.sampled_from(KEYS + JUNK),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=12,
)
SECTIONS = ("intents", "entities", "slots", "forms", "responses", "actions", "e2e_actions",
            "session_config", "nlu", "stories", "rules", "version", "config")  # fmt: skip

slow = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def flow(value: object) -> str:
    """Write a value as YAML in flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    if isinstance(value, str):
        quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return '"' + quoted.replace("\t", "\\t").replace("\x00", "\\0") + '"'
    return "null" if value is None else str(value).lower()


def check_all(root: Path) -> None:
    for problem in inspect(root):
        assert problem.where is not None or problem.id == "empty-project"
        assert problem.hint
    with contextlib.suppress(ProjectError):
        read_tests(root, ["tests", "stories"])


@slow
@given(st.dictionaries(st.sampled_from(SECTIONS), values, min_size=1, max_size=4))
def test_values_of_any_kind_in_any_section_are_reported(sections: dict[str, object]) -> None:
    text = "".join(f"{key}: {flow(value)}\n" for key, value in sections.items())
    with tempfile.TemporaryDirectory() as folder:
        check_all(write_minimal(Path(folder), {"domain.yml": text}))
        check_all(write_minimal(Path(folder), {"data/nlu.yml": text, "tests/test_x.yml": text}))


@slow
@given(st.dictionaries(st.sampled_from(["pipeline", "policies", "language", "nlu"]), values))
def test_values_of_any_kind_in_the_settings_are_reported(sections: dict[str, object]) -> None:
    text = "".join(f"{key}: {flow(value)}\n" for key, value in sections.items())
    files = {"config.yml": text, "endpoints.yml": text, "credentials.yml": text}
    with tempfile.TemporaryDirectory() as folder:
        check_all(write_minimal(Path(folder), files))


@slow
@given(st.data())
def test_files_broken_anywhere_are_reported(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "bot")
        files = [file for file in create(root) if file.suffix == ".yml"]
        for _ in range(data.draw(st.integers(1, 3))):
            file = data.draw(st.sampled_from(files))
            lines = file.read_text("utf-8").split("\n")
            index = data.draw(st.integers(0, len(lines) - 1))
            line = lines[index]
            at = data.draw(st.integers(0, len(line)))
            junk = data.draw(st.sampled_from(JUNK))
            kept = data.draw(st.booleans())
            lines[index] = line[:at] + junk + (line[at:] if kept else "")
            file.write_text("\n".join(lines), "utf-8")
        check_all(root)
        shutil.rmtree(root)


@slow
@given(st.binary(max_size=40))
def test_any_bytes_in_any_file_are_reported(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write_minimal(Path(folder), {"endpoints.yml": "", "actions/x.py": ""})
        for file in ("config.yml", "domain.yml", "data/nlu.yml", "endpoints.yml", "actions/x.py"):
            (root / file).write_bytes(content)
        check_all(root)
