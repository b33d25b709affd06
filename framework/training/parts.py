"""The parts of a bot while it is trained: learned now, or taken from an earlier bundle."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from framework.assistant.manifest import PartEntry
from framework.learning.process import prepare_process
from framework.learning.progress import Progress
from framework.nlu.component import Component
from framework.policies.base import Policy
from framework.project.schema.config import PartConfig
from framework.responses.base import TrainedResponder
from framework.training.cache import Cache
from framework.training.report import PartReport, Status
from framework.training.unfinished import WORTH_SECONDS, Unfinished

OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, kw_only=True)
class Task:
    """A part that has to be trained, unless an earlier bundle holds the result.

    Attributes:
        config: its name and settings.
        learner: the part, made of its settings.
        steps: starts its training.
        folder: its folder in the bundle.
        fingerprint: digest of what it learns from.
    """

    config: PartConfig
    learner: Component | Policy | TrainedResponder
    steps: Callable[[], Iterator[Progress]]
    folder: str
    fingerprint: str

    @property
    def is_quick(self) -> bool:
        """Whether the part learns in no time."""
        return not self.learner.trainable


@dataclass(frozen=True, kw_only=True)
class TrainedPart:
    """A part with what it learned.

    Attributes:
        task: what it was.
        files: what it learned.
        status: whether it was trained now.
        seconds: time spent.
        scores: latest figures of its training.
    """

    task: Task
    files: Mapping[str, bytes]
    status: Status
    seconds: float
    scores: Mapping[str, float]

    def entry(self) -> PartEntry:
        """Give its entry in the manifest."""
        return PartEntry(
            name=self.task.config.name,
            settings=dict(self.task.config.settings),
            folder=self.task.folder if self.files else None,
            fingerprint=self.task.fingerprint,
            scores=dict(self.scores),
        )


def settle(
    task: Task, *, cache: Cache, on_progress: OnProgress, unfinished: Unfinished | None = None
) -> TrainedPart:
    """Take a part from the cache or from an interrupted training, or train it."""
    started = time.perf_counter()
    known = cache.find(task.fingerprint)
    if known is None and unfinished is not None:
        known = unfinished.find(task.fingerprint)
    status: Status = "trained" if known is None else "cached"
    files, scores = known or _learn(task, on_progress)
    seconds = time.perf_counter() - started
    if unfinished is not None and status == "trained" and seconds > WORTH_SECONDS:
        unfinished.keep(task.fingerprint, files, scores)
    return TrainedPart(task=task, files=files, status=status, seconds=seconds, scores=scores)


def _learn(task: Task, on_progress: OnProgress) -> tuple[Mapping[str, bytes], Mapping[str, float]]:
    prepare_process()  # each part may be the first that imports torch
    scores: dict[str, float] = {}
    for step in task.steps():
        scores.update({name: float(value) for name, value in step.scores.items()})
        on_progress(step)
    return task.learner.save(), scores


def reports(parts: Sequence[TrainedPart]) -> tuple[PartReport, ...]:
    """List what was learned, in order; parts with nothing to learn are left out."""
    found: list[PartReport] = []
    for part in parts:
        if not part.files and not part.task.learner.trainable:
            continue
        name = part.task.config.name
        same = sum(report.name.partition("#")[0] == name for report in found)
        found.append(
            PartReport(
                name=f"{name}#{same + 1}" if same else name,
                status=part.status,
                seconds=part.seconds,
                scores=part.scores,
            )
        )
    return tuple(found)
