"""Training writes one whole file, learns nothing twice, and says what it did."""

from __future__ import annotations

import json
import logging
import os
import zipfile
from pathlib import Path

import pytest

from framework import (
    Assistant,
    EncoderError,
    ProjectError,
    UsageError,
    load_project,
    train,
)
from framework.assistant import bundle
from framework.testing.encoder import write_tiny_encoder
from framework.training.report import TrainingReport
from tests.training import project as files


def run(root: Path, **options: object) -> TrainingReport:
    options = {"output": root / "models", **options}
    return train(load_project(root), **options)  # type: ignore[arg-type]


def statuses(report: TrainingReport) -> dict[str, str]:
    return {part.name: part.status for part in report.parts}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return files.write(tmp_path / "bot")


def test_a_trained_bot_answers(root: Path):
    report = run(root)

    bot = Assistant.load(report.bundle)

    assert [reply.text for reply in bot.handle("hello")] == ["Hello!"]
    assert report.bundle.parent == root / "models"
    assert report.seconds > 0


def test_a_project_without_policies_is_trained_with_the_usual_ones_and_stays_as_it_is(root: Path):
    config = root / "config.yml"
    kept, _, _ = files.CONFIG.partition("policies:")
    config.write_text(f"{kept}policies:\n# - name: MemoizationPolicy\n")
    written = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    report = run(root)

    usual = {"memory", "rules", "unexpected_intent", "learned"}
    assert usual <= {part.name for part in report.parts}
    assert {path: path.read_bytes() for path in written} == written


def test_what_a_bundle_says_about_itself(root: Path):
    manifest = bundle.read(run(root, seed=3).bundle).manifest

    assert manifest.assistant_id == "test-bot"
    assert manifest.language == "en"
    assert manifest.seed == 3
    assert [part.name for part in manifest.pipeline] == [
        "keyword_intents",
        "regex_entities",
        "synonyms",
    ]
    assert [part.name for part in manifest.policies] == ["memory", "rules"]


def test_nothing_is_learned_twice(root: Path):
    first = run(root)
    again = run(root)

    assert set(statuses(first).values()) == {"trained"}
    assert set(statuses(again).values()) == {"cached"}
    assert again.bundle != first.bundle
    assert first.bundle.exists()


def test_force_learns_everything_again(root: Path):
    run(root)

    assert set(statuses(run(root, force=True)).values()) == {"trained"}


EDITS = [
    pytest.param(
        {"domain": files.DOMAIN.replace("Hello!", "Hi there!")}, set(), id="the text of a response"
    ),
    pytest.param(
        {
            "data_stories": files.STORIES.replace(
                "      - intent: greet\n      - action: utter_greet\n", ""
            )
        },
        {"memory", "rules"},
        id="a story",
    ),
    pytest.param(
        {"data_nlu": files.NLU.replace("good day", "good morning")},
        {"keyword_intents", "regex_entities", "synonyms"},  # marked entities count for all
        id="an example",
    ),
    pytest.param({"data_nlu": files.NLU.replace("roma", "roam")}, {"synonyms"}, id="a synonym"),
    pytest.param(
        {
            "domain": files.DOMAIN
            + "slots:\n  mood:\n    type: text\n    mappings: [{type: custom}]\n"
        },
        {"memory", "rules"},
        id="a slot",
    ),
    pytest.param(
        {
            "config": files.CONFIG.replace(
                "keyword_intents\n", "keyword_intents\n    case_sensitive: false\n"
            )
        },
        {"keyword_intents"},
        id="a setting",
    ),
]


@pytest.mark.parametrize(("edit", "expected"), EDITS)
def test_an_edit_trains_the_parts_that_read_it(
    root: Path, edit: dict[str, str], expected: set[str]
):
    run(root)
    files.write(root, **edit)

    report = run(root)

    trained = {name for name, status in statuses(report).items() if status == "trained"}
    assert trained == expected


def test_an_edited_response_is_said_although_nothing_was_learned(root: Path):
    run(root)
    files.write(root, domain=files.DOMAIN.replace("Hello!", "Hi there!"))

    bot = Assistant.load(run(root).bundle)

    assert [reply.text for reply in bot.handle("hello")] == ["Hi there!"]


def test_another_seed_is_another_training(root: Path):
    run(root, seed=1)

    assert "trained" in statuses(run(root, seed=2)).values()


def test_equal_trainings_differ_in_the_stamp_alone(root: Path, tmp_path: Path):
    first = run(root, output=tmp_path / "a")
    second = run(root, output=tmp_path / "b")

    with zipfile.ZipFile(first.bundle) as a, zipfile.ZipFile(second.bundle) as b:
        assert a.namelist() == b.namelist()
        differing = [name for name in a.namelist() if a.read(name) != b.read(name)]
    one, other = bundle.read(first.bundle).manifest, bundle.read(second.bundle).manifest
    assert differing in ([], ["manifest.json"])
    assert one.model_copy(update={"created": ""}) == other.model_copy(update={"created": ""})


def test_an_interruption_leaves_no_file(root: Path):
    run(root)
    before = sorted((root / "models").iterdir())

    def interrupt(step: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(root, force=True, on_progress=interrupt)
    assert sorted((root / "models").iterdir()) == before


@pytest.mark.parametrize(
    ("given", "file"),
    [("final", "final.frame"), ("final.frame", "final.frame"), ("m.tar.gz", "m.frame")],
)
def test_a_model_can_be_named(root: Path, given: str, file: str):
    assert run(root, name=given).bundle.name == file


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".frame"])
def test_a_name_that_leads_elsewhere_is_refused(root: Path, name: str):
    with pytest.raises(UsageError, match="can't be named"):
        run(root, name=name)
    assert not (root / "models").exists()


@pytest.mark.parametrize("below", ["", "deeper/models"])
def test_a_file_where_the_folder_should_be_is_refused(root: Path, below: str):
    (root / "models").write_text("x")

    with pytest.raises(UsageError, match="is a file"):
        run(root, output=root / "models" / below)


def test_a_damaged_earlier_model_is_passed_over(root: Path, caplog: pytest.LogCaptureFixture):
    path = run(root).bundle
    path.write_bytes(path.read_bytes()[:-10])

    with caplog.at_level(logging.WARNING):
        report = run(root)

    assert set(statuses(report).values()) == {"trained"}
    assert "nothing is reused" in caplog.text


def test_a_bot_without_stories_understands_and_says_that_it_never_answers(root: Path):
    files.write(root, data_stories="", data_rules="")

    report = run(root)

    assert "no-dialogues" in [problem.id for problem in report.warnings]
    assert Assistant.load(report.bundle).parse("hello").intent is not None


def test_the_document_of_a_training(root: Path):
    document = run(root).to_json()

    assert list(document) == ["model", "seconds", "parts", "mapped", "warnings"]
    assert document["parts"][0]["name"] == "keyword_intents"
    assert document["parts"][0]["status"] == "trained"


def broken_encoder(folder: Path) -> Path:
    """Write what looks like an encoder from outside, and can't be loaded."""
    encoder = write_tiny_encoder(folder)
    (encoder / "config.json").write_text("{}")
    return encoder


def test_an_encoder_that_cannot_be_loaded_is_blamed_on_its_line(root: Path, tmp_path: Path):
    config = files.CONFIG.replace("keyword_intents", "bert_tagger")
    files.write(root, config=f"{config}encoder: {broken_encoder(tmp_path / 'broken')}\n")

    with pytest.raises(EncoderError) as caught:
        run(root)

    assert str(caught.value.where) == "config.yml:10:10"
    # on a busy machine a part may have taken long enough to be kept for the next training
    assert not list((root / "models").glob("*.frame"))


def test_rules_that_contradict_a_story_stop_training_before_anything_slow(
    root: Path, tmp_path: Path
):
    wrong = files.STORIES.replace("action: utter_bye", "action: utter_greet")
    config = files.CONFIG.replace("keyword_intents", "bert_tagger")
    encoder = broken_encoder(tmp_path / "broken")
    files.write(root, config=f"{config}encoder: {encoder}\n", data_stories=wrong)

    with pytest.raises(ProjectError) as caught:
        run(root)

    assert {problem.where.file for problem in caught.value.found if problem.where} <= {
        "data/rules.yml",
        "data/stories.yml",
    }


@pytest.mark.parametrize(
    ("policies", "hidden"),
    [
        ("[{name: memory}, {name: rules}]", ["premium"]),
        ("[{name: memory}, {name: rules, check_for_contradictions: false}]", []),
    ],
)
def test_what_only_rules_speak_of_is_hidden_where_rules_are_analysed(
    tmp_path: Path, policies: str, hidden: list[str]
):
    root = files.write(
        tmp_path / "bot",
        config=f"language: en\npipeline: [{{name: keyword_intents}}]\npolicies: {policies}\n",
        domain=files.DOMAIN + "slots: {premium: {type: bool, mappings: [{type: custom}]}}\n",
        data_rules=files.RULES.replace(
            "    steps:", "    condition: [{slot_was_set: [{premium: true}]}]\n    steps:"
        ),
    )

    trained = bundle.read(run(root).bundle)
    kept = trained.files(trained.manifest.policies[0])

    assert json.loads(kept["hidden.json"])["slots"] == hidden


def test_waiting_threads_sleep_where_no_encoder_is_trained_too(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)

    run(root)

    assert os.environ.pop("OMP_WAIT_POLICY") == "passive"
