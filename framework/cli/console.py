"""How wide lines may be: consoles, and lines of text broken between words."""

from __future__ import annotations

from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

_WIDTH_OF_FILES = 100


def console(stream: TextIO) -> Console:
    """Make a console; its width is fixed where the stream is not a terminal."""
    width = None if stream.isatty() else _WIDTH_OF_FILES
    return Console(file=stream, width=width, highlight=False, soft_wrap=False)


def wrapped(line: str, stream: TextIO, *, indent: str = "") -> list[str]:
    """Break a line between words where a terminal is too narrow for it; elsewhere it stays whole.

    Args:
        line: the line.
        stream: where it goes.
        indent: what stands before the second line and those that follow.
    """
    target = console(stream)
    if not target.is_terminal or cell_len(line) <= target.width:
        return [line]
    room = max(1, target.width - cell_len(indent))
    first, *rest = Text(line).wrap(target, room, tab_size=1)
    return [first.plain.rstrip(), *(indent + part.plain.rstrip() for part in rest)]
