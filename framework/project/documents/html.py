"""HTML -> blocks, by selectolax; what no reader sees (scripts, styles, navigation) is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import regex

from framework.errors import MissingExtraError
from framework.project.documents.types import Block, BlockKind
from framework.registry import load_object

_LEFT_OUT = frozenset(
    ("script", "style", "noscript", "template", "svg", "nav", "head", "iframe", "select", "button")
)
_LISTS = frozenset(("ul", "ol", "dl", "menu"))
_ITEMS = frozenset(("li", "dt", "dd"))
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "details", "div", "fieldset"),
        *("figcaption", "figure", "footer", "form", "header", "html", "main", "p", "section"),
        *("summary", "center", "td", "th", "tr", "tbody", "thead", "caption", "hr", "label"),
        *_LISTS,
        *_ITEMS,
    )
)
_HEADING = regex.compile(r"h[1-6]")
_SPACES = regex.compile(r"\s+")
_FIRST_WORDS = regex.compile(r"\p{L}[\p{L}\p{N}]*(?:\s[\p{L}\p{N}]+){0,2}")
_TEXT = "-text"
_CELLS = " | "
_DEEPEST = 200


def read_html(text: str) -> tuple[Block, ...]:
    """Read headings, paragraphs, lists, tables and preformatted text.

    Raises:
        MissingExtraError: the parser isn't installed.
    """
    try:
        parser = load_object("selectolax.lexbor:LexborHTMLParser")
    except ImportError as error:
        raise MissingExtraError(
            "HTML documents are read by the package selectolax, which isn't installed",
            hint="pip install 'frame-dialogue[knowledge]'",
        ) from error
    tree = parser(text)
    main = tree.css_first("main")
    top = main or tree.body
    if top is None:
        return ()
    outer = tree.css_first("h1") if main and not main.css_first("h1") else None
    title = [Block(kind="heading", text=_words(outer), level=1)] if outer else []
    return tuple(_with_lines(chain(title, _Walk().blocks(top, 0)), text))


class _Walk:
    """Goes through a tree; words outside of any block are gathered until one begins."""

    def __init__(self) -> None:
        self._words: list[str] = []

    def blocks(self, node: Any, depth: int) -> Iterator[Block]:
        """Give the blocks of a node."""
        for child in node.iter(include_text=True):
            tag = child.tag
            if tag == _TEXT:
                self._words.append(child.text(deep=False))
            elif tag == "br":
                self._words.append("\n")
            elif tag not in _LEFT_OUT and not tag.startswith("-") and depth < _DEEPEST:
                yield from self._element(child, tag, depth)
        if node.tag in _BLOCKS:
            yield from self._flush()

    def _element(self, node: Any, tag: str, depth: int) -> Iterator[Block]:
        whole = _whole(node, tag)
        if whole is not None:
            yield from self._flush()
            if whole.text:
                yield whole
            return
        if tag in _BLOCKS:
            yield from self._flush()
        yield from self.blocks(node, depth + 1)

    def _flush(self) -> Iterator[Block]:
        text = _tidy("".join(self._words))
        self._words.clear()
        if text:
            yield Block(kind="paragraph", text=text)


def _whole(node: Any, tag: str) -> Block | None:
    """Give a node that is one block, None for one whose parts are blocks."""
    if _HEADING.fullmatch(tag):
        return Block(kind="heading", text=_words(node), level=int(tag[1]))
    if tag == "pre":
        return Block(kind="code", text=node.text(deep=True).strip("\n").rstrip())
    if tag in _LISTS:
        return Block(kind="list", text="\n".join(_items(node, 0)))
    if tag == "table" and node.css_first("table table") is None and not node.css_first("h1,h2,h3"):
        return _table(node)
    return None


def _table(node: Any) -> Block:
    rows = [[_words(cell) for cell in row.css("th,td")] for row in node.css("tr")]
    rows = [row for row in rows if any(row)]
    kind: BlockKind = "table" if any(len(row) > 1 for row in rows) else "paragraph"
    return Block(kind=kind, text="\n".join(_CELLS.join(row).strip() for row in rows))


def _items(node: Any, depth: int) -> Iterator[str]:
    """Give the lines of a list; lists inside it are indented."""
    number = 0
    for item in node.iter():
        if item.tag not in _ITEMS:
            continue
        number += 1
        mark = f"{number}. " if node.tag == "ol" else "" if item.tag == "dt" else "- "
        text = _tidy("".join(_pieces(item, left_out=_LEFT_OUT | _LISTS)))
        if text:
            yield f"{'  ' * depth}{mark}{text}"
        for inner in _lists(item) if depth < _DEEPEST else ():
            yield from _items(inner, depth + 1)


def _lists(node: Any) -> Iterator[Any]:
    """Give the lists below a node, but not those inside of them."""
    for child in node.iter():
        if child.tag in _LISTS:
            yield child
        else:
            yield from _lists(child)


def _words(node: Any) -> str:
    return _tidy("".join(_pieces(node, left_out=_LEFT_OUT)))


def _pieces(node: Any, *, left_out: frozenset[str]) -> Iterator[str]:
    """Give the words below a node, with a space where a block begins or ends."""
    for child in node.iter(include_text=True):
        tag = child.tag
        if tag == _TEXT:
            yield child.text(deep=False)
        elif tag not in left_out and not tag.startswith("-"):
            edge = " " if tag in _BLOCKS or tag == "br" else ""
            yield edge
            yield from _pieces(child, left_out=left_out)
            yield edge


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _with_lines(blocks: Iterator[Block], source: str) -> Iterator[Block]:
    """Find each block's line: that of the first place, after the block before, with its words."""
    place, line = 0, 1
    for block in blocks:
        first = _FIRST_WORDS.search(block.text)
        words = map(regex.escape, first[0].split()) if first else (r"(?!)",)
        pattern = r"(?<!\w)" + r"(?:\s|<[^<>]*>|&nbsp;)+".join(words) + r"(?!\w)"
        found = regex.search(pattern, source, pos=place)
        if found is not None:
            line += source.count("\n", place, found.start())
            place = found.start()
        yield replace(block, line=line)
