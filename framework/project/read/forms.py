"""The `forms:` section, in the shape of format 3.x and in those of 2.0."""

from __future__ import annotations

from framework.errors import Severity
from framework.project.read.mappings import read_mapping
from framework.project.reader import Reader
from framework.project.schema.domain import Form, MappingCondition, SlotMapping
from framework.project.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode, is_null

_KEYS = ("required_slots", "ignored_intents")

FormSlots = dict[str, list[SlotMapping]]
"""Mappings that format 2.0 kept in forms, by the slot they fill."""


def read_forms(
    reader: Reader, node: Node | None, *, is_legacy: bool
) -> tuple[list[Form], FormSlots]:
    """Read all forms of a file.

    Args:
        reader: of the file.
        node: what stands under `forms:`.
        is_legacy: whether the file is of format 2.0, which let unknown keys pass.

    Returns:
        the forms, and the slot mappings found inside them.
    """
    forms: list[Form] = []
    slots: FormSlots = {}
    if isinstance(node, SequenceNode):
        forms = [form for item in node.items if (form := _from_list(reader, item)) is not None]
        return forms, slots
    section = reader.section(node, "`forms:`")
    for key, value in section.items() if section is not None else ():
        forms.append(_read_form(reader, key, value, slots, is_legacy=is_legacy))
    return forms, slots


def _from_list(reader: Reader, item: Node) -> Form | None:
    name = reader.name(item, "the name of a form")
    if name is None:
        return None
    reader.warning(
        "old-form",
        f"the form {name!r} stands in a list, the shape of Rasa 1.x, and asks for no slots",
        item,
        hint=f"write `{name}:` with `required_slots: [...]` below it",
    )
    return Form(name=name, where=reader.where(item))


def _read_form(
    reader: Reader, key: ScalarNode, value: Node, slots: FormSlots, *, is_legacy: bool
) -> Form:
    what = f"the form {key.text!r}"
    where = reader.where(key)
    if is_null(value):
        reader.warning(
            "empty-form", f"{what} is empty, so it asks for no slots", key, hint="write `{}`"
        )
        return Form(name=key.text, where=where)
    properties = reader.mapping(value, what)
    if properties is None:
        return Form(name=key.text, where=where)
    if _is_old_shape(properties):
        required = _old_slots(reader, key.text, properties, slots, key)
        ignored = properties.get("ignored_intents")
    else:
        severity: Severity = "warning" if is_legacy else "error"
        reader.check_keys(properties, _KEYS, what, severity=severity)
        required = _required(reader, key, properties, slots)
        ignored = properties.get("ignored_intents")
    return Form(
        name=key.text,
        required_slots=tuple(dict.fromkeys(required)),
        ignored_intents=reader.names(ignored, f"`ignored_intents` of {what}"),
        where=where,
    )


def _is_old_shape(properties: MappingNode) -> bool:
    """Whether slots stand directly below the form, each with a list of mappings."""
    if "required_slots" in properties:
        return False
    others = [value for key, value in properties.items() if key.text not in _KEYS]
    return bool(others) and all(
        isinstance(value, SequenceNode)
        and all(isinstance(item, MappingNode) and "type" in item for item in value.items)
        for value in others
    )


def _required(
    reader: Reader, key: ScalarNode, properties: MappingNode, slots: FormSlots
) -> tuple[str, ...]:
    node = properties.get("required_slots")
    if isinstance(node, MappingNode):
        return _old_slots(reader, key.text, node, slots, key)
    return reader.names(node, f"`required_slots` of the form {key.text!r}")


def _old_slots(
    reader: Reader, form: str, node: MappingNode, slots: FormSlots, key: ScalarNode
) -> tuple[str, ...]:
    names: list[str] = []
    for slot, value in node.items():
        if slot.text in _KEYS:
            continue
        names.append(slot.text)
        for item in reader.sequence(value, f"the mappings of {slot.text!r} in the form {form!r}"):
            mapping = _old_mapping(reader, item, slot.text, form)
            if mapping is not None:
                slots.setdefault(slot.text, []).append(mapping)
    reader.warning(
        "old-form",
        f"the form {form!r} lists slots with their mappings, the shape of format 2.0",
        key,
        hint=f"write `required_slots: [{', '.join(names)}]` and move the mappings to the slots, "
        f"with `conditions: [{{active_loop: {form}}}]`",
    )
    return tuple(names)


def _old_mapping(reader: Reader, item: Node, slot: str, form: str) -> SlotMapping | None:
    kind = item.get("type") if isinstance(item, MappingNode) else None
    asked = not (
        isinstance(kind, ScalarNode) and kind.value in ("from_entity", "from_trigger_intent")
    )
    condition = MappingCondition(active_loop=form, requested_slot=slot if asked else None)
    return read_mapping(reader, item, slot, conditions=(condition,))
