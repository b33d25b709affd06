"""`Project` -> bundle: each part learns what changed since an earlier bundle, then all is kept.

Nothing is written before everything is trained, and the file appears whole: an interruption at any
moment leaves the folder as it was.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from framework import __version__
from framework.assistant import bundle
from framework.assistant.manifest import FORMAT, Manifest, MappedEntry
from framework.data.unfold import dialogues
from framework.data.utterances import utterances
from framework.errors import Problem, UsageError
from framework.learning.progress import Progress
from framework.nlu.component import NluTrainingData
from framework.policies.base import PolicyTrainingData
from framework.project.schema.project import Project
from framework.training import fingerprint, names
from framework.training.cache import Cache
from framework.training.making import Learners, make
from framework.training.parts import OnProgress, Task, TrainedPart, reports, settle
from framework.training.report import TrainingReport
from framework.training.understood import LazyUnderstandings, TrainedPipeline


def train(
    project: Project,
    *,
    output: Path | str = "models",
    seed: int = 0,
    force: bool = False,
    name: str | None = None,
    on_progress: OnProgress | None = None,
) -> TrainingReport:
    """Train a project and write its bundle.

    Args:
        project: as `framework.load_project` gives it.
        output: folder of bundles; parts that an earlier one there holds are not trained again.
        seed: everything random follows from it.
        force: train every part again.
        name: of the file, without suffix; made of the time and two words when not given.
        on_progress: called with every step of training.

    Returns:
        What was done; `report.bundle` is the file.

    Raises:
        UsageError: `output` or `name` can't be used.
        TrainingError: a part can't learn from this data.
        EncoderError: the encoder can't be had.
    """
    started = time.perf_counter()
    folder = Path(output)
    _check_target(folder, name)
    run = _Run(
        project=project,
        learners=make(project),
        seed=seed,
        cache=Cache() if force else Cache.of_folder(folder),
        on_progress=on_progress or _ignore,
        pipeline=TrainedPipeline(project.domain),
    )
    components = run.train_components()
    policies = run.train_policies(components)
    path = _write(run, folder, name=name, components=components, policies=policies)
    return TrainingReport(
        bundle=path,
        seconds=time.perf_counter() - started,
        parts=reports((*components, *policies)),
        mapped=project.config.mapped,
        warnings=(*project.problems, *_gaps(components, policies)),
    )


@dataclass(frozen=True, kw_only=True)
class _Run:
    """One training: what every step of it needs."""

    project: Project
    learners: Learners
    seed: int
    cache: Cache
    on_progress: OnProgress
    pipeline: TrainedPipeline

    def train_components(self) -> list[TrainedPart]:
        """Train the NLU components in order; none where there are no examples."""
        project = self.project
        data = NluTrainingData(
            utterances=utterances(project),
            nlu=project.nlu,
            domain=project.domain,
            language=project.config.language,
            encoder=project.config.encoder,
            root=project.root,
            seed=self.seed,
        )
        texts = [utterance.text for utterance in data.utterances]
        parts: list[TrainedPart] = []
        learners = self.learners.components if texts else ()
        for index, (config, learner) in enumerate(learners, start=1):
            kind = type(learner)
            seen = LazyUnderstandings(self.pipeline, texts) if kind.reads_previous else ()
            embed = self.pipeline.embed if kind.reads_previous else None
            task = Task(
                config=config,
                learner=learner,
                steps=partial(learner.train, replace(data, understandings=seen, embed=embed)),
                folder=f"c{index}_{config.name}",
                fingerprint=fingerprint.of_component(
                    config, kind, data, earlier=[part.task.fingerprint for part in parts]
                ),
            )
            parts.append(settle(task, cache=self.cache, on_progress=self.on_progress))
            self.pipeline.add(parts[-1])
        return parts

    def train_policies(self, components: Sequence[TrainedPart]) -> list[TrainedPart]:
        """Train the policies; none where there are neither stories nor rules."""
        project = self.project
        unfolded = dialogues(project)
        reads_text = bool(components) and fingerprint.reads_text(unfolded)
        data = PolicyTrainingData(
            dialogues=unfolded,
            domain=project.domain,
            embed=self.pipeline.embed if reads_text else None,
            seed=self.seed,
        )
        parts: list[TrainedPart] = []
        learners = self.learners.policies if unfolded else ()
        for index, (config, learner) in enumerate(learners, start=1):
            task = Task(
                config=config,
                learner=learner,
                steps=partial(learner.train, data),
                folder=f"p{index}_{config.name}",
                fingerprint=fingerprint.of_policy(
                    config, type(learner), data, nlu=[part.task.fingerprint for part in components]
                ),
            )
            parts.append(settle(task, cache=self.cache, on_progress=self.on_progress))
        return parts


def _write(
    run: _Run,
    folder: Path,
    *,
    name: str | None,
    components: Sequence[TrainedPart],
    policies: Sequence[TrainedPart],
) -> Path:
    config = run.project.config
    now = datetime.now(UTC)
    parts = (*components, *policies)
    manifest = Manifest(
        format=FORMAT,
        framework=__version__,
        created=now.isoformat(timespec="seconds"),
        language=config.language,
        assistant_id=config.assistant_id,
        encoder=config.encoder,
        seed=run.seed,
        pipeline=tuple(part.entry() for part in components),
        policies=tuple(part.entry() for part in policies),
        mapped=tuple(
            MappedEntry(rasa=entry.rasa, frame=entry.frame, note=entry.note)
            for entry in config.mapped
        ),
        extras=dict(config.extras),
    )
    content = fingerprint.digest([part.task.fingerprint for part in parts])
    stem = _stem(name) if name else names.choose(folder, now=now.astimezone(), content=content)
    return bundle.write(
        folder / f"{stem}{bundle.SUFFIX}",
        manifest=manifest,
        domain=run.project.domain,
        parts={part.task.folder: part.files for part in parts},
    )


def _check_target(folder: Path, name: str | None) -> None:
    """Refuse what can't be written before an hour is spent on training."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(
            f"the folder for models {str(folder)!r} is a file", hint="give another with `--out`"
        )
    if name is not None and (not _stem(name) or Path(name).name != name):
        raise UsageError(
            f"a model can't be named {name!r}",
            hint="give a file name without a folder; `--out` names the folder",
        )


def _stem(name: str) -> str:
    """Give the name without the suffix of a bundle, or of a model of Rasa's."""
    return name.removesuffix(bundle.SUFFIX).removesuffix(".tar.gz")


def _gaps(
    components: Sequence[TrainedPart], policies: Sequence[TrainedPart]
) -> tuple[Problem, ...]:
    """Say what the bot can't do because there was nothing to learn it from."""
    gaps = []
    if not components:
        gaps.append(("no-examples", "there are no examples, so the bot understands no text"))
    if not policies:
        gaps.append(("no-dialogues", "there are no stories and rules, so the bot never answers"))
    return tuple(
        Problem(id=kind, severity="warning", message=text, hint="add some to `data/`")
        for kind, text in gaps
    )


def _ignore(step: Progress) -> None:
    """Show nothing."""
