"""`Project` -> bundle: each part learns what changed since an earlier bundle, then all is kept.

No bundle is written before everything is trained, and the file appears whole. An interruption
leaves what was learned so far in a folder beside the bundles (`framework.training.unfinished`),
from which the next training goes on.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from framework import __version__
from framework.assistant import bundle
from framework.assistant.manifest import FORMAT, Manifest, MappedEntry
from framework.data.slot_classes import with_slot_classes
from framework.errors import EncoderError, Location, Problem, UsageError
from framework.learning.process import is_main_process
from framework.learning.progress import Progress
from framework.project.files import check_writable
from framework.project.schema.config import Config
from framework.project.schema.project import Project
from framework.training import examples, fingerprint, names
from framework.training.cache import Cache
from framework.training.catalogue import keep_catalogue
from framework.training.finetune import Finetune
from framework.training.knowledge import index_documents
from framework.training.parts import OnProgress, Task, TrainedPart, reports, settle
from framework.training.plan import Plan, plan
from framework.training.report import TrainingReport
from framework.training.understood import TrainedPipeline
from framework.training.unfinished import Unfinished

_LARGEST_SEED = 2**32 - 1
_LONGEST_NAME = 200
"""Bytes; a file system takes 255, suffix and the name of the unfinished file included."""


def train(  # noqa: PLR0913, options are keywords
    project: Project,
    *,
    output: Path | str = "models",
    seed: int = 0,
    force: bool = False,
    finetune: Finetune | None = None,
    name: str | None = None,
    on_progress: OnProgress | None = None,
) -> TrainingReport:
    """Train a project and write its bundle.

    Args:
        project: as `framework.load_project` gives it.
        output: folder of bundles; parts that an earlier one there holds are not trained again.
        seed: everything random follows from it.
        force: train every part again, and forget what an interrupted training left.
        finetune: the bundle from which components go on that can (`Finetune.open`); None learns
            from the start what changed.
        name: of the file, without suffix; made of the time and two words when not given.
        on_progress: called with every step of training.

    Returns:
        What was done; `report.bundle` is the file.

    Raises:
        UsageError: `output`, `name`, `seed` or a part can't be used.
        ProjectError: rules contradict each other or a story.
        TrainingError: a part can't learn from this data.
        EncoderError: the encoder can't be had.
    """
    started = time.perf_counter()
    folder = Path(output)
    _check_call(folder, name=name, seed=seed)
    pipeline = TrainedPipeline(project.domain)
    unfinished = Unfinished(folder, is_taken_up=not force)
    domain, unseen = with_slot_classes(project.domain, project.root)
    seen = replace(project, domain=domain)
    show = on_progress or _ignore
    planned = plan(
        seen,
        seed=seed,
        pipeline=pipeline,
        unfinished=unfinished,
        finetune=finetune,
        on_progress=show,
    )
    cache = (
        Cache() if force else Cache.of_folder(folder, first=finetune.bundle if finetune else None)
    )
    learned = _learn(
        planned, project.config, pipeline=pipeline, cache=cache, unfinished=unfinished, show=show
    )
    manifest = _manifest(project, learned, seed=seed)
    parts = learned.components
    kept = examples.keep(project, parts, pipeline=pipeline, cache=cache, on_progress=show)
    items = keep_catalogue(project, parts, pipeline=pipeline, cache=cache)
    indexed = index_documents(project, parts, pipeline=pipeline, cache=cache, on_progress=show)
    beside = [one for one in (kept, items, indexed.kept if indexed else None) if one is not None]
    path = folder / f"{_stem(name) if name else _choose_stem(folder, manifest)}{bundle.SUFFIX}"
    if is_main_process():
        bundle.write(
            path,
            manifest=manifest.model_copy(update={one.entry.name: one.entry for one in beside}),
            domain=project.domain,
            parts={
                **{part.task.folder: part.files for part in learned.all},
                **{one.entry.name: one.files for one in beside},
            },
        )
    unfinished.forget()
    return TrainingReport(
        bundle=path,
        seconds=time.perf_counter() - started,
        parts=(*reports(learned.all), *([indexed.report] if indexed else [])),
        mapped=project.config.mapped,
        warnings=(
            *project.problems,
            *unseen,
            *planned.problems,
            *_gaps(planned),
            *_repeats(project),
        ),
    )


@dataclass(frozen=True, kw_only=True)
class _Learned:
    """All that was planned, trained or taken over, in the order of the configuration."""

    components: tuple[TrainedPart, ...]
    policies: tuple[TrainedPart, ...]
    responders: tuple[TrainedPart, ...]

    @property
    def all(self) -> tuple[TrainedPart, ...]:
        """The parts of all kinds."""
        return (*self.components, *self.policies, *self.responders)


def _learn(
    planned: Plan,
    config: Config,
    *,
    pipeline: TrainedPipeline,
    cache: Cache,
    unfinished: Unfinished,
    show: OnProgress,
) -> _Learned:
    """Settle each part in its turn; `pipeline` takes in the components on the way."""
    trained: dict[str, TrainedPart] = {}
    for task in planned.in_order():
        try:
            part = settle(task, cache=cache, on_progress=show, unfinished=unfinished)
        except EncoderError as error:
            error.where = error.where or _place_of_encoder(task, config)
            raise
        trained[task.folder] = part
        if task in planned.components:
            pipeline.add(part)
    return _Learned(
        components=tuple(trained[task.folder] for task in planned.components),
        policies=tuple(trained[task.folder] for task in planned.policies),
        responders=tuple(trained[task.folder] for task in planned.responders),
    )


def _place_of_encoder(task: Task, config: Config) -> Location | None:
    """Give the place that names a part's encoder; the file where it is the default."""
    if task.config.settings.get("encoder"):
        return task.config.where
    return config.encoder_where or config.where


def _manifest(project: Project, learned: _Learned, *, seed: int) -> Manifest:
    config = project.config
    return Manifest(
        format=FORMAT,
        framework=__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        language=config.language,
        assistant_id=config.assistant_id,
        encoder=dict(config.encoder) if isinstance(config.encoder, Mapping) else config.encoder,
        seed=seed,
        pipeline=tuple(part.entry() for part in learned.components),
        policies=tuple(part.entry() for part in learned.policies),
        responders=tuple(part.entry() for part in learned.responders),
        mapped=tuple(
            MappedEntry(rasa=entry.rasa, frame=entry.frame, note=entry.note)
            for entry in config.mapped
        ),
        extras=dict(config.extras),
    )


def _choose_stem(folder: Path, manifest: Manifest) -> str:
    content = fingerprint.digest([part.fingerprint for part in manifest.parts()])
    now = datetime.fromisoformat(manifest.created).astimezone()
    return names.choose(folder, now=now, content=content)


def _check_call(folder: Path, *, name: str | None, seed: int) -> None:
    """Refuse what can't be done before an hour is spent on training."""
    check_writable(folder, hint="give another folder with `--out`")
    if name is not None and not _is_file_name(_stem(name)):
        raise UsageError(
            f"a model can't be named {name!r}",
            hint="give a file name without a folder; `--out` names the folder",
        )
    if not 0 <= seed <= _LARGEST_SEED:
        raise UsageError(
            f"the seed is {seed}, expected from 0 to {_LARGEST_SEED}",
            hint="any number in between will do; the same one gives the same bot",
        )


def _is_file_name(stem: str) -> bool:
    """Whether a bundle can bear the name, and is found again by it."""
    is_whole = Path(stem).name == stem and not stem.startswith(".") and stem.isprintable()
    return is_whole and 0 < len(stem.encode()) <= _LONGEST_NAME


def _stem(name: str) -> str:
    """Give the name without the suffix of a bundle, or of a model of Rasa's."""
    return name.removesuffix(bundle.SUFFIX).removesuffix(".tar.gz")


def _gaps(planned: Plan) -> tuple[Problem, ...]:
    """Say what the bot can't do because there was nothing to learn it from."""
    gaps = []
    if not planned.components:
        gaps.append(("no-examples", "there are no examples, so the bot understands no text"))
    if not planned.policies:
        gaps.append(("no-dialogues", "there are no stories and rules, so the bot never answers"))
    return tuple(
        Problem(id=kind, severity="warning", message=text, hint="add some to `data/`")
        for kind, text in gaps
    )


def _repeats(project: Project) -> tuple[Problem, ...]:
    """Say how many examples are learned from once because they are written more than once."""
    seen: set[object] = set()
    repeated = []
    for example in project.nlu.examples:
        key = (example.text, example.intent, tuple((e.start, e.entity) for e in example.entities))
        if key in seen:
            repeated.append(example)
        seen.add(key)
    if not repeated:
        return ()
    return (
        Problem(
            id="repeated-examples",
            severity="warning",
            message="this example repeats an earlier one word for word"
            if len(repeated) == 1
            else f"{len(repeated)} examples repeat an earlier one word for word, this one first",
            where=repeated[0].where,
            hint="each is learned from once; remove the others, or write them differently",
        ),
    )


def _ignore(step: Progress) -> None:
    """Show nothing."""
