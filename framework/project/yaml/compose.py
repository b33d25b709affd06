"""Parser events -> marked nodes: anchors, merges, tags and duplicate keys included.

The events come from libyaml through `ruamel.yaml.clib`, or from ruamel.yaml's own parser where that
package has no wheel. Building the nodes here is some twenty times faster than ruamel's round-trip
loader and keeps the place of every key, value and list item.
"""

from __future__ import annotations

from typing import Any, Protocol

from ruamel.yaml import YAML
from ruamel.yaml.composer import ComposerError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from framework.errors import Location
from framework.project.findings import Findings
from framework.project.yaml import scalars
from framework.project.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode, describe

try:
    from _ruamel_yaml import CParser
except ImportError:  # no wheel for this platform: ruamel.yaml's own parser does the same, slower
    CParser = None

_MAX_DEPTH = 100
_MAX_NODES = 10_000_000
_TOO_DEEP = f"it is nested more than {_MAX_DEPTH} levels deep"
_TOO_MUCH = f"its aliases unfold to more than {_MAX_NODES:,} values"
_TAG_PREFIX = "tag:yaml.org,2002:"
_STRING_TAGS = ("!", "!!str", _TAG_PREFIX + "str")
_VALUE_TAGS = tuple(
    prefix + kind for prefix in ("!!", _TAG_PREFIX) for kind in ("int", "float", "bool", "null")
)
_SEQUENCE_TAGS = ("!", "!!seq", _TAG_PREFIX + "seq")
_MAPPING_TAGS = ("!", "!!map", _TAG_PREFIX + "map", _TAG_PREFIX + "omap")


def compose(text: str, *, file: str, findings: Findings) -> Node | None:
    """Give the one document of a text, None where it is empty.

    Args:
        text: the YAML.
        file: its name in messages.
        findings: takes what is wrong but can be read past.

    Raises:
        YAMLError: the text is not YAML, is nested too deeply, or its aliases unfold to too much.
    """
    return _Composer(file=file, findings=findings).compose(text)


class _Events(Protocol):
    def get_event(self) -> Any: ...


def _events(text: str) -> _Events:
    parser: _Events
    if CParser is not None:
        parser = CParser(text)
    else:
        _, parser = YAML(typ="safe", pure=True).get_constructor_parser(text)
    return parser


class _Composer:
    """Builds the nodes of one file from parser events."""

    def __init__(self, *, file: str, findings: Findings) -> None:
        self._file = file
        self._findings = findings
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._nodes = 0

    def compose(self, text: str) -> Node | None:
        self._parser = _events(text)
        self._next = self._parser.get_event
        self._next()  # the stream's start
        event = self._next()
        if isinstance(event, StreamEndEvent):
            return None
        root = self._node(self._next(), 0)
        while not isinstance(event, DocumentEndEvent):
            event = self._next()
        event = self._next()
        if not isinstance(event, StreamEndEvent):
            self._error(
                "yaml-documents",
                "a second YAML document starts here, but a file holds one",
                event.start_mark,
                hint="remove the line `---`",
            )
        return root

    def _error(self, id: str, message: str, mark: Any, *, hint: str = "") -> None:
        where = Location(file=self._file, line=mark.line + 1, column=mark.column + 1)
        self._findings.error(id, message, where=where, hint=hint)

    def _node(self, event: Any, depth: int) -> Node:
        kind = type(event)
        if kind is AliasEvent:
            return self._alias(event)
        if depth > _MAX_DEPTH:
            raise ComposerError(problem=_TOO_DEEP, problem_mark=event.start_mark)
        before = self._nodes
        self._nodes += 1
        node: Node
        if kind is ScalarEvent:
            node = self._scalar(event)
        elif kind is SequenceStartEvent:
            node = self._sequence(event, depth)
        else:
            node = self._mapping(event, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, self._nodes - before)
        return node

    def _alias(self, event: Any) -> Node:
        mark = event.start_mark
        known = self._anchors.get(event.anchor)
        if known is None:
            self._error(
                "yaml-alias",
                f"no anchor &{event.anchor} stands before this alias",
                mark,
                hint=f"put `&{event.anchor}` before the first use, or the text in quotes",
            )
            return ScalarNode(None, "", "", mark.line + 1, mark.column + 1)
        node, size = known
        self._nodes += size
        if self._nodes > _MAX_NODES:
            raise ComposerError(problem=_TOO_MUCH, problem_mark=mark)
        return node

    def _scalar(self, event: Any) -> ScalarNode:
        mark = event.start_mark
        text: str = event.value
        value: Any = text
        if event.implicit[0]:
            if "${" in text:
                value = text = self._expand(text, mark)
            else:
                value = scalars.resolve(text)
        elif event.tag is not None:
            value = self._tagged(text, str(event.tag), mark)
        return ScalarNode(value, text, event.style or "", mark.line + 1, mark.column + 1)

    def _expand(self, text: str, mark: Any) -> str:
        expanded, missing = scalars.expand(text)
        for name in missing:
            self._findings.warning(
                "undefined-variable",
                f"the environment variable {name!r} is not set, so it stays as written",
                where=Location(file=self._file, line=mark.line + 1, column=mark.column + 1),
                hint=f"set it: export {name}=… (or put the text in quotes to mean it literally)",
            )
        return expanded

    def _tagged(self, text: str, tag: str, mark: Any) -> Any:
        if tag in _STRING_TAGS:
            return text
        if tag in _VALUE_TAGS:
            return scalars.resolve(text)
        self._report_tag(tag, mark)
        return text

    def _report_tag(self, tag: str, mark: Any) -> None:
        self._error(
            "yaml-tag",
            f"the tag {tag} has no meaning in a project",
            mark,
            hint="remove it, or put a text that starts with ! in quotes",
        )

    def _sequence(self, event: Any, depth: int) -> SequenceNode:
        mark = event.start_mark
        if event.tag is not None and str(event.tag) not in _SEQUENCE_TAGS:
            self._report_tag(str(event.tag), mark)
        items: list[Node] = []
        while type(event := self._next()) is not SequenceEndEvent:
            items.append(self._node(event, depth + 1))
        return SequenceNode(items, mark.line + 1, mark.column + 1)

    def _mapping(self, event: Any, depth: int) -> MappingNode:
        mark = event.start_mark
        if event.tag is not None and str(event.tag) not in _MAPPING_TAGS:
            self._report_tag(str(event.tag), mark)
        entries: dict[str, tuple[ScalarNode, Node]] = {}
        merged: list[Node] = []
        while type(event := self._next()) is not MappingEndEvent:
            key = self._node(event, depth + 1)
            value = self._node(self._next(), depth + 1)
            if not isinstance(key, ScalarNode):
                self._error(
                    "yaml-key", "a key must be a text", event.start_mark, hint="put it in quotes"
                )
            elif key.text == "<<" and not key.style:
                merged.append(value)
            elif key.text in entries:
                first = entries[key.text][0]
                self._error(
                    "duplicate-key",
                    f"the key {key.text!r} stands twice in the same mapping",
                    event.start_mark,
                    hint=f"merge it with the first one in line {first.line}, or remove one",
                )
            else:
                entries[key.text] = (key, value)
        for node in merged:
            self._merge(entries, node)
        return MappingNode(entries, mark.line + 1, mark.column + 1)

    def _merge(self, entries: dict[str, tuple[ScalarNode, Node]], node: Node) -> None:
        parts = node.items if isinstance(node, SequenceNode) else [node]
        for part in parts:
            if isinstance(part, MappingNode):
                for key, entry in part.entries.items():
                    entries.setdefault(key, entry)
            else:
                self._findings.error(
                    "yaml-merge",
                    f"`<<` takes a mapping, not {describe(part)}",
                    where=Location(file=self._file, line=part.line, column=part.column),
                    hint="write `<<: *name` with the anchor of a mapping",
                )
