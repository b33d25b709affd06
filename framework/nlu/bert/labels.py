"""What the tagger can answer: intents, and entities with their roles and groups.

An entity with a role is a label of its own (`city` as `departure`, `city` as `destination`), made
only for the combinations that the data holds, so that no other can be predicted. The model scores
a label as the sum of its entity's, role's and group's scores, which lets labels with few examples
borrow from their kin.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from framework.data.types import Utterance
from framework.nlu.bert.words import Pieces, Unit
from framework.nlu.bio import Span
from framework.project.schema.nlu import EntityAnnotation


@dataclass(frozen=True, kw_only=True, order=True)
class EntityLabel:
    """An entity with its role and group; empty where it has none."""

    entity: str
    role: str = ""
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class Labels:
    """All answers of a tagger.

    Attributes:
        intents: sorted intents; retrieval intents by their full labels (`faq/ask_name`), so that
            the sentence vectors tell their responses apart.
        entities: sorted labels; label k has the BIO tags 2k + 1 and 2k + 2.
        unit: what a span may begin and end with.
    """

    intents: tuple[str, ...] = ()
    entities: tuple[EntityLabel, ...] = ()
    unit: Unit = "word"

    @property
    def bases(self) -> tuple[str, ...]:
        """The intent that each finest label belongs to."""
        return tuple(intent.split("/", 1)[0] for intent in self.intents)

    def to_json(self) -> str:
        """Write the labels down, the same text for the same labels."""
        document = {
            "intents": list(self.intents),
            "entities": [[label.entity, label.role, label.group] for label in self.entities],
            "unit": self.unit,
        }
        return json.dumps(document, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Labels:
        """Read what `to_json` wrote."""
        document = json.loads(text)
        return cls(
            intents=tuple(document["intents"]),
            entities=tuple(
                EntityLabel(entity=entity, role=role, group=group)
                for entity, role, group in document["entities"]
            ),
            unit=document["unit"],
        )


def intent_label(utterance: Utterance) -> str | None:
    """Give the finest label of an example's intent: the retrieval label where it has one."""
    return utterance.response_key or utterance.intent


def label_of(annotation: EntityAnnotation) -> EntityLabel:
    """Give the label of an annotation."""
    return EntityLabel(
        entity=annotation.entity, role=annotation.role or "", group=annotation.group or ""
    )


def collect(utterances: Iterable[Utterance], *, unit: Unit = "word") -> Labels:
    """Give every intent and entity label that examples use."""
    utterances = list(utterances)
    intents = {intent_label(utterance) for utterance in utterances}
    return Labels(
        intents=tuple(sorted(intent for intent in intents if intent is not None)),
        entities=tuple(sorted({label_of(e) for u in utterances for e in u.entities})),
        unit=unit,
    )


def spans_of(
    annotations: Sequence[EntityAnnotation], pieces: Pieces, labels: Sequence[EntityLabel]
) -> list[Span]:
    """Give the words that annotations cover, in whole or in part.

    An annotation that covers no word (white space, text beyond what the encoder reads) is left
    out.
    """
    numbers = {label: number for number, label in enumerate(labels)}
    spans: list[Span] = []
    for annotation in annotations:
        covered = [
            index
            for index, (start, end) in enumerate(pieces.words)
            if start < annotation.end and annotation.start < end
        ]
        if covered:
            number = numbers[label_of(annotation)]
            spans.append(Span(first=covered[0], last=covered[-1] + 1, label=number))
    return spans


def splits_words(utterances: Iterable[Utterance], pieces: Iterable[Pieces]) -> float:
    """Give the share of entities, 0 to 1, whose ends stand inside a word."""
    cut, total = 0, 0
    for utterance, cut_text in zip(utterances, pieces, strict=True):
        starts = {start for start, _ in cut_text.words}
        ends = {end for _, end in cut_text.words}
        reach = max(ends, default=0)
        for annotation in utterance.entities:
            if annotation.end <= reach:
                total += 1
                cut += annotation.start not in starts or annotation.end not in ends
    return cut / total if total else 0.0
