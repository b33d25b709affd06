"""`frame test --cross-validation`: train on parts of the examples, score the parts left out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from framework.cli.display import TrainingDisplay
from framework.cli.output import Options
from framework.errors import UsageError
from framework.evaluation.nlu.cross_validation import HeldOut, cross_validate
from framework.evaluation.nlu.report import NluReport
from framework.project.load import load_project
from framework.training.folds import train_folds


def validate(
    arguments: argparse.Namespace, options: Options, *, paths: Sequence[Path]
) -> NluReport:
    """Cross-validate the project's NLU.

    Args:
        arguments: of `frame test`.
        options: decide whether progress is shown.
        paths: training data other than the project's.
    """
    project = load_project(
        Path(),
        data=arguments.data or list(paths) or None,
        domain=arguments.domain,
        config=arguments.config,
    )
    if not project.nlu.examples:
        raise UsageError(
            "there are no examples to validate with", id="no-tests", hint="add some to data/"
        )
    is_shown = not options.is_json and options.verbosity >= 0
    with TrainingDisplay(is_shown=is_shown).drawn() as display:
        trained = train_folds(
            project, count=arguments.folds, seed=arguments.seed, on_progress=display.update
        )
        folds = [
            HeldOut(utterances=fold.held_out, understandings=fold.understandings)
            for fold in trained
        ]
    return cross_validate(folds, false_accept=arguments.false_accept)
