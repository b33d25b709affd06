"""`frame tune`: search settings on held-out parts of the training data, and write the best."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from framework.cli import output
from framework.cli.arguments import (
    add_false_accept,
    add_format,
    add_project_files,
    check_false_accept,
)
from framework.cli.console import console
from framework.cli.goals import Goal, best_threshold, goals
from framework.cli.output import Options
from framework.errors import UsageError
from framework.evaluation.nlu.confidence import FALSE_ACCEPT
from framework.project.files import check_writable, find_files, write_whole
from framework.project.findings import Findings
from framework.project.load import load_project
from framework.project.schema.config import PartConfig
from framework.project.schema.project import Project
from framework.project.write.config import write_settings
from framework.training import fingerprint
from framework.training.search import Found, Search, Settings, Trial
from framework.training.spaces import settings_of_part, space_of, with_settings

_FOLDER = Path(".frame")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument(
        "what",
        nargs="?",
        choices=("nlu", "policies", "all"),
        default="nlu",
        help="whose settings are searched (default: nlu)",
    )
    parser.add_argument(
        "--trials", type=int, default=20, metavar="N", help="settings to try (default: 20)"
    )
    parser.add_argument(
        "--minutes", type=float, metavar="N", help="begin no further trial after so long"
    )
    parser.add_argument(
        "--folds",
        type=int,
        default=4,
        metavar="N",
        help="parts of the data, each held out once in a trial (default: 4)",
    )
    add_false_accept(
        parser,
        default=FALSE_ACCEPT,
        meaning="share of wrong intents acted on that the fallback's threshold is to keep to",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="decides what is tried")
    parser.add_argument(
        "--dry-run", action="store_true", help="leave the configuration as it is, show what is best"
    )
    add_project_files(parser)
    add_format(parser)


def run(arguments: argparse.Namespace, options: Options) -> int:
    """Search, show and write."""
    _check(arguments)
    check_writable(_FOLDER, hint="the search keeps its trials there; make the project writable")
    project = load_project(
        Path(), data=arguments.data, domain=arguments.domain, config=arguments.config
    )
    results = {}
    changes: dict[str, dict[str, Settings]] = {}
    for goal in goals(project, arguments):
        found = _search(goal, arguments, options)
        results[goal.section] = found
        names = {name.partition(".")[0] for name in found.settings}
        changes[goal.section] = {
            name: _changed(settings_of_part(found.settings, name), goal.parts, name)
            for name in sorted(names)
        }
    if "pipeline" in results:
        best = with_settings(project, results["pipeline"].settings)
        changes["pipeline"] |= best_threshold(best, arguments)
    written = _write(project, changes, arguments)
    _report(results, changes, written, options)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if arguments.trials < 1 or arguments.folds < 2:
        raise UsageError(
            "a search needs 1 trial or more, and 2 folds or more",
            hint="see `frame tune --help`",
        )
    check_false_accept(arguments)


def _search(goal: Goal, arguments: argparse.Namespace, options: Options) -> Found:
    space = space_of(goal.parts)
    if not space:
        raise UsageError(
            f"no part of the {goal.section} has settings that are searched",
            hint="a `bert_tagger` in the pipeline or a `learned` policy has",
        )
    name = fingerprint.digest(goal.digest, space, arguments.folds, arguments.seed)
    search = Search(f"{goal.section}-{name[:12]}", space, folder=_FOLDER, seed=arguments.seed)
    is_shown = not options.is_json and options.verbosity >= 0

    def tell(trial: Trial) -> None:
        if is_shown:
            score = "given up" if trial.score is None else f"{trial.score:.4f}"
            output.say(f"{goal.section}, trial {trial.number}: {score} (best {trial.best:.4f})")

    seconds = None if arguments.minutes is None else 60 * arguments.minutes
    return search.run(goal.evaluate, trials=arguments.trials, seconds=seconds, on_trial=tell)


def _changed(settings: Settings, parts: Sequence[PartConfig], name: str) -> Settings:
    """Leave out what is set or the default already."""
    start = {
        setting.name.partition(".")[2]: setting.start
        for setting in space_of([part for part in parts if part.name == name])
    }
    return {key: value for key, value in settings.items() if start.get(key) != value}


def _write(
    project: Project, changes: dict[str, dict[str, Settings]], arguments: argparse.Namespace
) -> Path | None:
    """Write the configuration, the old one kept beside it; None where there was no need."""
    if arguments.dry_run or not any(changes.values()):
        return None
    files = find_files(Path(), Findings(), data=None, domain=None, config=arguments.config)
    path = files.config
    if path is None:
        return None
    text = path.read_text(encoding="utf-8")
    new = text
    for section, settings in changes.items():
        parts = project.config.pipeline if section == "pipeline" else project.config.policies
        written = write_settings(new, section, settings, parts=parts)
        new = written.text
        for name in written.missing:
            output.say(
                f"warning: `{section}:` lists no {name!r}; add it to set {_shown(settings[name])}"
            )
        for rasas, name in written.renamed:
            output.say(
                f"{rasas} is written as {name} now: its options of Rasa's say nothing about "
                f"{_shown(settings[name])}"
            )
    if new == text:
        return None
    path.with_name(f"{path.name}.bak").write_text(text, encoding="utf-8")
    write_whole(path, new)
    return path


def _report(
    results: dict[str, Found],
    changes: dict[str, dict[str, Settings]],
    written: Path | None,
    options: Options,
) -> None:
    if options.is_json:
        output.emit(_document(results, changes, written), options.stdout)
        return
    table = Table("part", "setting", "value", title="Best settings", title_justify="left")
    for settings in changes.values():
        for part, values in settings.items():
            for key, value in values.items():
                table.add_row(part, key, str(value))
    target = console(options.stdout)
    for section, found in results.items():
        target.print(
            f"{section}: {found.start:.4f} before, {found.score:.4f} with the best of "
            f"{found.trials} trials ({found.pruned} given up early)"
        )
    if table.row_count:
        target.print(table)
    target.print(f"written to {written}" if written else "the configuration is as it was")


def _document(
    results: dict[str, Found], changes: dict[str, dict[str, Settings]], written: Path | None
) -> dict[str, Any]:
    return {
        "searches": {
            section: {
                "start": found.start,
                "score": found.score,
                "trials": found.trials,
                "pruned": found.pruned,
                "settings": {part: dict(values) for part, values in changes[section].items()},
            }
            for section, found in results.items()
        },
        "written": str(written) if written else None,
    }


def _shown(settings: Settings) -> str:
    return ", ".join(f"{name}: {value}" for name, value in settings.items())
