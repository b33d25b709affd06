"""One YAML file -> marked nodes, or problems that say where it can't be read."""

from __future__ import annotations

import codecs
import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ruamel.yaml.error import YAMLError

from framework.errors import Location, UsageError
from framework.project.findings import Findings
from framework.project.yaml.compose import compose
from framework.project.yaml.faults import LINE_BREAK, report_broken
from framework.project.yaml.nodes import MappingNode, Node, ScalarNode, describe

MAX_BYTES = 100_000_000
"""What a file may have at most; reading takes some twenty times as much memory."""

_MARKS = (
    (codecs.BOM_UTF32_LE, 32),
    (codecs.BOM_UTF32_BE, 32),
    (codecs.BOM_UTF16_LE, 16),
    (codecs.BOM_UTF16_BE, 16),
)
"""Bytes that begin a file of wide characters, with the bits of each; longer marks first."""

_SHARES_OF_ZEROS = ((0.6, 32), (0.3, 16))
"""How many bytes are zero where the letters of a text are of that many bits, ASCII mostly."""

_SECTION_OF = {
    "story": "stories",
    "rule": "rules",
    **dict.fromkeys(("intent", "synonym", "regex", "lookup"), "nlu"),
}
_HEADLESS = re.compile(rf"^- ({'|'.join(_SECTION_OF)})[ \t]*:", re.MULTILINE)
"""What begins an item of a section, where no section was begun."""

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
    return None if text is None else _parse(text, path, file=file, findings=findings)


def read_data_source(
    path: Path, *, file: str, findings: Findings, sections: Collection[str]
) -> Source | None:
    """Read a YAML file that may hold training data.

    A file in which none of `sections` stands at the beginning of a line belongs to somebody else;
    where it can't be read, that is a warning, and it counts as empty.
    """
    text = read_text(path, file=file, findings=findings)
    if text is None:
        return None
    if re.search(rf"^[\"']?(?:{'|'.join(sections)})[\"']?[ \t]*:", text, re.MULTILINE):
        return _parse(text, path, file=file, findings=findings)
    faults = Findings()
    source = _parse(text, path, file=file, findings=faults)
    if source is not None and not faults.have_errors:
        findings.extend(faults)
        return source
    item = _HEADLESS.search(text)
    if item is None:
        message = "the file holds no training data, so it is not read"
        hint = f"move it out of the training data, or begin it with one of {', '.join(sections)}"
    else:
        section = _SECTION_OF[item[1]]
        message = f"the file has no `{section}:`, so what it lists is not read"
        hint = f"write `{section}:` in a line of its own above the first `- {item[1]}:`"
    findings.warning("foreign-file", message, where=faults.in_order()[0].where, hint=hint)
    return Source(file=file, path=path, text=text, root=MappingNode({}, 1, 1))


def _parse(text: str, path: Path, *, file: str, findings: Findings) -> Source | None:
    text = _unescape_ascii(text)
    try:
        root = compose(text, file=file, findings=findings)
    except YAMLError as error:
        report_broken(error, text=text, file=file, findings=findings)
        return None
    if root is None:
        root = MappingNode({}, 1, 1)
    if not isinstance(root, MappingNode):
        findings.error(
            "not-a-mapping",
            f"the top level of the file must be a mapping of keys, not {describe(root)}",
            where=Location(file=file, line=root.line, column=root.column),
            hint="put the content under the key it belongs to, such as `nlu:` or `intents:`",
        )
        return None
    return Source(file=file, path=path, text=text, root=root)


def read_text(path: Path, *, file: str, findings: Findings) -> str | None:
    """Read a UTF-8 file, reporting what prevents it."""
    data = read_bytes(path, file=file, findings=findings)
    if data is None:
        return None
    other = _other_encoding(data)
    if other is not None:
        findings.error(
            "not-utf8",
            f"the file is {other}, not UTF-8",
            where=Location(file=file, line=1, column=1),
            hint="save the file with the encoding UTF-8",
        )
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


def _other_encoding(data: bytes) -> str | None:
    """Name the encoding of a text of wide characters: by its mark, or by zeros all over it."""
    bits = next((bits for mark, bits in _MARKS if data.startswith(mark)), None)
    if bits is None:
        zeros = data.count(0) / max(len(data), 1)
        bits = next((bits for least, bits in _SHARES_OF_ZEROS if zeros > least), None)
    return None if bits is None else f"UTF-{bits}"


def read_bytes(path: Path, *, file: str, findings: Findings) -> bytes | None:
    """Read a file of ordinary size, reporting what prevents it."""
    try:
        return _content(path, file)
    except UsageError as error:
        findings.error(error.id, error.message, where=Location(file=file), hint=error.hint)
        return None


def _content(path: Path, file: str) -> bytes:
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode):
            what = "a folder" if stat.S_ISDIR(kind.st_mode) else "no ordinary file"
            raise UsageError(
                f"{file} is {what}, but a file is expected",
                id="not-a-file",
                hint="put a file in its place, or give it another name",
            )
        if kind.st_size > MAX_BYTES:
            raise UsageError(
                f"{file} has {kind.st_size:,} bytes, more than the {MAX_BYTES:,} that are read",
                id="too-large",
                hint="divide it into several files, or move it out of the project",
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        is_link = path.is_symlink()
        raise UsageError(
            f"{file} is a link to {str(path.readlink())!r}, which doesn't exist"
            if is_link
            else f"there is no file {file}",
            id="missing-file",
            hint="mend the link, or remove it" if is_link else "check its name and its folder",
        ) from error
    except OSError as error:
        raise UsageError(
            f"{file} can't be read: {error.strerror or type(error).__name__}",
            id="unreadable-file",
            hint="check that your user may read it, and that it is no link to itself",
        ) from error


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
