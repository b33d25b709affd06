"""The contract of NLU components; this docstring is its source of truth.

A component turns one `Understanding` into a richer one. Its settings are the keyword arguments of
its `__init__`, which is cheap: it stores them and touches neither files nor weights. A trainable
component learns in `train`, a generator of `Progress`; what it learned leaves through `save` as
named bytes and comes back through `load`. `process` must not change its argument.

Components run in the order of the pipeline. Importing a component's module imports neither torch
nor transformers; what trains it is imported by `train` through `framework.registry.load_object`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, Self, get_args

import numpy as np
from numpy.typing import NDArray

from framework.data.types import Utterance
from framework.data.vary import Variant
from framework.learning.checkpoint import CheckpointStore
from framework.learning.progress import Progress
from framework.nlu.types import Understanding
from framework.project.schema.domain import Domain
from framework.project.schema.nlu import NluData

Files = Mapping[str, bytes]
"""What a part keeps, by file name inside its folder of the bundle; ONNX, JSON, npz: no pickle."""


NluSource = Literal[
    "utterances", "synonyms", "regexes", "lookups", "intents", "entities", "responses"
]
"""What `train` may look at: `intents` and `entities` are the domain's declarations, `responses`
its retrieval responses (`utter_faq/ask_name`)."""

Purpose = Literal["question", "passage"]
"""What a vector is for; some encoders were taught to tell them apart."""

NLU_SOURCES: frozenset[NluSource] = frozenset(get_args(NluSource))


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """What a component learned before, from which it may go on.

    Attributes:
        files: as its `save` gave them.
        epoch_fraction: share of the usual epochs to go on for, above 0.
    """

    files: Files
    epoch_fraction: float = 1.0


@dataclass(frozen=True, kw_only=True)
class NluTrainingData:
    """What components learn from.

    Attributes:
        utterances: labelled examples, in file order.
        nlu: synonyms, regexes and lookups as read.
        domain: the domain (entity roles, retrieval intents, responses).
        language: ISO code of the project.
        encoder: name or path of the encoder, or a mapping with its `name` and settings; None
            for the language's default.
        root: the project's folder, for paths in settings.
        seed: everything random follows from it.
        understandings: what the earlier components, already trained, make of each utterance, in
            the same order; empty unless the component sets `reads_previous`.
        embed: gives sentence vectors of other texts by the earlier components' encoder, shape
            (texts, D), D being 0 without one; None unless the component sets `reads_previous`.
        variants: more examples made of the utterances, as the configuration asks for; not meant to
            be scored on.
        checkpoint: keeps what a long training has reached, and holds what an interrupted one of
            exactly the same kind had; None keeps nothing.
        earlier: what to go on from; None unless that is wanted and the component `continues`.
    """

    utterances: Sequence[Utterance]
    nlu: NluData = field(default_factory=NluData)
    domain: Domain = field(default_factory=Domain)
    language: str = "en"
    encoder: str | Mapping[str, Any] | None = None
    root: Path = Path()
    seed: int = 0
    understandings: Sequence[Understanding] = ()
    embed: Callable[[Sequence[str]], NDArray[np.float32]] | None = None
    variants: Sequence[Variant] = ()
    checkpoint: CheckpointStore | None = None
    earlier: Earlier | None = None


class UntrainedVectors(Protocol):
    """An encoder as it is before a bot trains it, which gives vectors of whole passages."""

    def digest(self) -> str:
        """Give what tells this encoder from others; loads no weights."""

    def encode(
        self, texts: Sequence[str], *, purpose: Purpose, languages_of: Sequence[str]
    ) -> Generator[Progress, None, NDArray[np.float32]]:
        """Give vectors of length 1, shape (texts, D), D being that of the trained encoder.

        Args:
            texts: questions or passages.
            purpose: which of the two.
            languages_of: texts in all the languages that will be met.
        """


class Component(ABC):
    """A step of the NLU pipeline.

    Attributes:
        name: registered short name; `extractor` of the entities it finds.
        trainable: whether `train` learns something that costs time; such a part is fingerprinted
            on its own and shown in the table of parts.
        continues: whether `train` can go on from what an earlier bundle holds (`data.earlier`).
        varies: whether `train` learns from `data.variants` as well.
        reads: what `train` looks at besides language, encoder and seed; an edit of anything else
            leaves what was learned as it is.
        reads_previous: whether `train` needs what the earlier components make of the examples.
        provides: what it adds to an understanding: `intent`, `entities`, `embedding`,
            `selections`; None when it doesn't say, which silences checks of the order after it.
        requires: what an earlier component must have added for this one to be of use.
    """

    name: ClassVar[str]
    trainable: ClassVar[bool] = False
    continues: ClassVar[bool] = False
    varies: ClassVar[bool] = False
    reads: ClassVar[frozenset[NluSource]] = NLU_SOURCES
    reads_previous: ClassVar[bool] = False
    provides: ClassVar[frozenset[str] | None] = None
    requires: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def sources(cls, settings: Mapping[str, Any]) -> frozenset[NluSource]:
        """Give what `train` looks at under these settings; the default is `reads`."""
        return cls.reads

    @classmethod
    def untrained(
        cls, settings: Mapping[str, Any], *, encoder: Any, language: str, root: Path
    ) -> UntrainedVectors | None:
        """Give the encoder that this component trains, as it is before; None where it has none.

        Args:
            settings: of the component.
            encoder: what the project says; None for the language's default.
            language: ISO code of the project.
            root: the project's folder.
        """
        return None

    def train(self, data: NluTrainingData) -> Iterator[Progress]:
        """Learn from the data, yielding progress; the default learns nothing."""
        yield from ()

    def save(self) -> Files:
        """Give what was learned, as named bytes; equal training gives equal bytes."""
        return {}

    def load(self, files: Files) -> Self:
        """Take back what `save` gave, and return the component ready to process."""
        return self

    @abstractmethod
    def process(self, understanding: Understanding) -> Understanding:
        """Add to what is known about one message."""

    def process_batch(self, batch: Sequence[Understanding]) -> list[Understanding]:
        """Add to several messages; components with a model override it to run them together."""
        return [self.process(understanding) for understanding in batch]
