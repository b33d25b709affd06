"""Typed reading: takes values of the expected kind out of nodes and reports the rest."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from framework.errors import Location, Severity
from framework.project.findings import Findings
from framework.project.yaml.nodes import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    describe,
    is_blank,
    is_null,
    plain,
)
from framework.project.yaml.source import Source
from framework.registry import did_you_mean

_MISSPELT = 0.75
_HINTS = {
    "a text": "write a text on one line, or below `|`",
    "a mapping": "write `key: value` lines, indented below the key",
    "true or false": "write true or false, without quotes",
    "a number": "write the number alone, without quotes",
}
"""What to do where another kind of value stands."""


def is_misspelt(name: str, known: Collection[str]) -> bool:
    """Whether a name was surely meant to be one of the known ones."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=_MISSPELT)
    return bool(near) or any(sorted(name) == sorted(one) for one in known)


class Reader:
    """Reads one file; what it is handed and can't use becomes a problem with its place.

    In all methods `what` names the value for messages: "the intent of a step".
    """

    def __init__(self, source: Source, findings: Findings, *, root: Path) -> None:
        """Make a reader of a file of the project in `root`; problems go to `findings`."""
        self.source = source
        self.findings = findings
        self.root = root

    def where(self, node: Node) -> Location:
        """Give the place of a node."""
        return self.source.where(node)

    def error(self, id: str, message: str, node: Node, *, hint: str = "") -> None:
        """Report an error at a node."""
        self.findings.error(id, message, where=self.where(node), hint=hint)

    def warning(self, id: str, message: str, node: Node, *, hint: str = "") -> None:
        """Report a warning at a node."""
        self.findings.warning(id, message, where=self.where(node), hint=hint)

    def _wrong(self, what: str, expected: str, node: Node, *, hint: str = "") -> None:
        message = f"{what} must be {expected}, not {describe(node)}"
        if is_blank(node):
            message = f"{what} is empty, but must be {expected}"
        self.error("wrong-type", message, node, hint=hint or _HINTS.get(expected, ""))

    def text(self, node: Node | None, what: str) -> str | None:
        """Give a text that isn't empty, or report and give None. Numbers must be in quotes."""
        if node is None:
            return None
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            if node.value.strip():
                return node.value
            self._wrong(what, "a text", node)
            return None
        hint = ""
        if isinstance(node, ScalarNode) and node.value is not None:
            hint = f'put it in quotes: "{node.text}"'
        self._wrong(what, "a text", node, hint=hint)
        return None

    def string(self, node: Node | None, what: str) -> str | None:
        """Give a text that may be empty; absent or null is None."""
        if is_null(node):
            return None
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            return node.value
        return self.text(node, what)

    def name(self, node: Node | None, what: str) -> str | None:
        """Give a text without surrounding white space."""
        text = self.text(node, what)
        return None if text is None else text.strip()

    def mapping(self, node: Node | None, what: str) -> MappingNode | None:
        """Give a mapping, or report and give None; an absent node is not reported."""
        if node is None or isinstance(node, MappingNode):
            return node
        self._wrong(what, "a mapping", node)
        return None

    def section(self, node: Node | None, what: str) -> MappingNode | None:
        """Give the mapping of a whole section; an empty section is nothing to read."""
        return None if is_null(node) else self.mapping(node, what)

    def sequence(self, node: Node | None, what: str) -> list[Node]:
        """Give the items of a list; an empty or absent one has none."""
        if isinstance(node, SequenceNode):
            return node.items
        if node is not None and not is_null(node):
            self._wrong(what, "a list", node, hint="start each item with `- `")
        return []

    def names(self, node: Node | None, what: str) -> tuple[str, ...]:
        """Give texts from a list, or from a single text."""
        if isinstance(node, ScalarNode) and not is_null(node):
            single = self.name(node, what)
            return () if single is None else (single,)
        found = (self.name(item, f"each of {what}") for item in self.sequence(node, what))
        return tuple(name for name in found if name is not None)

    def flag(self, node: Node | None, what: str, *, default: bool) -> bool:
        """Give a truth value."""
        if node is None:
            return default
        if isinstance(node, ScalarNode) and isinstance(node.value, bool):
            return node.value
        self._wrong(what, "true or false", node)
        return default

    def number(self, node: Node | None, what: str, *, default: float) -> float:
        """Give a number."""
        if node is None:
            return default
        value = node.value if isinstance(node, ScalarNode) else None
        if isinstance(value, int | float) and not isinstance(value, bool) and value == value:
            return value
        self._wrong(what, "a number", node)
        return default

    def optional(self, mapping: MappingNode, key: str, what: str) -> str | None:
        """Give the text under a key; absent or null is None."""
        node = mapping.get(key)
        return None if is_null(node) else self.text(node, f"`{key}` of {what}")

    def metadata(self, node: Node | None) -> dict[str, Any]:
        """Give a `metadata:` mapping as plain values; other kinds are kept under `value`."""
        value = plain(node)
        if value is None:
            return {}
        return value if isinstance(value, dict) else {"value": value}

    def check_keys(
        self,
        mapping: MappingNode,
        known: Collection[str],
        what: str,
        *,
        severity: Severity = "error",
    ) -> None:
        """Report the keys that mean nothing here, with the nearest one that does."""
        for key in mapping.keys():  # noqa: SIM118 - a node, not a dict
            if key.text not in known:
                message = f"the key {key.text!r} is unknown in {what}"
                self.unknown_key(key, message, known, severity=severity)

    def unknown_key(
        self, key: ScalarNode, message: str, known: Collection[str], *, severity: Severity
    ) -> None:
        """Report a key that means nothing here, with the nearest of the known ones, or all."""
        hint = did_you_mean(key.text, known) or f"known: {', '.join(sorted(known))}"
        self.findings.add(severity, "unknown-key", message, where=self.where(key), hint=hint)
