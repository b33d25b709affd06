"""Trains the NLU several times on parts of the examples, for cross-validation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from framework.data.split import example_folds
from framework.data.types import Utterance
from framework.data.utterances import from_examples
from framework.learning.progress import Progress
from framework.nlu.types import Understanding
from framework.project.schema.project import Project
from framework.training.cache import Cache
from framework.training.parts import OnProgress, settle
from framework.training.plan import plan
from framework.training.understood import TrainedPipeline

_BATCH = 256


@dataclass(frozen=True, kw_only=True)
class TrainedFold:
    """One training of a cross-validation.

    Attributes:
        held_out: the examples it hasn't seen.
        understandings: what it makes of them, in their order.
    """

    held_out: tuple[Utterance, ...]
    understandings: tuple[Understanding, ...]


def train_folds(
    project: Project, *, count: int, seed: int = 0, on_progress: OnProgress
) -> Iterator[TrainedFold]:
    """Train on all folds but one, in turn, and let each bot understand the fold left out.

    Nothing is written and nothing cached. Tables (synonyms, patterns, lookups) are the same for
    each training.

    Args:
        project: what to learn from.
        count: number of folds, 2 or more.
        seed: decides the folds, and everything random in the trainings.
        on_progress: called with every step; `part` says which fold it is.

    Raises:
        UsageError: there are fewer examples than folds.
        TrainingError: a component can't learn from the examples of a fold.
    """
    folds = example_folds(project.nlu.examples, count=count, seed=seed)
    for number, (seen, held_out) in enumerate(folds, start=1):
        part = replace(project, nlu=replace(project.nlu, examples=seen), stories=(), rules=())
        utterances = from_examples(held_out)
        yield TrainedFold(
            held_out=utterances,
            understandings=_understand(
                _train(part, seed=seed, on_progress=_named(f"fold {number}/{count}", on_progress)),
                utterances,
            ),
        )


def _train(project: Project, *, seed: int, on_progress: OnProgress) -> TrainedPipeline:
    pipeline = TrainedPipeline(project.domain)
    planned = plan(project, seed=seed, pipeline=pipeline, on_progress=on_progress)
    for task in planned.components:
        pipeline.add(settle(task, cache=Cache(), on_progress=on_progress))
    return pipeline


def _understand(
    pipeline: TrainedPipeline, utterances: tuple[Utterance, ...]
) -> tuple[Understanding, ...]:
    texts = [item.text for item in utterances]
    return tuple(
        understanding
        for first in range(0, len(texts), _BATCH)
        for understanding in pipeline.understand(texts[first : first + _BATCH])
    )


def _named(prefix: str, on_progress: OnProgress) -> OnProgress:
    def show(step: Progress) -> None:
        on_progress(replace(step, part=f"{prefix}: {step.part}"))

    return show
