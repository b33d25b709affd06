"""Loads the trained bot that a command works with."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from framework.assistant.assistant import Assistant
from framework.assistant.bundle import find
from framework.errors import ProjectError, UsageError
from framework.project.code import PROJECT_MARKS
from framework.project.findings import Findings
from framework.project.outline import CODE_PLACES
from framework.project.read.services import read_endpoints
from framework.project.reading import open_reader
from framework.project.schema.config import Endpoints

ENDPOINTS = ("endpoints.yml", "endpoints.yaml")


def load_bot(arguments: argparse.Namespace, *, with_actions: bool = True) -> Assistant:
    """Load the bot named by `--model`, with its own code and services unless they aren't needed.

    Raises:
        UsageError: there is no such model, folder or file.
        BundleError: the model is damaged, altered or too new.
        ProjectError: the bot's code or `endpoints.yml` has errors.
    """
    model = find(arguments.model)
    if not with_actions:
        return Assistant.load(model)
    code = _existing(arguments.actions, usual=CODE_PLACES, option="--actions") or _project()
    if code is not None and code.is_file() and code.suffix != ".py":
        raise UsageError(
            f"{str(code)!r} holds no Python, but --actions names the bot's own code",
            id="not-python",
            hint="name a folder, or a file that ends with .py",
        )
    endpoints = _existing(arguments.endpoints, usual=ENDPOINTS, option="--endpoints")
    return Assistant.load(
        model, code=code, endpoints=_read_endpoints(endpoints) if endpoints else None
    )


def _project() -> Path | None:
    """Give the project's folder, in which slot classes lie; None where no project is."""
    here = Path()
    return here if any((here / mark).exists() for mark in PROJECT_MARKS) else None


def _existing(given: str | None, *, usual: Sequence[str], option: str) -> Path | None:
    """Give what an option names, or what is in a usual place; None where nothing is."""
    if given is not None and not Path(given).exists():
        raise UsageError(
            f"there is no {given!r}, which {option} names",
            id="missing-file",
            hint="check the path; it is looked for in the project's folder",
        )
    places = [given] if given is not None else usual
    return next((Path(place) for place in places if Path(place).exists()), None)


def _read_endpoints(path: Path) -> Endpoints:
    findings = Findings()
    reader = open_reader(path, Path(), findings)
    endpoints = Endpoints() if reader is None else read_endpoints(reader, reader.source.root)
    if findings.have_errors:
        raise ProjectError(findings.in_order())
    return endpoints
