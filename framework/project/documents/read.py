"""Reads the documents that the configuration names; an unreadable one doesn't stop the rest."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
_LONGEST_PROBED = 4_000
"""Characters beyond which a text surely holds more than front matter and comments."""

_READERS: dict[str, Callable[[str], tuple[Block, ...]]] = {
    "markdown": read_markdown,
    "plain": read_plain,
    "html": read_html,
}


def read_documents(
    root: Path, settings: Knowledge, findings: Findings, *, language: str = "en"
) -> Iterator[Document]:
    """Read all documents, one after the other.

    Args:
        root: the project's folder.
        settings: what the configuration names.
        findings: takes what is missing, unreadable or empty.
        language: ISO code of the bot's language, for documents in old encodings.
    """
    reading = _Reading(settings=settings, findings=findings, language=language)
    for found in find_documents(root, settings, findings):
        blocks = _read(found, reading, parse=_parse)
        if blocks:
            yield Document(file=found.file, blocks=tuple(blocks))


def check_documents(
    root: Path, settings: Knowledge, findings: Findings, *, language: str = "en"
) -> int:
    """Report what `read_documents` would, but look no closer than that takes.

    Returns:
        how many documents can be read.
    """
    reading = _Reading(settings=settings, findings=findings, language=language)
    found = find_documents(root, settings, findings)
    return sum(bool(_read(one, reading, parse=_probe)) for one in found)


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """What is the same for all documents."""

    settings: Knowledge
    findings: Findings
    language: str


def _read(
    found: FoundFile,
    reading: _Reading,
    *,
    parse: Callable[[FoundFile, bytes, _Reading], T | None],
) -> T | None:
    """Read one document; None, with the reason among the findings, where that can't be."""
    findings = reading.findings
    content = _content(found, reading.settings, findings)
    if content is None:
        return None
    where = Location(file=found.file)
    try:
        result = parse(found, content, reading)
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
        reason, hint = _closed(found.path, error)
    findings.warning(
        "unreadable-document", f"the document can't be read: {reason}", where=where, hint=hint
    )
    return None


def _closed(path: Path, error: OSError) -> tuple[str, str]:
    """Say why a file can't be read, and what can be done."""
    if isinstance(error, FileNotFoundError) and path.is_symlink():
        target = path.readlink().as_posix()
        return f"the link leads to {target!r}, which doesn't exist", "mend the link, or remove it"
    return error.strerror or type(error).__name__, "check that your user may read it"


def _parse(found: FoundFile, content: bytes, reading: _Reading) -> tuple[Block, ...] | None:
    if found.format == "pdf":
        return read_pdf(content)
    text = _text(found, content, reading)
    return None if text is None else _READERS[found.format](text)


def _probe(found: FoundFile, content: bytes, reading: _Reading) -> bool | None:
    if found.format == "pdf":
        return has_text(content)
    text = _text(found, content, reading)
    if text is None:
        return None
    is_telling = found.format != "html" and len(text) > _LONGEST_PROBED
    return bool(text.strip() if is_telling else _READERS[found.format](text))


def _text(found: FoundFile, content: bytes, reading: _Reading) -> str | None:
    decoded = decode(content, is_html=found.format == "html", language=reading.language)
    if decoded.fault:
        _report_encoding(found, decoded, reading.findings)
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
