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
from framework.policies.unexpected import UnexpectedIntentPolicy
from framework.project.load import load_project
from framework.testing.conversation import Conversation
from tests.parity.random_talk import OWN_BOTS, conversations, digest, folder_of, is_surprise

AUGMENTED = ("financial-demo", "surprised")


def cases(file):
    recorded = json.loads(Path(__file__).with_name(file).read_text())
    for bot, talks in recorded.items():
        marks = [] if (OWN_BOTS / bot).is_dir() else [pytest.mark.shared]
        for number, talk in enumerate(talks):
            yield pytest.param(bot, number, talk.split(), id=f"{bot}-{number}", marks=marks)


class Lot(UnexpectedIntentPolicy):
    """Finds messages unexpected by lot."""

    turn = 0

    def likelier_than(self, intent, tracker, domain):
        return "another" if is_surprise(self.turn, intent) else None


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
    project = load_project(folder_of(bot))
    data = PolicyTrainingData(dialogues=dialogues(project), domain=project.domain)
    memory = "augmented_memory" if bot in AUGMENTED else "memory"
    policies = [registry.find("policy", name)() for name in (memory, "rules")]
    for policy in policies:
        list(policy.train(data))
    return project.domain, policies


@pytest.mark.parametrize(("bot", "number", "recorded"), list(cases("conversations.json")))
def test_bots_answer_as_with_rasas_engine(bot, number, recorded):
    _compare(bot, number, recorded, ())


@pytest.mark.parametrize(("bot", "number", "recorded"), list(cases("surprises.json")))
def test_bots_take_what_is_unexpected_as_with_rasas_engine(bot, number, recorded):
    _compare(bot, number, recorded, [Lot()])


def _compare(bot, number, recorded, others):
    domain, policies = trained(bot)
    nlu = Given()
    talk = Conversation(
        domain=domain,
        nlu=nlu,
        policies=Ensemble([*others, *policies]),
        actions=[StandIn(name) for name in domain.actions if not name.startswith("utter_")],
    )
    known = 0
    for Lot.turn, (turn, expected) in enumerate(zip(talks(bot)[number], recorded, strict=True)):
        nlu.meaning = meaning(*turn)
        talk.say("words")
        events = talk.tracker.events
        done = [item for item in map(in_short, events[known:]) if item]
        assert digest(done) == expected, (turn, done)
        known = len(events)


@cache
def talks(bot):
    return conversations(bot)
