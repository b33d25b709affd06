"""The map of the code is the tree, and the tree keeps to its sizes and names."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "framework"
MODULES = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if "templates" not in path.parts and "__pycache__" not in path.parts
)
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "constants"}


def test_every_module_has_its_line_on_the_map_and_every_line_its_module():
    text = (PACKAGE / "README.md").read_text(encoding="utf-8")
    on_the_map = set(re.findall(r"^- `([\w/]+\.py)`: \S", text, flags=re.MULTILINE))
    on_the_map |= {
        f"{folder}__init__.py" for folder in re.findall(r"^#+ `([\w/]+/)`$", text, re.MULTILINE)
    }
    assert on_the_map == {path.relative_to(PACKAGE).as_posix() for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_has_a_telling_name_and_one_job(path):
    assert path.stem not in NAMES_THAT_SAY_NOTHING
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def test_nine_modules_of_ten_fit_in_three_hundred_lines():
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES)
    assert lengths[len(lengths) * 9 // 10] <= 300


def test_every_folder_of_tests_mirrors_a_folder_of_the_package():
    folders = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("*.py")}
    across_stages = {(), ("benchmarks",), ("parity",)}
    mirrored = {folder for folder in folders if folder.parts[:1] not in across_stages}
    assert [folder for folder in mirrored if not (PACKAGE / folder).is_dir()] == []


def test_no_file_names_a_machine_or_a_private_place():
    private = re.compile(r"/work/|/root/|/home/[a-z]")
    named = []
    for pattern in ("framework/**/*", "docs/**/*", "example_bot/**/*", "tests/**/*.py", "*.*"):
        for path in ROOT.glob(pattern):
            readable = path.suffix in {".py", ".md", ".yml", ".toml", ".txt", ".json"}
            if readable and path.name != "test_layout.py" and "models" not in path.parts:
                named += [str(path)] if private.search(path.read_text(encoding="utf-8")) else []
    assert named == []
