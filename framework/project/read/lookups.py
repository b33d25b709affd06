"""Lookup tables: listed in the file, or one element per line of a text file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from framework.errors import Location
from framework.project.reader import Reader
from framework.project.yaml.nodes import Node, ScalarNode
from framework.project.yaml.source import read_text

_SUFFIXES = (".txt", ".csv", ".tsv", ".lst", ".list")


def lookup_elements(
    reader: Reader,
    node: Node | None,
    name: str,
    lines: Callable[[Node | None], Iterable[tuple[str, Location]]],
) -> tuple[str, ...] | None:
    """Give the elements of a lookup table.

    Args:
        reader: of the file that holds the table.
        node: what stands under `examples:`.
        name: of the table.
        lines: reads an ordinary block of examples.

    Returns:
        the elements, or None where they were to come from a file that can't be read.
    """
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        single = node.text.strip()
        if "\n" not in single and _is_path(single):
            return from_file(reader, single, name, reader.where(node))
    listed = [(text, where) for text, where in lines(node) if text]
    if len(listed) == 1 and _is_path(listed[0][0]):
        return from_file(reader, listed[0][0], name, listed[0][1])
    return tuple(text for text, _ in listed)


def _is_path(text: str) -> bool:
    return text.lower().endswith(_SUFFIXES) and not text.startswith("-") and "\n" not in text


def from_file(reader: Reader, text: str, name: str, where: Location) -> tuple[str, ...] | None:
    """Give the elements that a file of the project lists, one on each line.

    Args:
        reader: of the file that names it.
        text: its path, relative to the project or to that file.
        name: of the table.
        where: the place that names it.

    Returns:
        the elements, or None where the file can't be read.
    """
    path = _find(reader, text)
    if path is None:
        reader.findings.warning(
            "missing-lookup-file",
            f"the lookup table {name!r} is to be read from {text!r}, which doesn't exist, so it is "
            "empty",
            where=where,
            hint="give the path relative to the project or to this file",
        )
        return None
    content = read_text(path, file=text, findings=reader.findings)
    if content is None:
        return None
    return tuple(line.strip() for line in content.splitlines() if line.strip())


def _find(reader: Reader, text: str) -> Path | None:
    folders = (reader.root, reader.source.path.parent)
    candidates = (folder / text for folder in folders)
    try:
        return next((path for path in candidates if path.is_file()), None)
    except (OSError, ValueError):
        return None
