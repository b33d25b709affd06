"""Text -> `Understanding`: payloads are read as they stand, all else goes through the components.

Components run in the order of the configuration and each adds to what the earlier ones found; no
entity is lost when extractors disagree, as with Rasa, except for repetitions. The rule: an entity
is dropped when another component found the same one (name, role and group) on text that covers
it, and it says nothing more: its value is the covered words themselves, or the other's value. Of
two that repeat each other the earlier component's stays. So a regex that confirms what the
tagger found doesn't turn a slot's value into a list.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framework import registry
from framework.errors import Problem
from framework.nlu import payload
from framework.nlu.component import Component
from framework.nlu.types import Entity, Understanding
from framework.project.schema.config import PartConfig
from framework.project.schema.domain import RESPONSE_PREFIX, Domain
from framework.project.write.responses import write_variations

logger = logging.getLogger(__name__)

_NEEDS = {
    "intent": ("an intent classifier", "bert_tagger"),
    "entities": ("an entity extractor", "bert_tagger"),
    "embedding": ("an encoder", "bert_tagger"),
}
"""What components require, in words, and a built-in that provides it."""

_FROM_WORDS = frozenset({"intent", "entities", "embedding"})
"""What a blank message doesn't have."""


class Pipeline:
    """The trained components of a bot, ready to understand messages."""

    def __init__(self, components: Sequence[Component], domain: Domain) -> None:
        """Make the pipeline of components that are trained or loaded."""
        self.components = tuple(components)
        self.domain = domain

    def parse(self, text: str, *, metadata: Mapping[str, Any] | None = None) -> Understanding:
        """Understand one message.

        Offsets count characters of the `text` of the result, which is the given one; a payload's
        is stripped, and lone surrogates, which no encoding can carry, are replaced one for one. A
        blank message has no intent and no entities, whatever the components would guess.
        """
        text = _without_surrogates(text)
        understanding = payload.read(text, self.domain)
        if understanding is None:
            understanding = Understanding(text=text)
            for component in self._readers_of(text):
                understanding = _process(component, understanding)
            understanding = self._complete(understanding)
        return replace(understanding, metadata=dict(metadata or {}))

    def parse_batch(self, texts: Sequence[str]) -> list[Understanding]:
        """Understand several messages at once; equals parsing each, only faster.

        Raises whatever a component raises: what is scored or learned from must not lack its part.
        """
        worded = [
            index
            for index, text in enumerate(texts)
            if text.strip() and not text.strip().startswith(payload.PREFIX)
        ]
        batch = [Understanding(text=_without_surrogates(texts[index])) for index in worded]
        for component in self.components:
            batch = component.process_batch(batch)
        understood = dict(zip(worded, map(self._complete, batch), strict=True))
        return [
            understood[index] if index in understood else self.parse(text)
            for index, text in enumerate(texts)
        ]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give the encoder's sentence vectors, shape (texts, D); D is 0 without an encoder."""
        batch = [Understanding(text=_without_surrogates(text)) for text in texts]
        for component in self.components:
            if batch and all(item.embedding is not None for item in batch):
                break
            batch = component.process_batch(batch)
        vectors = [item.embedding for item in batch if item.embedding is not None]
        width = vectors[0].shape[-1] if vectors else 0
        empty = np.zeros(width, dtype=np.float32)
        rows = [item.embedding if item.embedding is not None else empty for item in batch]
        return np.asarray(rows, dtype=np.float32).reshape(len(rows), width)

    def _readers_of(self, text: str) -> tuple[Component, ...]:
        """Give the components to run: without words, none that would find something in words."""
        if text.strip():
            return self.components
        return tuple(
            component
            for component in self.components
            if component.provides is None or not component.provides & _FROM_WORDS
        )

    def _complete(self, understanding: Understanding) -> Understanding:
        """Drop repeated entities, and give the best retrieval responses their variations."""
        understanding = _without_repetitions(understanding)
        if not any(understanding.selections.values()):
            return understanding
        selections = {
            name: tuple(
                replace(item, responses=self._variations(item.key)) if place == 0 else item
                for place, item in enumerate(ranking)
            )
            for name, ranking in understanding.selections.items()
        }
        return replace(understanding, selections=selections)

    def _variations(self, key: str) -> tuple[Mapping[str, Any], ...]:
        response = self.domain.responses.get(f"{RESPONSE_PREFIX}{key}")
        return write_variations(response) if response is not None else ()


def _process(component: Component, understanding: Understanding) -> Understanding:
    """Let a component add what it finds; one that fails adds nothing."""
    try:
        return component.process(understanding)
    except Exception:
        logger.exception("the component %r failed: the message goes on without it", component.name)
        return understanding


def check_order(parts: Sequence[PartConfig]) -> tuple[Problem, ...]:
    """Warn of components that stand before what they build upon, or without it.

    Names that the registry doesn't know are left to whoever builds the pipeline.
    """
    known = set(registry.names("component"))
    classes: list[tuple[PartConfig, type[Component]]] = [
        (part, registry.find("component", part.name)) for part in parts if part.name in known
    ]
    problems: list[Problem] = []
    for index, (part, component) in enumerate(classes):
        earlier = [other for _, other in classes[:index]]
        if len(classes) < len(parts) or any(other.provides is None for other in earlier):
            continue
        provided = {thing for other in earlier for thing in other.provides or ()}
        problems += [
            _misplaced(part, need, [(p.name, c) for p, c in classes[index + 1 :]])
            for need in sorted(component.requires - provided)
        ]
    return tuple(problems)


def _misplaced(part: PartConfig, need: str, later: list[tuple[str, type[Component]]]) -> Problem:
    what, example = _NEEDS.get(need, (need, ""))
    shown = part.written_as or part.name
    after = next((name for name, other in later if need in (other.provides or ())), None)
    if after is not None:
        hint = f"move it below {after!r}"
    else:
        hint = f"add one above it, for example {example!r}" if example else ""
    return Problem(
        id="component-order",
        severity="warning",
        message=f"{shown!r} has nothing to work on: {what} must come before it in the pipeline",
        where=part.where,
        hint=hint,
    )


def _without_surrogates(text: str) -> str:
    if text.isascii():
        return text
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)


def _without_repetitions(understanding: Understanding) -> Understanding:
    entities = understanding.entities
    if len({entity.extractor for entity in entities}) < 2:
        return understanding
    kept = tuple(
        entity
        for index, entity in enumerate(entities)
        if not any(
            _repeats(entity, other, understanding.text, is_earlier=index < position)
            for position, other in enumerate(entities)
        )
    )
    return replace(understanding, entities=kept)


def _repeats(entity: Entity, other: Entity, text: str, *, is_earlier: bool) -> bool:
    """Whether `entity` says nothing that `other`, of another component, doesn't say."""
    if entity.extractor == other.extractor or entity.span is None or other.span is None:
        return False
    if (entity.entity, entity.role, entity.group) != (other.entity, other.role, other.group):
        return False
    start, end = entity.span
    if not other.span[0] <= start <= end <= other.span[1]:
        return False
    if entity.value not in (text[start:end], other.value):
        return False
    if entity.span != other.span or not is_earlier:
        return True
    return bool(entity.value != other.value)
