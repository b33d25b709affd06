"""Examples in other words: asked for once, kept, and never a reason for a training to fail."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from framework import load_project
from framework.data.utterances import utterances
from framework.data.vary import Augmentation
from framework.learning.progress import Progress
from framework.project.checks import inspect
from framework.training.paraphrases import FILE, paraphrase
from tests.responses.generative.stand_ins import Server
from tests.training import project as files

EXAMPLES = 5


def reword(messages: list[dict[str, str]]) -> str:
    text = json.loads(messages[-1]["content"])["message"]
    return f"1. well, {text}\n2. {text} then\n3. {text} at last"


@pytest.fixture
def server():
    server = Server(reword)
    yield server
    server.close()


def write(folder: Path, llm: str) -> Path:
    return files.write(folder / "bot", config=files.CONFIG + llm)


def make(root: Path, count: int = 2) -> tuple[list[str], list[Progress]]:
    project = load_project(root)
    steps: list[Progress] = []
    made = paraphrase(
        project, utterances(project), Augmentation(paraphrases=count), on_progress=steps.append
    )
    assert all(variant.is_doubtful for variant in made)
    return [variant.utterance.text for variant in made], steps


def test_each_example_gets_so_many_and_the_model_is_asked_once(tmp_path, server):
    root = write(tmp_path, f"llm: {{url: '{server.url}', model: m}}\n")
    made, steps = make(root)
    assert len(made) == 2 * EXAMPLES
    assert made[:2] == ["well, hello", "hello then"]
    assert (steps[-1].done, steps[-1].total) == (EXAMPLES, EXAMPLES)
    again, steps = make(root)
    assert (again, steps, len(server.requests)) == (made, [], EXAMPLES)
    assert len(json.loads((root / FILE).read_text())) == EXAMPLES


def test_only_new_examples_are_asked_about(tmp_path, server):
    root = write(tmp_path, f"llm: {{url: '{server.url}', model: m}}\n")
    make(root)
    path = root / "data" / "nlu.yml"
    path.write_text(path.read_text().replace("- see you\n", "- see you\n      - so long\n"))
    made, _ = make(root)
    assert len(server.requests) == EXAMPLES + 1
    assert "so long then" in made


def test_entities_must_stay_as_they_are(tmp_path, server):
    root = write(tmp_path, f"llm: {{url: '{server.url}', model: m}}\n")
    make(root)
    asked = [request["messages"][0]["content"] for request in server.requests]
    assert sum('"paris"' in task for task in asked) == 1


def test_a_model_that_is_not_there_stops_nothing(tmp_path, caplog):
    root = write(tmp_path, "llm: {url: 'http://127.0.0.1:9', model: m, timeout_seconds: 1}\n")
    with caplog.at_level(logging.WARNING):
        assert make(root) == ([], [])
    assert "the next training asks again" in caplog.text


def test_what_was_said_before_the_model_failed_is_kept(tmp_path, server):
    root = write(tmp_path, f"llm: {{url: '{server.url}', model: m, retries: 0}}\n")
    server.answers = [(200, {})] * 2 + [(500, {})] * 3
    made, _ = make(root)
    assert len(made) == 4
    assert len(json.loads((root / FILE).read_text())) == 2


def test_without_a_model_a_warning_says_what_is_missing(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        assert make(write(tmp_path, "")) == ([], [])
    assert "set `llm:`" in caplog.text


def test_a_check_warns_where_there_is_no_model(tmp_path, server):
    augment = "augment: {paraphrases: 2}\n"
    found = inspect(write(tmp_path, augment))
    assert "missing-model" in {problem.id for problem in found}
    found = inspect(write(tmp_path / "b", f"{augment}llm: {{url: '{server.url}', model: m}}\n"))
    assert "missing-model" not in {problem.id for problem in found}


def test_nothing_is_asked_where_nothing_is_wanted(tmp_path, server):
    root = write(tmp_path, f"llm: {{url: '{server.url}', model: m}}\n")
    assert make(root, 0) == ([], [])
    assert not server.requests


@pytest.mark.parametrize("content", ["{", "[]", '{"a": 3}'])
def test_a_damaged_file_of_answers_is_made_anew(tmp_path, server, content):
    root = write(tmp_path, f"llm: {{url: '{server.url}', model: m}}\n")
    (root / FILE).parent.mkdir()
    (root / FILE).write_text(content)
    made, _ = make(root)
    assert len(made) == 2 * EXAMPLES


def test_of_several_processes_none_asks_so_that_all_learn_the_same(
    tmp_path, server, monkeypatch, caplog
):
    root = write(tmp_path, f"llm: {{url: '{server.url}', model: m}}\n")
    monkeypatch.setenv("WORLD_SIZE", "2")
    with caplog.at_level(logging.WARNING):
        assert make(root) == ([], [])
    assert "in one process" in caplog.text
    assert not server.requests
