"""The `knowledge:` section of `config.yml`: which documents answers come from, and how."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from framework.project.reader import Reader
from framework.project.schema.knowledge import Knowledge, KnowledgePath
from framework.project.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode, is_null, plain

_RANGES: dict[str, tuple[float, float]] = {
    "passage_length": (100, 4000),
    "overlap": (0, 2000),
    "top_k": (1, 20),
    "threshold": (0, 1),
    "quote_length": (40, 4000),
    "max_megabytes": (0.001, 1000),
}
"""Least and largest value of each number."""

_SETTINGS = {field.name: field for field in fields(Knowledge)}
_HINT = "give a folder, a list of folders and files, or a mapping with `paths:`"


def read_knowledge(reader: Reader, node: Node | None) -> Knowledge | None:
    """Read the section; None where there is none or it names no documents."""
    if node is None or is_null(node):
        return None
    if not isinstance(node, MappingNode):
        paths = _read_paths(reader, node)
        return Knowledge(paths=paths) if paths else None
    reader.check_keys(node, tuple(_SETTINGS), "`knowledge`")
    if is_null(node.get("paths")):
        reader.error("missing-key", "`knowledge:` has no `paths`", node, hint=_HINT)
        return None
    given: dict[str, Any] = {}
    for key in _RANGES:
        value = _read_number(reader, node.get(key), key)
        if value is not None:
            given[key] = value
    generate = reader.flag(node.get("generate"), "`generate` of `knowledge`", default=True)
    paths = _read_paths(reader, node.get("paths"))
    found = Knowledge(paths=paths, generate=generate, **given)
    if found.overlap * 2 > found.passage_length:
        place = node.get("overlap") or node.get("passage_length") or node
        reader.error(
            "wrong-setting",
            f"`overlap` of `knowledge` is {found.overlap}, more than half of the"
            f" `passage_length` of {found.passage_length}",
            place,
            hint="an overlap of a sentence is enough",
        )
    return found if paths else None


def _read_paths(reader: Reader, node: Node | None) -> tuple[KnowledgePath, ...]:
    if isinstance(node, ScalarNode) and isinstance(node.value, str) and node.value.strip():
        return (KnowledgePath(path=node.value.strip(), where=reader.where(node)),)
    if not isinstance(node, SequenceNode) or not node.items:
        shown = plain(node)
        reader.error(
            "wrong-type",
            f"`knowledge` names documents, not {shown!r}",
            node or reader.source.root,
            hint=_HINT,
        )
        return ()
    found = ((item, reader.name(item, "each of `knowledge`")) for item in node.items)
    return tuple(KnowledgePath(path=name, where=reader.where(item)) for item, name in found if name)


def _read_number(reader: Reader, node: Node | None, key: str) -> float | None:
    if node is None or is_null(node):
        return None
    value = plain(node)
    is_whole = isinstance(_SETTINGS[key].default, int)
    least, most = _RANGES[key]
    fits = isinstance(value, int if is_whole else int | float) and not isinstance(value, bool)
    if fits and least <= value <= most:
        return value if is_whole else float(value)
    kind = "a whole number" if is_whole else "a number"
    reader.error(
        "wrong-setting",
        f"`{key}` of `knowledge` is {value!r}, expected {kind} from {least:g} to {most:g}",
        node,
        hint=f"remove the line for the default, {_SETTINGS[key].default!r}",
    )
    return None
