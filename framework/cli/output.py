"""What the command line says: problems as people and machines read them.

Plain text and colours only, no rich, so that the smallest command stays quick; progress and tables
are in `framework.cli.display`. Human text goes to standard error, except what a command is for.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from framework.errors import Problem

_RESET = "\x1b[0m"
_STYLES = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "good": "\x1b[1;32m",
    "strong": "\x1b[1m",
    "faint": "\x1b[2m",
    "place": "\x1b[36m",
    "bot": "\x1b[34m",
}


@dataclass(frozen=True, kw_only=True)
class Options:
    """What was asked for in front of the command.

    Attributes:
        verbosity: -1 quiet, 0 as usual, 1 tells more, 2 tells all.
        is_json: whether standard output carries one JSON document and nothing else.
        stdout: where that document, and what a command is for, goes.
    """

    verbosity: int = 0
    is_json: bool = False
    stdout: TextIO


def wants_colour(stream: TextIO) -> bool:
    """Say whether a stream shows colours: a terminal, and nobody asked for none."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def styled(text: str, style: str, stream: TextIO) -> str:
    """Give the text in a style where the stream shows colours."""
    return f"{_STYLES[style]}{text}{_RESET}" if wants_colour(stream) else text


def say(text: str = "", *, stream: TextIO | None = None) -> None:
    """Write a line for people."""
    out = stream or sys.stderr
    out.write(f"{text}\n")
    out.flush()


def printable(text: str) -> str:
    """Give a text on one line, with spaces for signs that would steer the terminal."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(plain.split())


def render(problem: Problem, stream: TextIO) -> str:
    """Give a problem in three lines at most: what, where, and what to do."""
    head = styled(f"{problem.severity}[{problem.id}]", problem.severity, stream)
    lines = [f"{head}: {problem.message}"]
    if problem.where is not None:
        lines.append(f"  {styled('-->', 'place', stream)} {problem.where}")
    if problem.hint:
        lines.append(f"  {styled('hint', 'strong', stream)}: {problem.hint}")
    return "\n".join(lines)


def show(problems: Iterable[Problem], *, stream: TextIO | None = None) -> None:
    """Write problems for people."""
    for problem in problems:
        say(render(problem, stream or sys.stderr), stream=stream)


def count(problems: Sequence[Problem]) -> tuple[int, int]:
    """Count errors and warnings."""
    errors = sum(problem.severity == "error" for problem in problems)
    return errors, len(problems) - errors


def plural(number: int, noun: str, several: str = "") -> str:
    """Give "1 error", "2 errors"."""
    return f"{number} {noun if number == 1 else several or noun + 's'}"


def failure(problems: Sequence[Problem]) -> dict[str, Any]:
    """Give the document that stands for a command's own when it could not do its work."""
    errors, warnings = count(problems)
    return {
        "passed": errors == 0,
        "errors": errors,
        "warnings": warnings,
        "problems": [problem.to_json() for problem in problems],
    }


def emit(document: Mapping[str, Any] | Sequence[Any], stream: TextIO) -> None:
    """Write a JSON document."""
    is_ascii = not (stream.encoding or "utf-8").lower().startswith("utf")
    json.dump(document, stream, ensure_ascii=is_ascii, indent=2, default=str)
    stream.write("\n")
    stream.flush()
