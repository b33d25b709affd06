"""Which dialogues look the same to every policy, although they are written differently."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Protocol

from framework.data.dialogues import Dialogue, PlainStep
from framework.data.slot_features import is_featurized, slot_features
from framework.data.utterances import base_intent
from framework.project.schema.domain import Domain, SlotMapping
from framework.project.schema.stories import (
    ActionStep,
    BotStep,
    LoopStep,
    SlotValue,
    StepEntity,
    UserStep,
)

FILLED = "filled"
"""What a text or list slot holds where a story names it without a value."""


class Sameness:
    """Numbers the ways of a conversation: equal numbers mean equal to policies."""

    def __init__(self, domain: Domain, *, is_rule: bool) -> None:
        """Start with the empty way, which has the number 0."""
        self._domain = domain
        self._is_rule = is_rule
        self._numbers: dict[tuple[int, Hashable], int] = {}

    def after(self, number: int, step: PlainStep) -> int:
        """Give the number of a way after one more step."""
        seen = self._seen(step)
        if seen is None:
            return number
        return self._numbers.setdefault((number, seen), len(self._numbers) + 1)

    def of(self, dialogue: Dialogue, number: int) -> Hashable:
        """Give what a whole dialogue is to policies; `number` is that of its steps."""
        conditions = tuple(self._seen(step) for step in dialogue.conditions)
        return number, conditions, dialogue.conversation_start, dialogue.wait_for_user_input

    def _seen(self, step: PlainStep) -> Hashable | None:
        """Give what policies see of a step; None where they see nothing."""
        if isinstance(step, UserStep):
            return self._seen_of_user(step)
        if isinstance(step, ActionStep):
            return "action", step.action
        if isinstance(step, BotStep):
            return "bot", step.text
        if isinstance(step, LoopStep):
            return "loop", step.name
        seen = tuple(filter(None, map(self._seen_of_slot, step.slots)))
        return ("slots", seen) if seen else None

    def _seen_of_user(self, step: UserStep) -> Hashable:
        if step.intent is None:
            return "text", step.text
        labels = sorted(
            (entity.entity, entity.role or "", entity.group or "") for entity in entities(step)
        )
        slots = tuple(
            self._seen_of_slot(SlotValue(slot=name, value=value))
            for name, value in entity_slots(step, self._domain).items()
        )
        return "intent", base_intent(step.intent), tuple(labels), slots

    def _seen_of_slot(self, item: SlotValue) -> Hashable | None:
        slot = self._domain.slots.get(item.slot)
        if slot is None or not is_featurized(slot):
            return None
        value = stated_value(item, self._domain)
        return item.slot, slot_features(slot, value), value is None and self._is_rule


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
