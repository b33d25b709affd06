"""Makes the parts that a configuration names, before any of them is trained."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from framework import registry
from framework.errors import FrameError, Problem, UsageError
from framework.nlu.component import Component
from framework.policies.base import Policy
from framework.project.code import find_class
from framework.project.schema.config import PartConfig
from framework.project.schema.project import Project
from framework.responses.base import TrainedResponder

_MEND = "mend the settings; docs/reference/components.md lists those there are"


@dataclass(frozen=True, kw_only=True)
class Learners:
    """The parts of a bot, made of their settings, in the order of the configuration."""

    components: tuple[tuple[PartConfig, Component], ...]
    policies: tuple[tuple[PartConfig, Policy], ...]
    responders: tuple[tuple[PartConfig, TrainedResponder], ...] = ()


def make(project: Project) -> Learners:
    """Make all parts; names that the registry lacks are looked for in the bot's own code.

    Raises:
        UsageError: nobody provides a name, or a part refuses its settings.
        MissingExtraError: a part needs a package that isn't installed.
        ProjectError: the bot's own code can't be imported.
    """
    return Learners(
        components=tuple(_components(project)),
        policies=tuple(_policies(project)),
        responders=tuple(_responders(project)),
    )


def refusals(project: Project) -> Iterator[Problem]:
    """Find the parts that refuse their settings, without running the bot's own code."""
    kinds: tuple[tuple[registry.Kind, tuple[PartConfig, ...]], ...] = (
        ("component", project.config.pipeline),
        ("policy", project.config.policies),
    )
    for kind, parts in kinds:
        for part in parts:
            if part.name not in registry.names(kind):
                continue
            try:
                with _blamed_on(part):
                    registry.find(kind, part.name)(**part.settings)
            except UsageError as error:
                yield from error.problems()


def _components(project: Project) -> Iterator[tuple[PartConfig, Component]]:
    for part in project.config.pipeline:
        with _blamed_on(part):
            kind = find_class("component", part.name, Component, folder=project.root)  # type: ignore[type-abstract]
            yield part, kind(**part.settings)


def _policies(project: Project) -> Iterator[tuple[PartConfig, Policy]]:
    for part in project.config.policies:
        with _blamed_on(part):
            kind = find_class("policy", part.name, Policy, folder=project.root)  # type: ignore[type-abstract]
            yield part, kind(**part.settings)


def _responders(project: Project) -> Iterator[tuple[PartConfig, TrainedResponder]]:
    part = project.config.seq2seq
    if part is not None:
        with _blamed_on(part):
            yield part, registry.find("response", part.name)(**part.settings)


@contextmanager
def _blamed_on(config: PartConfig) -> Iterator[None]:
    """Give errors the place of the part in the configuration."""
    try:
        yield
    except FrameError as error:
        error.where = error.where or config.where
        error.hint = error.hint or _MEND
        raise
    except (TypeError, ValueError) as error:
        raise UsageError(
            f"{config.written_as or config.name!r} can't be made with its settings: {error}",
            id="bad-setting",
            where=config.where,
            hint=_MEND,
        ) from error
