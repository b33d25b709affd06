"""The bots that Frame shows: well-formed, tested with words they don't know, and passing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from framework.project.checks import inspect
from framework.project.load import load_project, read_tests
from framework.project.schema.stories import UserStep
from tests.conftest import ROOT

STARTER = ROOT / "framework" / "project" / "templates" / "starter"
STARTER_ZH = STARTER.with_name("starter-zh")
EXAMPLE = ROOT / "example_bot"
BOTS = pytest.mark.parametrize("bot", [STARTER, EXAMPLE], ids=["starter", "example_bot"])


def stories_of(bot):
    return read_tests(bot, [bot / "stories"]).stories


def user_steps(bot):
    return [step for story in stories_of(bot) for step in story.steps if isinstance(step, UserStep)]


@BOTS
def test_the_bot_has_no_problem_of_any_kind(bot):
    assert [str(problem) for problem in inspect(bot)] == []


@BOTS
def test_the_words_of_its_tests_are_not_among_its_examples(bot):
    known = {example.text.casefold().strip(" ?!.") for example in load_project(bot).nlu.examples}
    said = [step.text.strip() for step in user_steps(bot) if step.text is not None]
    assert said
    assert [text for text in said if text.casefold().strip(" ?!.") in known] == []


def test_the_example_shows_what_bots_are_made_of():
    project = load_project(EXAMPLE)
    domain = project.domain
    assert len(stories_of(EXAMPLE)) >= 12
    assert {role for entity in domain.entities.values() for role in entity.roles} == {"from", "to"}
    assert any(intent.is_retrieval for intent in domain.intents.values())
    variations = [v for response in domain.responses.values() for v in response.variations]
    assert any(variation.conditions for variation in variations)
    assert any(variation.buttons for variation in variations)
    assert project.nlu.synonyms
    assert project.nlu.regexes
    assert len(domain.actions) >= 3


@pytest.mark.slow
@BOTS
def test_the_bot_trains_and_every_conversation_goes_as_written(bot, tmp_path):
    project = tmp_path / "bot"
    shutil.copytree(bot, project, ignore=shutil.ignore_patterns("models", "results", ".frame"))
    frame(project, "train")
    for options in ([], ["--given-intents"], ["--run-actions"]):
        result = json.loads(frame(project, "test", "--format", "json", *options))
        assert result["stories"]["failures"] == [], options
        assert result["passed"], options


def test_the_chinese_bot_has_no_problem_but_perhaps_a_missing_encoder():
    assert {problem.id for problem in inspect(STARTER_ZH)} <= {"missing-encoder"}


@pytest.mark.slow
def test_the_chinese_bot_finds_entities_without_spaces_and_goes_as_written(tmp_path):
    pytest.importorskip("sklearn")
    project = tmp_path / "bot"
    shutil.copytree(STARTER_ZH, project)
    with (project / "config.yml").open("a", encoding="utf-8") as config:
        config.write("encoder: tfidf\n")
    frame(project, "train")
    for option in ("--given-intents", "--run-actions"):
        result = json.loads(frame(project, "test", "--format", "json", option))
        assert result["stories"]["failures"] == [], option
    text = "帮我订上海店明天晚上四位的位子"
    understood = json.loads(frame(project, "parse", "--format", "json", text))
    assert understood["intent"]["name"] == "book_table"
    marked = {(e["entity"], text[e["start"] : e["end"]]) for e in understood["entities"]}
    assert marked == {("city", "上海"), ("time", "明天晚上"), ("people", "四位")}


def frame(project, *arguments):
    command = [sys.executable, "-m", "framework", "--project", str(project), *arguments]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout
