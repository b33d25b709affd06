"""Progress and tables, drawn with rich; plain lines where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Self, TextIO

from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from framework.cli.console import console
from framework.learning.progress import Progress as Step
from framework.project.schema.config import Mapped
from framework.training.report import PartReport, TrainingReport

_PREPARING = "getting ready"


class TrainingDisplay:
    """Bars with the time left, one for each part; on a pipe a line when a part begins."""

    def __init__(self, *, is_shown: bool) -> None:
        """Make the display; without `is_shown` it stays dark."""
        self._is_shown = is_shown
        self._console = console(sys.stderr)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("[dim]{task.fields[scores]}"),
            console=self._console,
            disable=not (is_shown and self._console.is_terminal),
        )
        self._tasks: dict[str, TaskID] = {}

    @contextmanager
    def drawn(self) -> Iterator[Self]:
        """Draw for as long as the block runs, then leave the terminal as it was."""
        with self._bars:
            self._tasks[_PREPARING] = self._bars.add_task(_PREPARING, total=None, scores="")
            try:
                yield self
            finally:
                self._end_preparing()

    def _end_preparing(self) -> None:
        if _PREPARING in self._tasks:
            self._bars.remove_task(self._tasks.pop(_PREPARING))

    def update(self, step: Step) -> None:
        """Draw a step."""
        self._end_preparing()
        if step.part not in self._tasks:
            self._tasks[step.part] = self._bars.add_task(escape(step.part), scores="")
            if self._is_shown and not self._console.is_terminal:
                self._console.print(f"training {escape(step.part)}")
        self._bars.update(
            self._tasks[step.part],
            completed=step.done,
            total=step.total,
            scores=escape(_scores(step.scores)),
        )


def show_report(report: TrainingReport, stream: TextIO) -> None:
    """Show what was trained, what Rasa's names became, and the file."""
    target = console(stream)
    if report.mapped:
        target.print(_mapping_table(report.mapped))
    if report.parts:
        target.print(_parts_table(report.parts))
    target.print(
        f"trained in {report.seconds:.1f} s: [bold]{escape(str(report.bundle))}[/bold]",
        soft_wrap=True,
    )


def _parts_table(parts: Sequence[PartReport]) -> Table:
    table = Table("part", "status", title="Parts", title_justify="left")
    table.add_column("seconds", justify="right")
    table.add_column("scores")
    for part in parts:
        style = "green" if part.status == "trained" else "dim"
        table.add_row(
            escape(part.name),
            f"[{style}]{part.status}[/{style}]",
            f"{part.seconds:.1f}",
            escape(_scores(part.scores)),
        )
    return table


def _mapping_table(mapped: Sequence[Mapped]) -> Table:
    table = Table("in the configuration", "here", "note", title="Mapped", title_justify="left")
    for entry in mapped:
        table.add_row(escape(entry.rasa), escape(entry.frame or "not needed"), escape(entry.note))
    return table


def _scores(scores: Mapping[str, float]) -> str:
    return "  ".join(f"{name.replace('_', ' ')} {_figure(value)}" for name, value in scores.items())


def _figure(value: float) -> str:
    """Give a share with three digits, and a count, which is whole, with all of them."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
