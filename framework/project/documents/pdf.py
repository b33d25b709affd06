"""PDF -> the paragraphs of its pages, by pypdf."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any, TypeVar

import regex

from framework.errors import FrameError, MissingExtraError
from framework.project.documents.plain import blocks_of_lines
from framework.project.documents.sentences import SENTENCE_END, joined
from framework.project.documents.types import Block
from framework.registry import load_object

T = TypeVar("T")

_HYPHEN = regex.compile(r"(?<=\p{Ll})[-\u00ad\u2010]\n(?=\p{Ll})")
_PAGE_NUMBER = regex.compile(
    r"\s*(?:page\s*)?\p{Pd}?\s*\d{1,4}\s*(?:(?:/|of)\s*\d{1,4})?\s*\p{Pd}?\s*", regex.I
)
_SHORT_LINE = 0.75
"""A line that ends a sentence and is shorter than this share of the page's longest ends a
paragraph."""

_PAGES_PROBED = 5

_BROKEN = (
    *(ValueError, TypeError, LookupError, AttributeError, ArithmeticError, OSError),
    *(RecursionError, NotImplementedError, EOFError, AssertionError, MemoryError),
)
"""What reading a damaged file may raise, beside the errors of pypdf's own."""


class PdfError(FrameError):
    """The file can't be read; the message says why."""

    id = "pdf"


def read_pdf(content: bytes) -> tuple[Block, ...]:
    """Read the paragraphs of all pages; a bookmark of a page is a heading.

    Raises:
        MissingExtraError: the parser isn't installed.
        PdfError: the file is damaged or locked with a password.
    """
    return _guarded(content, _read_all)


def has_text(content: bytes) -> bool:
    """Say whether one of the first pages has text; a scan has none.

    Raises:
        MissingExtraError: the parser isn't installed.
        PdfError: the file is damaged or locked with a password.
    """
    return _guarded(content, _probe)


def _guarded(content: bytes, read: Callable[[Any], T]) -> T:
    try:
        errors = load_object("pypdf.errors:PyPdfError")
        reader = load_object("pypdf:PdfReader")
    except ImportError as error:
        raise MissingExtraError(
            "PDF documents are read by the package pypdf, which isn't installed",
            hint="pip install 'frame-dialogue[knowledge]'",
        ) from error
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        opened = reader(io.BytesIO(content))
        if opened.is_encrypted and not opened.decrypt(""):
            raise PdfError("it is locked with a password")
        return read(opened)
    except (errors, *_BROKEN) as error:
        told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise PdfError(f"it is damaged ({told})") from error


def _read_all(reader: Any) -> tuple[Block, ...]:
    titles = dict(_bookmarks(reader, reader.outline, 1))
    blocks: list[Block] = []
    for number, page in enumerate(reader.pages, start=1):
        for level, title in titles.get(number - 1, ()):
            blocks.append(Block(kind="heading", text=title, page=number, level=level))
        blocks += _blocks(page.extract_text() or "", number)
    return tuple(blocks)


def _probe(reader: Any) -> bool:
    pages = reader.pages
    return (
        any(
            (pages[number].extract_text() or "").strip()
            for number in range(min(len(pages), _PAGES_PROBED))
        )
        or len(pages) > _PAGES_PROBED
    )


def _bookmarks(
    reader: Any, outline: Any, level: int
) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """Give the bookmarks of each page, from 0, with their levels."""
    found: dict[int, list[tuple[int, str]]] = {}
    for item in outline:
        if isinstance(item, list):
            for page, titles in _bookmarks(reader, item, level + 1):
                found.setdefault(page, []).extend(titles)
            continue
        page = reader.get_destination_page_number(item)
        title = " ".join(str(item.title or "").split())
        if page is not None and title:
            found.setdefault(page, []).append((min(level, 6), title))
    yield from found.items()


def _blocks(text: str, page: int) -> Iterator[Block]:
    """Read a page; lines of one paragraph become one line."""
    lines = [line.rstrip() for line in _HYPHEN.sub("", text).splitlines()]
    lines = [line for line in lines if not line or not _PAGE_NUMBER.fullmatch(line)]
    longest = max((len(line) for line in lines), default=0)
    parted: list[str] = []
    for line in lines:
        parted.append(line)
        if SENTENCE_END.search(line) and len(line) < _SHORT_LINE * longest:
            parted.append("")
    for block in blocks_of_lines(parted, page=page):
        if block.kind == "paragraph":
            yield Block(kind=block.kind, text=_one_line(block.text), page=page)
        else:
            yield block


def _one_line(text: str) -> str:
    return reduce(joined, text.splitlines(), "")
