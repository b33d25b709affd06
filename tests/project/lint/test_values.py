"""Settings for finding values."""

from __future__ import annotations

from pathlib import Path

from framework.project.checks import inspect
from tests.project.faults import CONFIG
from tests.project.projects import write_minimal


def test_values_that_nothing_finds_are_told_with_their_place(tmp_path: Path) -> None:
    config = """\
        language: en
        pipeline:
        - name: DucklingEntityExtractor
          dimensions: [tiem]
          timezone: Europe/Berlni
        """
    project = write_minimal(tmp_path, {CONFIG: config})

    problems = [problem for problem in inspect(project) if "Duckling" in problem.message]

    assert [(problem.severity, problem.id) for problem in problems] == [
        ("error", "wrong-setting"),
        ("warning", "wrong-setting"),
    ]
    assert all(problem.where is not None and problem.where.line == 3 for problem in problems)
