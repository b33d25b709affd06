"""Calls that can't be right, and systems that refuse: an error with a hint, never a traceback."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from framework.cli import check
from tests.cli.conftest import Call


@pytest.mark.parametrize(
    ("arguments", "id"),
    [
        (["train", "--seed", "-1"], "usage"),
        (["train", "--seed", "99999999999999999999"], "usage"),
        (["train", "--seed", "x"], "usage"),
        (["train", "--name", ".."], "usage"),
        (["train", "--name", "a/b"], "usage"),
        (["train", "--name", ""], "usage"),
        (["train", "--name", "x" * 300], "usage"),
        (["train", "--name", "a\nb"], "usage"),
        (["train", "--out", "config.yml"], "unwritable"),
        (["train", "--out", "/proc/models"], "unwritable"),
        (["train", "--epoch-fraction", "nan"], "usage"),
        (["train", "--finetune", "--epoch-fraction", "nan"], "usage"),
        (["test", "--out", "config.yml"], "unwritable"),
        (["test", "--out", "/proc/results"], "unwritable"),
        (["test", "nowhere"], "missing-file"),
        (["test", "--false-accept", "7"], "usage"),
        (["tune", "--false-accept", "7"], "usage"),
        (["shell", "--actions", "config.yml"], "not-python"),
        (["shell", "--actions", "nowhere"], "missing-file"),
        (["shell", "--endpoints", "nowhere"], "missing-file"),
        (["shell", "--endpoints", "data"], "not-a-file"),
        (["shell", "--model", "config.yml"], "bundle"),
        (["parse", "hi", "--model", "data"], "no-model"),
        (["init", "config.yml"], "not-a-folder"),
        (["init", "config.yml/bot"], "unwritable"),
        (["init", "/proc/bot"], "unwritable"),
        (["check", "--data", "nowhere"], "missing-file"),
        (["check", "surplus"], "usage"),
        (["data", "split", "nlu", "--training-fraction", "7"], "usage"),
        (["data", "split", "nlu", "--out", "config.yml"], "unwritable"),
        (["data", "split", "nlu", "--out", "data"], "unwritable"),
        (["data", "split", "stories", "--out", "data/parts"], "unwritable"),
        (["dance"], "unknown-command"),
    ],
)
def test_a_call_that_cannot_be_right_is_refused_with_a_hint(
    call: Call, bot: Path, arguments: list[str], id: str
) -> None:
    before = sorted(bot.rglob("*"))

    called = call("--project", str(bot), *arguments)

    said = called.out + called.err
    assert called.code == 2
    assert f"error[{id}]" in said
    assert "hint: " in said
    assert "Traceback" not in said
    assert sorted(bot.rglob("*")) == before


@pytest.mark.parametrize(
    ("error", "id", "word"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "models/x"), "file-access", "models/x"),
        (PermissionError(errno.EACCES, "Permission denied", "models"), "file-access", "models"),
        (ZeroDivisionError("division by zero"), "internal", "ZeroDivisionError"),
        (BaseException("from a bot's own code"), "internal", "BaseException"),
    ],
)
def test_what_nobody_foresaw_is_told_in_one_line_and_in_full_with_v(
    call: Call,
    bot: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    id: str,
    word: str,
) -> None:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(check, "run", fail)

    brief, full = (call(*more, "--project", str(bot), "check") for more in ([], ["-v"]))

    assert (brief.code, full.code) == (3, 3)
    assert f"error[{id}]" in brief.err
    assert word in brief.err
    assert "Traceback" not in brief.err
    assert "Traceback" in full.err


RAISING = """
from framework import Action, ActionContext


class Greet(Action):
    name = "utter_greet"

    def run(self, ctx: ActionContext) -> None:
        raise ValueError("the till is closed")
"""


def test_an_action_that_raises_is_told_with_its_line_and_in_full_with_v(
    call: Call, bot: Path
) -> None:
    (bot / "actions").mkdir(exist_ok=True)
    (bot / "actions" / "till.py").write_text(RAISING, encoding="utf-8")
    model = ("--model", str(bot / "models"))

    brief, full = (
        call(*more, "--project", str(bot), "shell", *model, stdin="hello\n")
        for more in ([], ["-v"])
    )

    assert brief.code == full.code == 0
    assert "ValueError: the till is closed" in brief.err
    assert "--> actions/till.py:9" in brief.err
    assert "Traceback" not in brief.err
    assert "Traceback" in full.err


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_no_character_stops_a_command_whatever_the_terminal_can_show(
    bot: Path, encoding: str
) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}

    def frame(*arguments: str | bytes, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "framework", *arguments],
            cwd=bot,
            input=stdin,
            env=environment,
            capture_output=True,
            timeout=120,
            check=False,
        )

    (bot / "actions").mkdir(exist_ok=True)
    (bot / "actions" / "wave.py").write_text(WAVING, encoding="utf-8")
    chat = frame("shell", stdin=b"hello\n" + b"\xff\xfe \xf0\x9f\x98\x80\nbye\n")
    parsed = frame("parse", "grüß dich 😀".encode() + b"\xff")

    assert (chat.returncode, chat.stderr) == (0, b"")
    assert chat.stdout.endswith(b"Goodbye!\n")
    assert json.loads(parsed.stdout.decode(encoding))["text"].startswith("grüß dich 😀")


WAVING = """
from framework import Action, ActionContext


class Greet(Action):
    name = "utter_greet"

    def run(self, ctx: ActionContext) -> None:
        ctx.say("Hällo 😀")
"""


def test_a_full_disk_is_told_where_anything_can_still_be_told(bot: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "framework", "check", "--format", "json"],
            cwd=bot,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
        )

    assert done.returncode == 3
    assert b"error[file-access]: No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["check"], ["init", "bot"]])
def test_a_folder_that_is_gone_is_told(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    called = call(*arguments)

    assert called.code == 2
    assert called.err.startswith("error[missing-folder]: the folder in which you are")


def test_output_that_nobody_reads_is_neither_a_success_nor_a_traceback(bot: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "framework", "check"],
            cwd=bot,
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
        )
    finally:
        os.close(writing)

    assert (done.returncode, done.stderr) == (141, b"")
