"""Lines are broken between words where a terminal is too narrow for them."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len

from framework.cli.console import wrapped

SENTENCE = "Shall I really cancel the booking that you made on Saturday?"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "20")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    return Terminal()


def test_no_word_is_cut(narrow: Terminal):
    lines = wrapped(SENTENCE, narrow)
    assert " ".join(lines) == SENTENCE
    assert len(lines) == 4
    assert max(map(len, lines)) <= 20


def test_what_follows_the_first_line_is_indented(narrow: Terminal):
    first, *rest = wrapped(f"  1: {SENTENCE}", narrow, indent="     ")
    assert first == "  1: Shall I"
    assert [line[:5] for line in rest] == ["     "] * 4
    assert max(map(len, rest)) <= 20


def test_wide_characters_count_twice_and_words_longer_than_the_line_are_cut(narrow: Terminal):
    lines = wrapped("你好我是一个天气机器人今天上海多云而且很热", narrow)
    assert "".join(lines) == "你好我是一个天气机器人今天上海多云而且很热"
    assert max(map(cell_len, lines)) <= 20
    address = "https://example.org/" + "a" * 30
    assert "".join(wrapped(address, narrow)) == address


@pytest.mark.parametrize("line", ["", "short", "    four spaces", "[red]no markup[/red]"])
def test_what_fits_stays_as_it_is(narrow: Terminal, line: str):
    assert wrapped(line, narrow) == [line]


def test_a_pipe_gets_whole_lines(narrow: Terminal):
    assert wrapped(SENTENCE, io.StringIO()) == [SENTENCE]
