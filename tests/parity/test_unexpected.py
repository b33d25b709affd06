"""What surprises Rasa surprises Frame, as recorded by `tests/parity/record_unexpected.py`."""

import json
from pathlib import Path

import pytest

from framework.conversation.events import UserFeaturization, UserUttered
from framework.conversation.stories import story_events
from framework.conversation.tracker import Tracker
from framework.data.unfold import dialogues
from framework.policies.base import PolicyTrainingData
from framework.policies.unexpected import UnexpectedIntentPolicy
from framework.project.load import load_project
from framework.testing.conversation import understand
from tests.parity.playing import digest
from tests.parity.random_talk import OWN_BOTS, folder_of

RECORDED = sorted((Path(__file__).parent / "unexpected").glob("*.json"))
PASSED_OVER = {"moodbot": 2, "surprised": 9}
"""Turns that surprise Rasa with every seed and not Frame; the README says why."""


def recordings():
    for path in RECORDED:
        marks = [] if (OWN_BOTS / path.stem).is_dir() else [pytest.mark.shared]
        yield pytest.param(path, id=path.stem, marks=marks)


BOTS = pytest.mark.parametrize("recording", list(recordings()))


def judged(recording):
    """Give for each turn that Rasa judged: its kind, how often Rasa was surprised, if Frame is."""
    recorded = json.loads(recording.read_text())
    max_history = recorded.pop("max_history")
    project = load_project(folder_of(recording.stem))
    learned = dialogues(project)
    policy = UnexpectedIntentPolicy(max_history=max_history)
    list(policy.train(PolicyTrainingData(dialogues=learned, domain=project.domain)))
    turns = befores(learned, project.domain)
    for kind in ("own", "others"):
        for same in zip(*(of_seed[kind] for of_seed in recorded.values()), strict=True):
            before, intent, _ = same[0]
            message = UserUttered(text=intent, understanding=understand(intent, intent))
            events = [*turns[before], message, UserFeaturization(use_text=False)]
            tracker = Tracker.start("turn", project.domain).extend(events)
            is_surprised = policy.predict(tracker, project.domain) is not None
            yield kind, sum(number > 0 for *_, number in same) / len(same), is_surprised


def befores(learned, domain):
    """Give by their digests the events before each message of the stories."""
    found = {}
    for dialogue in learned:
        events = story_events(dialogue, domain) if dialogue.kind == "story" else []
        for place, event in enumerate(events):
            if isinstance(event, UserUttered):
                found[digest(events[:place])] = events[:place]
    return found


@BOTS
def test_nothing_that_a_story_says_is_unexpected_to_either(recording):
    own = [(of_rasa, frame) for kind, of_rasa, frame in judged(recording) if kind == "own"]
    assert own == [(0, False)] * len(own)


@BOTS
def test_nothing_is_unexpected_that_is_not_so_to_rasa(recording):
    assert not [of_rasa for _, of_rasa, frame in judged(recording) if frame and not of_rasa]


@BOTS
def test_what_is_unexpected_to_rasa_is_so_but_for_known_differences(recording):
    sure = [frame for _, of_rasa, frame in judged(recording) if of_rasa == 1]
    assert any(sure)
    assert sure.count(False) == PASSED_OVER.get(recording.stem, 0)
