"""`frame parse --explain`: text, document and page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Call


def test_an_explanation_names_the_words_and_the_runner_up(call: Call, bot: Path):
    called = call("--project", str(bot), "parse", "--explain", "see you")

    assert called.code == 0, called.err
    first, intent, *rest = called.out.splitlines()
    assert first == "see you"
    assert intent.split() == ["bye", "1.00"]
    assert "  words that moved it" in rest


def test_an_explanation_as_a_document(call: Call, bot: Path):
    called = call("--project", str(bot), "parse", "--explain", "--format", "json", "see you")

    document = json.loads(called.out)
    assert document["intent"]["name"] == document["explanation"]["intent"] == "bye"
    assert [item["text"] for item in document["explanation"]["words"]] == ["see", "you"]


def test_a_page_holds_all_messages(call: Call, bot: Path, tmp_path: Path):
    page = tmp_path / "why.html"

    call("--project", str(bot), "parse", "--html", str(page), "hello <i>", "see you")

    text = page.read_text(encoding="utf-8")
    assert text.count("<section>") == 2
    assert "<i>" not in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--html", "no/such/folder/why.html"), "can't be written"),
        (("--format", "text"), "is for explanations"),
    ],
)
def test_a_call_that_cannot_be_answered(
    call: Call, bot: Path, arguments: tuple[str, ...], message: str
):
    called = call("--project", str(bot), "parse", *arguments, "hello")

    assert called.code == 2
    assert message in called.err


def test_signs_that_steer_the_terminal_are_not_printed(call: Call, bot: Path):
    called = call("--project", str(bot), "parse", "--explain", "bye \x1b[31m")

    assert "\x1b" not in called.out
