"""What each command does to a project, seen from outside."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from framework.assistant import bundle
from framework.cli.main import main
from tests.cli.conftest import Call
from tests.training import project as files

STORY = """\
version: "3.1"
stories:
  - story: a talk
    steps:
      - user: |
          hello
        intent: greet
      - action: {action}
      - user: |
          see you
        intent: bye
      - action: utter_bye
"""


def test_a_sound_project_passes_the_check(call: Call, bot: Path):
    called = call("--project", str(bot), "check")

    assert called.code == 0
    assert called.out == "no problems found\n"


def test_a_faulty_project_fails_the_check_with_every_place(call: Call, bot: Path):
    files.write(
        bot,
        data_stories=files.STORIES.replace("utter_greet", "utter_grete").replace(
            "intent: bye", "intent: by"
        ),
    )

    called = call("--project", str(bot), "check", "--format", "json")

    assert called.code == 1
    document = json.loads(called.out)
    assert document["passed"] is False
    places = {(problem["file"], problem["line"]) for problem in document["problems"]}
    assert {("data/stories.yml", 6), ("data/stories.yml", 7)} <= places


@pytest.mark.parametrize("command", ["check", "train"])
def test_a_project_that_cannot_be_read_exits_with_2(call: Call, bot: Path, command: str):
    files.write(bot, domain="intents: [greet\n")
    before = sorted((bot / "models").iterdir())

    called = call("--project", str(bot), command)

    assert called.code == 2
    assert "domain.yml:" in called.out + called.err
    assert sorted((bot / "models").iterdir()) == before


@pytest.mark.parametrize(
    ("section", "written", "hint"),
    [
        ("policies", "[{name: rules}, {name: memory, max_history: -5}]", "give a number of states"),
        ("pipeline", "[{name: bert_tagger, epochs: 0}]", "mend the settings"),
    ],
)
def test_the_check_finds_settings_that_training_would_refuse(
    call: Call, bot: Path, section: str, written: str, hint: str
):
    files.write(bot, config=f"language: en\n{section}: {written}\n")

    called = call("--project", str(bot), "check", "--format", "json")

    assert called.code == 1
    problems = json.loads(called.out)["problems"]
    (problem,) = (one for one in problems if one["severity"] == "error")
    assert (problem["file"], problem["line"]) == ("config.yml", 2)
    assert problem["hint"].startswith(hint)


def test_warnings_fail_the_check_only_when_asked(call: Call, bot: Path):
    files.write(bot, domain=files.DOMAIN + "  utter_never:\n    - text: never\n")

    assert call("--project", str(bot), "check").code == 0
    assert call("--project", str(bot), "check", "--fail-on-warnings").code == 1


def test_training_shows_the_parts_and_the_file(call: Call, bot: Path):
    files.write(bot, config=files.CONFIG.replace("memory", "MemoizationPolicy"))

    called = call("--project", str(bot), "train", "--name", "second")

    assert called.code == 0
    assert "MemoizationPolicy" in called.out
    assert "keyword_intents" in called.out
    assert "cached" in called.out
    assert str(Path("models/second.frame")) in called.out
    assert bundle.find(bot / "models" / "second").exists()


def test_training_as_a_document(call: Call, bot: Path):
    called = call("--project", str(bot), "train", "--format", "json", "--force", "--seed", "4")

    document = json.loads(called.out)
    assert called.code == 0
    assert {part["status"] for part in document["parts"]} == {"trained"}
    assert (bot / document["model"]).is_file()
    assert bundle.read(bot / document["model"]).manifest.seed == 4


def test_quiet_training_prints_the_file_alone(call: Call, bot: Path):
    called = call("--project", str(bot), "-q", "train", "--fixed-model-name", "x")

    assert called.out == f"{Path('models/x.frame')}\n"


def test_training_takes_files_from_elsewhere(call: Call, bot: Path, tmp_path: Path):
    elsewhere = files.write(tmp_path / "other")
    for folder in ("data", "domain.yml", "config.yml"):
        (bot / folder).rename(bot / f"old-{folder}")

    called = call(
        *("--project", str(bot), "train", "--data", str(elsewhere / "data")),
        *("-d", str(elsewhere / "domain.yml"), "-c", str(elsewhere / "config.yml")),
    )

    assert called.code == 0, called.err


def test_a_message_is_parsed_into_one_document(call: Call, bot: Path):
    document = json.loads(call("--project", str(bot), "parse", "hello").out)

    assert document["text"] == "hello"
    assert document["intent"]["name"] == "greet"
    assert set(document) >= {"entities", "intent_ranking"}


def test_several_messages_are_a_list(call: Call, bot: Path):
    arguments = ("--project", str(bot), "parse")
    given = json.loads(call(*arguments, "hello", '/bye{"x": "y"}').out)
    piped = json.loads(call(*arguments, stdin="hello\nsee you\n").out)

    assert [item["intent"]["name"] for item in given] == ["greet", "bye"]
    assert [item["text"] for item in piped] == ["hello", "see you"]


def test_lines_of_windows_are_parsed_without_their_ends(call: Call, bot: Path):
    piped = call("--project", str(bot), "parse", stdin="hello\r\nsee  you \r\n").out

    assert [item["text"] for item in json.loads(piped)] == ["hello", "see  you "]


@pytest.mark.parametrize("command", [["parse", "x"], ["shell"], ["test", "data"]])
def test_without_a_model_every_command_says_how_to_get_one(call: Call, bot: Path, command):
    (bot / "models" / "first.frame").unlink()

    called = call("--project", str(bot), *command)

    assert called.code == 2
    assert "error[no-model]" in called.err
    assert "run `frame train` first" in called.err


def test_a_damaged_model_is_an_error_of_the_call(call: Call, bot: Path):
    model = bot / "models" / "first.frame"
    model.write_bytes(model.read_bytes()[:-5])

    called = call("--project", str(bot), "parse", "hello")

    assert called.code == 2
    assert "error[bundle]" in called.err


def test_the_shell_answers_what_is_piped_in(call: Call, bot: Path):
    called = call("--project", str(bot), "shell", stdin="hello\n\n/bye\n/stop\nhello\n")

    assert called.code == 0
    assert called.out == "Hello!\nGoodbye!\n"


REMINDING_ACTION = """\
from datetime import UTC, datetime, timedelta

from framework import Action


class Remind(Action):
    name = "action_remind"

    def run(self, ctx):
        ctx.say("As you wish.")
        ctx.remind("bye", at=datetime.now(UTC) + timedelta(milliseconds=50))
"""


class SlowPipe:
    """A pipe whose writer waits before the last line."""

    def __init__(self, first: str, last: str, *, until: Callable[[], bool]) -> None:
        self._first, self._last, self._until = first, last, until

    def isatty(self) -> bool:
        return False

    def __iter__(self) -> Iterator[str]:
        yield self._first
        deadline = time.monotonic() + 20
        while not self._until() and time.monotonic() < deadline:
            time.sleep(0.01)
        yield self._last


def test_the_shell_shows_reminders_between_messages(
    call: Call, bot: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    rule = "  - rule: remind\n    steps:\n      - intent: greet\n      - action: action_remind\n"
    files.write(
        bot,
        domain=files.DOMAIN + "actions: [action_remind]\n",
        data_rules=files.RULES + rule,
        data_stories="",
    )
    (bot / "actions").mkdir()
    (bot / "actions" / "remind.py").write_text(REMINDING_ACTION, encoding="utf-8")
    assert call("--project", str(bot), "-q", "train").code == 0
    printed: list[str] = []

    def has_reminded() -> bool:
        printed.append(capsys.readouterr().out)
        return "Goodbye!" in "".join(printed)

    monkeypatch.setattr(sys, "stdin", SlowPipe("hello\n", "/stop\n", until=has_reminded))

    assert main(["--project", str(bot), "shell"]) == 0
    assert "".join(printed).endswith("As you wish.\nGoodbye!\n")


def test_the_shell_shows_buttons_and_pictures(call: Call, bot: Path):
    response = (
        "    - text: Hello!\n      image: https://example.org/a.png\n      buttons:\n"
        "        - title: Leave\n          payload: /bye\n"
    )
    files.write(bot, domain=files.DOMAIN.replace("    - text: Hello!\n", response))
    call("--project", str(bot), "-q", "train")

    called = call("--project", str(bot), "shell", stdin="hello\n")

    assert called.out.splitlines() == [
        "Hello!",
        "[image] https://example.org/a.png",
        "  1: Leave (/bye)",
    ]


def test_the_shell_says_why(call: Call, bot: Path):
    called = call("--project", str(bot), "shell", "--why", stdin="hello\n")

    assert "understood: greet 1.00" in called.out
    assert "utter_greet 1.00 by memory: the story 'hello and goodbye'" in called.out
    assert "(data/stories.yml:3:" in called.out


def test_conversations_that_pass(call: Call, bot: Path):
    files.write(bot, stories_a=STORY.format(action="utter_greet"))

    called = call("--project", str(bot), "test")

    assert called.code == 0
    assert "1 of 1 conversation passed, 4 of 4 actions correct" in called.out
    names = {file.name for file in (bot / "results").iterdir()}
    assert {"report.json", "junit.xml", "failed_stories.yml"} <= names


def test_a_conversation_that_fails_shows_expected_and_predicted_with_its_place(
    call: Call, bot: Path
):
    files.write(bot, stories_a=STORY.format(action="utter_bye"))

    called = call("--project", str(bot), "test", "stories/")

    assert called.code == 1
    assert "stories/a.yml:8:" in called.out
    assert "expected:  utter_bye" in called.out
    assert "predicted: utter_greet" in called.out
    root = ET.fromstring((bot / "results" / "junit.xml").read_text(encoding="utf-8"))
    assert root.attrib["failures"] == "1"


def test_a_test_run_as_a_document(call: Call, bot: Path):
    files.write(bot, stories_a=STORY.format(action="utter_bye"), tests_nlu=files.NLU)

    called = call("--project", str(bot), "test", "--format", "json", "--out", "elsewhere")

    document = json.loads(called.out)
    assert called.code == 1
    assert document["passed"] is False
    assert document["stories"]["failures"][0]["line"] == 8
    assert document["nlu"]["intent"]["total"] == 5
    assert (bot / "elsewhere" / "report.json").is_file()


def test_failed_stories_can_be_tested_again(call: Call, bot: Path):
    files.write(bot, stories_a=STORY.format(action="utter_bye"))
    call("--project", str(bot), "test")

    called = call("--project", str(bot), "test", "results/failed_stories.yml", "--out", "again")

    assert called.code == 1
    assert "1 of 1" not in called.out


def test_given_intents_test_the_dialogue_alone(call: Call, bot: Path):
    story = STORY.format(action="utter_greet").replace("hello", "something never heard")
    files.write(bot, stories_a=story)

    assert call("--project", str(bot), "test").code == 1
    assert call("--project", str(bot), "test", "--given-intents").code == 0


def test_run_actions_checks_what_is_said(call: Call, bot: Path):
    story = STORY.format(action="utter_greet\n        bot: {}")
    files.write(bot, stories_a=story.format("/Hel+o/"))
    assert call("--project", str(bot), "test", "--run-actions").code == 0

    files.write(bot, stories_a=story.format("Good morning!"))
    called = call("--project", str(bot), "test", "--run-actions")
    assert called.code == 1
    assert 'predicted: "Hello!"' in called.out


@pytest.mark.parametrize("paths", [[], ["nowhere.yml"]])
def test_nothing_to_test_is_an_error(call: Call, bot: Path, paths: list[str]):
    called = call("--project", str(bot), "test", *paths)

    assert called.code == 2
    assert "error[" in called.err


def test_a_new_bot_is_written_and_never_over_another_one(call: Call, tmp_path: Path):
    folder = str(tmp_path / "mybot")

    first = call("init", folder, "--no-prompt")
    again = call("init", folder)

    assert first.code == 0
    assert "frame train" in first.out
    assert (tmp_path / "mybot" / "config.yml").is_file()
    assert call("--project", folder, "check").code == 0
    assert again.code == 2
    assert "error[" in again.err


def test_an_unknown_template_is_an_error_of_the_call(call: Call, tmp_path: Path):
    called = call("init", str(tmp_path / "mybot"), "--template", "nonsense")

    assert called.code == 2
    assert not (tmp_path / "mybot").exists()
