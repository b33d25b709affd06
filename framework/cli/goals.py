"""What `frame tune` searches settings for: the NLU and the policies, scored on held-out parts."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from framework.assistant.assistant import Assistant
from framework.data.split import story_folds
from framework.errors import UsageError
from framework.evaluation.conversations.suite import play
from framework.evaluation.nlu.cross_validation import HeldOut, cross_validate
from framework.learning.progress import Progress
from framework.project.schema.config import PartConfig
from framework.project.schema.project import Project
from framework.training import fingerprint
from framework.training.folds import train_folds
from framework.training.search import Settings
from framework.training.spaces import with_settings
from framework.training.train import train

_LEAST_STORIES = 10


@dataclass(frozen=True, kw_only=True)
class Goal:
    """Something to search settings for.

    Attributes:
        section: of the configuration that holds the parts.
        parts: those of the project.
        evaluate: scores settings, one held-out part after the other.
        digest: of the data that it depends on.
    """

    section: str
    parts: Sequence[PartConfig]
    evaluate: Callable[[Settings], Iterator[float]]
    digest: str


def goals(project: Project, arguments: argparse.Namespace) -> list[Goal]:
    """Give the goals that a call of `frame tune` asks for."""
    wanted = ("nlu", "policies") if arguments.what == "all" else (arguments.what,)
    found = []
    if "nlu" in wanted:
        found.append(_nlu_goal(project, arguments))
    if "policies" in wanted:
        found.append(_policies_goal(project, arguments))
    return found


def _nlu_goal(project: Project, arguments: argparse.Namespace) -> Goal:
    if len(project.nlu.examples) < arguments.folds:
        raise UsageError(
            f"{len(project.nlu.examples)} examples are too few for {arguments.folds} folds",
            id="no-examples",
            hint="add examples to data/, or give fewer `--folds`",
        )

    def evaluate(settings: Settings) -> Iterator[float]:
        for fold in _folds(with_settings(project, settings), arguments):
            report = cross_validate([fold])
            scores = [report.intent.accuracy]
            if any(utterance.entities for utterance in fold.utterances):
                scores.append(report.entities.scores.f1)
            yield sum(scores) / len(scores)

    return Goal(
        section="pipeline",
        parts=project.config.pipeline,
        evaluate=evaluate,
        digest=fingerprint.digest(project.nlu.examples, project.config.encoder),
    )


def _folds(project: Project, arguments: argparse.Namespace) -> Iterator[HeldOut]:
    trained = train_folds(
        project, count=arguments.folds, seed=arguments.seed, on_progress=_show_nothing
    )
    for fold in trained:
        yield HeldOut(utterances=fold.held_out, understandings=fold.understandings)


def _policies_goal(project: Project, arguments: argparse.Namespace) -> Goal:
    if len(project.stories) < max(_LEAST_STORIES, arguments.folds):
        raise UsageError(
            f"{len(project.stories)} stories are too few to search settings with",
            id="no-dialogues",
            hint=f"add stories to data/ until there are {_LEAST_STORIES}",
        )
    config = replace(project.config, pipeline=(PartConfig(name="keyword_intents"),))
    dialogues_only = replace(project, config=config)

    def evaluate(settings: Settings) -> Iterator[float]:
        bot = with_settings(dialogues_only, settings)
        for seen, held_out in story_folds(
            project.stories, count=arguments.folds, seed=arguments.seed
        ):
            with tempfile.TemporaryDirectory() as folder:
                part = replace(bot, stories=seen)
                report = train(part, output=folder, seed=arguments.seed)
                played = asyncio.run(
                    play(Assistant.load(report.bundle), held_out, given_intents=True)
                )
            yield played.correct_actions / max(1, played.actions)

    return Goal(
        section="policies",
        parts=project.config.policies,
        evaluate=evaluate,
        digest=fingerprint.digest(project.stories, project.rules),
    )


def best_threshold(project: Project, arguments: argparse.Namespace) -> dict[str, Settings]:
    """Give the fallback the threshold that keeps to the wanted share of wrong intents."""
    if not any(part.name == "fallback" for part in project.config.pipeline):
        return {}
    report = cross_validate(list(_folds(project, arguments)), false_accept=arguments.false_accept)
    suggestion = report.confidence.suggestion
    return {"fallback": {"threshold": round(suggestion.threshold, 2)}} if suggestion else {}


def _show_nothing(step: Progress) -> None:
    """Leave the screen to the trials."""
