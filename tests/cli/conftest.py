"""A trained bot for the tests of commands, and a way to call them."""

from __future__ import annotations

import io
import logging
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from framework import load_project, train
from framework.cli.main import main
from tests.training import project as files


@dataclass(frozen=True, kw_only=True)
class Called:
    """What a call of the command line came to."""

    code: int
    out: str
    err: str


Call = Callable[..., Called]


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = files.write(tmp_path_factory.mktemp("cli") / "bot")
    train(load_project(root), output=root / "models", name="first")
    return root


@pytest.fixture
def bot(trained_once: Path, tmp_path: Path) -> Path:
    """A trained project, to be changed at will."""
    return Path(shutil.copytree(trained_once, tmp_path / "bot"))


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """Call `frame` in this process; `stdin` is what is piped in."""
    monkeypatch.setenv("COLUMNS", "80")
    before = logging.root.handlers[:], logging.root.level

    def run(*arguments: str, stdin: str = "") -> Called:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return Called(code=code, out=out, err=err)

    yield run
    logging.root.handlers[:], logging.root.level = before
