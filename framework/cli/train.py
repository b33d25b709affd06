"""`frame train`: train what has changed and write the bot into one file."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from framework.cli import output
from framework.cli.arguments import add_format, add_project_files
from framework.cli.display import TrainingDisplay, show_report
from framework.cli.output import Options
from framework.errors import UsageError
from framework.learning.process import is_main_process
from framework.learning.progress import Progress
from framework.project.load import load_project
from framework.training.finetune import Finetune
from framework.training.parts import OnProgress
from framework.training.scalars import ScalarLog
from framework.training.train import train
from framework.training.unfinished import Unfinished

TERMINATED = 128 + signal.SIGTERM


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
        "--force",
        action="store_true",
        help="train every part anew, also where nothing changed or a training was interrupted",
    )
    parser.add_argument(
        "--finetune",
        "--continue",
        nargs="?",
        const="",
        metavar="MODEL",
        help="go on from a trained bot with what is new in the data, instead of from the start; "
        "without MODEL from the newest in the folder of models",
    )
    parser.add_argument(
        "--epoch-fraction",
        type=float,
        default=1.0,
        metavar="SHARE",
        help="with --finetune: share of the usual epochs (default: 1.0)",
    )
    parser.add_argument(
        "--tensorboard",
        metavar="DIR",
        help="write loss and scores of each part there, for TensorBoard to draw",
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
    is_shown = not options.is_json and options.verbosity >= 0 and is_main_process()
    with (
        _stoppable(Path(arguments.out)),
        _scalars(arguments.tensorboard) as write,
        TrainingDisplay(is_shown=is_shown).drawn() as display,
    ):

        def show(step: Progress) -> None:
            display.update(step)
            write(step)

        report = train(
            project,
            output=arguments.out,
            seed=arguments.seed,
            force=arguments.force,
            finetune=_finetune(arguments),
            name=arguments.name,
            on_progress=show,
        )
    if not is_main_process():
        return 0
    if options.is_json:
        output.emit(report.to_json(), options.stdout)
    elif options.verbosity < 0:
        output.say(str(report.bundle), stream=options.stdout)
    else:
        output.show(report.warnings)
        show_report(report, options.stdout)
    return 0


def _finetune(arguments: argparse.Namespace) -> Finetune | None:
    if arguments.finetune is None:
        if arguments.epoch_fraction != 1.0:
            raise UsageError(
                "`--epoch-fraction` is a share of the epochs of `--finetune`",
                hint="add `--finetune`, or set `epochs` of the component in config.yml",
            )
        return None
    return Finetune.open(
        arguments.finetune or arguments.out, epoch_fraction=arguments.epoch_fraction
    )


@contextmanager
def _scalars(folder: str | None) -> Iterator[OnProgress]:
    """Give what writes progress for TensorBoard, or nothing where it isn't wanted."""
    if folder is None or not is_main_process():
        yield lambda _: None
        return
    with ScalarLog(Path(folder)) as log:
        yield log.write


@contextmanager
def _stoppable(folder: Path) -> Iterator[None]:
    """Let a polite request to end stop the training as Ctrl-C does, and say what is kept."""
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        if Unfinished(folder).is_there:
            output.say("\nwhat was learned so far is kept; `frame train` goes on from it")
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(TERMINATED)
