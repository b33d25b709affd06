"""The door of the command line: help, global options, errors and exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from framework import __version__, registry
from framework.cli import main as door
from framework.cli.arguments import add_format
from framework.cli.main import COMMANDS, main
from framework.errors import FrameError, Location, Problem, ProjectError
from tests.cli.conftest import Call
from tests.conftest import ROOT

GOLDEN = Path(__file__).parent / "golden"
NAMES = [command.name for command in COMMANDS]


@pytest.mark.parametrize("name", ["", *NAMES])
def test_help_reads_as_agreed(call: Call, name: str):
    called = call(*([name] if name else []), "--help")

    assert called.code == 0
    file = GOLDEN / f"help{'-' if name else ''}{name}.txt"
    assert called.out == file.read_text(encoding="utf-8")


def test_without_a_command_the_help_is_shown(call: Call):
    assert call().out == call("--help").out


def test_the_version_is_that_of_the_package(call: Call):
    assert call("--version").out.strip() == f"frame {__version__}"
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{__version__}"' in project


def test_validate_is_another_name_of_check(call: Call, bot: Path):
    assert call("--project", str(bot), "validate").out == call("--project", str(bot), "check").out


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["trian"], "there is no command 'trian'", "did you mean 'train'?"),
        (["train", "--sed", "x"], "unrecognized arguments: --sed x", "see `frame train --help`"),
        (["train", "nlu"], "unrecognized arguments: nlu", "trains again only what changed"),
        (["test", "nlu", "--no-plot"], "unrecognized arguments: --no-plot", "leave it out"),
        (["test", "--runs=3"], "unrecognized arguments: --runs=3", "--cross-validation"),
        (["data", "validate"], "invalid choice: 'validate'", "`frame check`"),
        (["train", "--seed", "x"], "argument --seed: invalid int value: 'x'", "frame train --help"),
        (["check", "--format", "xml"], "invalid choice: 'xml'", "frame check --help"),
        (["--project", "nowhere", "check"], "there is no folder 'nowhere'", "--project"),
    ],
)
def test_a_wrong_call_exits_with_2_and_a_hint(call: Call, arguments, message, hint):
    called = call(*arguments)

    assert called.code == 2
    assert called.out == ""
    assert message in called.err
    assert hint in called.err


def test_a_wrong_call_is_a_json_document_where_one_is_asked_for(call: Call):
    called = call("train", "--nonsense", "--format", "json")

    assert called.code == 2
    document = json.loads(called.out)
    assert document["passed"] is False
    assert "--nonsense" in document["problems"][0]["message"]
    assert called.err == ""


@pytest.mark.parametrize("place", ["before", "after"])
def test_global_options_stand_before_or_after_the_command(call: Call, bot: Path, place: str):
    given = ["--project", str(bot), "-q"]
    called = call(*given, "check") if place == "before" else call("check", *given)

    assert (called.code, called.out) == (0, "")


class _Failing:
    """Stands for a command that fails with a given error."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def load(self, path: str) -> object:
        if path.endswith(":run"):
            return self.run
        return add_format

    def run(self, arguments: object, options: object) -> int:
        raise self.error


PROBLEMS = (
    Problem(
        id="unknown-intent",
        severity="error",
        message="the story 'book a table' uses the intent 'bok_table', which no file defines",
        where=Location(file="data/stories.yml", line=14, column=7),
        hint="did you mean 'book_table' (data/nlu.yml:3)? Otherwise add it under `intents:`.",
    ),
    Problem(
        id="unused-slot",
        severity="warning",
        message="the slot 'x' is never used",
        where=Location(file="domain.yml"),
    ),
    Problem(id="empty-project", severity="error", message="there is no bot here"),
)


def test_problems_are_rendered_as_agreed(call: Call, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(door, "load_object", _Failing(ProjectError(PROBLEMS)).load)

    called = call("train")

    assert called.code == 2
    assert called.err == (GOLDEN / "problems.txt").read_text(encoding="utf-8")


def test_problems_as_a_document(call: Call, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(door, "load_object", _Failing(ProjectError(PROBLEMS)).load)

    document = json.loads(call("train", "--format=json").out)

    assert (document["errors"], document["warnings"]) == (2, 1)
    assert document["problems"][0] == {
        "id": "unknown-intent",
        "severity": "error",
        "message": "the story 'book a table' uses the intent 'bok_table', which no file defines",
        "file": "data/stories.yml",
        "line": 14,
        "column": 7,
        "hint": "did you mean 'book_table' (data/nlu.yml:3)? Otherwise add it under `intents:`.",
    }
    assert document["problems"][2]["file"] is None


def test_beside_errors_warnings_are_shown_to_those_who_ask(
    call: Call, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(door, "load_object", _Failing(ProjectError(PROBLEMS)).load)

    assert "warning[" not in call("train").err
    assert "warning[unused-slot]" in call("-v", "train").err


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (FrameError("broken"), 3, "error[error]: broken"),
        (KeyError("x"), 3, "error[internal]: KeyError: 'x'"),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
)
def test_what_breaks_is_told_without_a_traceback(
    call: Call, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, text: str
):
    monkeypatch.setattr(door, "load_object", _Failing(error).load)

    called = call("train")

    assert called.code == code
    assert text in called.err
    assert "Traceback" not in called.err


def test_verbose_shows_where_it_broke(call: Call, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(door, "load_object", _Failing(KeyError("x")).load)

    assert "Traceback" in call("train", "-v").err


def test_what_a_bot_prints_stays_out_of_the_document(call: Call, monkeypatch: pytest.MonkeyPatch):
    failing = _Failing(ProjectError(PROBLEMS))

    def run(arguments: object, options: object) -> int:
        print("noise of the bot's code")
        raise failing.error

    monkeypatch.setattr(failing, "run", run)
    monkeypatch.setattr(door, "load_object", failing.load)

    called = call("train", "--format", "json")

    json.loads(called.out)
    assert "noise" in called.err


def test_a_closed_pipe_is_no_error(monkeypatch: pytest.MonkeyPatch):
    script = (
        "import sys; from framework.cli.main import main\n"
        "import os; os.close(1)\n"
        "sys.exit(main(['--help']))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert "Traceback" not in run.stderr


def test_help_loads_nothing_but_the_table():
    script = (
        "import sys; from framework.cli.main import main; main(['--help'])\n"
        "heavy = {'numpy', 'pydantic', 'rich', 'torch', 'ruamel', 'prompt_toolkit', 'httpx'}\n"
        "sys.exit(f'loaded: {heavy & set(sys.modules)}' if heavy & set(sys.modules) else 0)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr


def test_every_command_of_the_table_is_there():
    for command in COMMANDS:
        assert callable(registry.load_object(f"{command.module}:add_arguments"))
        assert callable(registry.load_object(f"{command.module}:run"))


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch):
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    rendered = door.output.render(PROBLEMS[0], Terminal())
    assert "\x1b[" in rendered
    assert re.sub(r"\x1b\[[\d;]*m", "", rendered) == str(PROBLEMS[0])

    monkeypatch.setenv("NO_COLOR", "1")
    assert door.output.render(PROBLEMS[0], Terminal()) == str(PROBLEMS[0])


def test_the_exit_code_of_the_script_is_that_of_main():
    run = subprocess.run(
        [sys.executable, "-m", "framework", "nonsense"],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == main(["nonsense"]) == 2


def test_streams_that_the_caller_closed_are_empty(call: Call, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", None)

    assert call("--version").code == 0
    with sys.stdin as stdin:
        assert stdin.read() == ""


def test_a_problem_that_is_logged_is_not_announced_twice():
    code = (
        "import logging, sys\n"
        "from framework.cli import logs\n"
        "from framework.cli.output import Options\n"
        "from framework.errors import Problem\n"
        "logs.configure_logging(Options(stdout=sys.stdout))\n"
        "problem = Problem(id='odd', severity='warning', message='look')\n"
        "logging.getLogger('framework.any').warning('%s', problem)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stderr == "warning[odd]: look\n"
