"""What documents consist of, whatever their format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "list", "table", "code"]


@dataclass(frozen=True, kw_only=True)
class Block:
    """A part of a document that belongs together.

    Attributes:
        kind: what it is; items of a list and rows of a table stand on lines of their own.
        text: without markup; never empty.
        line: its first line in the file, 1-based; 0 where a format has no lines.
        page: 1-based; 0 where a format has no pages.
        level: of a heading, 1 for the highest; 0 for all else.
    """

    kind: BlockKind
    text: str
    line: int = 0
    page: int = 0
    level: int = 0


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document that was read.

    Attributes:
        file: path as the user would type it, relative to the project where possible.
        blocks: in order; at least one.
    """

    file: str
    blocks: tuple[Block, ...]
