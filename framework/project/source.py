"""One YAML file -> marked nodes, or problems that say where it can't be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ruamel.yaml.error import YAMLError

from framework.errors import Location
from framework.project.compose import compose
from framework.project.faults import LINE_BREAK, report_broken
from framework.project.findings import Findings
from framework.project.nodes import MappingNode, Node, ScalarNode

_SURROGATES = re.compile("[\ud800-\udfff]")


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
        return LINE_BREAK.split(self.text)

    def where(self, node: Node) -> Location:
        """Give the place of a node."""
        return Location(file=self.file, line=node.line, column=node.column)

    def where_inside(self, node: ScalarNode, offset: int) -> Location:
        """Give the place of a character of a text, where the text stands in the file as it is.

        Args:
            node: the text.
            offset: of the character in `node.text`.
        """
        before = LINE_BREAK.split(node.text[: offset + 1])
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
        pieces = LINE_BREAK.split(node.text)
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
    try:
        root = compose(text, file=file, findings=findings)
    except YAMLError as error:
        report_broken(error, text=text, file=file, findings=findings)
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
