"""A trained bot is served where torch, transformers and safetensors can not be imported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from framework import load_project, train
from framework.testing.encoder import write_tiny_encoder
from tests.training import project as files

WITHOUT_TRAINING_LIBRARIES = """
import sys

class Refusal:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "transformers", "safetensors"}:
            raise ImportError(f"{name} is not here")

sys.meta_path.insert(0, Refusal())
from framework.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
CONFIG = """\
language: en
encoder: {encoder}
pipeline:
  - name: bert_tagger
  - name: synonyms
  - name: response_selector
  - name: fallback
    threshold: 0.01
    ambiguity_threshold: 0.0
policies:
  - name: memory
  - name: rules
  - name: learned
"""
STORIES = """\
version: "3.1"
stories:
  - story: a talk
    steps:
      - intent: greet
        user: hello
      - action: utter_greet
"""


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("light")
    encoder = write_tiny_encoder(root / "encoder")
    files.write(root, config=CONFIG.format(encoder=encoder), stories_a=STORIES)
    train(load_project(root), output=root / "models")
    return root


def serve(bot: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-W", "error", "-c", WITHOUT_TRAINING_LIBRARIES]
    return subprocess.run(
        [*call, "--project", str(bot), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_message_is_parsed(bot: Path):
    run = serve(bot, "parse", "hello")

    assert run.returncode == 0, run.stderr
    assert {score["name"] for score in json.loads(run.stdout)["intent_ranking"]} >= {"greet", "bye"}


def test_the_shell_answers(bot: Path):
    run = serve(bot, "shell", "--why", stdin="/greet\n/bye\n")

    assert run.returncode == 0, run.stderr
    assert "Hello!" in run.stdout


@pytest.mark.parametrize("options", [["--given-intents"], ["--run-actions"], []])
def test_conversations_are_played(bot: Path, options: list[str]):
    run = serve(bot, "test", *options, "--format", "json")

    assert run.returncode in (0, 1), run.stderr
    assert json.loads(run.stdout)["stories"]["total"] == 1


def test_a_project_is_checked(bot: Path):
    assert serve(bot, "check").returncode == 0
