"""What a bundle keeps of the training examples, and when that is worked out anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework import load_project, train
from framework.assistant import bundle
from framework.assistant.examples import KnownExamples
from framework.assistant.loading import load_pipeline
from framework.evaluation.explain import explain
from framework.testing.encoder import write_tiny_encoder
from framework.training.report import TrainingReport
from tests.training import project as files

CONFIG = """\
language: en
encoder: {encoder}
pipeline:
  - name: bert_tagger
    epochs: 1
policies:
  - name: rules
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> str:
    return CONFIG.format(encoder=write_tiny_encoder(tmp_path_factory.mktemp("tiny")))


@pytest.fixture
def root(tmp_path: Path, config: str) -> Path:
    return files.write(tmp_path / "bot", config=config)


def run(root: Path) -> TrainingReport:
    return train(load_project(root), output=root / "models")


def kept(report: TrainingReport) -> KnownExamples:
    found = bundle.read(report.bundle)
    entry = found.manifest.examples
    return KnownExamples.from_files(found.files(entry) if entry else {})


def test_examples_are_kept_with_their_places(root: Path):
    known = kept(run(root))

    assert [str(item.where) for item in known.items] == [
        f"data/nlu.yml:{n}" for n in (5, 6, 9, 10, 11)
    ]
    assert known.items[3].text == "off to paris"
    assert known.vectors.shape == (5, 32)


STORIES = """\
version: "3.1"
stories:
  - story: told
    steps:
      - user: good evening
        intent: greet
      - action: utter_greet
"""


def test_a_message_of_a_story_is_an_example_even_where_there_are_no_others(root: Path, config: str):
    files.write(root, config=config, data_nlu="", data_stories=STORIES)

    [item] = kept(run(root)).items

    assert (item.text, item.label, str(item.where)) == (
        "good evening",
        "greet",
        "data/stories.yml:5",
    )


def test_an_example_is_nearest_to_itself(root: Path):
    report = run(root)
    pipeline = load_pipeline(bundle.read(report.bundle))

    nearest = explain(pipeline, "see you", known=kept(report)).nearest[0]

    assert nearest.example.text == "see you"
    assert nearest.similarity > 0.99


def test_a_moved_line_changes_the_places_and_trains_nothing(root: Path):
    first = run(root)
    (root / "data" / "nlu.yml").write_text("# a remark\n" + files.NLU, encoding="utf-8")

    second = run(root)

    assert {part.status for part in second.parts if part.name == "bert_tagger"} == {"cached"}
    assert [item.where.line for item in kept(second).items if item.where] == [6, 7, 10, 11, 12]
    assert kept(second).to_files()["vectors.npy"] == kept(first).to_files()["vectors.npy"]


def test_a_project_can_keep_its_examples_to_itself(root: Path, config: str):
    files.write(root, config=config + "keep_examples: false\n")

    report = run(root)

    assert kept(report).items == ()
    assert b"see you" not in report.bundle.read_bytes()


def test_without_an_encoder_there_is_nothing_to_keep(tmp_path: Path):
    assert kept(run(files.write(tmp_path))).items == ()
