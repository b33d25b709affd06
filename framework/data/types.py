"""What training reads: utterances for the NLU, dialogues for the policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from framework.errors import Location
from framework.project.schema.nlu import EntityAnnotation


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """A labelled example, ready for training or scoring.

    Attributes:
        text: the words.
        intent: base intent (`faq`); multi-intents keep their `+`. None where unlabelled.
        response_key: full retrieval label (`faq/ask_name`), None for other intents.
        entities: marked spans by start.
        metadata: passed through.
        where: its place.
    """

    text: str
    intent: str | None
    response_key: str | None = None
    entities: tuple[EntityAnnotation, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    where: Location | None = None
