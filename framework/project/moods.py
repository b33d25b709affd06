"""Texts labelled with their mood, from a table of the project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from framework.errors import Location
from framework.project.findings import Findings
from framework.project.tables import read_table
from framework.registry import did_you_mean

LABELS = ("negative", "neutral", "positive")
_WHAT = "the file of labelled moods"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A text with its mood, one of `LABELS`."""

    text: str
    label: str


def read_moods(
    path: Path, root: Path, findings: Findings, *, named_at: Location | None = None
) -> list[Line]:
    """Read labelled texts; whatever is wrong goes to the findings.

    Args:
        path: a table with the columns `text` and `label`.
        root: the project's folder, for places.
        findings: the problems so far.
        named_at: the place that names the file.
    """
    rows = read_table(
        path, root, findings, what=_WHAT, columns=("text", "label"), named_at=named_at
    )
    lines: list[Line] = []
    seen: dict[str, str] = {}
    for row in rows:
        text, label = str(row.values["text"]).strip(), str(row.values["label"]).strip().lower()
        if label not in LABELS:
            findings.error(
                "unknown-label",
                f"{_WHAT} has the label {label!r}",
                where=row.where,
                hint=did_you_mean(label, LABELS) or f"known: {', '.join(LABELS)}",
            )
        elif seen.setdefault(text, label) != label:
            message = f"{_WHAT} has {text!r} as {seen[text]!r} and as {label!r}"
            findings.error("two-labels", message, where=row.where, hint="keep one of them")
        else:
            lines.append(Line(text=text, label=label))
    return lines
