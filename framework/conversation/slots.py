"""How the last user message fills slots: every mapping type, condition and order of Rasa 3.x.

Slots are visited in the order of the domain and the mappings of a slot in theirs; the first
mapping that yields a value wins. Nothing here runs code of the bot: a `custom` mapping with an
action is answered with the wish to run it, which `action_extract_slots` fulfils.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from framework.conversation.events import SlotSet
from framework.conversation.tracker import Tracker
from framework.project.schema.domain import (
    REQUESTED_SLOT,
    Domain,
    MappingCondition,
    Slot,
    SlotMapping,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class AskAction:
    """The wish that a custom action fills a slot."""

    action: str


def fill(tracker: Tracker, domain: Domain) -> tuple[SlotSet, ...]:
    """Give the slots that the last user message fills, custom actions left out."""
    return tuple(found for found in extract(tracker, domain) if isinstance(found, SlotSet))


def extract(tracker: Tracker, domain: Domain) -> tuple[SlotSet | AskAction, ...]:
    """Give the slots that the last user message fills and the custom actions to run, in order.

    Every custom action comes once, at the first slot that names it.
    """
    found: list[SlotSet | AskAction] = []
    for slot in domain.slots.values():
        for item in _extract_slot(slot, tracker, domain):
            if isinstance(item, SlotSet) or item not in found:
                found.append(item)
    return tuple(found)


def _extract_slot(slot: Slot, tracker: Tracker, domain: Domain) -> Iterator[SlotSet | AskAction]:
    for mapping in slot.mappings:
        if not _applies(mapping, slot, tracker, domain):
            continue
        values = _values(mapping, tracker)
        if values:
            value = values if slot.type == "list" else values[-1]
            if value is not None or tracker.slots.get(slot.name) is not None:
                yield SlotSet(name=slot.name, value=value)
                return
        if mapping.type == "custom" and mapping.action:
            yield AskAction(action=mapping.action)


def _applies(mapping: SlotMapping, slot: Slot, tracker: Tracker, domain: Domain) -> bool:
    return (
        _names_exist(mapping, slot, domain)
        and _intent_fits(mapping, tracker, domain)
        and _conditions_hold(mapping, slot, tracker)
        and not _is_ambiguous(mapping, slot, tracker, domain)
    )


def _names_exist(mapping: SlotMapping, slot: Slot, domain: Domain) -> bool:
    missing = ""
    if mapping.type == "from_entity" and mapping.entity not in domain.entities:
        missing = f"entity {mapping.entity!r}"
    elif mapping.type == "from_intent":
        unknown = [intent for intent in mapping.intents if intent not in domain.intents]
        missing = f"intent {unknown[0]!r}" if unknown else ""
    if missing:
        logger.debug("a mapping of the slot %r names the unknown %s: skipped", slot.name, missing)
    return not missing


def _intent_fits(mapping: SlotMapping, tracker: Tracker, domain: Domain) -> bool:
    intent = latest_intent(tracker)
    if mapping.intents:
        return intent in mapping.intents
    return intent not in mapping.not_intents and intent not in _ignored(mapping, tracker, domain)


def _ignored(mapping: SlotMapping, tracker: Tracker, domain: Domain) -> tuple[str, ...]:
    loop = _loop_name(tracker)
    form = domain.forms.get(loop) if loop else None
    if form is None:
        return ()
    loops = [condition.active_loop for condition in mapping.conditions]
    return form.ignored_intents if not loops or loop in loops else ()


def _conditions_hold(mapping: SlotMapping, slot: Slot, tracker: Tracker) -> bool:
    if not mapping.conditions or mapping.type == "from_trigger_intent":
        return True
    loop = tracker.active_loop
    is_requested = tracker.slots.get(REQUESTED_SLOT) == slot.name
    if loop is not None and loop.rejected and is_requested:
        return False
    return any(_condition_holds(condition, tracker) for condition in mapping.conditions)


def _condition_holds(condition: MappingCondition, tracker: Tracker) -> bool:
    if condition.active_loop is None or condition.active_loop != _loop_name(tracker):
        return condition.active_loop is None and tracker.active_loop is None
    wanted = condition.requested_slot
    return not wanted or wanted == tracker.slots.get(REQUESTED_SLOT)


def _is_ambiguous(mapping: SlotMapping, slot: Slot, tracker: Tracker, domain: Domain) -> bool:
    """Say whether an entity could fill several slots of the active form, this one not asked for."""
    loop = _loop_name(tracker)
    form = domain.forms.get(loop) if loop else None
    if mapping.type != "from_entity" or form is None or slot.name not in form.required_slots:
        return False
    if tracker.slots.get(REQUESTED_SLOT) == slot.name:
        return False
    alike = [
        other
        for name in form.required_slots
        if name in domain.slots
        for other in domain.slots[name].mappings
        if replace(other, where=None) == replace(mapping, where=None)
    ]
    return len(alike) > 1


def _values(mapping: SlotMapping, tracker: Tracker) -> list[Any]:
    match mapping.type:
        case "from_entity":
            return _entity_values(mapping, tracker)
        case "from_intent":
            return [mapping.value]
        case "from_trigger_intent":
            return [mapping.value] if _is_triggered(mapping, tracker) else []
        case "from_text":
            return [tracker.latest_message.text if tracker.latest_message else None]
        case _:
            return []


def _entity_values(mapping: SlotMapping, tracker: Tracker) -> list[Any]:
    message = tracker.latest_message
    return [
        entity.value
        for entity in (message.understanding.entities if message else ())
        if (entity.entity, entity.role, entity.group)
        == (mapping.entity, mapping.role, mapping.group)
    ]


def _is_triggered(mapping: SlotMapping, tracker: Tracker) -> bool:
    loop = _loop_name(tracker)
    loops = [condition.active_loop for condition in mapping.conditions]
    return loop is not None and (not loops or loop in loops)


def latest_intent(tracker: Tracker) -> str | None:
    """Give the intent of the last user message, None where there is none."""
    message = tracker.latest_message
    intent = message.understanding.intent if message else None
    return intent.name if intent else None


def _loop_name(tracker: Tracker) -> str | None:
    return tracker.active_loop.name if tracker.active_loop else None
