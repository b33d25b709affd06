"""The `responses:` section, of the domain or of an NLU file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from framework.errors import Location
from framework.project.reader import Reader
from framework.project.schema.domain import Response, ResponseVariation, SlotCondition
from framework.project.yaml.nodes import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    describe,
    is_null,
    plain,
)

_KEYS = (
    "text",
    "image",
    "buttons",
    "button_type",
    "quick_replies",
    "elements",
    "attachment",
    "custom",
    "channel",
    "condition",
    "metadata",
    "id",
)
_OWN_KEYS = ("language", "rephrase", "generate")
_INTERPOLATED = ("text", "image", "buttons", "quick_replies", "attachment", "custom", "elements")
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{([^\n{}\"]+?)\}")


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A slot placeholder or a payload inside a response, with its exact place.

    Attributes:
        kind: which of the two.
        text: the placeholder's name, or the payload as written.
        response: the response it stands in.
        where: its place.
    """

    kind: Literal["placeholder", "payload"]
    text: str
    response: str
    where: Location


def read_responses(
    reader: Reader, node: Node | None, mentions: list[Mention]
) -> Iterator[Response]:
    """Read all responses of a file; what they mention is added to `mentions`."""
    section = reader.section(node, "`responses:`")
    for key, value in section.items() if section is not None else ():
        what = f"the response {key.text!r}"
        if is_null(value):
            reader.error(
                "empty-response", f"{what} is empty", key, hint='add a variation: `- text: "…"`'
            )
            continue
        found = (
            _read_variation(reader, item, key.text, mentions)
            for item in reader.sequence(value, what)
        )
        variations = tuple(variation for variation in found if variation is not None)
        if not variations:
            reader.warning(
                "empty-response",
                f"{what} has no variations",
                key,
                hint='add a variation: `- text: "…"`',
            )
        yield Response(name=key.text, variations=variations, where=reader.where(key))


def _read_variation(
    reader: Reader, item: Node, name: str, mentions: list[Mention]
) -> ResponseVariation | None:
    what = f"a variation of the response {name!r}"
    node = reader.mapping(item, what)
    if node is None:
        return None
    reader.check_keys(node, (*_KEYS, *_OWN_KEYS), what)
    if is_null(node.get("text")) and not any(key in node for key in ("custom", "generate")):
        reader.error(
            "empty-response", f"{what} has neither `text` nor `custom`", node, hint="add `text:`"
        )
        return None
    _warn_of_silence(reader, node, what)
    for key in _INTERPOLATED:
        _find_placeholders(reader, node.get(key), name, mentions)
    return ResponseVariation(
        text=reader.string(node.get("text"), f"`text` of {what}"),
        image=reader.optional(node, "image", what),
        buttons=_read_buttons(reader, node, "buttons", name, mentions),
        button_type=reader.optional(node, "button_type", what),
        quick_replies=_read_buttons(reader, node, "quick_replies", name, mentions),
        elements=_mappings(reader, node.get("elements"), f"`elements` of {what}"),
        attachment=_object(reader, node.get("attachment"), f"`attachment` of {what}"),
        custom=_object(reader, node.get("custom"), f"`custom` of {what}"),
        channel=reader.optional(node, "channel", what),
        conditions=_read_conditions(reader, node, what),
        language=reader.optional(node, "language", what),
        id=reader.optional(node, "id", what),
        metadata=reader.metadata(node.get("metadata")),
        rephrase=reader.flag(node.get("rephrase"), f"`rephrase` of {what}", default=False),
        generate=reader.optional(node, "generate", what),
        where=reader.where(node),
    )


def _warn_of_silence(reader: Reader, node: MappingNode, what: str) -> None:
    """Warn of a reply that only a language model can give."""
    if "generate" in node and all(is_null(node.get(key)) for key in ("text", "custom")):
        reader.warning(
            "no-template",
            f"{what} has `generate` but no `text`: nothing is said where no model answers",
            node,
            hint="add `text:`, which is said when the model's reply can't be used",
        )


def _mappings(reader: Reader, node: Node | None, what: str) -> tuple[Mapping[str, Any], ...]:
    items = reader.sequence(node, what)
    found = (reader.mapping(item, f"each of {what}") for item in items)
    return tuple(plain(item) for item in found if item is not None)


def _object(reader: Reader, node: Node | None, what: str) -> Any:
    if is_null(node):
        return None
    if not isinstance(node, MappingNode) and node is not None:
        reader.warning(
            "wrong-type",
            f"{what} is usually a mapping, not {describe(node)}",
            node,
            hint="write `key: value` lines, unless the channel takes it as it is",
        )
    return plain(node)


def _read_buttons(
    reader: Reader, node: MappingNode, key: str, name: str, mentions: list[Mention]
) -> tuple[Mapping[str, Any], ...]:
    what = f"`{key}` of the response {name!r}"
    buttons: list[Mapping[str, Any]] = []
    for item in reader.sequence(node.get(key), what):
        button = reader.mapping(item, f"each of {what}")
        if button is None:
            continue
        for field in ("title", "payload"):
            reader.string(button.get(field), f"`{field}` of a button of the response {name!r}")
        payload = button.get("payload")
        if isinstance(payload, ScalarNode) and payload.text.strip().startswith("/"):
            mentions.append(
                Mention(
                    kind="payload",
                    text=payload.text.strip(),
                    response=name,
                    where=reader.where(payload),
                )
            )
        buttons.append(plain(button))
    return tuple(buttons)


def _read_conditions(reader: Reader, node: MappingNode, what: str) -> tuple[SlotCondition, ...]:
    conditions: list[SlotCondition] = []
    for item in reader.sequence(node.get("condition"), f"`condition` of {what}"):
        condition = reader.mapping(item, f"a condition of {what}")
        if condition is None:
            continue
        reader.check_keys(condition, ("type", "name", "value"), f"a condition of {what}")
        kind = plain(condition.get("type"))
        slot = reader.optional(condition, "name", f"a condition of {what}")
        if kind != "slot" or slot is None:
            reader.error(
                "bad-condition",
                f"a condition of {what} must be `type: slot` with `name` and `value`",
                condition,
                hint="write `- type: slot`, and below it `name: …` and `value: …`",
            )
            continue
        conditions.append(SlotCondition(slot=slot, value=plain(condition.get("value"))))
    return tuple(conditions)


def _find_placeholders(
    reader: Reader, node: Node | None, name: str, mentions: list[Mention]
) -> None:
    if isinstance(node, SequenceNode):
        for item in node.items:
            _find_placeholders(reader, item, name, mentions)
    elif isinstance(node, MappingNode):
        for key, value in node.items():
            if key.text != "payload":
                _find_placeholders(reader, value, name, mentions)
    elif isinstance(node, ScalarNode) and isinstance(node.value, str) and "{" in node.text:
        mentions.extend(
            Mention(
                kind="placeholder",
                text=match[1],
                response=name,
                where=reader.source.where_inside(node, match.start()),
            )
            for match in _PLACEHOLDER.finditer(node.text)
            if match[1] is not None
        )
