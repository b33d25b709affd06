"""Reads the documents that the configuration names; an unreadable one doesn't stop the rest."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from framework.errors import FrameError, Location, MissingExtraError
from framework.project.documents.decode import Decoded, decode
from framework.project.documents.find import FoundFile, find_documents
from framework.project.documents.html import read_html
from framework.project.documents.markdown import read_markdown
from framework.project.documents.pdf import PdfError, has_text, read_pdf
from framework.project.documents.plain import read_plain
from framework.project.documents.types import Block, Document
from framework.project.findings import Findings
from framework.project.schema.knowledge import Knowledge

T = TypeVar("T", tuple[Block, ...], bool)

_MEGABYTE = 1_000_000
_READERS: dict[str, Callable[[str], tuple[Block, ...]]] = {
    "markdown": read_markdown,
    "plain": read_plain,
    "html": read_html,
}


def read_documents(root: Path, settings: Knowledge, findings: Findings) -> Iterator[Document]:
    """Read all documents, one after the other.

    Args:
        root: the project's folder.
        settings: what the configuration names.
        findings: takes what is missing, unreadable or empty.
    """
    for found in find_documents(root, settings, findings):
        blocks = _read(found, settings, findings, parse=_parse)
        if blocks:
            yield Document(file=found.file, blocks=tuple(blocks))


def check_documents(root: Path, settings: Knowledge, findings: Findings) -> int:
    """Report what `read_documents` would, but look no closer than that takes.

    Returns:
        how many documents can be read.
    """
    found = find_documents(root, settings, findings)
    return sum(bool(_read(one, settings, findings, parse=_probe)) for one in found)


def _read(
    found: FoundFile,
    settings: Knowledge,
    findings: Findings,
    *,
    parse: Callable[[FoundFile, bytes, Findings], T | None],
) -> T | None:
    """Read one document; None, with the reason among the findings, where that can't be."""
    content = _content(found, settings, findings)
    if content is None:
        return None
    where = Location(file=found.file)
    try:
        result = parse(found, content, findings)
    except MissingExtraError as error:
        findings.error(error.id, error.message, where=where, hint=error.hint)
        return None
    except (PdfError, RecursionError) as error:
        told = error.message if isinstance(error, FrameError) else "it is nested too deeply"
        findings.warning(
            "unreadable-document",
            f"the document can't be read: {told}",
            where=where,
            hint="save it anew with the program that made it, or remove it",
        )
        return None
    if result is not None and not result:
        _report_empty(found, content, findings)
    return result


def _content(found: FoundFile, settings: Knowledge, findings: Findings) -> bytes | None:
    """Give the bytes of a document unless it is too large, no file, or may not be read."""
    where = Location(file=found.file)
    try:
        kind = found.path.stat()
        if kind.st_size > settings.max_megabytes * _MEGABYTE:
            findings.warning(
                "document-too-large",
                f"the document has {kind.st_size / _MEGABYTE:.1f} MB, more than the limit of"
                f" {settings.max_megabytes:g} MB, and is not read",
                where=where,
                hint="part it, or raise `max_megabytes` of `knowledge`",
            )
            return None
        if stat.S_ISREG(kind.st_mode):
            return found.path.read_bytes()
        reason, hint = "it is no ordinary file", "put a file in its place, or remove it"
    except OSError as error:
        reason = error.strerror or type(error).__name__
        hint = "check that your user may read it"
    findings.warning(
        "unreadable-document", f"the document can't be read: {reason}", where=where, hint=hint
    )
    return None


def _parse(found: FoundFile, content: bytes, findings: Findings) -> tuple[Block, ...] | None:
    if found.format == "pdf":
        return read_pdf(content)
    text = _text(found, content, findings)
    return None if text is None else _READERS[found.format](text)


def _probe(found: FoundFile, content: bytes, findings: Findings) -> bool | None:
    if found.format == "pdf":
        return has_text(content)
    text = _text(found, content, findings)
    if text is None or found.format != "html":
        return None if text is None else bool(text.strip())
    return bool(read_html(text))


def _text(found: FoundFile, content: bytes, findings: Findings) -> str | None:
    decoded = decode(content, is_html=found.format == "html")
    if decoded.fault:
        _report_encoding(found, decoded, findings)
    return decoded.text


def _report_encoding(found: FoundFile, decoded: Decoded, findings: Findings) -> None:
    if decoded.text is not None:
        done = f"it is read as {decoded.encoding}"
    else:
        done = "the document is not read"
    findings.warning(
        "document-encoding",
        f"{decoded.fault}: {done}",
        where=Location(file=found.file, line=decoded.line),
        hint="save the file with the encoding UTF-8",
    )


def _report_empty(found: FoundFile, content: bytes, findings: Findings) -> None:
    if not content:
        message = "the document is empty"
    elif found.format == "pdf":
        message = "the document has no text; its pages are pictures, perhaps of a scanner"
    else:
        message = "the document has no text"
    findings.warning(
        "empty-document",
        message,
        where=Location(file=found.file),
        hint="remove it, or write into it what the bot should know",
    )
