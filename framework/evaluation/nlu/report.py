"""What scoring a pipeline gives: labels, entities and confidences, with every mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from framework.errors import Location
from framework.evaluation.nlu.confidence import ConfidenceReport
from framework.evaluation.nlu.folds import CrossValidation
from framework.nlu.metrics import Scores

NOTHING = "no intent"
"""Stands for the prediction where nothing was classified."""


@dataclass(frozen=True, kw_only=True, order=True)
class Span:
    """An entity as it is compared: by place, name, role and group."""

    start: int
    end: int
    entity: str
    role: str = ""
    group: str = ""

    @property
    def label(self) -> str:
        """The entity with its role and group: `city`, `city#to`, `city#to#1`."""
        return "#".join(part for part in (self.entity, self.role, self.group) if part)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """One label that was expected and one that was predicted.

    Attributes:
        text: the message.
        where: its place.
        expected: label of the example.
        predicted: label that came; `NOTHING` where none did.
        confidence: of the prediction, 0 to 1.
    """

    text: str
    where: Location | None
    expected: str
    predicted: str
    confidence: float

    @property
    def is_right(self) -> bool:
        """Whether both are the same."""
        return self.expected == self.predicted


@dataclass(frozen=True, kw_only=True)
class EntityMistake:
    """A message whose entities came out otherwise than marked.

    Attributes:
        text: the message.
        where: its place.
        missed: marked but not found.
        invented: found but not marked.
    """

    text: str
    where: Location | None
    missed: tuple[Span, ...]
    invented: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class Confusion:
    """How often one label was taken for another."""

    expected: str
    predicted: str
    count: int


@dataclass(frozen=True, kw_only=True)
class LabelReport:
    """How well labels were predicted: intents, or retrieval responses.

    Attributes:
        accuracy: share of right predictions, 0 to 1.
        macro_f1: mean F1 of the labels.
        ece: expected calibration error of the confidences.
        by_label: scores of each label.
        confusions: by falling count.
        judgements: of every message, in order.
    """

    accuracy: float
    macro_f1: float
    ece: float
    by_label: Mapping[str, Scores]
    confusions: tuple[Confusion, ...]
    judgements: tuple[Judgement, ...]

    @property
    def total(self) -> int:
        """How many messages were judged."""
        return len(self.judgements)

    @property
    def errors(self) -> tuple[Judgement, ...]:
        """The wrong predictions."""
        return tuple(item for item in self.judgements if not item.is_right)


@dataclass(frozen=True, kw_only=True)
class EntityReport:
    """How well entities were found; one counts only with exact span, name, role and group.

    Attributes:
        scores: over all entities (micro).
        by_label: scores of each entity, roles and groups apart.
        errors: messages with mistakes.
    """

    scores: Scores
    by_label: Mapping[str, Scores]
    errors: tuple[EntityMistake, ...]


@dataclass(frozen=True, kw_only=True)
class NluReport:
    """How well a pipeline understands labelled examples.

    Attributes:
        total: number of examples.
        intent: of the examples with an intent.
        entities: of all examples.
        responses: of the examples with a retrieval label.
        sentence_accuracy: share of examples with the right intent and exactly the right entities.
        fallbacks: how many messages the bot was unsure of (`nlu_fallback` came first).
        confidence: what the confidences of the intents are worth.
        cross_validation: the spread over several trainings; None where one bot was tested.
    """

    total: int
    intent: LabelReport
    entities: EntityReport
    responses: LabelReport
    sentence_accuracy: float
    fallbacks: int
    confidence: ConfidenceReport = field(default_factory=ConfidenceReport)
    cross_validation: CrossValidation | None = None
