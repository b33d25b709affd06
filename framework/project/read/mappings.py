"""How user messages fill slots: `mappings:` of a slot, and those that format 2.0 kept in forms."""

from __future__ import annotations

from framework.project.reader import Reader
from framework.project.schema.domain import MappingCondition, MappingType, SlotMapping
from framework.project.yaml.nodes import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    is_null,
    plain,
)
from framework.registry import did_you_mean

MAPPING_TYPES: dict[str, MappingType] = {
    kind: kind
    for kind in ("from_entity", "from_intent", "from_trigger_intent", "from_text", "custom")
}
_NEEDED = {"from_entity": "entity", "from_intent": "value", "from_trigger_intent": "value"}
_MAPPING_KEYS = (
    "type",
    "entity",
    "role",
    "group",
    "intent",
    "not_intent",
    "value",
    "action",
    "conditions",
)


def read_mappings(
    reader: Reader, properties: MappingNode, key: ScalarNode, *, is_legacy: bool
) -> tuple[SlotMapping, ...]:
    """Read all ways of filling one slot.

    Args:
        reader: of the file.
        properties: of the slot.
        key: its name.
        is_legacy: whether the file is of format 2.0, which needed no mappings.
    """
    node = properties.get("mappings")
    is_empty = isinstance(node, SequenceNode) and not node.items
    if is_null(node) or is_empty:
        if not is_legacy:
            reader.findings.add(
                "warning" if is_empty else "error",
                "missing-mappings",
                f"the slot {key.text!r} has no `mappings`",
                where=reader.where(key),
                hint="add `mappings:` with one of from_entity, from_intent, from_text; "
                "`- type: custom` if only actions set it",
            )
        return ()
    items = reader.sequence(node, f"`mappings` of the slot {key.text!r}")
    found = (read_mapping(reader, item, key.text) for item in items)
    return tuple(mapping for mapping in found if mapping is not None)


def read_mapping(
    reader: Reader,
    node: Node,
    slot: str,
    *,
    conditions: tuple[MappingCondition, ...] | None = None,
) -> SlotMapping | None:
    """Read one way of filling a slot; `conditions` replaces those of the file."""
    what = f"a mapping of the slot {slot!r}"
    mapping = reader.mapping(node, what)
    if mapping is None:
        return None
    reader.check_keys(mapping, _MAPPING_KEYS, what, severity="warning")
    kind = _read_mapping_type(reader, mapping, what)
    if kind is None:
        return None
    needed = _NEEDED.get(kind)
    if needed is not None and is_null(mapping.get(needed)):
        message = f"{what} of type {kind} needs `{needed}`"
        reader.error("bad-mapping", message, mapping, hint=f"add `{needed}: …`")
        return None
    return SlotMapping(
        type=kind,
        entity=reader.optional(mapping, "entity", what),
        role=reader.optional(mapping, "role", what),
        group=reader.optional(mapping, "group", what),
        intents=reader.names(mapping.get("intent"), f"`intent` of {what}"),
        not_intents=reader.names(mapping.get("not_intent"), f"`not_intent` of {what}"),
        value=plain(mapping.get("value")),
        action=reader.optional(mapping, "action", what),
        conditions=_read_conditions(reader, mapping, what) if conditions is None else conditions,
        where=reader.where(mapping),
    )


def _read_mapping_type(reader: Reader, mapping: MappingNode, what: str) -> MappingType | None:
    node = mapping.get("type")
    if node is None:
        hint = f"add one of {', '.join(MAPPING_TYPES)}"
        reader.error("bad-mapping", f"{what} has no `type`", mapping, hint=hint)
        return None
    name = reader.name(node, f"the `type` of {what}")
    if name is None:
        return None
    if name not in MAPPING_TYPES:
        hint = did_you_mean(name, MAPPING_TYPES) or f"known: {', '.join(MAPPING_TYPES)}"
        reader.error("bad-mapping", f"{what} has the unknown type {name!r}", node, hint=hint)
        return None
    return MAPPING_TYPES[name]


def _read_conditions(
    reader: Reader, mapping: MappingNode, what: str
) -> tuple[MappingCondition, ...]:
    conditions: list[MappingCondition] = []
    for item in reader.sequence(mapping.get("conditions"), f"`conditions` of {what}"):
        node = reader.mapping(item, f"a condition of {what}")
        if node is None:
            continue
        reader.check_keys(node, ("active_loop", "requested_slot"), f"a condition of {what}")
        if "active_loop" not in node:
            reader.warning(
                "bad-condition",
                f"a condition of {what} names no `active_loop`: it holds where no form is active",
                node,
                hint="add `active_loop: <form>` (`null` means that no form is active)",
            )
        conditions.append(
            MappingCondition(
                active_loop=reader.optional(node, "active_loop", f"a condition of {what}"),
                requested_slot=reader.optional(node, "requested_slot", f"a condition of {what}"),
            )
        )
    return tuple(conditions)
