"""The problems found so far: readers and checks add, nobody removes."""

from __future__ import annotations

from framework.errors import Location, Problem, Severity


class Findings:
    """Collects problems, so that one run reports all of them."""

    def __init__(self) -> None:
        """Start with none."""
        self._found: dict[Problem, None] = {}

    def add(
        self,
        severity: Severity,
        id: str,
        message: str,
        *,
        where: Location | None = None,
        hint: str = "",
    ) -> None:
        """Add a problem; an equal one found before is not repeated."""
        self.take(Problem(id=id, severity=severity, message=message, where=where, hint=hint))

    def take(self, problem: Problem) -> None:
        """Add a problem that somebody else has described."""
        self._found[problem] = None

    def error(
        self, id: str, message: str, *, where: Location | None = None, hint: str = ""
    ) -> None:
        """Add a problem that stops training."""
        self.add("error", id, message, where=where, hint=hint)

    def warning(
        self, id: str, message: str, *, where: Location | None = None, hint: str = ""
    ) -> None:
        """Add a problem that the bot can live with."""
        self.add("warning", id, message, where=where, hint=hint)

    def extend(self, other: Findings) -> None:
        """Add all problems of another collection."""
        self._found.update(other._found)

    @property
    def have_errors(self) -> bool:
        """Whether any of them is an error."""
        return any(problem.severity == "error" for problem in self._found)

    def include(self, id: str) -> bool:
        """Whether any of them has this id."""
        return any(problem.id == id for problem in self._found)

    def count_errors(self) -> int:
        """Give the number of errors so far."""
        return sum(problem.severity == "error" for problem in self._found)

    def in_order(self) -> tuple[Problem, ...]:
        """Give the problems by place, those without a place first."""
        return tuple(sorted(self._found, key=_place))


def _place(problem: Problem) -> tuple[str, int, int]:
    where = problem.where
    return ("", 0, 0) if where is None else (where.file, where.line, where.column)
