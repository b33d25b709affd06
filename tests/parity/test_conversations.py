"""Bots answer as with Rasa's engine, as recorded by `tests/parity/record_conversations.py`."""

import json
from functools import cache
from pathlib import Path

import pytest

from framework import registry
from framework.actions.base import Action
from framework.conversation.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from framework.data.unfold import dialogues
from framework.nlu.types import Entity, IntentScore, Understanding
from framework.policies.base import PolicyTrainingData
from framework.policies.ensemble import Ensemble
from framework.project.load import load_project
from framework.testing.conversation import Conversation
from tests.parity.random_talk import BOTS_FOLDER, conversations, digest

RECORDED = json.loads(Path(__file__).with_name("conversations.json").read_text())
CASES = [(bot, number) for bot, items in RECORDED.items() for number in range(len(items))]
MEMORY = {"financial-demo": "augmented_memory"}


class StandIn(Action):
    """Stands for the action server: validation keeps what it gets, all else does nothing."""

    def __init__(self, name):
        self.name = name

    async def run(self, ctx):
        found = []
        if self.name.startswith("validate_"):
            for event in reversed(ctx.tracker.events):
                if not isinstance(event, SlotSet):
                    break
                found.insert(0, event)
        for event in found:
            ctx.set_slot(event.name, event.value)


class Given:
    """Understands every message as it was recorded."""

    def parse(self, text, *, metadata=None):
        return self.meaning


def meaning(intent, entities):
    ranking = (
        IntentScore(name=intent, confidence=1.0),
        IntentScore(name="greet", confidence=0.1),
    )
    found = tuple(Entity(**entity) for entity in entities)
    return Understanding(text="words", ranking=ranking, entities=found)


def in_short(event):
    match event:
        case ActionExecuted():
            return event.name or event.action_text
        case ActionExecutionRejected():
            return f"{event.name} declines"
        case ActiveLoop():
            return f"loop {event.name}"
        case BotUttered():
            return "says"
        case LoopInterrupted():
            return f"interrupted {event.is_interrupted}"
        case SlotSet():
            return f"{event.name}={event.value!r}"
        case UserUttered():
            return "hears"
        case _:
            return None


@cache
def trained(bot):
    project = load_project(BOTS_FOLDER / bot)
    data = PolicyTrainingData(dialogues=dialogues(project), domain=project.domain)
    policies = [registry.find("policy", name)() for name in (MEMORY.get(bot, "memory"), "rules")]
    for policy in policies:
        list(policy.train(data))
    return project.domain, Ensemble(policies)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("bot", "number"),
    [(bot, number) for bot, items in RECORDED.items() for number in range(len(items))],
)
def test_bots_answer_as_with_rasas_engine(bot, number):
    domain, ensemble = trained(bot)
    nlu = Given()
    talk = Conversation(
        domain=domain,
        nlu=nlu,
        policies=ensemble,
        actions=[StandIn(name) for name in domain.actions if not name.startswith("utter_")],
    )
    recorded = RECORDED[bot][number].split()
    known = 0
    for turn, expected in zip(talks(bot)[number], recorded, strict=True):
        nlu.meaning = meaning(*turn)
        talk.say("words")
        events = talk.tracker.events
        done = [item for item in map(in_short, events[known:]) if item]
        assert digest(done) == expected, (turn, done)
        known = len(events)


@cache
def talks(bot):
    return conversations(bot)
