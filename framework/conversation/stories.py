"""Dialogues from stories and rules as the events of a conversation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from framework.conversation.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from framework.conversation.state import ACTION_LISTEN, NOT_SET
from framework.data.dialogues import Dialogue, PlainStep
from framework.data.sameness import entities, slots_of, stated_value
from framework.data.utterances import base_intent
from framework.nlu import payload
from framework.nlu.types import Entity, IntentScore, Understanding
from framework.project.schema.domain import Domain
from framework.project.schema.stories import ActionStep, BotStep, LoopStep, SlotStep, UserStep

SNIPPET = "..."
"""Stands for whatever happened before a rule, and after one that doesn't wait for the user."""


def story_events(dialogue: Dialogue, domain: Domain) -> tuple[Event, ...]:
    """Give the events of a dialogue, with what stories leave unsaid.

    The bot listens before each user message and at the end, entities of user messages fill slots,
    and a rule begins and ends with `...` where it begins or ends in the midst of a conversation.
    """
    is_rule = dialogue.kind == "rule"
    events: list[Event] = []
    for condition in dialogue.conditions:
        events.extend(_events_of_step(condition, domain, is_rule=is_rule))
    if is_rule and not dialogue.conversation_start:
        events.append(ActionExecuted(name=SNIPPET))
    for step in dialogue.steps:
        if isinstance(step, UserStep) and not _is_listening(events):
            events.append(ActionExecuted(name=ACTION_LISTEN))
        events.extend(_events_of_step(step, domain, is_rule=is_rule))
    if is_rule and not dialogue.wait_for_user_input:
        events.append(ActionExecuted(name=SNIPPET))
    if (is_rule or dialogue.wait_for_user_input) and not _is_listening(events):
        events.append(ActionExecuted(name=ACTION_LISTEN))
    return tuple(events)


def is_unpredictable(events: Sequence[Event], place: int) -> bool:
    """Tell whether an action can't be learned: the story begins with it, so nothing leads to it."""
    event = events[place]
    return (
        isinstance(event, ActionExecuted)
        and event.name != ACTION_LISTEN
        and not any(isinstance(earlier, ActionExecuted) for earlier in events[:place])
    )


def user_message(step: UserStep, domain: Domain) -> UserUttered:
    """Give the message of a user step as if the NLU had understood it without fault."""
    intent = None if step.intent is None else base_intent(step.intent)
    understanding = Understanding(
        text=step.text or "",
        ranking=() if intent is None else (IntentScore(name=intent, confidence=1.0),),
        entities=_entities(step, domain),
    )
    return UserUttered(text=step.text, understanding=understanding)


def _events_of_step(step: PlainStep, domain: Domain, *, is_rule: bool) -> Iterator[Event]:
    """Give the events of one step; in a rule, None means that a slot or form must not be set."""
    unset = NOT_SET if is_rule else None
    if isinstance(step, UserStep):
        message = user_message(step, domain)
        yield message
        for name, value in slots_of(message.understanding.entities, domain).items():
            yield SlotSet(name=name, value=value)
    elif isinstance(step, ActionStep):
        yield ActionExecuted(name=step.action)
    elif isinstance(step, BotStep):
        yield ActionExecuted(name=None, action_text=step.text)
    elif isinstance(step, LoopStep):
        yield ActiveLoop(name=unset if step.name is None else step.name)
    elif isinstance(step, SlotStep):
        for item in step.slots:
            value = stated_value(item, domain)
            yield SlotSet(name=item.slot, value=unset if value is None else value)


def _entities(step: UserStep, domain: Domain) -> tuple[Entity, ...]:
    if step.text is not None and step.text.startswith(payload.PREFIX) and not step.annotations:
        stated = payload.read(step.text, domain)
        return () if stated is None else stated.entities
    if step.text is not None:
        return tuple(
            Entity(
                entity=mark.entity,
                value=mark.value,
                start=mark.start,
                end=mark.end,
                role=mark.role,
                group=mark.group,
            )
            for mark in step.annotations
        )
    return tuple(
        Entity(
            entity=item.entity,
            value=item.value,
            start=0,
            end=0,
            role=item.role,
            group=item.group,
        )
        for item in entities(step)
    )


def _is_listening(events: Sequence[Event]) -> bool:
    return (
        bool(events)
        and isinstance(last := events[-1], ActionExecuted)
        and (last.name == ACTION_LISTEN)
    )
