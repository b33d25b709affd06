"""Plain text -> blocks: empty lines part paragraphs, and what looks like a list is one."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from framework.project.documents.types import Block
from framework.project.documents.wrapping import unwrapped

_ITEM = regex.compile(r"\s*(?:[-*+\u2022\u00b7\u2023\u25aa\u2013]|\(?\d{1,3}[.)]|[a-z][.)])\s+\S")
_UNDERLINE = regex.compile(r"([=\-~^#*_])\1{2,}\s*")
_NUMBERED = regex.compile(r"(?:\d+\.)+\d*\s+\S|(?:§|第)\s*[\d一二三四五六七八九十百]+")
_LONGEST_HEADING = 80


def read_plain(text: str) -> tuple[Block, ...]:
    """Read paragraphs and lists; a line underlined with signs is a heading."""
    return tuple(blocks_of_lines(text.splitlines()))


def blocks_of_lines(lines: list[str], *, page: int = 0) -> Iterator[Block]:
    """Read the lines of a text, or of a page of one."""
    start = 0
    for end in range(len(lines) + 1):
        if end < len(lines) and lines[end].strip():
            continue
        group = lines[start:end]
        if group:
            yield from _blocks_of_group(group, line=0 if page else start + 1, page=page)
        start = end + 1


def _blocks_of_group(lines: list[str], *, line: int, page: int) -> Iterator[Block]:
    """Read lines without an empty one between them."""
    if _is_underlined(lines):
        level = 1 if lines[1].lstrip()[0] in "=#*" else 2
        yield Block(kind="heading", text=lines[0].strip(), line=line, page=page, level=level)
        lines, line = lines[2:], line + 2 if line else 0
    elif len(lines) == 1 and _is_heading(lines[0]):
        yield Block(kind="heading", text=lines[0].strip(), line=line, page=page, level=3)
        return
    lines = [one.strip() for one in lines if not _UNDERLINE.fullmatch(one.strip())]
    text = unwrapped(lines, starts_anew=_is_item)
    if text:
        items = sum(map(_is_item, lines))
        is_list = items > 1 or (items == 1 and _is_item(lines[0]))
        yield Block(kind="list" if is_list else "paragraph", text=text, line=line, page=page)


def _is_item(line: str) -> bool:
    return _ITEM.match(line) is not None


def _is_underlined(lines: list[str]) -> bool:
    return len(lines) > 1 and _UNDERLINE.fullmatch(lines[1].strip()) is not None


def _is_heading(line: str) -> bool:
    """Say whether a line that stands alone is numbered like a heading, or all in capitals."""
    line = line.strip()
    if len(line) > _LONGEST_HEADING or line.endswith((".", "。", ",", ";", ":")):
        return False
    return _NUMBERED.match(line) is not None or (line.isupper() and len(line) > 3)
