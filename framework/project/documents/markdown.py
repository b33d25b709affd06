"""Markdown -> blocks, by markdown-it-py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import regex
from markdown_it import MarkdownIt
from markdown_it.token import Token

from framework.project.documents.types import Block, BlockKind
from framework.project.documents.wrapping import unwrapped

_FRONT_MATTER = regex.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", regex.S)
_TAG = regex.compile(r"<!--.*?-->|<[/!?]?[a-zA-Z][^<>]*>", regex.S)
_SPACES = regex.compile(r"[ \t\r\f\v]+")
_CELLS = " | "
_MOST_NESTED = 100
"""Lists, items and quotations within each other; the parser passes over what is deeper."""


def read_markdown(text: str) -> tuple[Block, ...]:
    """Read headings, paragraphs, lists, tables and code; a front matter is left out."""
    text = _FRONT_MATTER.sub(lambda match: "\n" * match[0].count("\n"), text.replace("\r\n", "\n"))
    tokens = _parser().parse(text)
    blocks: list[Block] = []
    index = 0
    while index < len(tokens):
        end = _end(tokens, index)
        block = _block(tokens[index:end])
        if block is not None:
            blocks.append(block)
        index = end
    return tuple(blocks)


@cache
def _parser() -> MarkdownIt:
    options = {"maxNesting": _MOST_NESTED}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])


def _end(tokens: Sequence[Token], start: int) -> int:
    """Give the index after the block that begins at a token."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index + 1
    return len(tokens)


def _block(tokens: Sequence[Token]) -> Block | None:
    first = tokens[0]
    kind, read = _KINDS.get(first.type, ("paragraph", _lines))
    text = read(tokens).strip()
    if not text:
        return None
    level = int(first.tag[1:]) if kind == "heading" else 0
    return Block(kind=kind, text=text, line=first.map[0] + 1 if first.map else 0, level=level)


def _lines(tokens: Sequence[Token]) -> str:
    found = (_inline(token) if token.type == "inline" else _raw(token) for token in tokens)
    return "\n".join(line for line in found if line)


def _code(tokens: Sequence[Token]) -> str:
    return tokens[0].content.rstrip()


def _list(tokens: Sequence[Token]) -> str:
    """Give an item a line; what belongs to an item is indented below it."""
    lines: list[str] = []
    marks: list[str] = []
    counters: list[int] = []
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            counters.append(int(token.attrs.get("start", 1)) if token.tag == "ol" else 0)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            counters.pop()
        elif token.type == "list_item_open":
            marks = [f"{counters[-1]}." if token.markup != "-" and token.info else "-"]
            counters[-1] += 1
        else:
            content = _inline(token) if token.type == "inline" else _raw(token)
            for line in content.splitlines():
                indent = "  " * (len(counters) - 1)
                lines.append(f"{indent}{marks.pop()} {line}" if marks else f"{indent}  {line}")
    return "\n".join(lines)


def _table(tokens: Sequence[Token]) -> str:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token))
    return "\n".join(_CELLS.join(row).strip() for row in rows)


def _inline(token: Token) -> str:
    """Give the words of a line without markup; of a picture what is said in its place."""
    lines = [[""]]
    for child in token.children or ():
        if child.type in ("text", "code_inline", "image"):
            lines[-1][-1] += child.content
        elif child.type == "softbreak":
            lines[-1].append("")
        elif child.type == "hardbreak":
            lines.append([""])
    tidy = ([_SPACES.sub(" ", part).strip() for part in parts] for parts in lines)
    return "\n".join(map(unwrapped, tidy))


def _raw(token: Token) -> str:
    if token.type in ("fence", "code_block"):
        return token.content.rstrip()
    if token.type == "html_block":
        return _SPACES.sub(" ", _TAG.sub(" ", token.content)).strip()
    return ""


_KINDS: dict[str, tuple[BlockKind, Callable[[Sequence[Token]], str]]] = {
    "heading_open": ("heading", _lines),
    "bullet_list_open": ("list", _list),
    "ordered_list_open": ("list", _list),
    "table_open": ("table", _table),
    "fence": ("code", _code),
    "code_block": ("code", _code),
}
