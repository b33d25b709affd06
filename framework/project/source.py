"""One YAML file -> marked nodes, or problems that say where it can't be read.

The events come from libyaml through `ruamel.yaml.clib`, or from ruamel.yaml's own parser where that
package has no wheel; the nodes are built here. That is some twenty times faster than ruamel's
round-trip loader and keeps the place of every key, value and list item. Scalars are resolved by
`framework.project.scalars`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
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
from framework.project import scalars
from framework.project.findings import Findings
from framework.project.nodes import MappingNode, Node, ScalarNode, SequenceNode

try:
    from _ruamel_yaml import CParser
except ImportError:  # no wheel for this platform: ruamel.yaml's own parser does the same, slower
    CParser = None

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_MAX_DEPTH = 100
_MAX_NODES = 10_000_000
_TAG_PREFIX = "tag:yaml.org,2002:"
_STRING_TAGS = ("!", "!!str", _TAG_PREFIX + "str")
_VALUE_TAGS = tuple(
    prefix + kind for prefix in ("!!", _TAG_PREFIX) for kind in ("int", "float", "bool", "null")
)


@dataclass(frozen=True)
class Source:
    """A file that was read.

    Attributes:
        file: its name in messages, relative to the project where possible.
        path: where it lies.
        text: its content.
        root: the top-level mapping, empty for an empty file.
    """

    file: str
    path: Path
    text: str
    root: MappingNode

    @cached_property
    def lines(self) -> list[str]:
        """The lines as an editor shows them."""
        return _LINE_BREAK.split(self.text)

    def where(self, node: Node) -> Location:
        """Give the place of a node."""
        return Location(file=self.file, line=node.line, column=node.column)

    def where_inside(self, node: ScalarNode, offset: int) -> Location:
        """Give the place of a character of a text, where the text stands in the file as it is.

        Args:
            node: the text.
            offset: of the character in `node.text`.
        """
        before = _LINE_BREAK.split(node.text[: offset + 1])
        if node.style == "|":
            lines = list(self.block_lines(node))
            start = lines[len(before) - 1][1]
            column = start.column + len(before[-1]) - 1 if start.column else 0
            return Location(file=self.file, line=start.line, column=column)
        start_column = node.column - 1 + (1 if node.style in ("'", '"') else 0)
        line = self.lines[node.line - 1] if node.line <= len(self.lines) else ""
        if line.startswith(node.text[: offset + 1], start_column):
            return Location(file=self.file, line=node.line, column=start_column + offset + 1)
        return self.where(node)

    def block_lines(self, node: ScalarNode) -> Iterator[tuple[str, Location]]:
        """Walk over the lines of a text, each with its own place.

        In a literal block (`|`) that is the line and column in the file; other styles fold lines,
        so their lines get the place of the whole text.
        """
        pieces = _LINE_BREAK.split(node.text)
        if node.style != "|":
            yield from ((piece, self.where(node)) for piece in pieces)
            return
        for offset, piece in enumerate(pieces):
            raw = self.lines[node.line + offset] if node.line + offset < len(self.lines) else ""
            column = len(raw) - len(piece) + 1 if piece and raw.endswith(piece) else 0
            yield piece, Location(file=self.file, line=node.line + offset + 1, column=column)


def read_source(path: Path, *, file: str, findings: Findings) -> Source | None:
    """Read a YAML file whose top level is a mapping.

    Args:
        path: the file.
        file: its name in messages.
        findings: takes what is wrong with it.

    Returns:
        the source, or None where it can't be read at all.
    """
    text = read_text(path, file=file, findings=findings)
    if text is None:
        return None
    text = _unescape_ascii(text)
    composer = _Composer(file=file, findings=findings)
    try:
        root = composer.compose(text)
    except YAMLError as error:
        _report(error, text=text, file=file, findings=findings)
        return None
    except RecursionError:
        message = "the file is nested too deeply, or its aliases unfold to too much"
        findings.error("yaml-syntax", message, where=Location(file=file))
        return None
    if root is None:
        root = MappingNode({}, 1, 1)
    if not isinstance(root, MappingNode):
        findings.error(
            "not-a-mapping",
            "the top level of the file must be a mapping of keys such as `nlu:` or `stories:`",
            where=Location(file=file, line=root.line, column=root.column),
            hint="put the content under the key it belongs to",
        )
        return None
    return Source(file=file, path=path, text=text, root=root)


def read_text(path: Path, *, file: str, findings: Findings) -> str | None:
    """Read a UTF-8 file, reporting what prevents it."""
    where = Location(file=file)
    try:
        data = path.read_bytes()
    except IsADirectoryError:
        findings.error("not-a-file", f"{file} is a folder, but a file is expected", where=where)
        return None
    except FileNotFoundError:
        findings.error("missing-file", f"there is no file {file}", where=where)
        return None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        findings.error("unreadable-file", f"{file} can't be read: {reason}", where=where)
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        start = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[start : error.start].decode("utf-8", "replace")) + 1
        findings.error(
            "not-utf8",
            f"the byte 0x{data[error.start]:02x} is not UTF-8",
            where=Location(file=file, line=line, column=column),
            hint="save the file with the encoding UTF-8",
        )
        return None


def _unescape_ascii(text: str) -> str:
    r"""Resolve `\u1234` in a file that is all ASCII, as Rasa does (old exports write emoji so)."""
    if not ("\\u" in text or "\\U" in text) or not text.isascii():
        return text
    try:
        decoded = text.encode("ascii").decode("raw_unicode_escape")
        decoded = decoded.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeError:
        return text
    return text if _SURROGATES.search(decoded) else decoded


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
            raise RecursionError
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
            self._error("yaml-alias", f"no anchor &{event.anchor} stands before this alias", mark)
            return ScalarNode(None, "", "", mark.line + 1, mark.column + 1)
        node, size = known
        self._nodes += size
        if self._nodes > _MAX_NODES:
            raise RecursionError
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
        self._error("yaml-tag", f"the tag {tag} has no meaning in a project", mark)
        return text

    def _sequence(self, event: Any, depth: int) -> SequenceNode:
        mark = event.start_mark
        items: list[Node] = []
        while type(event := self._next()) is not SequenceEndEvent:
            items.append(self._node(event, depth + 1))
        return SequenceNode(items, mark.line + 1, mark.column + 1)

    def _mapping(self, event: Any, depth: int) -> MappingNode:
        mark = event.start_mark
        entries: dict[str, tuple[ScalarNode, Node]] = {}
        merged: list[Node] = []
        while type(event := self._next()) is not MappingEndEvent:
            key = self._node(event, depth + 1)
            value = self._node(self._next(), depth + 1)
            if not isinstance(key, ScalarNode):
                self._error("yaml-key", "a key must be a text", event.start_mark)
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
                where = Location(file=self._file, line=part.line, column=part.column)
                self._findings.error("yaml-merge", "`<<` takes a mapping", where=where)


def _report(error: YAMLError, *, text: str, file: str, findings: Findings) -> None:
    mark = _telling_mark(error)
    if mark is None:
        _report_character(error, text=text, file=file, findings=findings)
        return
    lines = _LINE_BREAK.split(text)
    where = Location(file=file, line=mark.line + 1, column=mark.column + 1)
    here = lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""
    if here == "\t":
        findings.error(
            "yaml-tab",
            "a tab stands where YAML takes only spaces",
            where=where,
            hint="replace the tab by spaces",
        )
        return
    said = (getattr(error, "context", None), getattr(error, "problem", None))
    problem = " ".join(part for part in said if part)
    findings.error(
        "yaml-syntax", f"broken YAML: {problem}", where=where, hint=_syntax_hint(problem, here)
    )


def _telling_mark(error: YAMLError) -> Any:
    """Give the mark that helps most: where the construct began, if it was never closed."""
    if not isinstance(error, MarkedYAMLError):
        return None
    context = error.context or ""
    never_closed = any(word in context for word in ("quoted scalar", "flow", "simple key"))
    if error.context_mark is not None and never_closed and "escape" not in (error.problem or ""):
        return error.context_mark
    return error.problem_mark or error.context_mark


_SYNTAX_HINTS = (
    ("mapping values are not allowed", "put a text that holds `: ` in quotes, or mend the indent"),
    ("did not find expected key", "mend the indent, or close the quotes of the line above"),
    ("did not find expected '-' indicator", "mend the indent: list items align"),
    ("flow", "close the bracket, or put the text in quotes"),
    ("quoted scalar", "close the quotes, or double a backslash meant literally"),
    ("block scalar", "indent the lines below `|` by spaces, all the same"),
    ("could not find expected ':'", "end the key with a colon, or mend the indent"),
    ("alias", "put a text that starts with * or & in quotes"),
    ("anchor", "put a text that starts with * or & in quotes"),
)


def _syntax_hint(problem: str, here: str) -> str:
    if here in ("@", "`", "%"):
        return f"put a text that starts with {here} in quotes"
    return next((hint for part, hint in _SYNTAX_HINTS if part in problem), "")


def _report_character(error: YAMLError, *, text: str, file: str, findings: Findings) -> None:
    """Report a character that YAML doesn't allow anywhere; the parser tells only its offset."""
    bad = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]", text)
    if bad is None:
        findings.error("yaml-syntax", f"broken YAML: {error}", where=Location(file=file))
        return
    before = _LINE_BREAK.split(text[: bad.start()])
    findings.error(
        "yaml-character",
        f"the character U+{ord(bad[0]):04X} is not allowed in YAML",
        where=Location(file=file, line=len(before), column=len(before[-1]) + 1),
        hint="remove the invisible character",
    )
