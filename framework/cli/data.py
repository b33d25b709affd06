"""`frame data split`: set examples or stories aside to test with."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from framework.cli import output
from framework.cli.arguments import add_project_files
from framework.cli.output import Options
from framework.data.split_files import SplitReport, split_nlu, split_stories
from framework.errors import UsageError
from framework.project.files import ProjectFiles, find_files, label
from framework.project.findings import Findings
from framework.project.load import load_project
from framework.project.schema.project import Project
from framework.project.write.responses import write_variations


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument(
        "action", choices=("split",), help="split writes the data as two parts, the project stays"
    )
    parser.add_argument("kind", choices=("nlu", "stories"), help="what is split")
    parser.add_argument(
        "--training-fraction",
        type=float,
        default=0.8,
        metavar="SHARE",
        help="share to learn from, between 0 and 1 (default: %(default)s)",
    )
    parser.add_argument(
        "--seed",
        "--random-seed",
        type=int,
        default=0,
        metavar="N",
        help="decides which part each goes to (default: 0)",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        default="train_test_split",
        help="folder of the two parts (default: train_test_split)",
    )
    add_project_files(parser, also=("-u", "--nlu", "-s", "--stories"))


def run(arguments: argparse.Namespace, options: Options) -> int:
    """Split the data."""
    _check_apart(Path(arguments.out), arguments.data or ["data"])
    project = load_project(
        Path(), data=arguments.data, domain=arguments.domain, config=arguments.config
    )
    files = find_files(
        Path(),
        Findings(),
        data=arguments.data,
        domain=arguments.domain,
        config=arguments.config,
    )
    split = _split_nlu if arguments.kind == "nlu" else _split_stories
    try:
        report = split(project, files, arguments)
    except OSError as error:
        raise UsageError(
            f"nothing can be written to {arguments.out!r}: {error.strerror}",
            id="unwritable",
            hint="give another folder with `--out`",
        ) from error
    if not report.training:
        what = "examples" if arguments.kind == "nlu" else "stories"
        raise UsageError(
            f"the project has no {what} to split",
            id="nothing-to-split",
            hint="write some into data/, or name their place with --data",
        )
    if options.verbosity >= 0:
        output.show(report.problems)
        _show(report, arguments.kind, options)
    return 0


def _check_apart(folder: Path, data: Sequence[str]) -> None:
    """Refuse to write the parts to where the next training would read them beside the whole."""
    for place in data:
        if Path(place).is_dir() and folder.resolve().is_relative_to(Path(place).resolve()):
            raise UsageError(
                f"the parts can't be written to {str(folder)!r}: {str(place)!r} is trained on",
                id="unwritable",
                hint="give a folder outside of the training data with `--out`",
            )


def _split_nlu(project: Project, files: ProjectFiles, arguments: argparse.Namespace) -> SplitReport:
    if not project.nlu.examples:
        return SplitReport(training=(), test=())
    in_domain = {label(path, files.root) for path in files.domain}
    return split_nlu(
        project,
        Path(arguments.out),
        fraction=arguments.training_fraction,
        seed=arguments.seed,
        responses={
            name: write_variations(response)
            for name, response in project.domain.responses.items()
            if response.where is not None and response.where.file not in in_domain
        },
    )


def _split_stories(
    project: Project, files: ProjectFiles, arguments: argparse.Namespace
) -> SplitReport:
    return split_stories(
        (*files.domain, *files.data),
        Path(arguments.out),
        root=project.root,
        fraction=arguments.training_fraction,
        seed=arguments.seed,
    )


def _show(report: SplitReport, kind: str, options: Options) -> None:
    noun = ("example", "examples") if kind == "nlu" else ("story", "stories")
    for use, files in (("to learn from", report.training), ("to test with", report.test)):
        for file in files:
            counted = output.plural(file.count, *noun)
            output.say(f"{counted} {use}: {file.path}", stream=options.stdout)
