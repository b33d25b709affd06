"""A sign on the terminal that the bot is at work, for as long as a reply takes."""

from __future__ import annotations

import asyncio
import sys
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

DELAY_SECONDS = 0.3
"""How long nothing is shown: most replies are there before."""


class Waiting:
    """A spinner with the seconds that have passed; used within an event loop.

    A reply of a language model is held until all of it is judged, so there are no words of it to
    show before.
    """

    def __init__(
        self, stream: TextIO, *, is_shown: bool, delay_seconds: float = DELAY_SECONDS
    ) -> None:
        """Take the terminal; without `is_shown` it stays as it is."""
        self._console = Console(file=stream, highlight=False)
        self._is_shown = (
            is_shown and self._console.is_terminal and not self._console.is_dumb_terminal
        )
        self._delay_seconds = delay_seconds
        self._timer: asyncio.TimerHandle | None = None
        self._spinner: Progress | None = None

    def __enter__(self) -> Self:
        """Begin to wait."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop, whatever happened."""
        self.stop()

    def start(self) -> None:
        """Show the sign after a moment, unless `stop` comes first."""
        if self._is_shown:
            self._timer = asyncio.get_running_loop().call_later(self._delay_seconds, self._draw)

    def stop(self) -> None:
        """Leave the line as it was before."""
        if self._timer is not None:
            self._timer.cancel()
        if self._spinner is not None:
            self._spinner.stop()
        self._timer = self._spinner = None

    def _draw(self) -> None:
        self._spinner = Progress(
            SpinnerColumn(),
            TextColumn("[dim]writing"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            redirect_stderr=sys.stderr.isatty(),  # else it goes elsewhere, and disturbs nothing
        )
        self._spinner.add_task("", total=None)
        self._spinner.start()
