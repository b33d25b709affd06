"""Every exception of Frame, and the value that describes a problem in a project.

The tree::

    FrameError                 anything a caller can act on; has an id, a place and a hint
    ├── UsageError             the call is wrong: a missing file, an unknown option value (exit 2)
    ├── ProjectError           the project has errors; carries every problem found (exit 2)
    ├── BundleError            a model file is missing, damaged, altered or too new (exit 2)
    ├── EncoderError           a named encoder can't be had or is not what it claims (exit 2)
    ├── MissingExtraError      an optional feature is not installed (exit 2)
    ├── TrainingError          training can't go on with this data (exit 2)
    ├── ActionError            an action failed or is unknown (exit 3)
    └── ActionRejected         an action declines to run, so that another is predicted (exit 3)

This module imports nothing of Frame; rendering lives in `framework.cli.output`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, kw_only=True, order=True)
class Location:
    """A place in a file of the project.

    Attributes:
        file: path as the user would type it, relative to the project where possible.
        line: 1-based line; 0 when only the file is known.
        column: 1-based column; 0 when only the line is known.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Render as `file:line:column`, leaving out what isn't known."""
        parts = [self.file, *(str(number) for number in (self.line, self.column) if number)]
        return ":".join(parts)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One finding about a project.

    Attributes:
        id: kebab-case name of the kind of problem, stable across versions.
        severity: an `error` stops training, a `warning` doesn't.
        message: what was found and what was expected.
        where: the place, or None when the problem has none (an empty project).
        hint: what the reader can do now; empty when there is nothing to add.
    """

    id: str
    severity: Severity
    message: str
    where: Location | None = None
    hint: str = ""

    def __str__(self) -> str:
        """Render in the three-line form used by the command line."""
        lines = [f"{self.severity}[{self.id}]: {self.message}"]
        if self.where is not None:
            lines.append(f"  --> {self.where}")
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return "\n".join(lines)

    def to_json(self) -> dict[str, str | int | None]:
        """Give the problem as an entry of a JSON document; what isn't known is None."""
        where = self.where or Location(file="")
        return {
            "id": self.id,
            "severity": self.severity,
            "message": self.message,
            "file": where.file or None,
            "line": where.line or None,
            "column": where.column or None,
            "hint": self.hint,
        }


class FrameError(Exception):
    """Base of all errors of Frame.

    Attributes:
        id: kebab-case name of the kind of error.
        message: what was found and what was expected.
        where: the place it is about, if any.
        hint: what the reader can do now; may be empty.
        exit_code: what the command line exits with.
    """

    id: str = "error"
    exit_code: ClassVar[int] = 3

    def __init__(
        self,
        message: str,
        *,
        id: str | None = None,
        where: Location | None = None,
        hint: str = "",
    ) -> None:
        """Make the error; `id` overrides the class's own."""
        super().__init__(message)
        self.message = message
        self.id = id or type(self).id
        self.where = where
        self.hint = hint

    def problems(self) -> tuple[Problem, ...]:
        """Give the error as problems, for rendering beside those of a project."""
        return (
            Problem(
                id=self.id,
                severity="error",
                message=self.message,
                where=self.where,
                hint=self.hint,
            ),
        )


class UsageError(FrameError):
    """The call is wrong: a path that doesn't exist, a value that isn't allowed."""

    id = "usage"
    exit_code = 2


class ProjectError(FrameError):
    """The project has errors; all those found in one run are in `found`."""

    id = "project"
    exit_code = 2

    def __init__(self, found: Iterable[Problem]) -> None:
        """Make the error of all problems found, warnings included."""
        self.found = tuple(found)
        errors = [problem for problem in self.found if problem.severity == "error"]
        noun = "error" if len(errors) == 1 else "errors"
        lines = "\n".join(str(problem) for problem in errors)
        super().__init__(f"the project has {len(errors)} {noun}\n{lines}")

    def problems(self) -> tuple[Problem, ...]:
        """Give every problem found."""
        return self.found


class BundleError(FrameError):
    """A model file is missing, truncated, altered, malicious or of a newer format."""

    id = "bundle"
    exit_code = 2


class EncoderError(FrameError):
    """A named encoder can't be loaded, or its files are not the ones expected."""

    id = "encoder"
    exit_code = 2


class MissingExtraError(FrameError):
    """A feature needs a package that isn't installed; the hint says which extra."""

    id = "missing-extra"
    exit_code = 2


class TrainingError(FrameError):
    """Training can't start or go on with this data."""

    id = "training"
    exit_code = 2


class ActionError(FrameError):
    """An action is unknown or failed; the conversation goes on with the fallback reply."""

    id = "action"


class ActionRejected(FrameError):  # an answer of the action, not a failure
    """An action declines to run; the policies then predict another one."""

    id = "action-rejected"
