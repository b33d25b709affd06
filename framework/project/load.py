"""A project folder -> `Project`, a test folder -> `TestSuite`; all errors in one exception."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from framework.errors import Location, ProjectError
from framework.project.checks import check
from framework.project.files import YAML_SUFFIXES, PathLike, Paths, unreadable, walk
from framework.project.findings import Findings
from framework.project.read.nlu import NluCollector
from framework.project.read.pairs import TABLE_SUFFIXES, read_pairs
from framework.project.reading import read, read_test_stories
from framework.project.schema.project import Project
from framework.project.schema.tests import TestSuite


def load_project(
    path: PathLike, *, data: Paths = None, domain: Paths = None, config: PathLike | None = None
) -> Project:
    """Read and check a bot project.

    Args:
        path: the project's folder.
        data: training files or folders; `data/` when None.
        domain: domain files or folders; `domain.yml`, or else `domain/`, when None.
        config: the configuration; `config.yml` when None.

    Returns:
        the project, with the warnings about it in `problems`.

    Raises:
        ProjectError: the project has errors; it carries every problem found.
    """
    reading = read(path, data=data, domain=domain, config=config)
    problems = check(reading)
    if reading.findings.have_errors:
        raise ProjectError(problems)
    return replace(reading.project, problems=problems)


def read_tests(root: PathLike, paths: PathLike | Sequence[PathLike]) -> TestSuite:
    """Read regression conversations (`stories:`), labelled texts (`nlu:`) and `pairs:`.

    Args:
        root: the project's folder; places are given relative to it.
        paths: files or folders; a table of questions and answers (`.tsv`) is named itself.

    Raises:
        ProjectError: a file is missing or has errors; it carries every problem found.
    """
    folder, findings = Path(root), Findings()
    listed = [paths] if isinstance(paths, str | os.PathLike) else paths
    files: dict[Path, None] = {}
    tables: list[Path] = []
    for name in listed:
        place = folder / name if (folder / name).exists() else Path(name)
        if not place.exists():
            message = f"there is no file or folder {place.as_posix()}"
            findings.error(
                "missing-file",
                message,
                where=Location(file=place.as_posix()),
                hint="check the path given on the command line",
            )
        if place.is_file() and place.suffix.lower() in TABLE_SUFFIXES:
            tables.append(place.absolute())
        files.update(dict.fromkeys(walk(place, YAML_SUFFIXES, unreadable(folder, findings))))
    examples = NluCollector()
    pairs = list(read_pairs(tables, folder, findings))
    stories = read_test_stories(files, folder, findings, examples, pairs)
    problems = findings.in_order()
    if findings.have_errors:
        raise ProjectError(problems)
    return TestSuite(
        stories=tuple(stories),
        examples=tuple(examples.examples),
        pairs=tuple(pairs),
        problems=problems,
    )
