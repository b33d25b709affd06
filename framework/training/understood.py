"""What the trained components make of texts, for the parts that build on them.

Components are loaded from what they saved, so a later part learns from exactly what it will meet
when the bot serves, and only when something asks: a training in which all is cached loads none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from framework.nlu.component import Component
from framework.nlu.pipeline import Pipeline
from framework.nlu.types import Understanding
from framework.project.schema.domain import Domain
from framework.training.parts import TrainedPart

_BATCH = 256


class TrainedPipeline:
    """The components trained so far, loaded when a text has to be understood."""

    def __init__(self, domain: Domain) -> None:
        """Make it without components."""
        self._domain = domain
        self._waiting: list[TrainedPart] = []
        self._loaded: list[Component] = []

    def add(self, part: TrainedPart) -> None:
        """Add the next component."""
        self._waiting.append(part)

    def understand(self, texts: Sequence[str]) -> list[Understanding]:
        """Run the components added so far."""
        return self._pipeline().parse_batch(texts)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give sentence vectors, shape (texts, D)."""
        return self._pipeline().embed(texts)

    def _pipeline(self) -> Pipeline:
        for part in self._waiting:
            fresh = type(part.task.learner)(**part.task.config.settings)
            if isinstance(fresh, Component):
                self._loaded.append(fresh.load(part.files))
        self._waiting.clear()
        return Pipeline(self._loaded, self._domain)


class LazyUnderstandings(Sequence[Understanding]):
    """What a pipeline makes of texts, worked out in batches when it is looked at."""

    def __init__(self, pipeline: TrainedPipeline, texts: Sequence[str]) -> None:
        """Make the sequence; the pipeline is taken as it is when an item is first asked for."""
        self._pipeline = pipeline
        self._texts = texts
        self._batches: dict[int, list[Understanding]] = {}

    @overload
    def __getitem__(self, index: int) -> Understanding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Understanding, ...]: ...
    def __getitem__(self, index: int | slice) -> Understanding | tuple[Understanding, ...]:
        if isinstance(index, slice):
            return tuple(self._item(place) for place in range(*index.indices(len(self))))
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return self._item(index % len(self))

    def __len__(self) -> int:
        return len(self._texts)

    def __iter__(self) -> Iterator[Understanding]:
        return (self._item(place) for place in range(len(self)))

    def _item(self, place: int) -> Understanding:
        batch = place // _BATCH
        if batch not in self._batches:
            texts = self._texts[batch * _BATCH : (batch + 1) * _BATCH]
            self._batches[batch] = self._pipeline.understand(texts)
        return self._batches[batch][place % _BATCH]
