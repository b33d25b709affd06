"""On a terminal a sign is seen while a reply is being written, and none of it is left behind."""

from __future__ import annotations

import asyncio
import io
import re
import sys
import time

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from framework.assistant.assistant import Assistant
from framework.cli.output import Options
from framework.cli.shell import Chat
from framework.cli.waiting import Waiting
from framework.project.schema.domain import ResponseVariation
from framework.testing.conversation import Meanings, Script
from tests.bots import make_domain
from tests.responses.generative.stand_ins import Server

ERASE_LINE, HIDE_CURSOR, SHOW_CURSOR = "\x1b[2K", "\x1b[?25l", "\x1b[?25h"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    return Terminal()


@pytest.fixture
def model():
    server = Server(lambda messages: "Hi there, how are you?")
    yield server
    server.close()


def chat(model: Server, out: io.StringIO, *, monkeypatch: pytest.MonkeyPatch) -> str:
    """Say hello to a bot whose greeting a slow model rewords."""
    domain = make_domain(
        intents=("greet",),
        responses={"utter_greet": [ResponseVariation(text="Hello, how are you?", rephrase=True)]},
    )
    bot = Assistant(
        pipeline=Meanings({"hello": "greet"}),
        ensemble=Script({"greet": ["utter_greet"]}),
        domain=domain,
        llm={"url": model.url, "model": "small"},
    )
    monkeypatch.setattr(sys, "stdin", Terminal("hello\n"))
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        keyboard.send_text("hello\r/stop\r")
        shell = Chat(bot, Options(stdout=out), conversation="ada", why=False)
        asyncio.run(shell.run())
    return out.getvalue()


def test_a_sign_is_seen_while_a_model_writes(
    model: Server, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    model.pause_seconds = 0.15

    written = chat(model, terminal, monkeypatch=monkeypatch)

    before, _, after = written.partition("Hi there, how are you?")
    assert "writing" in before
    assert before.rindex(ERASE_LINE) > before.rindex("writing")
    assert SHOW_CURSOR in before[before.rindex(HIDE_CURSOR) :]
    assert "writing" not in after


def test_quick_replies_come_without_a_sign(terminal: Terminal):
    async def wait() -> None:
        with Waiting(terminal, is_shown=True, delay_seconds=60):
            await asyncio.sleep(0.05)

    asyncio.run(wait())

    assert terminal.getvalue() == ""


def test_a_pipe_gets_nothing_but_replies(model: Server, monkeypatch: pytest.MonkeyPatch):
    model.pause_seconds = 0.15

    assert chat(model, io.StringIO(), monkeypatch=monkeypatch) == "Hi there, how are you?\n"


def test_the_sign_counts_seconds_and_goes_when_the_user_gives_up(terminal: Terminal):
    async def give_up() -> None:
        with Waiting(terminal, is_shown=True, delay_seconds=0.0):
            await asyncio.sleep(0.05)
            time.sleep(1.2)  # work that holds the event loop
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(give_up())

    written = terminal.getvalue()
    assert "0:00:01" in written
    assert written.endswith(ERASE_LINE)


def test_a_terminal_that_cannot_move_its_cursor_shows_no_sign(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TERM", "dumb")

    async def wait() -> None:
        with Waiting(terminal, is_shown=True, delay_seconds=0.0):
            await asyncio.sleep(0.05)

    asyncio.run(wait())

    assert terminal.getvalue() == ""


@pytest.mark.parametrize("goes_elsewhere", [False, True])
def test_what_is_logged_meanwhile_stands_on_lines_of_its_own(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, goes_elsewhere
):
    errors = io.StringIO() if goes_elsewhere else terminal
    monkeypatch.setattr(sys, "stderr", errors)

    async def wait() -> None:
        with Waiting(terminal, is_shown=True, delay_seconds=0.0):
            await asyncio.sleep(0.05)
            sys.stderr.write("the guard objects\n")

    asyncio.run(wait())

    lines = (
        re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", terminal.getvalue()).replace("\r", "\n").split("\n")
    )
    assert ("the guard objects" in lines) != goes_elsewhere
    assert (errors.getvalue() == "the guard objects\n") == goes_elsewhere
