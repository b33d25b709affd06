"""Documents are indexed with the bot, and only what changed is encoded anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from framework import Assistant, ProjectError, load_project, train
from framework.assistant import bundle
from framework.assistant.loading import load_knowledge
from framework.responses.knowledge.index import KnowledgeIndex
from framework.testing.encoder import write_tiny_encoder
from framework.training.report import TrainingReport
from tests.training import project as files

RULE = """\
  - rule: answer from the documents
    steps:
      - intent: nlu_fallback
      - action: action_answer_from_knowledge
"""
BREAD = "# Storing\n\nRye bread keeps for five days.\n"
REFUND = "# Refunds\n\nYou get your money back within a day.\n"
TAGGER = """\
language: en
encoder: encoder
pipeline:
  - name: bert_tagger
    epochs: 1
  - name: fallback
    threshold: 0.999
policies:
  - name: rules
knowledge: docs/
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = files.write(tmp_path / "bot")
    (root / "docs").mkdir()
    (root / "docs" / "bread.md").write_text(BREAD, encoding="utf-8")
    (root / "docs" / "refund.md").write_text(REFUND, encoding="utf-8")
    config = root / "config.yml"
    text = config.read_text(encoding="utf-8").replace("policies:", "  - name: fallback\npolicies:")
    config.write_text(f"{text}knowledge: docs/\n", encoding="utf-8")
    rules = root / "data" / "rules.yml"
    rules.write_text(rules.read_text(encoding="utf-8") + RULE, encoding="utf-8")
    return root


@pytest.fixture
def encoded(root: Path) -> Path:
    write_tiny_encoder(root / "encoder")
    (root / "config.yml").write_text(TAGGER, encoding="utf-8")
    return root


def run(root: Path) -> TrainingReport:
    return train(load_project(root), output=root / "models")


def index_of(report: TrainingReport) -> KnowledgeIndex:
    answers = load_knowledge(bundle.read(report.bundle))
    assert answers is not None
    return answers.index


def status(report: TrainingReport) -> dict[str, str]:
    return {part.name: part.status for part in report.parts}


def test_a_trained_bot_answers_from_its_documents(root: Path):
    bot = Assistant.load(run(root).bundle)
    replies = bot.handle("how long does rye bread keep?")
    assert [reply.text for reply in replies] == [
        "Rye bread keeps for five days.\n(Source: docs/bread.md:3 > Storing)"
    ]


def test_documents_that_are_gone_after_training_change_nothing(root: Path):
    report = run(root)
    for document in (root / "docs").iterdir():
        document.unlink()
    [reply] = Assistant.load(report.bundle).handle("how long does rye bread keep?")
    assert reply.text is not None
    assert reply.text.startswith("Rye bread")


def test_a_changed_document_is_indexed_and_nothing_else_is_trained(root: Path):
    run(root)
    (root / "docs" / "bread.md").write_text(BREAD.replace("five", "six"), encoding="utf-8")
    report = run(root)
    assert {name for name, one in status(report).items() if one == "trained"} == {"knowledge"}
    assert index_of(report).passages[0].text == "Rye bread keeps for six days."


def test_nothing_is_indexed_twice(root: Path):
    first, second = run(root), run(root)
    assert (status(first)["knowledge"], status(second)["knowledge"]) == ("trained", "cached")


def test_a_bot_whose_documents_cannot_be_read_is_trained_without_them(root: Path):
    for document in (root / "docs").iterdir():
        document.write_bytes(b"")
    report = run(root)
    assert "knowledge" not in status(report)
    assert {problem.id for problem in report.warnings} >= {"empty-document"}
    assert [reply.text for reply in Assistant.load(report.bundle).handle("rye bread?")] == [
        "I found no answer to that in my documents."
    ]


def test_a_missing_parser_stops_training(root: Path, monkeypatch: pytest.MonkeyPatch):
    project = load_project(root)
    (root / "docs" / "a.html").write_text("<p>words", encoding="utf-8")

    def absent(path: str) -> None:
        raise ImportError(path)

    monkeypatch.setattr("framework.project.documents.html.load_object", absent)
    with pytest.raises(ProjectError, match="selectolax"):
        train(project, output=root / "models")


def test_passages_and_messages_get_vectors_of_the_bots_encoder(encoded: Path):
    report = run(encoded)
    index = index_of(report)
    assert index.vectors is not None
    assert index.vectors.steps.shape == (2, 32)
    [reply] = Assistant.load(report.bundle).handle("how long does rye bread keep?")
    [best, _] = reply.metadata["knowledge"]["passages"]
    assert best["meaning"] is not None


@pytest.mark.parametrize("encoder", ["tfidf", "{name: cnn, width: 8, layers: 1}"])
def test_an_encoder_that_learned_from_the_examples_alone_leaves_the_search_to_words(
    root: Path, encoder: str
):
    config = TAGGER.replace("encoder: encoder", f"encoder: {encoder}")
    (root / "config.yml").write_text(config, encoding="utf-8")
    report = run(root)
    assert index_of(report).vectors is None
    [reply] = Assistant.load(report.bundle).handle("how long does rye bread keep?")
    assert reply.text == "Rye bread keeps for five days.\n(Source: docs/bread.md:3 > Storing)"


def test_only_changed_passages_are_encoded_anew(encoded: Path, caplog: pytest.LogCaptureFixture):
    first = index_of(run(encoded))
    (encoded / "docs" / "refund.md").write_text(REFUND.replace("day", "week"), encoding="utf-8")
    caplog.set_level("DEBUG", logger="framework.training.knowledge")
    report = run(encoded)
    assert status(report)["bert_tagger"] == "cached"
    assert "1 of 2 passages are encoded" in caplog.text
    second = index_of(report)
    assert first.vectors is not None
    assert second.vectors is not None
    assert (second.vectors.steps[0] == first.vectors.steps[0]).all()
    assert (second.vectors.steps[1] != first.vectors.steps[1]).any()


def test_new_examples_leave_the_vectors_of_passages_as_they_are(
    encoded: Path, caplog: pytest.LogCaptureFixture
):
    first = index_of(run(encoded))
    nlu = encoded / "data" / "nlu.yml"
    nlu.write_text(nlu.read_text("utf-8").replace("- good day", "- good day\n      - hey"))
    caplog.set_level("DEBUG", logger="framework.training.knowledge")
    report = run(encoded)
    second = index_of(report)
    assert status(report)["bert_tagger"] == "trained"
    assert "passages are encoded" not in caplog.text
    assert second.about.query != first.about.query
    assert second.to_files()["vectors.npz"] == first.to_files()["vectors.npz"]


def test_equal_trainings_give_equal_indexes(encoded: Path):
    first = run(encoded)
    again = train(load_project(encoded), output=encoded / "others")
    assert index_of(first).to_files() == index_of(again).to_files()


def test_a_bundle_holds_no_document_that_is_not_of_the_manifest(root: Path):
    manifest = bundle.read(run(root).bundle).manifest
    assert manifest.knowledge is not None
    members = {name for name in manifest.members if name.startswith("knowledge/")}
    assert members == {
        f"knowledge/{name}" for name in ("about.json", "lexical.npz", "passages.json", "terms.json")
    }
    assert json.loads(manifest.model_dump_json())["knowledge"]["name"] == "knowledge"
