"""`frame train`: train what has changed and write the bot into one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from framework.cli import output
from framework.cli.arguments import add_format, add_project_files
from framework.cli.display import TrainingDisplay, show_report
from framework.cli.output import Options
from framework.project.load import load_project
from framework.training.train import train


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    add_project_files(parser)
    parser.add_argument(
        "--out", metavar="DIR", default="models", help="folder of models (default: models)"
    )
    parser.add_argument(
        "--name",
        "--fixed-model-name",
        metavar="NAME",
        help="name of the file (default: the time and two words)",
    )
    parser.add_argument(
        "--force", action="store_true", help="train every part, also where nothing changed"
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="N",
        help="everything random follows from it (default: 0)",
    )
    add_format(parser)


def run(arguments: argparse.Namespace, options: Options) -> int:
    """Train the project."""
    project = load_project(
        Path(), data=arguments.data, domain=arguments.domain, config=arguments.config
    )
    is_shown = not options.is_json and options.verbosity >= 0
    with TrainingDisplay(is_shown=is_shown) as display:
        report = train(
            project,
            output=arguments.out,
            seed=arguments.seed,
            force=arguments.force,
            name=arguments.name,
            on_progress=display.update,
        )
    if options.is_json:
        output.emit(report.to_json(), options.stdout)
    elif options.verbosity < 0:
        output.say(str(report.bundle), stream=options.stdout)
    else:
        output.show(report.warnings)
        show_report(report, options.stdout)
    return 0
