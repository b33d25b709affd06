"""Rules, memory and their weighing decide as Rasa 3.6 does, at every step."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from framework.conversation.stories import story_events
from framework.data.slot_classes import with_slot_classes
from framework.data.unfold import dialogues, unfold
from framework.policies.contradictions import find
from framework.project.load import load_project, read_tests
from tests.parity.playing import digest, play, trained

RECORDED = Path(__file__).parent / "recorded"
SHARED_BOTS = Path(__file__).parents[3] / "shared" / "bots"
OWN_BOTS = Path(__file__).parent / "bots"


def bots():
    for recording in sorted(RECORDED.glob("*.json")):
        own = OWN_BOTS / recording.stem
        marks = [] if own.is_dir() else [pytest.mark.shared]
        folder = own if own.is_dir() else SHARED_BOTS / recording.stem
        if not folder.is_dir():
            marks.append(pytest.mark.skip(reason="the bot is not there"))
        yield pytest.param(folder, json.loads(recording.read_text()), id=folder.name, marks=marks)


BOTS = list(bots())


def load(folder):
    """Load a bot with its slot classes."""
    project = load_project(folder)
    domain, problems = with_slot_classes(project.domain, folder)
    assert problems == ()
    return replace(project, domain=domain)


@pytest.mark.parametrize(("folder", "recorded"), BOTS)
def test_the_same_dialogues_are_learned_as_in_rasa(folder, recorded):
    project = load(folder)
    found = {digest(story_events(d, project.domain)) for d in dialogues(project)}
    assert found == {item["digest"] for item in recorded["training"]}


@pytest.mark.parametrize(("folder", "recorded"), BOTS)
def test_every_step_of_training_dialogues_is_decided_as_in_rasa(folder, recorded):
    project = load(folder)
    learned = dialogues(project)
    policies = trained(learned, project.domain, recorded["rules"])
    expected = {(item["kind"], item["digest"]): item["steps"] for item in recorded["training"]}
    for dialogue in learned:
        events = story_events(dialogue, project.domain)
        steps = play(events, project.domain, policies)
        assert steps == expected[dialogue.kind, digest(events)], dialogue.name


@pytest.mark.parametrize(("folder", "recorded"), BOTS)
def test_every_step_of_test_conversations_is_decided_as_in_rasa(folder, recorded):
    project = load(folder)
    policies = trained(dialogues(project), project.domain, recorded["rules"])
    expected = {item["digest"]: item["steps"] for item in recorded["tests"]}
    suite = read_tests(folder, sorted((folder / "tests").glob("**/*.yml")))
    played = set()
    for dialogue in unfold(suite.stories, (), project.domain).dialogues:
        events = story_events(dialogue, project.domain)
        steps = play(events, project.domain, policies)
        assert steps == expected[digest(events)], dialogue.name
        played.add(digest(events))
    assert played == expected.keys()


@pytest.mark.parametrize(("folder", "recorded"), BOTS)
def test_no_contradiction_is_found_where_rasa_trains(folder, recorded):
    assert [problem for problem in find(load(folder)) if problem.severity == "error"] == []
