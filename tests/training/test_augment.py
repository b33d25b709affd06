"""`augment:` changes what the tagger learns from, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework import ProjectError, load_project, train
from framework.testing.encoder import write_tiny_encoder
from framework.training.report import TrainingReport
from tests.training import project as files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    encoder = write_tiny_encoder(tmp_path / "tiny")
    config = (
        f"language: en\nencoder: {encoder}\npipeline: [{{name: bert_tagger, epochs: 2}}, "
        "{name: synonyms}]\npolicies: [{name: rules}]\n"
    )
    return files.write(tmp_path / "bot", config=config)


def augment(root: Path, section: str) -> None:
    path = root / "config.yml"
    path.write_text(path.read_text() + section)


def statuses(report: TrainingReport) -> dict[str, str]:
    return {part.name: part.status for part in report.parts}


def test_variants_train_the_tagger_and_nothing_else(root: Path):
    train(load_project(root), output=root / "models")
    augment(root, "augment: {typos: 2, values: 1}\n")

    report = train(load_project(root), output=root / "models")

    assert statuses(report) == {"bert_tagger": "trained", "synonyms": "cached", "rules": "cached"}


@pytest.mark.parametrize("section", ["augment:\n", "augment: {}\n", "augment: {typos: 0}\n"])
def test_no_variants_are_no_change(root: Path, section: str):
    train(load_project(root), output=root / "models")
    augment(root, section)

    assert set(statuses(train(load_project(root), output=root / "models")).values()) == {"cached"}


@pytest.mark.parametrize(
    ("section", "message", "hint"),
    [
        ("augment: {typoz: 1}\n", "typoz", "did you mean 'typos'?"),
        ("augment: {typos: many}\n", "expected a whole number", ""),
        ("augment: {typos: 99}\n", "expected 0 to 20", "makes no variants"),
        ("augment: 3\n", "`augment`", ""),
    ],
)
def test_what_is_wrong_with_the_section_is_told(root: Path, section: str, message: str, hint: str):
    augment(root, section)

    with pytest.raises(ProjectError) as caught:
        load_project(root)

    (problem,) = [one for one in caught.value.found if one.severity == "error"]
    assert message in problem.message
    assert hint in problem.hint
    assert problem.where is not None
    assert problem.where.line == 5
