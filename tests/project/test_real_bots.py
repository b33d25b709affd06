"""Real projects load unchanged and without errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.project.checks import inspect
from framework.project.load import load_project, read_tests
from tests.conftest import SHARED

BOTS = (
    "concertbot",
    "e2ebot",
    "financial-demo",
    "formbot",
    "knowledgebasebot",
    "moodbot",
    "reminderbot",
    "responseselectorbot",
    "rules",
)


@pytest.mark.shared
@pytest.mark.parametrize("bot", BOTS)
def test_a_real_bot_has_no_errors(bot: str) -> None:
    folder = SHARED / "bots" / bot

    assert [problem for problem in inspect(folder) if problem.severity == "error"] == []
    assert load_project(folder).domain.intents
    read_tests(folder, [path for path in ("tests",) if (folder / path).is_dir()])


@pytest.mark.shared
def test_a_large_corpus_of_dialogues_is_read_completely() -> None:
    project = load_project(SHARED / "data" / "dialogue" / "sgd")

    assert len(project.stories) == 1000
    assert len(project.nlu.examples) > 4000


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "examples"),
    [("atis/train.yml", 4478), ("banking77/train.yml", 10003), ("snips/test.yml", 700)],
)
def test_every_example_of_a_corpus_is_read(file: str, examples: int, tmp_path: Path) -> None:
    suite = read_tests(tmp_path, [SHARED / "data" / "nlu" / file])

    assert len(suite.examples) == examples
    assert [problem for problem in suite.problems if problem.id != "old-version"] == []
