"""What the domain holds without being written: default intents and slots, format 2.0 mappings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from framework.project.findings import Findings
from framework.project.read.domain import DomainCollector
from framework.project.schema.domain import (
    DEFAULT_INTENTS,
    REQUESTED_SLOT,
    RESPONSE_PREFIX,
    SESSION_METADATA_SLOT,
    ActionDeclaration,
    Domain,
    Intent,
    SessionConfig,
    Slot,
    SlotMapping,
)
from framework.project.schema.nlu import NluData

KNOWLEDGE_BASE_ACTION = "action_query_knowledge_base"
KNOWLEDGE_BASE_SLOTS = (
    "knowledge_base_listed_objects",
    "knowledge_base_last_object",
    "knowledge_base_last_object_type",
)


def complete_domain(collector: DomainCollector, nlu: NluData, findings: Findings) -> Domain:
    """Make the domain of what all files declare, and add what Rasa adds silently."""
    retrieval = _retrieval_intents(collector, nlu)
    return Domain(
        intents=_intents(collector, retrieval),
        entities=dict(collector.entities),
        slots=_slots(collector, findings),
        forms=dict(collector.forms),
        responses=dict(collector.responses),
        actions=_actions(collector, retrieval),
        e2e_actions=tuple(collector.e2e_actions),
        session=collector.session or SessionConfig(),
    )


def _retrieval_intents(collector: DomainCollector, nlu: NluData) -> tuple[str, ...]:
    """Base names of intents with `name/key` examples, in the order of the data."""
    found = (example.intent.split("/", 1)[0] for example in nlu.examples if "/" in example.intent)
    declared = (name for name, intent in collector.intents.items() if intent.is_retrieval)
    return tuple(name for name in dict.fromkeys((*found, *declared)) if name)


def _intents(collector: DomainCollector, retrieval: tuple[str, ...]) -> Mapping[str, Intent]:
    intents = {
        name: replace(intent, is_retrieval=True) if name in retrieval else intent
        for name, intent in collector.intents.items()
    }
    for name in retrieval:
        intents.setdefault(name, Intent(name=name, is_retrieval=True))
    for name in DEFAULT_INTENTS:
        intents.setdefault(name, Intent(name=name))
    return intents


def _actions(
    collector: DomainCollector, retrieval: tuple[str, ...]
) -> Mapping[str, ActionDeclaration]:
    actions = dict(collector.actions)
    for name in (f"{RESPONSE_PREFIX}{intent}" for intent in retrieval):
        actions.setdefault(name, ActionDeclaration(name=name))
    return actions


def _slots(collector: DomainCollector, findings: Findings) -> Mapping[str, Slot]:
    slots = {
        name: _with_old_mappings(slot, collector, findings)
        for name, slot in collector.slots.items()
    }
    for name, mappings in collector.form_slots.items():
        if name not in slots:
            slots[name] = Slot(
                name=name,
                type="any",
                influence_conversation=False,
                mappings=tuple(mappings),
                where=mappings[0].where,
            )
    if collector.forms:
        slots.setdefault(REQUESTED_SLOT, _hidden(REQUESTED_SLOT))
    if KNOWLEDGE_BASE_ACTION in collector.actions:
        for name in KNOWLEDGE_BASE_SLOTS:
            slots.setdefault(name, _hidden(name))
    metadata = Slot(name=SESSION_METADATA_SLOT, type="any", influence_conversation=False)
    slots.setdefault(SESSION_METADATA_SLOT, metadata)
    return slots


def _hidden(name: str) -> Slot:
    return Slot(name=name, type="text", influence_conversation=False)


def _with_old_mappings(slot: Slot, collector: DomainCollector, findings: Findings) -> Slot:
    """Give a format 2.0 slot the mappings that `rasa data migrate` would write."""
    from_forms = tuple(collector.form_slots.get(slot.name, ()))
    if slot.name not in collector.unfilled:
        return replace(slot, mappings=slot.mappings + from_forms) if from_forms else slot
    mappings = from_forms
    if collector.unfilled[slot.name] and slot.name in collector.entities:
        mappings += (SlotMapping(type="from_entity", entity=slot.name, where=slot.where),)
        written = f"mappings: [{{type: from_entity, entity: {slot.name}}}]"
    else:
        written = "mappings: [{type: custom}]"
    if not from_forms:
        findings.warning(
            "missing-mappings",
            f"the slot {slot.name!r} has no `mappings`, which format 3.0 requires",
            where=slot.where,
            hint=f"it is read as if it had: {written}",
        )
    return replace(slot, mappings=mappings or (SlotMapping(type="custom", where=slot.where),))
