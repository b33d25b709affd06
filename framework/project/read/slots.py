"""The `slots:` section: types and values; how messages fill them is read in `mappings`."""

from __future__ import annotations

import re
from typing import Any

from framework.project.read.mappings import read_mappings
from framework.project.reader import Reader
from framework.project.schema.domain import Slot, SlotType
from framework.project.yaml.nodes import (
    MappingNode,
    Node,
    ScalarNode,
    describe,
    is_null,
    plain,
)
from framework.registry import did_you_mean

SLOT_TYPES: dict[str, SlotType] = {
    kind: kind for kind in ("text", "bool", "categorical", "float", "list", "any", "custom")
}
_OWN_CLASS = re.compile(r"rasa\.(?:shared\.)?core\.slots\.(\w+)Slot")
_OWN_CLASSES: dict[str, SlotType] = {
    "Text": "text",
    "Boolean": "bool",
    "Categorical": "categorical",
    "Float": "float",
    "List": "list",
}
_SLOT_KEYS = (
    "type",
    "influence_conversation",
    "initial_value",
    "value_reset_delay",
    "mappings",
    "auto_fill",
    "profile",
)
_FRAMES_KEYS = ("type", "mappings", "auto_fill", "profile")
"""What a class of the bot's own isn't given as a setting."""
_TYPE_KEYS = {"categorical": ("values",), "float": ("min_value", "max_value")}


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
        settings = {name: plain(value) for name, (_, value) in entries if name not in _FRAMES_KEYS}
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
        mappings=read_mappings(reader, properties, key, is_legacy=is_legacy),
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


def auto_fill_is_off(properties: Node) -> bool:
    """Whether a format 2.0 slot says that entities of its name don't fill it."""
    value: Any = None
    if isinstance(properties, MappingNode):
        value = plain(properties.get("auto_fill"))
    return value is False
