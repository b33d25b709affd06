"""Everything there is to train, with fingerprints, before anything is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from framework.data.pairs import pairs
from framework.data.unfold import unfold
from framework.data.utterances import utterances
from framework.data.vary import Augmentation, vary
from framework.errors import Problem
from framework.learning.progress import Progress
from framework.nlu.component import Component, NluTrainingData
from framework.nlu.pipeline import check_order
from framework.policies.base import PolicyTrainingData
from framework.project.schema.config import PartConfig
from framework.project.schema.project import Project
from framework.responses.base import ReplyTrainingData
from framework.training import fingerprint
from framework.training.finetune import Finetune
from framework.training.making import Learners, make
from framework.training.paraphrases import paraphrase
from framework.training.parts import OnProgress, Task
from framework.training.understood import LazyUnderstandings, TrainedPipeline
from framework.training.unfinished import Unfinished


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The tasks of a training.

    Attributes:
        components: in the order of the pipeline; none where there are no examples.
        policies: in the order of the configuration; none where there are no stories and rules.
        responders: what learns to write replies.
        reads_text: whether policies see words (end-to-end steps), so that the NLU comes first.
        problems: warnings about the order of components and about checkpoints.
    """

    components: tuple[Task, ...]
    policies: tuple[Task, ...]
    responders: tuple[Task, ...]
    reads_text: bool
    problems: tuple[Problem, ...]

    def in_order(self) -> Iterator[Task]:
        """Give the tasks in the order of training.

        Policies that learn in no time come first: what they refuse, rules that contradict a story
        above all, is better known before the encoder has been trained for a minute.
        """
        quick = () if self.reads_text else tuple(task for task in self.policies if task.is_quick)
        yield from quick
        yield from self.components
        yield from (task for task in self.policies if task not in quick)
        yield from self.responders


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """What earlier trainings left for this one."""

    unfinished: Unfinished | None
    finetune: Finetune | None

    def give(
        self, found: str, config: PartConfig, learner: Component, data: NluTrainingData
    ) -> tuple[str, NluTrainingData]:
        """Give the fingerprint of a component, and its data with what was kept for it."""
        if self.finetune is not None and learner.continues:
            found, earlier = self.finetune.find(config.name, found)
            data = replace(data, earlier=earlier)
        if self.unfinished is not None and learner.trainable:
            data = replace(data, checkpoint=self.unfinished.checkpoint(found))
        return found, data


def plan(
    project: Project,
    *,
    seed: int,
    pipeline: TrainedPipeline,
    unfinished: Unfinished | None = None,
    finetune: Finetune | None = None,
    on_progress: OnProgress | None = None,
) -> Plan:
    """Plan the training of a project.

    Args:
        project: what to learn from.
        seed: everything random follows from it.
        pipeline: understands texts for later parts once the components before them are trained.
        unfinished: what an interrupted training left, and where this one leaves its checkpoints.
        finetune: an earlier bundle from which components go on that can.
        on_progress: called while a language model is asked for paraphrases.

    Raises:
        UsageError: a part can't be made.
    """
    learners = make(project)
    unfolded = unfold(project.stories, project.rules, project.domain)
    data_of_nlu = _nlu_data(project, seed=seed, on_progress=on_progress)
    kept = _Kept(unfinished=unfinished, finetune=finetune)
    components = _components(data_of_nlu, learners, pipeline=pipeline, kept=kept)
    prints = [task.fingerprint for task in components]
    reads_text = bool(components) and fingerprint.reads_text(unfolded.dialogues)
    data = PolicyTrainingData(
        dialogues=unfolded.dialogues,
        domain=project.domain,
        embed=pipeline.embed if reads_text else None,
        seed=seed,
        hides_rules=_hides_rules(project.config.policies),
    )
    return Plan(
        components=tuple(components),
        policies=tuple(_policies(learners, data, nlu=prints)),
        responders=tuple(_responders(project, learners, seed=seed, kept=kept)),
        reads_text=reads_text,
        problems=(*check_order(project.config.pipeline), *unfolded.problems),
    )


def _nlu_data(project: Project, *, seed: int, on_progress: OnProgress | None) -> NluTrainingData:
    examples = utterances(project)
    augmentation = Augmentation(**(project.config.extras.get("augment") or {}))
    made = vary(examples, project.nlu, augmentation, seed=seed)
    reworded = paraphrase(project, examples, augmentation, on_progress=on_progress or _ignore)
    return NluTrainingData(
        utterances=examples,
        variants=(*made, *reworded),
        nlu=project.nlu,
        domain=project.domain,
        language=project.config.language,
        encoder=project.config.encoder,
        root=project.root,
        seed=seed,
    )


def _components(
    data: NluTrainingData,
    learners: Learners,
    *,
    pipeline: TrainedPipeline,
    kept: _Kept,
) -> list[Task]:
    texts = [utterance.text for utterance in data.utterances]
    tasks: list[Task] = []
    for index, (config, learner) in enumerate(learners.components if texts else (), start=1):
        earlier = [task.fingerprint for task in tasks]
        found = fingerprint.of_component(config, type(learner), data, earlier=earlier)
        found, given = kept.give(found, config, learner, data)
        if learner.reads_previous:
            seen = LazyUnderstandings(pipeline, texts)
            given = replace(given, understandings=seen, embed=pipeline.embed)
        tasks.append(
            Task(
                config=config,
                learner=learner,
                steps=partial(learner.train, given),
                folder=f"c{index}_{config.name}",
                fingerprint=found,
            )
        )
    return tasks


def _ignore(step: Progress) -> None:
    """Show nothing."""


def _hides_rules(policies: Sequence[PartConfig]) -> bool:
    """Say whether what only rules speak of is analysed: by a rule policy that may look for it."""
    return any(
        config.name == "rules" and config.settings.get("check_for_contradictions", True)
        for config in policies
    )


def _policies(
    learners: Learners, data: PolicyTrainingData, *, nlu: Sequence[str]
) -> Iterator[Task]:
    for index, (config, learner) in enumerate(learners.policies if data.dialogues else (), start=1):
        yield Task(
            config=config,
            learner=learner,
            steps=partial(learner.train, data),
            folder=f"p{index}_{config.name}",
            fingerprint=fingerprint.of_policy(config, type(learner), data, nlu=nlu),
        )


def _responders(project: Project, learners: Learners, *, seed: int, kept: _Kept) -> Iterator[Task]:
    for index, (config, learner) in enumerate(learners.responders, start=1):
        data = ReplyTrainingData(pairs=pairs(project, own=learner.own), seed=seed)
        found = fingerprint.of_responder(config, type(learner), data)
        if kept.unfinished is not None:
            data = replace(data, checkpoint=kept.unfinished.checkpoint(found))
        yield Task(
            config=config,
            learner=learner,
            steps=partial(learner.train, data),
            folder=f"r{index}_{config.name}",
            fingerprint=found,
        )
