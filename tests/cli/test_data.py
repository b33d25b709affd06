"""`frame data split`: two parts that read back, and together hold what was there."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework import load_project
from framework.project.load import read_tests
from tests.cli.conftest import Call

NLU = """\
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello
      - good [day]{"entity": "city", "value": "daytown"}
      - hi
      - hey
  - intent: bye
    examples:
      - text: off to [rome](city)
        metadata: {tone: kind}
      - text: bye
  - synonym: rome
    examples: |
      - roma
  - lookup: city
    examples: |
      - paris
"""
STORIES = """\
version: "3.1"
stories:
  - story: one   # a remark
    steps: &hello
      - intent: greet
      - action: utter_greet
  - story: two
    steps: *hello
  - story: three
    steps:
      - intent: bye
      - action: utter_bye
  - story: linked
    steps:
      - intent: greet
      - checkpoint: joint
  - story: on
    steps:
      - checkpoint: joint
      - action: utter_greet
"""


@pytest.fixture
def data(bot: Path) -> Path:
    (bot / "data" / "nlu.yml").write_text(NLU, encoding="utf-8")
    (bot / "data" / "stories.yml").write_text(STORIES, encoding="utf-8")
    return bot


def told(items):
    return sorted(
        (item.text, item.intent, str(item.entities), str(item.metadata)) for item in items
    )


def test_the_parts_of_the_examples_hold_what_was_there(call: Call, data: Path):
    called = call("--project", str(data), "data", "split", "nlu", "--training-fraction", "0.5")

    assert called.code == 0, called.err
    assert called.out == (
        f"3 examples to learn from: {Path('train_test_split/training_data.yml')}\n"
        f"3 examples to test with: {Path('train_test_split/test_data.yml')}\n"
    )
    training = load_project(data, data="train_test_split/training_data.yml").nlu
    test = read_tests(data, "train_test_split/test_data.yml").examples
    whole = load_project(data).nlu
    assert told([*training.examples, *test]) == told(whole.examples)
    assert {item.intent for item in training.examples} == {item.intent for item in test}
    assert training.lookups[0].elements == ("paris",)
    assert ("rome", ("roma",)) in {(item.value, item.spellings) for item in training.synonyms}


def test_the_examples_to_split_may_be_named_as_with_rasa(call: Call, data: Path):
    (data / "more.yml").write_text(NLU, encoding="utf-8")

    called = call("--project", str(data), "data", "split", "nlu", "-u", "more.yml")

    assert called.code == 0, called.err
    assert call("--project", str(data), "data", "split", "nlu", "--nlu", "no.yml").code == 2


def test_the_seed_decides_the_parts(call: Call, data: Path):
    def parts(seed: str, out: str) -> str:
        call("--project", str(data), "data", "split", "nlu", "--seed", seed, "--out", out)
        return (data / out / "test_data.yml").read_text(encoding="utf-8")

    assert parts("1", "a") == parts("1", "b")
    assert len({parts(str(seed), "c") for seed in range(8)}) > 1


def test_the_parts_can_be_trained_on_and_tested_with(call: Call, data: Path):
    call("--project", str(data), "data", "split", "nlu", "--training-fraction", "0.5")
    trained = call(
        *("--project", str(data), "train", "--data", "train_test_split/training_data.yml"),
        *("data/stories.yml", "data/rules.yml"),
    )
    tested = call("--project", str(data), "test", "nlu", "train_test_split/test_data.yml")

    assert trained.code == 0, trained.err
    assert tested.code == 0, tested.err
    assert "total 3" in tested.out


def test_stories_are_split_and_linked_ones_stay_for_training(call: Call, data: Path):
    called = call("--project", str(data), "data", "split", "stories", "--training-fraction", "0.5")

    assert called.code == 0, called.err
    folder = data / "train_test_split"
    training = load_project(data, data=["data/nlu.yml", folder / "train_stories.yml"]).stories
    test = read_tests(data, folder / "test_stories.yml").stories
    names = [story.name for story in training]
    assert {"linked", "on"} <= set(names)
    assert sorted([*names, *(story.name for story in test)]) == [
        *("linked", "on", "one", "three", "two")
    ]
    assert test
    assert all(story.steps for story in test)


def test_files_of_one_name_do_not_overwrite_each_other(call: Call, data: Path):
    (data / "data" / "more").mkdir()
    (data / "data" / "more" / "stories.yml").write_text(
        STORIES.replace("joint", "other").replace("story: ", "story: more "), encoding="utf-8"
    )

    called = call("--project", str(data), "data", "split", "stories")

    assert called.code == 0, called.err
    assert (data / "train_test_split" / "train_stories.yml").exists()
    assert (data / "train_test_split" / "more" / "train_stories.yml").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nlu", "--training-fraction", "1.5"), "expected between 0 and 1"),
        (("nlu", "--out", "config.yml"), "nothing can be written to 'config.yml'"),
        (("core",), "invalid choice"),
    ],
)
def test_a_split_that_cannot_be(call: Call, data: Path, arguments: tuple[str, ...], message: str):
    called = call("--project", str(data), "data", "split", *arguments)

    assert called.code == 2
    assert message in called.err


def test_nothing_to_split_is_an_error(call: Call, data: Path):
    (data / "data" / "stories.yml").unlink()

    called = call("--project", str(data), "data", "split", "stories")

    assert called.code == 2
    assert "no stories to split" in called.err
