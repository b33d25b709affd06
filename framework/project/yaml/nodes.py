"""YAML values that know their place.

A file is read into these nodes (`framework.project.yaml.source`); readers take typed values out of
them (`framework.project.reader`). Lines and columns are 1-based. The classes are plain and slotted
because a large project has hundreds of thousands of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class ScalarNode:
    """A text, number, truth value or null.

    Attributes:
        value: resolved by the YAML 1.2 core schema.
        text: as written, quotes and escapes undone.
        style: `|` and `>` for blocks, `'` and `"` for quoted texts, empty for plain ones.
        line: of its first character.
        column: of its first character.
    """

    __slots__ = ("column", "line", "style", "text", "value")

    def __init__(self, value: Any, text: str, style: str, line: int, column: int) -> None:
        """Make the node; called once per scalar of a file, hence positional."""
        self.value = value
        self.text = text
        self.style = style
        self.line = line
        self.column = column


class SequenceNode:
    """A list."""

    __slots__ = ("column", "items", "line")

    def __init__(self, items: list[Node], line: int, column: int) -> None:
        """Make the node."""
        self.items = items
        self.line = line
        self.column = column


class MappingNode:
    """A mapping; `entries` keeps the node of each key beside its value."""

    __slots__ = ("column", "entries", "line")

    def __init__(self, entries: dict[str, tuple[ScalarNode, Node]], line: int, column: int) -> None:
        """Make the node."""
        self.entries = entries
        self.line = line
        self.column = column

    def get(self, key: str) -> Node | None:
        """Give the value of a key, or None where the key is absent."""
        entry = self.entries.get(key)
        return None if entry is None else entry[1]

    def items(self) -> Iterator[tuple[ScalarNode, Node]]:
        """Walk over keys and values in file order."""
        return iter(self.entries.values())

    def keys(self) -> Iterator[ScalarNode]:
        """Walk over the keys in file order."""
        return (key for key, _ in self.entries.values())

    def __contains__(self, key: str) -> bool:
        """Whether the key is there, even with a null."""
        return key in self.entries


Node = ScalarNode | SequenceNode | MappingNode


def plain(node: Node | None) -> Any:
    """Give the node as ordinary Python values, places dropped."""
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    if isinstance(node, MappingNode):
        return {key: plain(value) for key, (_, value) in node.entries.items()}
    return None


def is_null(node: Node | None) -> bool:
    """Whether the node is absent or an explicit null."""
    return node is None or (isinstance(node, ScalarNode) and node.value is None)


def is_blank(node: Node | None) -> bool:
    """Whether the node is absent, an explicit null or a text without anything visible."""
    return is_null(node) or (isinstance(node, ScalarNode) and not node.text.strip())


def describe(node: Node | None) -> str:
    """Name the kind of a node, for messages: "a list", "the number 5"."""
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "a mapping"
    if node is None or node.value is None:
        return "empty"
    if isinstance(node.value, bool):
        return f"the truth value {node.text}"
    if isinstance(node.value, int | float):
        return f"the number {node.text}"
    return f"the text {shorten(node.text)!r}"


def shorten(text: str, *, limit: int = 60) -> str:
    """Cut a text for a message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
