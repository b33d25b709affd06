"""`frame check`: every problem of the project in one run."""

from __future__ import annotations

import argparse
import gc
from dataclasses import replace
from pathlib import Path

from framework.cli import output
from framework.cli.arguments import add_format, add_project_files
from framework.cli.output import Options
from framework.data.slot_classes import with_slot_classes
from framework.errors import Problem, UsageError
from framework.nlu.pipeline import check_order
from framework.policies.contradictions import find
from framework.project.checks import check
from framework.project.reading import read
from framework.project.schema.project import Project
from framework.training.making import refusals

_COLLECT_SELDOM = (10_000, 20, 20)
"""Garbage collection for a short run that keeps nearly all that it makes: a quarter of the time."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    add_project_files(parser)
    parser.add_argument(
        "--fail-on-warnings", action="store_true", help="let warnings fail the check, too"
    )
    add_format(parser)


def run(arguments: argparse.Namespace, options: Options) -> int:
    """Check the project; 2 where it can't be read, 1 where what it says has errors."""
    gc.set_threshold(*_COLLECT_SELDOM)
    reading = read(Path(), data=arguments.data, domain=arguments.domain, config=arguments.config)
    is_unreadable = reading.findings.have_errors
    problems = check(reading)
    if not output.count(problems)[0]:
        problems = (*problems, *_found_by_parts(reading.project))
    errors, warnings = output.count(problems)
    failed = bool(errors or (warnings and arguments.fail_on_warnings))
    if options.is_json:
        output.emit({**output.failure(problems), "passed": not failed}, options.stdout)
    else:
        shown = [p for p in problems if p.severity == "error" or options.verbosity >= 0]
        output.show(shown, stream=options.stdout)
        if options.verbosity >= 0:
            output.say(_summary(errors, warnings, failed=failed), stream=options.stdout)
    return UsageError.exit_code if is_unreadable else int(failed)


def _found_by_parts(project: Project) -> tuple[Problem, ...]:
    """Find what components and policies would find when they are trained."""
    domain, unseen = with_slot_classes(project.domain, project.root)
    return (
        *refusals(project),
        *check_order(project.config.pipeline),
        *unseen,
        *find(replace(project, domain=domain)),
    )


def _summary(errors: int, warnings: int, *, failed: bool) -> str:
    if not errors and not warnings:
        return "no problems found"
    counts = f"{output.plural(errors, 'error')}, {output.plural(warnings, 'warning')}"
    return counts if failed else f"{counts}: the project can be trained"
