"""On the prompt a button is chosen with the arrows, by its number, or passed over by typing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from framework.cli.prompt import Prompt
from framework.cli.replies import choices, in_lines, numbered
from framework.conversation.messages import BotMessage

BUTTONS = ({"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"})
DOWN, UP, ENTER = "\x1b[B", "\x1b[A", "\r"


@pytest.fixture(autouse=True)
def own_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def type_in(keys: str, buttons=BUTTONS) -> str:
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        keyboard.send_text(keys)
        return asyncio.run(Prompt().ask(buttons))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (f"{DOWN}{ENTER}", "/affirm"),
        (f"{DOWN}{DOWN}{ENTER}", "/deny"),
        (f"{DOWN}{DOWN}{DOWN}{ENTER}", "/affirm"),
        (f"{UP}{ENTER}", "/deny"),
        (f"2{ENTER}", "/deny"),
        (f"3{ENTER}", "3"),
        (f"0{ENTER}", "0"),
        (f"hello{ENTER}", "hello"),
        (f"  hello {ENTER}", "hello"),
        (ENTER, ""),
    ],
)
def test_what_is_sent(keys: str, message: str):
    assert type_in(keys) == message


def test_without_buttons_a_number_is_a_number():
    assert type_in(f"2{ENTER}", ()) == "2"


def test_what_was_typed_is_kept_for_the_next_session(tmp_path: Path):
    type_in(f"hello{ENTER}")

    assert "+hello" in (tmp_path / "frame" / "shell_history").read_text(encoding="utf-8")


def test_the_end_of_the_input_ends_the_chat():
    with pytest.raises(EOFError):
        type_in("\x04")


def test_a_history_that_cannot_be_kept_is_forgotten(tmp_path: Path, monkeypatch):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))

    assert type_in(f"hello{ENTER}") == "hello"


def test_a_reply_line_by_line():
    message = BotMessage(
        conversation="x",
        text="two\nlines",
        image="https://example.org/a.png",
        attachment="https://example.org/b.pdf",
        elements=({"title": "card"},),
        custom={"a": 1},
    )

    assert in_lines(message) == [
        "two",
        "lines",
        "[image] https://example.org/a.png",
        "[attachment] https://example.org/b.pdf",
        '[elements] [{"title": "card"}]',
        '[custom] {"a": 1}',
    ]


def test_the_buttons_of_the_latest_reply_that_has_any_can_be_chosen():
    first = BotMessage(conversation="x", buttons=BUTTONS)
    second = BotMessage(
        conversation="x", quick_replies=({"title": "Site", "url": "https://e.org"},)
    )
    third = BotMessage(conversation="x", text="so?")

    assert choices([first, third]) == list(BUTTONS)
    assert numbered(choices([first, second, third])) == ["  1: Site (https://e.org)"]


def test_what_is_said_meanwhile_leaves_the_typed_line_as_it_was():
    shown: list[str] = []

    async def talk(keyboard) -> str:
        prompt = Prompt()
        await prompt.interject(lambda: shown.append("before"))
        asking = asyncio.create_task(prompt.ask(()))
        keyboard.send_text("hel")
        await asyncio.sleep(0.05)
        await prompt.interject(lambda: shown.append("meanwhile"))
        keyboard.send_text(f"lo{ENTER}")
        return await asking

    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        assert asyncio.run(talk(keyboard)) == "hello"
    assert shown == ["before", "meanwhile"]
