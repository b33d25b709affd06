"""What a training did, for whoever asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from framework.errors import Problem
from framework.project.schema.config import Mapped

Status = Literal["trained", "cached"]


@dataclass(frozen=True, kw_only=True)
class PartReport:
    """One component or policy that learned something.

    Attributes:
        name: registered name; a second one of the same name gets `#2`.
        status: `cached` where an earlier bundle held what it would have learned.
        seconds: time spent on it.
        scores: latest figures of its training, on held-out data where there was enough.
    """

    name: str
    status: Status
    seconds: float
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TrainingReport:
    """A finished training.

    Attributes:
        bundle: the file that was written.
        seconds: from the start to the written file.
        parts: in the order of training.
        mapped: what Rasa's names became.
        warnings: found in the project, none of which stops training.
    """

    bundle: Path
    seconds: float
    parts: tuple[PartReport, ...] = ()
    mapped: tuple[Mapped, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the document of `frame train --format json`."""
        return {
            "model": str(self.bundle),
            "seconds": round(self.seconds, 3),
            "parts": [
                {
                    "name": part.name,
                    "status": part.status,
                    "seconds": round(part.seconds, 3),
                    "scores": dict(part.scores),
                }
                for part in self.parts
            ],
            "mapped": [
                {"rasa": entry.rasa, "frame": entry.frame, "note": entry.note}
                for entry in self.mapped
            ],
            "warnings": [problem.to_json() for problem in self.warnings],
        }
