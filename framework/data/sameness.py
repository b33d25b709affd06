"""Which dialogues look the same to every policy, although they are written differently."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from framework.data.dialogues import Dialogue, PlainStep
from framework.data.slot_features import is_featurized, slot_features
from framework.data.utterances import base_intent
from framework.project.schema.domain import Domain, SlotMapping
from framework.project.schema.names import LISTEN
from framework.project.schema.stories import (
    ActionStep,
    BotStep,
    LoopStep,
    SlotValue,
    StepEntity,
    UserStep,
)

UNSET = "unset"
"""Stands for what a rule says must not be set."""

FILLED = "filled"
"""What a text or list slot holds where a story names it without a value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What policies have seen of a way through a conversation.

    Attributes:
        number: stands for what counts of everything up to the last action.
        message: the last user message.
        slots: what is seen of the slots, sorted by name.
        loop: the last form that became active, or that none is.
    """

    number: int = 0
    message: Hashable = None
    slots: tuple[tuple[str, Hashable], ...] = ()
    loop: str | None = None


class Sameness:
    """Follows ways through a conversation: what is seen of equal ones is equal."""

    def __init__(self, domain: Domain, *, is_rule: bool, window: int | None = None) -> None:
        """Follow ways.

        Args:
            domain: the bot's domain.
            is_rule: whether they are of rules, where also slots count that were given no value.
            window: how many of the latest states count outside forms; None for all.
        """
        self._domain = domain
        self._is_rule = is_rule
        self._window = window
        self._numbers: dict[Hashable, int] = {}
        self._pasts: dict[int, tuple[Hashable, ...]] = {}
        self.beginning = Seen() if is_rule else Seen(slots=tuple(self._initial_slots()))

    def after(self, seen: Seen, step: PlainStep) -> Seen:
        """Give what is seen after one more step."""
        if isinstance(step, UserStep):
            listening = self._after_action(seen, LISTEN)
            slots = self._with_slots(seen.slots, entity_slots(step, self._domain))
            return replace(listening, message=self._message(step), slots=slots)
        if isinstance(step, ActionStep):
            return self._after_action(seen, step.action)
        if isinstance(step, BotStep):
            return self._after_action(seen, ("text", step.text))
        if isinstance(step, LoopStep):
            return replace(seen, loop=step.name or (UNSET if self._is_rule else None))
        stated = {item.slot: stated_value(item, self._domain) for item in step.slots}
        return replace(seen, slots=self._with_slots(seen.slots, stated))

    def of(self, dialogue: Dialogue, *, known: Seen | None = None) -> Hashable:
        """Give what is seen of a whole dialogue.

        Args:
            dialogue: the dialogue.
            known: what is seen after its steps, where they were followed before.
        """
        seen = self.beginning
        for condition in dialogue.conditions:
            seen = self.after(seen, condition)
        conditions = (seen.slots, seen.loop)
        if known is not None:
            seen = known
        else:
            for step in dialogue.steps:
                seen = self.after(seen, step)
        return conditions, seen, dialogue.conversation_start, dialogue.wait_for_user_input

    def _after_action(self, seen: Seen, action: Hashable) -> Seen:
        if self._window is None:
            number = self._numbers.setdefault((seen, action), len(self._numbers) + 1)
            return replace(seen, number=number)
        past = (*self._pasts.get(seen.number, ()), (replace(seen, number=0), action))
        if not seen.loop:
            past = past[-self._window :]
        number = self._numbers.setdefault(past, len(self._numbers) + 1)
        self._pasts[number] = past
        return replace(seen, number=number)

    def _initial_slots(self) -> Iterator[tuple[str, Hashable]]:
        for name, slot in sorted(self._domain.slots.items()):
            features = slot_features(slot, slot.initial_value)
            if any(features):
                yield name, features

    def _with_slots(
        self, slots: tuple[tuple[str, Hashable], ...], stated: Mapping[str, Any]
    ) -> tuple[tuple[str, Hashable], ...]:
        changed = dict(slots)
        for name, value in stated.items():
            slot = self._domain.slots.get(name)
            if slot is None or not is_featurized(slot):
                continue
            features = slot_features(slot, value)
            changed.pop(name, None)
            if self._is_rule and value is None:
                changed[name] = UNSET
            elif any(features):
                changed[name] = features
        return tuple(sorted(changed.items()))

    @staticmethod
    def _message(step: UserStep) -> Hashable:
        if step.intent is None:
            return "text", step.text
        labels = {(item.entity, item.role or "", item.group or "") for item in entities(step)}
        return "intent", base_intent(step.intent), tuple(sorted(labels))


def entities(step: UserStep) -> tuple[StepEntity, ...]:
    """Give the entities of a user step: those marked in its text, or without a text those listed.

    A listed entity without a value has the empty text as its value.
    """
    if step.text is None:
        return tuple(
            StepEntity(
                entity=item.entity,
                value="" if item.value is None else item.value,
                role=item.role,
                group=item.group,
            )
            for item in step.entities
        )
    return tuple(
        StepEntity(entity=item.entity, value=item.value, role=item.role, group=item.group)
        for item in step.annotations
    )


class _Found(Protocol):
    """What slots are filled from: an entity of a step, or one that the NLU found."""

    @property
    def entity(self) -> str: ...
    @property
    def value(self) -> Any: ...
    @property
    def role(self) -> str | None: ...
    @property
    def group(self) -> str | None: ...


def entity_slots(step: UserStep, domain: Domain) -> dict[str, Any]:
    """Give the slots that the entities of a user step fill outside forms."""
    return slots_of(entities(step), domain)


def slots_of(found: Sequence[_Found], domain: Domain) -> dict[str, Any]:
    """Give the slots that entities fill outside forms, in domain order."""
    result: dict[str, Any] = {}
    for slot in domain.slots.values() if found else ():
        values = [
            entity.value
            for mapping in slot.mappings
            if mapping.type == "from_entity" and not _is_for_a_form(mapping)
            for entity in found
            if (entity.entity, entity.role, entity.group)
            == (mapping.entity, mapping.role, mapping.group)
        ]
        if values:
            result[slot.name] = values if slot.type == "list" else values[-1]
    return result


def _is_for_a_form(mapping: SlotMapping) -> bool:
    return bool(mapping.conditions) and mapping.conditions[0].active_loop is not None


def stated_value(item: SlotValue, domain: Domain) -> Any:
    """Give the value that a step states; of a slot that is only named, what stands for one."""
    if item.has_value:
        return item.value
    slot = domain.slots.get(item.slot)
    return None if slot is None else {"text": FILLED, "list": [FILLED]}.get(slot.type)
