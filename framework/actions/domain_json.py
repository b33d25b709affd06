"""The domain as action servers expect it: Rasa's keys, as in `domain.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from framework.project.schema.domain import (
    ActionDeclaration,
    Domain,
    EntityType,
    Form,
    Intent,
    MappingCondition,
    Slot,
    SlotMapping,
)
from framework.project.write.responses import write_variations


def domain_to_json(domain: Domain) -> dict[str, Any]:
    """Give the domain; what Frame adds silently and has no place in a file is left out."""
    parts = {
        "version": "3.1",
        "session_config": {
            "session_expiration_time": domain.session.expiration_minutes,
            "carry_over_slots_to_new_session": domain.session.carry_over_slots,
        },
        "intents": [_intent(intent) for intent in domain.intents.values()],
        "entities": [_entity(entity) for entity in domain.entities.values()],
        "slots": {name: _slot(slot) for name, slot in domain.slots.items() if slot.mappings},
        "responses": {
            name: list(write_variations(item)) for name, item in domain.responses.items()
        },
        "actions": [_action(action) for action in domain.actions.values()],
        "forms": {name: _form(form) for name, form in domain.forms.items()},
        "e2e_actions": list(domain.e2e_actions),
    }
    return {key: value for key, value in parts.items() if value}


def _intent(intent: Intent) -> Any:
    options: dict[str, Any] = {}
    if intent.use_entities is not None:
        options["use_entities"] = list(intent.use_entities)
    if intent.ignore_entities:
        options["ignore_entities"] = list(intent.ignore_entities)
    return {intent.name: options} if options else intent.name


def _entity(entity: EntityType) -> Any:
    options = _filled({"roles": list(entity.roles), "groups": list(entity.groups)})
    if not entity.influence_conversation:
        options["influence_conversation"] = False
    return {entity.name: options} if options else entity.name


def _slot(slot: Slot) -> dict[str, Any]:
    options: dict[str, Any] = {
        "type": slot.custom_class or slot.type,
        "influence_conversation": slot.influence_conversation,
        "mappings": [_mapping(mapping) for mapping in slot.mappings],
    }
    if slot.initial_value is not None:
        options["initial_value"] = slot.initial_value
    if slot.type == "categorical":
        options["values"] = list(slot.values)
    if slot.type == "float":
        options |= {"min_value": slot.min_value, "max_value": slot.max_value}
    return options


def _mapping(mapping: SlotMapping) -> dict[str, Any]:
    return _filled(
        {
            "type": mapping.type,
            "entity": mapping.entity,
            "role": mapping.role,
            "group": mapping.group,
            "intent": list(mapping.intents),
            "not_intent": list(mapping.not_intents),
            "value": mapping.value,
            "action": mapping.action,
            "conditions": [_condition(condition) for condition in mapping.conditions],
        }
    )


def _condition(condition: MappingCondition) -> dict[str, Any]:
    requested = condition.requested_slot
    return {
        "active_loop": condition.active_loop,
        **({"requested_slot": requested} if requested else {}),
    }


def _form(form: Form) -> dict[str, Any]:
    ignored = {"ignored_intents": list(form.ignored_intents)} if form.ignored_intents else {}
    return {"required_slots": list(form.required_slots), **ignored}


def _action(action: ActionDeclaration) -> Any:
    return {action.name: {"send_domain": True}} if action.send_domain else action.name


def _filled(options: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what isn't given; `false` and 0 are values."""
    return {key: _lists(value) for key, value in options.items() if _is_given(value)}


def _is_given(value: Any) -> bool:
    return value is not None and value not in ("", [], {}, ())


def _lists(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
