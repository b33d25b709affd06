"""Slot mappings: what they name, and which of them can never apply."""

from __future__ import annotations

from collections.abc import Iterable

from framework.project.lint.names import Names
from framework.project.schema.domain import MappingCondition, Slot, SlotMapping
from framework.registry import did_you_mean


def check_mappings(names: Names) -> None:
    """Check how messages fill the slots."""
    for slot in names.domain.slots.values():
        for mapping in slot.mappings:
            _check_mapping(names, slot, mapping)
        _check_shadowed(names, slot)
    _check_shared_entities(names)


def _check_mapping(names: Names, slot: Slot, mapping: SlotMapping) -> None:
    by = f"a mapping of the slot {slot.name!r}"
    entities = names.domain.entities
    if mapping.type == "from_entity" and mapping.entity not in entities:
        names.findings.warning(
            "unknown-entity",
            f"{by} names the entity {mapping.entity!r}, which is not declared, so it never applies",
            where=mapping.where,
            hint=did_you_mean(mapping.entity or "", entities) or "add it under `entities:`",
        )
    for intent in (*mapping.intents, *mapping.not_intents):
        if intent not in names.domain.intents and intent not in names.domain.forms:
            names.findings.warning(
                "unknown-intent",
                f"{by} names the intent {intent!r}, which is not declared",
                where=mapping.where,
                hint=did_you_mean(intent, names.domain.intents) or "add it under `intents:`",
            )
    if mapping.action is not None and mapping.action not in names.actions:
        names.findings.warning(
            "unknown-action",
            f"{by} names the action {mapping.action!r}, which is not declared",
            where=mapping.where,
            hint=did_you_mean(mapping.action, names.actions) or "add it under `actions:`",
        )
    if mapping.type == "from_text" and not mapping.conditions and not mapping.intents:
        names.findings.warning(
            "greedy-from-text",
            f"the slot {slot.name!r} takes the text of every message, since its mapping from_text "
            "has no conditions",
            where=mapping.where,
            hint="add `conditions: [{active_loop: <form>, requested_slot: "
            f"{slot.name}}}]`, or an `intent`",
        )
    for condition in mapping.conditions:
        _check_condition(names, slot, mapping, condition)


def _check_condition(
    names: Names, slot: Slot, mapping: SlotMapping, condition: MappingCondition
) -> None:
    by = f"a condition of the slot {slot.name!r}"
    loop = condition.active_loop
    if loop is not None and loop not in names.domain.forms:
        names.findings.error(
            "unknown-form",
            f"{by} names the form {loop!r}, which is not declared",
            where=mapping.where,
            hint=did_you_mean(loop, names.domain.forms) or "add it under `forms:`",
        )
    elif loop is not None and mapping.type != "from_trigger_intent":
        required = names.domain.forms[loop].required_slots
        if required and slot.name not in required:
            names.findings.warning(
                "slot-not-in-form",
                f"{by} names the form {loop!r}, which doesn't ask for the slot",
                where=mapping.where,
                hint=f"add {slot.name} to `required_slots` of the form, or remove the condition",
            )
    asked = condition.requested_slot
    if asked is not None and asked not in names.domain.slots:
        names.findings.warning(
            "unknown-slot",
            f"{by} names the slot {asked!r}, which is not declared, so it never applies",
            where=mapping.where,
            hint=did_you_mean(asked, names.domain.slots) or "add it under `slots:`",
        )


def _check_shadowed(names: Names, slot: Slot) -> None:
    """Warn about a mapping that an earlier one of the same slot always comes before."""
    for index, later in enumerate(slot.mappings):
        earlier = next((one for one in slot.mappings[:index] if _shadows(one, later)), None)
        if earlier is not None:
            names.findings.warning(
                "shadowed-mapping",
                f"two mappings set the slot {slot.name!r} from the same message; the first one "
                "always wins, so this one never applies",
                where=later.where,
                hint=f"remove one, or give them different conditions; the first is at "
                f"{earlier.where}",
            )


def _shadows(first: SlotMapping, second: SlotMapping) -> bool:
    if first.type == "custom" or not _covers(first, second):
        return False
    if first.type == "from_text":
        return second.type != "custom"
    if first.type != second.type:
        return False
    if first.type == "from_entity":
        mine, theirs = (
            (mapping.entity, mapping.role, mapping.group) for mapping in (first, second)
        )
        return mine == theirs
    return bool(first.intents) or not second.intents


def _covers(first: SlotMapping, second: SlotMapping) -> bool:
    """Whether the first one's intents and conditions hold wherever the second one's do."""
    if first.conditions and not _includes(first.conditions, second.conditions):
        return False
    if first.intents:
        return bool(second.intents) and set(second.intents) <= set(first.intents)
    if second.intents:
        return not set(second.intents) & set(first.not_intents)
    return set(first.not_intents) <= set(second.not_intents)


def _includes(first: Iterable[MappingCondition], second: tuple[MappingCondition, ...]) -> bool:
    wider = {(one.active_loop, one.requested_slot) for one in first}
    return bool(second) and all(
        (one.active_loop, one.requested_slot) in wider or (one.active_loop, None) in wider
        for one in second
    )


def _check_shared_entities(names: Names) -> None:
    """Warn about an entity that sets two slots to the same value, whenever it is found."""
    first: dict[tuple[str | None, str | None, str | None], Slot] = {}
    for slot in names.domain.slots.values():
        for mapping in slot.mappings:
            if mapping.type != "from_entity" or mapping.conditions or mapping.intents:
                continue
            if mapping.not_intents:
                continue
            other = first.setdefault((mapping.entity, mapping.role, mapping.group), slot)
            if other is not slot:
                names.findings.warning(
                    "shared-entity",
                    f"the entity {mapping.entity!r} sets both the slot {other.name!r} and the slot "
                    f"{slot.name!r}, always to the same value",
                    where=mapping.where,
                    hint="tell them apart by roles, intents or conditions",
                )
