"""Every command and code block of the documentation runs, and its generated parts are current.

In front of a block, a comment may stand: `<!-- file: PATH -->` writes the block to that file of the
project, `<!-- may exit 1 -->` allows a failed test, and `<!-- not run: REASON -->` leaves it out.
A page's blocks run in order, in one copy of the trained starter.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from framework.project.checks import inspect
from tests.conftest import ROOT

PAGES = [ROOT / "README.md", ROOT / "framework" / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
BLOCK = re.compile(r"^((?:<!-- [^\n]* -->\n)?)```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)[^)]*\)")
LANGUAGES = {"bash", "python", "yaml", "json", "text"}
"""`text` is what a program printed, and the only kind that isn't run or read."""

ABOUT_THE_FORM_ONLY = ("yaml", "version", "unknown-key", "wrong-type", "missing-key", "duplicate")


@dataclass(frozen=True, kw_only=True)
class Block:
    page: Path
    line: int
    language: str
    text: str
    note: str

    @property
    def file(self) -> str | None:
        named = re.match(r"file: (\S+)", self.note)
        return named.group(1) if named else None

    @property
    def is_run(self) -> bool:
        return not self.note.startswith("not run: ")

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            page=page,
            line=text.count("\n", 0, match.start(2)) + 1,
            language=match.group(2),
            text=match.group(3),
            note=match.group(1).strip().removeprefix("<!-- ").removesuffix(" -->"),
        )
        for match in BLOCK.finditer(text)
    ]


BLOCKS = [block for page in PAGES for block in blocks_of(page)]
YAML = [block for block in BLOCKS if block.language == "yaml"]
PLAYED = [
    page
    for page in PAGES
    if any(block.language in {"bash", "python"} and block.is_run for block in blocks_of(page))
]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_says_what_it_is(block):
    assert block.language in LANGUAGES
    if block.language == "json":
        json.loads(block.text)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_link_leads_to_a_file_of_the_repository(page):
    prose = re.sub(r"`[^`\n]+`", "", BLOCK.sub("", page.read_text(encoding="utf-8")))
    links = LINK.findall(prose)
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_page_can_be_found_from_the_index():
    found, ahead = set(), [ROOT / "docs" / "README.md"]
    while ahead:
        page = ahead.pop()
        found.add(page)
        links = LINK.findall(page.read_text(encoding="utf-8"))
        pages = {(page.parent / link).resolve() for link in links if link.endswith(".md")}
        ahead += [path for path in pages - found if path.exists()]
    assert [name_of(page) for page in ROOT.glob("docs/**/*.md") if page not in found] == []


@pytest.mark.parametrize("block", YAML, ids=str)
def test_yaml_of_the_documentation_is_in_the_project_format(block, tmp_path):
    keys = set(re.findall(r"^(\w+):", block.text, re.MULTILINE))
    if keys & {"pipeline", "policies", "recipe"}:
        name = "config.yml"
    elif keys & {"action_endpoint", "tracker_store", "nlg"}:
        name = "endpoints.yml"
    elif keys == {"rest"}:
        name = "credentials.yml"
    else:
        name = "domain.yml" if keys & {"intents", "actions", "slots"} else "data/part.yml"
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(block.text, encoding="utf-8")
    problems = [p for p in inspect(tmp_path) if p.where is not None and p.where.file == name]
    assert [str(p) for p in problems if p.id.startswith(ABOUT_THE_FORM_ONLY)] == []


def test_the_generated_parts_are_current():
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, f"run `make docs`\n{run.stdout}{run.stderr}"


@pytest.mark.slow
@pytest.mark.parametrize("page", PLAYED, ids=name_of)
def test_the_blocks_of_a_page_run_in_order(page, trained_starter, tmp_path):
    project = tmp_path / "mybot"
    shutil.copytree(trained_starter, project)
    here = project
    for block in blocks_of(page):
        if block.file is not None:
            (here / block.file).parent.mkdir(parents=True, exist_ok=True)
            (here / block.file).write_text(block.text, encoding="utf-8")
        elif block.language in {"bash", "python"} and block.is_run:
            here = play(block, here, shims=tmp_path)


def play(block: Block, here: Path, *, shims: Path) -> Path:
    """Run a block in a folder, and give the folder in which it ended."""
    shim = shims / "frame"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m framework "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{shims}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    ended = shims / "ended"
    script = f"set -euo pipefail\n{block.text}\npwd > '{ended}'\n"
    command = ["bash", "-c", script] if block.language == "bash" else [sys.executable, "-c"]
    command += [block.text] if block.language == "python" else []
    run = subprocess.run(
        command,
        cwd=here,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    allowed = {0, 1} if block.note == "may exit 1" else {0}
    assert run.returncode in allowed, f"{block}\n{run.stdout}{run.stderr}"
    if block.language == "bash" and run.returncode == 0:
        return Path(ended.read_text(encoding="utf-8").strip())
    return here
