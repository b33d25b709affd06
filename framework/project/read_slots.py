"""The `slots:` section: types, values and how user messages fill them."""

from __future__ import annotations

import re
from typing import Any

from framework.project.nodes import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    describe,
    is_null,
    plain,
)
from framework.project.reader import Reader
from framework.project.schema.domain import (
    MappingCondition,
    MappingType,
    Slot,
    SlotMapping,
    SlotType,
)
from framework.registry import did_you_mean

SLOT_TYPES: dict[str, SlotType] = {
    kind: kind for kind in ("text", "bool", "categorical", "float", "list", "any", "custom")
}
MAPPING_TYPES: dict[str, MappingType] = {
    kind: kind
    for kind in ("from_entity", "from_intent", "from_trigger_intent", "from_text", "custom")
}
_OWN_CLASS = re.compile(r"rasa\.(?:shared\.)?core\.slots\.(\w+)Slot")
_OWN_CLASSES: dict[str, SlotType] = {
    "Text": "text",
    "Boolean": "bool",
    "Categorical": "categorical",
    "Float": "float",
    "List": "list",
}
_NEEDED = {"from_entity": "entity", "from_intent": "value", "from_trigger_intent": "value"}
_SLOT_KEYS = (
    "type",
    "influence_conversation",
    "initial_value",
    "value_reset_delay",
    "mappings",
    "auto_fill",
    "profile",
)
_TYPE_KEYS = {"categorical": ("values",), "float": ("min_value", "max_value")}
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


def read_slot(reader: Reader, key: ScalarNode, node: Node, *, is_legacy: bool) -> Slot | None:
    """Read one slot.

    Args:
        reader: of the file.
        key: the slot's name.
        node: its properties.
        is_legacy: whether the file is of format 2.0, which had no mappings.

    Returns:
        the slot, or None where nothing of it can be used.
    """
    what = f"the slot {key.text!r}"
    properties = reader.mapping(node, what)
    if properties is None:
        return None
    kind, custom_class = _read_type(reader, properties, key, is_legacy=is_legacy)
    settings: dict[str, Any] = {}
    if custom_class is not None:
        entries = properties.entries.items()
        settings = {name: plain(value) for name, (_, value) in entries if name not in _SLOT_KEYS}
    else:
        reader.check_keys(properties, (*_SLOT_KEYS, *_TYPE_KEYS.get(kind, ())), what)
    _warn_relics(reader, properties, what)
    low, high = _read_range(reader, properties, what)
    return Slot(
        name=key.text,
        type=kind,
        influence_conversation=_read_influence(reader, properties, kind, what),
        initial_value=plain(properties.get("initial_value")),
        values=_read_values(reader, properties, kind, what),
        min_value=low,
        max_value=high,
        mappings=_read_mappings(reader, properties, key, is_legacy=is_legacy),
        profile=reader.flag(properties.get("profile"), f"`profile` of {what}", default=False),
        custom_class=custom_class,
        settings=settings,
        where=reader.where(key),
    )


def _read_type(
    reader: Reader, properties: MappingNode, key: ScalarNode, *, is_legacy: bool
) -> tuple[SlotType, str | None]:
    node = properties.get("type")
    what = f"the `type` of the slot {key.text!r}"
    if node is None:
        hint = f"add one of {', '.join(sorted(SLOT_TYPES))}"
        reader.error("missing-key", f"the slot {key.text!r} has no `type`", key, hint=hint)
        return "any", None
    name = reader.name(node, what)
    if name is None:
        return "any", None
    own = _OWN_CLASS.fullmatch(name)
    if own is not None:
        return _OWN_CLASSES.get(own[1], "any"), None
    if name in SLOT_TYPES and name != "custom":
        return SLOT_TYPES[name], None
    return _read_odd_type(reader, node, name, what, is_legacy=is_legacy)


def _read_odd_type(
    reader: Reader, node: Node, name: str, what: str, *, is_legacy: bool
) -> tuple[SlotType, str | None]:
    if name == "unfeaturized":
        report = reader.warning if is_legacy else reader.error
        report(
            "removed-slot-type",
            f"{what} is 'unfeaturized', which format 3.0 removed",
            node,
            hint="write `type: any` (and `influence_conversation: false`)",
        )
        return "any", None
    if "." in name:
        return "custom", name
    hint = did_you_mean(name, SLOT_TYPES) or f"known: {', '.join(sorted(SLOT_TYPES))}"
    reader.error("unknown-slot-type", f"{what} is {name!r}, which is unknown", node, hint=hint)
    return "any", None


def _warn_relics(reader: Reader, properties: MappingNode, what: str) -> None:
    if "auto_fill" in properties:
        reader.warning(
            "removed-key",
            f"{what} uses `auto_fill`, which format 3.0 replaced by mappings",
            properties.entries["auto_fill"][0],
            hint="remove it; `mappings: [{type: from_entity, entity: …}]` fills the slot",
        )
    if "value_reset_delay" in properties:
        reader.warning(
            "ignored-key",
            f"{what} uses `value_reset_delay`, which has no effect (as in Rasa)",
            properties.entries["value_reset_delay"][0],
            hint="remove it; an action can set the slot to null",
        )


def _read_influence(reader: Reader, properties: MappingNode, kind: SlotType, what: str) -> bool:
    node = properties.get("influence_conversation")
    default = kind != "any"
    if node is not None and is_null(node):
        reader.warning(
            "empty-key",
            f"`influence_conversation` of {what} is empty, which means false",
            node,
            hint="write true or false, or remove the key, which means true",
        )
        return False
    influence = reader.flag(node, f"`influence_conversation` of {what}", default=default)
    if influence and kind == "any" and node is not None:
        reader.error(
            "bad-slot",
            f"{what} is of type `any`, which can't influence the conversation",
            node,
            hint="set `influence_conversation: false`, or choose another type",
        )
        return False
    return influence and kind != "any"


def _read_values(
    reader: Reader, properties: MappingNode, kind: SlotType, what: str
) -> tuple[str, ...]:
    node = properties.get("values")
    values: list[str] = []
    for item in reader.sequence(node, f"`values` of {what}") if node is not None else ():
        if is_null(item):
            reader.warning(
                "ignored-value",
                f"a null among the values of {what} is ignored",
                item,
                hint='remove it, or write "null" in quotes to mean the word',
            )
        elif isinstance(item, ScalarNode):
            values.append(str(item.value).lower())
        else:
            reader.error(
                "wrong-type",
                f"a value of {what} can't be {describe(item)}",
                item,
                hint="write one word or number per item",
            )
    if kind == "categorical" and not values:
        reader.warning(
            "no-values",
            f"{what} is categorical but has no `values`, so all its values look alike",
            node or properties,
            hint="list them under `values:`",
        )
    return tuple(values)


def _read_range(reader: Reader, properties: MappingNode, what: str) -> tuple[float, float]:
    low = reader.number(properties.get("min_value"), f"`min_value` of {what}", default=0.0)
    high = reader.number(properties.get("max_value"), f"`max_value` of {what}", default=1.0)
    if low >= high:
        node = properties.get("min_value") or properties.get("max_value") or properties
        reader.error(
            "bad-slot",
            f"`min_value` {low} of {what} must be less than `max_value` {high}",
            node,
            hint="exchange them, or set both",
        )
        return 0.0, 1.0
    return low, high


def _read_mappings(
    reader: Reader, properties: MappingNode, key: ScalarNode, *, is_legacy: bool
) -> tuple[SlotMapping, ...]:
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


def auto_fill_is_off(properties: Node) -> bool:
    """Whether a format 2.0 slot says that entities of its name don't fill it."""
    value: Any = None
    if isinstance(properties, MappingNode):
        value = plain(properties.get("auto_fill"))
    return value is False
