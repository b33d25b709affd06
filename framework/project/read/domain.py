"""The keys of the domain, from all files that have any, merged into one `Domain`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from framework.project.findings import Findings
from framework.project.read.forms import FormSlots, read_forms
from framework.project.read.responses import Mention, read_responses
from framework.project.read.slots import auto_fill_is_off, read_slot
from framework.project.reader import Reader
from framework.project.schema.domain import (
    ActionDeclaration,
    EntityType,
    Form,
    Intent,
    Response,
    SessionConfig,
    Slot,
)
from framework.project.yaml.nodes import MappingNode, Node, ScalarNode, describe, is_null, plain

DOMAIN_KEYS = (
    "intents",
    "entities",
    "slots",
    "forms",
    "responses",
    "actions",
    "e2e_actions",
    "session_config",
)
_INTENT_KEYS = (
    "use_entities",
    "ignore_entities",
    "threshold",
    "triggers",
    "used_entities",
    "is_retrieval_intent",
)
_ENTITY_KEYS = ("roles", "groups", "influence_conversation")

Declared = TypeVar("Declared", Intent, EntityType, Slot, Form, Response, ActionDeclaration)


@dataclass
class DomainCollector:
    """What the files read so far declare.

    Attributes:
        unfilled: slots of format 2.0 without mappings, with whether entities fill them.
        form_slots: slot mappings that format 2.0 kept in forms.
        mentions: placeholders and payloads inside responses.
    """

    intents: dict[str, Intent] = field(default_factory=dict)
    entities: dict[str, EntityType] = field(default_factory=dict)
    slots: dict[str, Slot] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)
    actions: dict[str, ActionDeclaration] = field(default_factory=dict)
    e2e_actions: dict[str, None] = field(default_factory=dict)
    session: SessionConfig | None = None
    unfilled: dict[str, bool] = field(default_factory=dict)
    form_slots: FormSlots = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)


def read_domain(
    reader: Reader, root: MappingNode, collector: DomainCollector, *, is_legacy: bool
) -> None:
    """Read the domain keys of one file into the collector.

    Args:
        reader: of the file.
        root: its top level.
        collector: takes what the file declares.
        is_legacy: whether the file is of format 2.0.
    """
    findings = reader.findings
    _declare(findings, "intent", collector.intents, _read_intents(reader, root.get("intents")))
    _declare(findings, "entity", collector.entities, _read_entities(reader, root.get("entities")))
    _read_slots(reader, root.get("slots"), collector, is_legacy=is_legacy)
    forms, form_slots = read_forms(reader, root.get("forms"), is_legacy=is_legacy)
    _declare(findings, "form", collector.forms, forms)
    for name, mappings in form_slots.items():
        collector.form_slots.setdefault(name, []).extend(mappings)
    responses = read_responses(reader, root.get("responses"), collector.mentions)
    _declare(findings, "response", collector.responses, responses)
    _declare(findings, "action", collector.actions, _read_actions(reader, root.get("actions")))
    for name in reader.names(root.get("e2e_actions"), "`e2e_actions`"):
        collector.e2e_actions.setdefault(name)
    _read_session(reader, root.get("session_config"), collector)
    _warn_config(reader, root)


def _declare(
    findings: Findings, kind: str, known: dict[str, Declared], found: Iterable[Declared]
) -> None:
    """Add declarations; the first of a name counts, as in Rasa.

    A second one in the same file is an error, in another file a warning.
    """
    for declared in found:
        first = known.get(declared.name)
        if first is None:
            known[declared.name] = declared
            continue
        here, there = declared.where, first.where
        same_file = here is not None and there is not None and here.file == there.file
        findings.add(
            "error" if same_file else "warning",
            f"duplicate-{kind}",
            f"the {kind} {declared.name!r} is declared twice; the first one counts",
            where=here,
            hint=f"the first one is at {there}",
        )


def _named(
    reader: Reader, item: Node, kind: str
) -> Iterator[tuple[ScalarNode, MappingNode | None]]:
    """Give name and properties of a list item: `- greet`, or `- greet: {…}`."""
    if isinstance(item, ScalarNode):
        if reader.name(item, f"the name of an {kind}") is not None:
            yield item, None
        return
    if not isinstance(item, MappingNode):
        reader.error(
            "wrong-type",
            f"an {kind} must be a name, not {describe(item)}",
            item,
            hint="write `- name`, or `- name: …` with its properties",
        )
        return
    for key, value in item.items():
        if is_null(value):
            reader.error(
                "empty-properties",
                f"the {kind} {key.text!r} is followed by a colon but has no properties",
                key,
                hint=f"remove the colon: `- {key.text}`",
            )
            yield key, None
        elif kind == "entity" and not isinstance(value, MappingNode):
            reader.warning(
                "ignored-properties",
                f"the entity {key.text!r} takes properties, not {describe(value)}: it is ignored",
                value,
                hint="properties are `roles`, `groups` and `influence_conversation`",
            )
            yield key, None
        else:
            yield key, reader.mapping(value, f"the {kind} {key.text!r}")


def _read_intents(reader: Reader, node: Node | None) -> Iterator[Intent]:
    for item in reader.sequence(node, "`intents:`"):
        for key, properties in _named(reader, item, "intent"):
            name = key.text.strip()
            if properties is None:
                yield Intent(name=name, where=reader.where(key))
            else:
                yield _read_intent(reader, name, key, properties)


def _read_intent(reader: Reader, name: str, key: ScalarNode, properties: MappingNode) -> Intent:
    what = f"the intent {name!r}"
    reader.check_keys(properties, _INTENT_KEYS, what, severity="warning")
    if "triggers" in properties:
        action = plain(properties.get("triggers"))
        reader.warning(
            "removed-key",
            f"{what} uses `triggers`, which Rasa 3.0 removed with the MappingPolicy",
            properties.entries["triggers"][0],
            hint=f"write a rule: steps `- intent: {name}`, `- action: {action}`",
        )
    threshold = properties.get("threshold")
    return Intent(
        name=name,
        use_entities=_read_use_entities(reader, properties, what),
        ignore_entities=reader.names(
            properties.get("ignore_entities"), f"`ignore_entities` of {what}"
        ),
        is_retrieval=plain(properties.get("is_retrieval_intent")) is True,
        threshold=None
        if threshold is None
        else reader.number(threshold, f"`threshold` of {what}", default=0.0),
        where=reader.where(key),
    )


def _read_use_entities(
    reader: Reader, properties: MappingNode, what: str
) -> tuple[str, ...] | None:
    node = properties.get("use_entities")
    value = plain(node)
    if node is None or value is True:
        return None
    if not value:
        return ()
    return reader.names(node, f"`use_entities` of {what}")


def _read_entities(reader: Reader, node: Node | None) -> Iterator[EntityType]:
    for item in reader.sequence(node, "`entities:`"):
        for key, properties in _named(reader, item, "entity"):
            name, where = key.text.strip(), reader.where(key)
            if properties is None:
                yield EntityType(name=name, where=where)
                continue
            what = f"the entity {name!r}"
            reader.check_keys(properties, _ENTITY_KEYS, what, severity="warning")
            influence = properties.get("influence_conversation")
            yield EntityType(
                name=name,
                roles=reader.names(properties.get("roles"), f"`roles` of {what}"),
                groups=reader.names(properties.get("groups"), f"`groups` of {what}"),
                influence_conversation=reader.flag(
                    influence, f"`influence_conversation` of {what}", default=True
                ),
                where=where,
            )


def _read_slots(
    reader: Reader, node: Node | None, collector: DomainCollector, *, is_legacy: bool
) -> None:
    section = reader.section(node, "`slots:`")
    found: list[Slot] = []
    for key, value in section.items() if section is not None else ():
        slot = read_slot(reader, key, value, is_legacy=is_legacy)
        if slot is None:
            continue
        found.append(slot)
        if is_legacy and not slot.mappings:
            collector.unfilled.setdefault(slot.name, not auto_fill_is_off(value))
    _declare(reader.findings, "slot", collector.slots, found)


def _read_actions(reader: Reader, node: Node | None) -> Iterator[ActionDeclaration]:
    for item in reader.sequence(node, "`actions:`"):
        for key, properties in _named(reader, item, "action"):
            name = key.text.strip()
            what = f"the action {name!r}"
            send = None
            if properties is not None:
                reader.check_keys(properties, ("send_domain",), what)
                send = properties.get("send_domain")
            yield ActionDeclaration(
                name=name,
                send_domain=reader.flag(send, f"`send_domain` of {what}", default=False),
                where=reader.where(key),
            )


def _read_session(reader: Reader, node: Node | None, collector: DomainCollector) -> None:
    section = reader.section(node, "`session_config:`")
    if section is None or collector.session is not None:
        return
    expiration, carry = "session_expiration_time", "carry_over_slots_to_new_session"
    reader.check_keys(section, (expiration, carry), "`session_config:`", severity="warning")
    minutes = 60.0
    if not is_null(section.get(expiration)):
        minutes = reader.number(section.get(expiration), f"`{expiration}`", default=60.0)
    if minutes < 0:
        reader.error(
            "bad-session",
            f"`{expiration}` is {minutes}, but must be 0 (never) or more minutes",
            section.entries[expiration][1],
            hint=f"write `{expiration}: 60`, or 0 for sessions without an end",
        )
        minutes = 60.0
    collector.session = SessionConfig(
        expiration_minutes=minutes,
        carry_over_slots=reader.flag(section.get(carry), f"`{carry}`", default=True),
    )


def _warn_config(reader: Reader, root: MappingNode) -> None:
    node = root.get("config")
    value: Any = plain(node)
    if node is not None and isinstance(value, dict) and value.get("store_entities_as_slots"):
        reader.warning(
            "ignored-key",
            "`store_entities_as_slots` has no effect since format 3.0",
            node,
            hint="fill slots by mappings of type from_entity",
        )
