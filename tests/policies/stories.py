"""Short ways to write dialogues, and to train and ask policies."""

from framework.data.dialogues import Dialogue
from framework.errors import Location
from framework.policies.base import PolicyTrainingData
from framework.project.schema.stories import (
    ActionStep,
    BotStep,
    LoopStep,
    SlotStep,
    SlotValue,
    StepEntity,
    UserStep,
)


def says(intent, *entities):
    found = tuple(StepEntity(entity=name, value="v") for name in entities)
    return UserStep(intent=intent, entities=found)


def types(text):
    return UserStep(text=text)


def does(name):
    return ActionStep(action=name)


def replies(text):
    return BotStep(text=text)


def loop(name):
    return LoopStep(name=name)


def was_set(*names, **values):
    bare = (SlotValue(slot=name, has_value=False) for name in names)
    return SlotStep(slots=(*bare, *(SlotValue(slot=n, value=v) for n, v in values.items())))


def story(name, *steps, **fields):
    where = Location(file="stories.yml", line=3)
    return Dialogue(name=name, kind="story", steps=steps, where=where, **fields)


def rule(name, *steps, line=5, **fields):
    where = Location(file="rules.yml", line=line)
    return Dialogue(name=name, kind="rule", steps=steps, where=where, **fields)


def train(policy, domain, *dialogues):
    data = PolicyTrainingData(dialogues=dialogues, domain=domain)
    list(policy.train(data))
    return type(policy).load(policy, policy.save(), domain)
