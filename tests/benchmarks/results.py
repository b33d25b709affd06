"""Measurements: gathered in a JSON file, averaged over seeds, put between the marks of a report."""

from __future__ import annotations

import json
import statistics
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "docs" / "benchmarks"
MARK = "<!-- results -->"

Row = dict[str, Any]


def load(path: Path) -> list[Row]:
    """Read what was measured so far."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def add(path: Path, row: Row, *, same: Sequence[str]) -> list[Row]:
    """Add a measurement, in place of the one with the same values under these keys; give all."""
    rows = [old for old in load(path) if any(old[key] != row[key] for key in same)]
    rows.append(row)
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return rows


def averaged(
    values: Sequence[float], *, spread: Callable[[Sequence[float]], float] = statistics.pstdev
) -> str:
    """Give the mean, and the spread where there are several values."""
    mean = f"{statistics.mean(values):.1f}"
    return f"{mean} ± {spread(values):.1f}" if len(values) > 1 else mean


def write_between_marks(report: Path, text: str) -> None:
    """Replace the part of a report between its two marks."""
    head, _, tail = report.read_text(encoding="utf-8").split(MARK)
    report.write_text(f"{head}{MARK}\n{text}\n{MARK}{tail}", encoding="utf-8")


def commit() -> str:
    """Give the short name of the commit that is measured."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
