"""Dialogues from stories and rules as the events of a conversation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from framework.conversation.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from framework.conversation.state import NOT_SET
from framework.data.dialogues import Dialogue, PlainStep
from framework.data.sameness import entities, slots_of, stated_value
from framework.data.utterances import base_intent
from framework.nlu import payload
from framework.nlu.types import Entity, IntentScore, Understanding
from framework.project.schema.domain import Domain
from framework.project.schema.names import LISTEN, SNIPPET
from framework.project.schema.stories import ActionStep, BotStep, LoopStep, SlotStep, UserStep

_Point = TypeVar("_Point")
_SNIPPET = ActionExecuted(name=SNIPPET)
_LISTEN = ActionExecuted(name=LISTEN)


def story_events(dialogue: Dialogue, domain: Domain) -> tuple[Event, ...]:
    """Give the events of a dialogue, with what stories leave unsaid.

    The bot listens before each user message and at the end, entities of user messages fill slots,
    and a rule begins and ends with `...` where it begins or ends in the midst of a conversation.
    """
    return Storyteller(domain).events(dialogue)


class Storyteller:
    """Gives the events of many dialogues: of a step that several share they are the same objects.

    That lets a `Path` see how far two dialogues go alike.
    """

    def __init__(self, domain: Domain) -> None:
        """Tell dialogues of a domain."""
        self._domain = domain
        self._told: dict[tuple[int, bool], tuple[PlainStep, tuple[Event, ...]]] = {}

    def events(self, dialogue: Dialogue) -> tuple[Event, ...]:
        """Give the events of a dialogue, as `story_events` does."""
        is_rule = dialogue.kind == "rule"
        events: list[Event] = []
        for condition in dialogue.conditions:
            events.extend(self._events_of_step(condition, is_rule=is_rule))
        if is_rule and not dialogue.conversation_start:
            events.append(_SNIPPET)
        for step in dialogue.steps:
            if isinstance(step, UserStep) and not _is_listening(events):
                events.append(_LISTEN)
            events.extend(self._events_of_step(step, is_rule=is_rule))
        if is_rule and not dialogue.wait_for_user_input:
            events.append(_SNIPPET)
        if (is_rule or dialogue.wait_for_user_input) and not _is_listening(events):
            events.append(_LISTEN)
        return tuple(events)

    def step_of(self, dialogue: Dialogue, before: Sequence[Event], event: Event) -> int:
        """Give the number of the step that an event of a dialogue is from.

        Args:
            dialogue: as told before.
            before: those of its events that come before.
            event: the one asked about; for one that stories leave unsaid, it is the step before.
        """
        places = defaultdict(list)
        for number, step in enumerate(dialogue.steps):
            for told in self._events_of_step(step, is_rule=dialogue.kind == "rule"):
                places[id(told)].append(number)
        events = [each for each in (*before, event) if id(each) in places]
        if not events:
            return 0
        times = sum(each is events[-1] for each in events)  # loops tell a step several times
        return places[id(events[-1])][times - 1]

    def _events_of_step(self, step: PlainStep, *, is_rule: bool) -> tuple[Event, ...]:
        key = id(step), is_rule
        if key not in self._told:  # the step is kept, too: its id must not be given to another
            self._told[key] = step, tuple(_events_of_step(step, self._domain, is_rule=is_rule))
        return self._told[key][1]


class Path(Generic[_Point]):
    """Follows dialogues of one `Storyteller`; where two in a row begin alike, this once."""

    def __init__(self, move: Callable[[Sequence[Event], int, _Point | None], _Point]) -> None:
        """Make the path.

        Args:
            move: gives what is known after an event from all events, its place, and what was known
                before it, which is None at the beginning; must not depend on later events.
        """
        self._move = move
        self._events: Sequence[Event] = ()
        self._points: list[_Point] = []

    def follow(self, events: Sequence[Event]) -> Iterator[_Point]:
        """Give what is known after each event."""
        del self._points[_shared_beginning(self._events, events) :]
        self._events = events
        for place in range(len(events)):
            if place == len(self._points):
                before = self._points[-1] if place else None
                self._points.append(self._move(events, place, before))
            yield self._points[place]

    def forget(self) -> None:
        """Follow the next dialogue from its beginning."""
        self._points.clear()


def _shared_beginning(events: Sequence[Event], others: Sequence[Event]) -> int:
    pairs = enumerate(zip(events, others, strict=False))
    alike = min(len(events), len(others))
    return next((place for place, (event, other) in pairs if event is not other), alike)


def is_unpredictable(events: Sequence[Event], place: int) -> bool:
    """Tell whether an action can't be learned: the story begins with it, so nothing leads to it."""
    event = events[place]
    return (
        isinstance(event, ActionExecuted)
        and event.name != LISTEN
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
        Entity(entity=item.entity, value=item.value, role=item.role, group=item.group)
        for item in entities(step)
    )


def _is_listening(events: Sequence[Event]) -> bool:
    return bool(events) and isinstance(last := events[-1], ActionExecuted) and (last.name == LISTEN)
