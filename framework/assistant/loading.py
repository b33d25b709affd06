"""Makes the parts of a bot from its bundle and its own Python."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from framework import registry
from framework.actions.base import Action
from framework.actions.recommending.catalogue import Catalogue
from framework.actions.sdk import SdkAction, sdk_base
from framework.assistant import bundle as bundles
from framework.assistant.archive import fault
from framework.assistant.bundle import Bundle
from framework.assistant.engine import Observer
from framework.assistant.manifest import PartEntry
from framework.assistant.observers import observers
from framework.data.slot_classes import with_slot_classes
from framework.errors import BundleError, FrameError, Location, UsageError
from framework.nlu.component import Component
from framework.nlu.pipeline import Pipeline
from framework.policies.base import Policy
from framework.policies.ensemble import Ensemble
from framework.project.code import find_class, load_classes
from framework.project.schema.domain import Domain
from framework.project.schema.names import RECOMMEND
from framework.project.schema.recommend import SECTION, RecommendSettings
from framework.responses.base import TrainedResponder
from framework.responses.knowledge.answers import KnowledgeAnswers
from framework.responses.knowledge.index import KnowledgeIndex

logger = logging.getLogger(__name__)

T = TypeVar("T", Component, Policy, TrainedResponder)

_RECOMMEND = "framework.actions.recommending.action:Recommend"
"""Imported only for a bot with a catalogue: it reads numbers in words."""

_WRITER = "framework.responses.generative.answers:AnswerWriter"
"""Imported only for a bot with a language model."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What an assistant is made of.

    Attributes:
        pipeline: understands messages.
        ensemble: decides what comes next.
        domain: the bot's domain.
        actions: the bot's own actions by name.
        stamp: metadata of every event.
        knowledge: what answers from the documents; None where there are none.
        llm: the settings under `llm:`; None where there are none.
        language: ISO code of the bot's language.
        observers: notice every message.
        generator: writes replies as it was trained to; None where there is none.
    """

    pipeline: Pipeline
    ensemble: Ensemble
    domain: Domain
    actions: Mapping[str, Action]
    stamp: Mapping[str, Any]
    knowledge: KnowledgeAnswers | None = None
    llm: Any = None
    language: str = "en"
    observers: tuple[Observer, ...] = ()
    generator: TrainedResponder | None = None


def load(path: Path | str, *, code: Path | str | None = None) -> Parts:
    """Read a bundle and make its parts, with the classes of the bot's own Python.

    Raises:
        UsageError: there is no such file, or it names a part that nobody provides.
        BundleError: it is damaged, altered, or written by a newer Frame.
        ProjectError: the bot's own Python can't be imported.
    """
    bundle = bundles.read(bundles.find(path))
    bundle = replace(bundle, domain=_domain(bundle, code))
    manifest = bundle.manifest
    pipeline = load_pipeline(bundle, code=code)
    stamp = {"model_id": bundle.path.stem, "assistant_id": manifest.assistant_id}
    return Parts(
        pipeline=pipeline,
        ensemble=load_ensemble(bundle, code=code),
        domain=bundle.domain,
        actions={**_recommending(bundle, pipeline), **own_actions(code)},
        stamp={key: value for key, value in stamp.items() if value},
        knowledge=load_knowledge(bundle),
        llm=manifest.extras.get("llm"),
        language=manifest.language,
        observers=observers(manifest.extras),
        generator=next(iter(load_responders(bundle)), None),
    )


def _domain(bundle: Bundle, code: Path | str | None) -> Domain:
    """Give the domain with the slot classes of the bot's own Python."""
    domain, problems = with_slot_classes(bundle.domain, None if code is None else Path(code))
    for problem in problems:
        logger.warning("%s (%s)", problem.message, problem.hint)
    return domain


def load_pipeline(bundle: Bundle, *, code: Path | str | None = None) -> Pipeline:
    """Make the NLU of a bundle."""
    components = []
    for part in bundle.manifest.pipeline:
        kind = find_class("component", part.name, Component, folder=code)  # type: ignore[type-abstract]
        component = _make(part, kind)
        with _blamed_on(bundle, part):
            components.append(component.load(bundle.files(part)))
    return Pipeline(components, bundle.domain)


def _recommending(bundle: Bundle, pipeline: Pipeline) -> dict[str, Action]:
    """Give the action that recommends, where the bundle has a catalogue."""
    entry = bundle.manifest.catalogue
    if entry is None:
        return {}
    with _blamed_on(bundle, entry):
        settings = RecommendSettings(**bundle.manifest.extras[SECTION])
        catalogue = Catalogue.load(bundle.files(entry))
    make = registry.load_object(_RECOMMEND)
    return {RECOMMEND: make(settings, catalogue, embed=pipeline.embed)}


def load_ensemble(bundle: Bundle, *, code: Path | str | None = None) -> Ensemble:
    """Make the policies of a bundle."""
    policies = []
    for part in bundle.manifest.policies:
        kind = find_class("policy", part.name, Policy, folder=code)  # type: ignore[type-abstract]
        policy = _make(part, kind)
        with _blamed_on(bundle, part):
            policies.append(policy.load(bundle.files(part), bundle.domain))
    return Ensemble(policies)


def load_responders(bundle: Bundle) -> list[TrainedResponder]:
    """Make what was trained to write replies."""
    responders = []
    for part in bundle.manifest.responders:
        responder: TrainedResponder = _make(part, registry.find("response", part.name))
        with _blamed_on(bundle, part):
            responders.append(responder.load(bundle.files(part)))
    return responders


def load_knowledge(bundle: Bundle) -> KnowledgeAnswers | None:
    """Make what answers from the documents of a bundle; None where it has none."""
    part = bundle.manifest.knowledge
    if part is None:
        return None
    with _blamed_on(bundle, part):
        index = KnowledgeIndex.from_files(bundle.files(part))
    llm = bundle.manifest.extras.get("llm")
    writer = None
    if llm is not None and index.about.generate:
        writer = registry.load_object(_WRITER)(llm)
    return KnowledgeAnswers(index, writer=writer)


@contextmanager
def _blamed_on(bundle: Bundle, part: PartEntry) -> Iterator[None]:
    """Turn whatever a part makes of unexpected files into an error that names the part."""
    try:
        yield
    except FrameError as error:
        error.where = error.where or Location(file=str(bundle.path))
        raise
    except Exception as error:
        raise fault(
            bundle.path, f"its part {part.name!r} can't be read: {type(error).__name__}: {error}"
        ) from error


def own_actions(code: Path | str | None) -> dict[str, Action]:
    """Make one of each action of the bot's own Python, those written for Rasa's SDK included."""
    if code is None or not Path(code).exists():
        return {}
    folder = Path(code)
    kinds = load_classes(folder, Action)  # type: ignore[type-abstract]
    actions: dict[str, Action] = {name: _made(kind) for name, kind in kinds.items()}
    base = sdk_base()
    if base is not None:
        made = (SdkAction(_made(kind)) for kind in load_classes(folder, base).values())
        actions = {**{action.rasa_name: action for action in made if action.rasa_name}, **actions}
    return actions


def _made(kind: type[Any]) -> Any:
    try:
        return kind()
    except Exception as error:
        raise UsageError(
            f"the action class {kind.__name__!r} can't be made: {type(error).__name__}: {error}",
            id="action-class",
            hint="its `__init__` must work without arguments",
        ) from error


def _make(part: PartEntry, kind: type[T]) -> T:
    try:
        return kind(**part.settings)
    except FrameError:
        raise
    except (TypeError, ValueError) as error:
        raise BundleError(
            f"the model's part {part.name!r} can't be made with its settings: {error}",
            hint="train again with this version of Frame",
        ) from error
