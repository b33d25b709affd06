"""`frame tune` searches on held-out training data, tells what it found and writes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from framework.testing.encoder import write_tiny_encoder
from tests.cli.conftest import Call
from tests.training import project as files

pytest.importorskip("optuna")

NLU = 'version: "3.1"\nnlu:\n' + "".join(
    f"  - intent: {intent}\n    examples: |\n"
    + "".join(f"      - {word} {end}\n" for end in ("you", "there", "please", "today"))
    for intent, word in (("greet", "hello"), ("bye", "thanks"))
)
STORIES = 'version: "3.1"\nstories:\n' + "".join(
    f"  - story: number {n}\n    steps:\n"
    + "      - intent: greet\n      - action: utter_greet\n" * (n % 3 + 1)
    + "      - intent: bye\n      - action: utter_bye\n"
    for n in range(12)
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    encoder = write_tiny_encoder(tmp_path / "tiny")
    config = (
        f"language: en\nencoder: {encoder}\n\npipeline:\n  # reads what people say\n"
        "  - name: bert_tagger\n    epochs: 2\n  - name: fallback\n    threshold: 0.3\n"
        "policies:\n  - name: rules\n  - name: learned\n    epochs: 2\n"
    )
    return files.write(tmp_path / "bot", config=config, data_nlu=NLU, data_stories=STORIES)


def test_the_best_settings_are_written_with_the_old_file_kept(call: Call, root: Path):
    before = (root / "config.yml").read_text()

    called = call("--project", str(root), "tune", "--trials", "3", "--folds", "2")

    assert called.code == 0, called.err
    assert "pipeline, trial 3:" in called.err
    assert "before" in called.out
    after = (root / "config.yml").read_text()
    assert "# reads what people say" in after
    if after != before:
        assert (root / "config.yml.bak").read_text() == before


def test_a_dry_run_writes_nothing_but_the_journal(call: Call, root: Path):
    before = (root / "config.yml").read_text()
    arguments = ("tune", "--trials", "2", "--folds", "2", "--dry-run", "--format", "json")

    called = call("--project", str(root), *arguments)

    document = json.loads(called.out)
    assert called.code == 0
    assert document["written"] is None
    assert document["searches"]["pipeline"]["trials"] == 2
    assert document["searches"]["pipeline"]["score"] >= document["searches"]["pipeline"]["start"]
    assert (root / "config.yml").read_text() == before
    assert {path.name for path in (root / ".frame").iterdir()} >= {"tune.journal"}


def test_settings_of_policies_are_searched_on_held_out_stories(call: Call, root: Path):
    arguments = ("tune", "policies", "--trials", "2", "--folds", "2", "--dry-run")

    called = call("--project", str(root), *arguments, "--format", "json")

    assert called.code == 0, called.err
    assert 0 < json.loads(called.out)["searches"]["policies"]["score"] <= 1
    assert not (root / "models").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--trials", "0"), "1 trial or more"),
        (("--folds", "1"), "2 folds or more"),
        (("--folds", "50"), "too few for 50 folds"),
    ],
)
def test_calls_that_make_no_sense_are_refused(
    call: Call, root: Path, arguments: tuple[str, ...], message: str
):
    called = call("--project", str(root), "tune", *arguments)

    assert called.code == 2
    assert message in called.err


def test_too_few_stories_are_refused(call: Call, root: Path):
    files.write(root, data_nlu=NLU)

    called = call("--project", str(root), "tune", "policies")

    assert called.code == 2
    assert "too few to search" in called.err
