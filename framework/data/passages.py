"""Documents -> passages: pieces that answer a question each, and know where they stand.

A passage never crosses a heading. Paragraphs, lists and tables stay whole where they fit; a longer
one is cut between its sentences, items or rows, and each piece of a table has its first row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

from framework.project.documents.sentences import joined, sentences, width
from framework.project.documents.types import Block, Document

PATH_SEPARATOR = " > "


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A piece of a document.

    Attributes:
        file: path as the user would type it.
        headings: those above it, the highest first.
        text: the words, without the headings.
        line: its first line, 1-based; 0 where the format has no lines.
        page: 1-based; 0 where the format has no pages.
    """

    file: str
    headings: tuple[str, ...] = ()
    text: str
    line: int = 0
    page: int = 0

    @property
    def in_context(self) -> str:
        """The words below their headings, which is how they are understood and searched."""
        return "\n".join((*self.headings, self.text))

    @property
    def source(self) -> str:
        """Where it stands, for people: the file with its page or line, then the headings."""
        place = f"{self.file}, p. {self.page}" if self.page else self.file
        place = f"{self.file}:{self.line}" if self.line else place
        return PATH_SEPARATOR.join((place, *self.headings))


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """What a passage is put together from.

    Attributes:
        text: as in a passage.
        line: as of a block.
        page: as of a block.
        is_cut: whether it is a part of a longer paragraph, whose parts follow each other.
    """

    text: str
    line: int
    page: int
    is_cut: bool = False


def passages(document: Document, *, length: int, overlap: int) -> Iterator[Passage]:
    """Cut a document into passages.

    Args:
        document: as it was read.
        length: of a passage at most, as `width` measures it, headings not counted.
        overlap: how much of a cut paragraph the next passage repeats.
    """
    path: list[Block] = []
    section: list[Block] = []
    for block in document.blocks:
        if block.kind != "heading":
            section.append(block)
            continue
        yield from _of_section(document.file, path, section, length=length, overlap=overlap)
        section = []
        path = [*(above for above in path if above.level < block.level), block]
    yield from _of_section(document.file, path, section, length=length, overlap=overlap)


def _of_section(
    file: str, path: list[Block], section: list[Block], *, length: int, overlap: int
) -> Iterator[Passage]:
    headings = tuple(" ".join(above.text.split()) for above in path)
    pieces = (piece for block in section for piece in _pieces(block, length))
    for group in _groups(pieces, length=length, overlap=overlap):
        first = group[0]
        text = _put_together(group)
        yield Passage(file=file, headings=headings, text=text, line=first.line, page=first.page)


def _groups(pieces: Iterable[_Piece], *, length: int, overlap: int) -> Iterator[list[_Piece]]:
    """Fill passages with pieces; one that follows in a cut paragraph repeats the end before."""
    group: list[_Piece] = []
    for piece in pieces:
        size = sum(width(one.text) for one in group)
        if group and size + width(piece.text) > length:
            yield group
            group = _repeated(group, overlap) if piece.is_cut else []
            if sum(width(one.text) for one in group) + width(piece.text) > length:
                group = []
        group.append(piece)
    if group:
        yield group


def _repeated(group: list[_Piece], overlap: int) -> list[_Piece]:
    kept: list[_Piece] = []
    for piece in reversed(group):
        if not piece.is_cut or sum(width(one.text) for one in (*kept, piece)) > overlap:
            break
        kept.insert(0, piece)
    return kept if len(kept) < len(group) else []


def _put_together(group: list[_Piece]) -> str:
    text, previous = group[0].text, group[0]
    for piece in group[1:]:
        if piece.is_cut and previous.is_cut:
            text = joined(text, piece.text)
        else:
            text = f"{text}\n{piece.text}"
        previous = piece
    return text


def _pieces(block: Block, length: int) -> Iterator[_Piece]:
    """Give a block whole where it fits, else its sentences, or groups of its lines."""
    if width(block.text) <= length:
        yield _Piece(text=block.text, line=block.line, page=block.page)
    elif block.kind == "paragraph":
        text = reduce(joined, block.text.splitlines(), "")
        for sentence in sentences(text):
            for part in _cut(sentence, length):
                yield _Piece(text=part, line=block.line, page=block.page, is_cut=True)
    else:
        yield from _lines(block, length)


def _lines(block: Block, length: int) -> Iterator[_Piece]:
    """Cut a list, a table or code between lines."""
    lines = block.text.splitlines()
    top = lines[0] if block.kind == "table" and width(lines[0]) < length // 2 else ""
    gathered: list[str] = []
    start = 0
    for number, line in enumerate(lines):
        for part in _cut(line, length - width(top) - 1):
            if gathered and sum(map(width, gathered)) + len(gathered) + width(part) > length:
                yield _of_lines(block, gathered, start)
                gathered = [top] if top else []
                start = number
            gathered.append(part)
    yield _of_lines(block, gathered, start)


def _of_lines(block: Block, lines: list[str], start: int) -> _Piece:
    # Items of Markdown and rows of HTML may take several lines; the place is right or just above.
    line = block.line + start if block.line else 0
    return _Piece(text="\n".join(lines), line=line, page=block.page)


def _cut(text: str, length: int) -> Iterator[str]:
    """Cut what has no end within a passage: between words, or anywhere."""
    while width(text) > length:
        end = length if width(text[:length]) <= length else length // 2
        space = text.rfind(" ", end // 2, end)
        end = space if space > 0 else end
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text
