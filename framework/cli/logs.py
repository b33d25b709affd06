"""Log lines on the terminal, in the form of all other problems."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import TextIO

from framework.cli import output
from framework.cli.output import Options
from framework.errors import Location, Problem

_STYLES = {"warning": "warning", "error": "error", "critical": "error"}


def configure_logging(options: Options) -> None:
    """Send the library's log to standard error, as much of it as was asked for."""
    level = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}.get(
        options.verbosity, logging.DEBUG
    )
    handler = _LogHandler(sys.stderr)
    handler.setFormatter(_LogFormatter(shows_source=options.verbosity > 0))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("framework").setLevel(level)


class _LogFormatter(logging.Formatter):
    """Log lines that look like problems; those who asked for more see where they come from."""

    def __init__(self, *, shows_source: bool) -> None:
        super().__init__("%(name)s: %(message)s" if shows_source else "%(message)s")
        self._shows_source = shows_source

    def format(self, record: logging.LogRecord) -> str:
        word = record.levelname.lower()
        if isinstance(record.args, tuple) and record.args and isinstance(record.args[0], Problem):
            return output.render(record.args[0], sys.stderr)
        shown = output.styled(word, _STYLES.get(word, "faint"), sys.stderr)
        if record.exc_info and record.exc_info[2] and not self._shows_source:
            return f"{shown}: {record.getMessage()}{_origin(record.exc_info[2])}"
        return f"{shown}: {super().format(record)}"


class _LogHandler(logging.StreamHandler[TextIO]):
    """Writes to what standard error is at the moment: what draws on the terminal takes it over."""

    def emit(self, record: logging.LogRecord) -> None:
        self.setStream(sys.stderr)
        super().emit(record)


def _origin(way: TracebackType) -> str:
    """Say where in the bot's own code an error arose, in place of the whole way to it."""
    here = Path.cwd()
    own = [one for one in traceback.extract_tb(way) if Path(one.filename).is_relative_to(here)]
    lines = [""]
    if own:
        file = Path(own[-1].filename).relative_to(here).as_posix()
        where = Location(file=file, line=own[-1].lineno or 0)
        lines.append(f"  {output.styled('-->', 'place', sys.stderr)} {where}")
    hint = output.styled("hint", "strong", sys.stderr)
    lines.append(f"  {hint}: `-v` shows the whole way to it")
    return "\n".join(lines)
