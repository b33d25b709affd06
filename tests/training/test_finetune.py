"""Training goes on from an earlier bundle where a component can, and says where it can't."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from framework import Assistant, UsageError, load_project, train
from framework.assistant import bundle
from framework.testing.encoder import write_tiny_encoder
from framework.training.finetune import Finetune
from framework.training.report import TrainingReport
from tests.training import project as files

ADDED = files.NLU + "  - intent: greet\n    examples: |\n      - hello you\n      - hello there\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    encoder = write_tiny_encoder(tmp_path / "tiny")
    config = (
        f"language: en\nencoder: {encoder}\npipeline: [{{name: bert_tagger, epochs: 30, "
        "learning_rate: 0.003}, {name: keyword_intents}]\npolicies: [{name: rules}]\n"
    )
    return files.write(tmp_path / "bot", config=config)


def go_on(root: Path, **options: float) -> TrainingReport:
    output = root / "models"
    return train(load_project(root), output=output, finetune=Finetune.open(output, **options))


def test_new_examples_are_learned_on_top_of_the_last_bundle(root: Path):
    train(load_project(root), output=root / "models")
    (root / "data" / "nlu.yml").write_text(ADDED)

    report = go_on(root)

    assert {part.name: part.status for part in report.parts}["bert_tagger"] == "trained"
    intent = Assistant.load(report.bundle).parse("hello there").intent
    assert intent is not None
    assert intent.name == "greet"


def test_nothing_new_is_nothing_to_train(root: Path):
    train(load_project(root), output=root / "models")
    assert {part.status for part in go_on(root).parts} == {"cached"}
    (root / "data" / "nlu.yml").write_text(ADDED)
    go_on(root)

    again = go_on(root)

    assert {part.status for part in again.parts} == {"cached"}


def test_a_training_from_the_start_takes_nothing_from_one_that_went_on(root: Path):
    train(load_project(root), output=root / "models")
    (root / "data" / "nlu.yml").write_text(ADDED)
    went_on = go_on(root)

    full = train(load_project(root), output=root / "models")

    assert {part.name: part.status for part in full.parts}["bert_tagger"] == "trained"
    prints = [
        bundle.read(report.bundle).manifest.pipeline[0].fingerprint for report in (went_on, full)
    ]
    assert prints[0].startswith(prints[1])
    assert prints[0] != prints[1]


def test_without_an_earlier_model_all_is_trained_in_full(
    root: Path, caplog: pytest.LogCaptureFixture
):
    (root / "models").mkdir()
    with caplog.at_level(logging.WARNING):
        report = go_on(root)

    assert report.bundle.exists()
    assert "no earlier model" in caplog.text


def test_a_model_that_is_named_must_be_there(root: Path):
    with pytest.raises(UsageError, match="no trained bot"):
        Finetune.open(root / "models" / "nothing.frame")


def test_a_share_of_no_epochs_is_refused(root: Path):
    train(load_project(root), output=root / "models")

    with pytest.raises(UsageError, match="share of epochs"):
        go_on(root, epoch_fraction=0)
