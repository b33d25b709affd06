"""`frame test nlu`: scores of examples, thresholds, cross-validation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Call

EXAMPLES = """\
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello
      - see you
"""
STORY = """\
version: "3.1"
stories:
  - story: hello
    steps:
      - intent: greet
      - action: utter_greet
"""


@pytest.fixture
def tested(bot: Path) -> Path:
    (bot / "tests").mkdir()
    (bot / "tests" / "nlu.yml").write_text(EXAMPLES, encoding="utf-8")
    (bot / "tests" / "stories.yml").write_text(STORY, encoding="utf-8")
    return bot


@pytest.mark.parametrize(
    ("words", "stories", "has_examples"),
    [
        ((), 1, True),
        (("nlu",), 0, True),
        (("core",), 1, False),
        (("nlu", "tests"), 0, True),
        (("nlu", "--nlu", "tests/nlu.yml"), 0, True),
        (("core", "-s", "tests/stories.yml"), 1, False),
        (("-u", "tests/nlu.yml", "--stories", "tests/stories.yml"), 1, True),
    ],
)
def test_a_word_in_front_says_what_is_tested(
    call: Call, tested: Path, words: tuple[str, ...], stories: int, has_examples: bool
):
    called = call("--project", str(tested), "test", *words, "--format", "json")

    document = json.loads(called.out)
    assert document["stories"]["total"] == stories
    assert ("nlu" in document) == has_examples


def test_a_path_goes_before_a_word(call: Call, tested: Path):
    (tested / "tests").rename(tested / "nlu")

    called = call("--project", str(tested), "test", "nlu", "--format", "json")

    assert json.loads(called.out)["stories"]["total"] == 1


def test_confusions_and_the_threshold_are_shown(call: Call, tested: Path):
    called = call("--project", str(tested), "test", "nlu", "--false-accept", "0.5")

    assert called.code == 0, called.err
    assert "fallback threshold for at most 50 % wrong" in called.out
    assert "bye and greet: 1" in called.out
    assert "tests/nlu.yml:6  see you  is greet, taken for bye" in called.out


def test_without_tests_the_training_examples_are_scored_with_a_warning(call: Call, bot: Path):
    called = call("--project", str(bot), "test", "nlu")

    assert called.code == 0, called.err
    assert "those it learned from" in called.err
    assert "total 5" in called.out


def test_core_without_conversations_is_an_error(call: Call, tested: Path):
    (tested / "tests" / "stories.yml").unlink()

    called = call("--project", str(tested), "test", "core")

    assert called.code == 2
    assert "no `stories:` in tests" in called.err


def test_cross_validation_as_a_document(call: Call, bot: Path):
    called = call(
        *("--project", str(bot), "test", "nlu", "--cross-validation"),
        *("--folds", "2", "--format", "json"),
    )

    assert called.code == 0, called.err
    nlu = json.loads(called.out)["nlu"]
    assert nlu["intent"]["total"] == 5
    assert set(nlu["cross_validation"]["figures"]["intent_accuracy"]) == {"mean", "std"}
    assert (bot / "results" / "nlu_report.html").exists()


def test_cross_validation_for_people(call: Call, bot: Path):
    called = call("--project", str(bot), "test", "--cross-validation", "-f", "2")

    assert "mean and standard deviation over 2 folds" in called.out
    assert "intent accuracy" in called.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("core", "--cross-validation"), "cross-validation is for the NLU"),
        (("--cross-validation", "--folds", "1"), "can't be split into 1 folds"),
        (("nlu", "--false-accept", "5"), "`--false-accept` is 5"),
    ],
)
def test_a_call_that_makes_no_sense(
    call: Call, bot: Path, arguments: tuple[str, ...], message: str
):
    called = call("--project", str(bot), "test", *arguments)

    assert called.code == 2
    assert message in called.err
