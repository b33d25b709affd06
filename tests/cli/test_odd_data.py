"""Training on data that nobody planned for: a clear word, no crash, nothing dropped in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from framework import Assistant
from framework.testing.encoder import write_tiny_encoder
from tests.cli.conftest import Call, Called
from tests.training import project as files

pytestmark = pytest.mark.slow

HEAD = 'version: "3.1"\nnlu:\n'


def nlu(**intents: list[str]) -> str:
    """Write examples, escaped so that any character can stand in them."""
    return HEAD + "".join(
        f"  - intent: {intent}\n    examples:\n"
        + "".join(f"      - text: {json.dumps(text)}\n" for text in texts)
        for intent, texts in intents.items()
    )


def train(call: Call, root: Path, **changes: str) -> Called:
    encoder = write_tiny_encoder(root.parent / "tiny")
    config = (
        f"language: en\nencoder: {encoder}\n"
        "pipeline: [{name: bert_tagger, epochs: 3}, {name: synonyms}, {name: response_selector}, "
        "{name: fallback}]\n"
        "policies: [{name: memory}, {name: rules}, {name: unexpected_intent}, "
        "{name: learned, epochs: 3}]\n"
    )
    files.write(root, config=config, **changes)
    return call("--project", str(root), "train", "--format", "json")


def warned(called: Called) -> set[str]:
    return {problem["id"] for problem in json.loads(called.out)["warnings"]}


def bot(called: Called, root: Path) -> Assistant:
    return Assistant.load(root / json.loads(called.out)["model"])


GREETS = ["hello", "hi there"]
LONG = "hello there " * 1667
EMOJI = ["\U0001f600", "\U0001f44b\U0001f44b", "\U0001f1f3\U0001f1f4"]
CONTROLS = ["hello\u0085there", "tab\there", "\u202eolleh", "soft\u00adhyphen", "zero\u200bwidth"]

TRAINS = [
    pytest.param({"greet": GREETS}, id="one intent"),
    pytest.param({"greet": ["hello"]}, id="one example"),
    pytest.param({"greet": ["hello"], "bye": ["bye"]}, id="one example each"),
    pytest.param({"greet": ["hello"] * 10_000, "bye": ["bye"]}, id="10,000 identical examples"),
    pytest.param({"greet": [LONG, "hello"], "bye": ["bye"]}, id="20,000 characters"),
    pytest.param({"greet": EMOJI, "bye": ["bye"]}, id="emoji only"),
    pytest.param({"greet": CONTROLS, "bye": ["bye"]}, id="control characters"),
    pytest.param({"greet": ["hello", "bye"], "bye": ["bye", "hello"]}, id="clashing labels"),
]


@pytest.mark.parametrize("intents", TRAINS)
def test_odd_examples_train_a_bot_that_understands(
    call: Call, tmp_path: Path, intents: dict[str, list[str]]
):
    root = tmp_path / "bot"

    called = train(call, root, data_nlu=nlu(**intents))

    assert called.code == 0, called.err
    assert "Traceback" not in called.err
    trained = bot(called, root)
    for texts in intents.values():
        understanding = trained.parse(texts[0])
        assert {score.name for score in understanding.ranking} - {"nlu_fallback"} <= set(intents)
        assert understanding.ranking


@pytest.mark.parametrize(
    ("intents", "problem"),
    [
        ({"greet": ["hello", "bye"], "bye": ["bye"]}, "ambiguous-example"),
        ({"greet": ["hello", "hello"], "bye": ["bye"]}, "repeated-examples"),
        ({"greet": ["", "hello"], "bye": ["bye"]}, "empty-example"),
        ({"greet": ["   ", "hello"], "bye": ["bye"]}, "empty-example"),
    ],
)
def test_what_clashes_or_is_empty_is_told_with_its_place(
    call: Call, tmp_path: Path, intents: dict[str, list[str]], problem: str
):
    called = train(call, tmp_path / "bot", data_nlu=nlu(**intents))

    assert called.code == 0
    found = [one for one in json.loads(called.out)["warnings"] if one["id"] == problem]
    assert found, warned(called)
    assert all(one["file"] == "data/nlu.yml" and one["line"] for one in found)


def test_what_is_no_text_is_refused_with_its_place(call: Call, tmp_path: Path):
    texts = ["hello\u0000there", "hello"]

    called = train(call, tmp_path / "bot", data_nlu=nlu(greet=texts, bye=["bye"]))

    (problem,) = [one for one in json.loads(called.out)["problems"] if one["severity"] == "error"]
    assert called.code == 2
    assert "U+0000 is not allowed" in problem["message"]
    assert (problem["file"], problem["line"]) == ("data/nlu.yml", 5)


def test_without_any_understanding_rules_still_train(call: Call, tmp_path: Path):
    called = train(call, tmp_path / "bot", data_nlu="")

    assert called.code == 0, called.out
    assert "no-examples" in warned(called)


def test_rules_alone_are_enough(call: Call, tmp_path: Path):
    root = tmp_path / "bot"

    called = train(call, root, data_stories="", data_nlu=nlu(greet=GREETS, bye=["bye"]))

    assert called.code == 0, called.out
    assert [reply.text for reply in bot(called, root).handle("/bye")] == ["Goodbye!"]


def test_stories_alone_are_enough(call: Call, tmp_path: Path):
    root = tmp_path / "bot"

    called = train(call, root, data_rules="", data_nlu=nlu(greet=GREETS, bye=["bye"]))

    assert called.code == 0, called.out
    assert [reply.text for reply in bot(called, root).handle("/greet")] == ["Hello!"]


def test_with_nothing_to_say_the_bot_says_so(call: Call, tmp_path: Path):
    called = train(
        call, tmp_path / "bot", data_stories="", data_rules="", data_nlu=nlu(greet=GREETS)
    )

    assert called.code == 0, called.out
    assert "no-dialogues" in warned(called)


def test_without_any_data_there_is_nothing_to_train(call: Call, tmp_path: Path):
    called = train(call, tmp_path / "bot", data_stories="", data_rules="", data_nlu="")

    assert called.code == 2
    assert "no-training-data" in called.out
