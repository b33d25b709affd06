"""Logits -> intents and entities with confidences; the last step of reading a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framework.nlu import bio
from framework.nlu.bert.labels import Labels
from framework.nlu.types import Entity, IntentScore

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Divisors of the logits that make confidences mean what they say (Guo et al. 2017).

    Attributes:
        intents: temperature of the intents.
        entities: temperature of the tags.
    """

    intents: float = 1.0
    entities: float = 1.0


class Decoder:
    """Turns the model's logits into answers that are valid by construction."""

    def __init__(self, labels: Labels, calibration: Calibration) -> None:
        self._labels = labels
        self._calibration = calibration
        self._names = tuple(sorted(set(labels.bases)))
        numbers = {name: number for number, name in enumerate(self._names)}
        self._base_of = np.array([numbers[base] for base in labels.bases], dtype=np.int64)

    def intents(self, logits: Floats) -> tuple[IntentScore, ...]:
        """Rank the intents; a retrieval intent has the sum of its labels' confidences.

        Args:
            logits: of one message, shape (I,).
        """
        if not self._names:
            return ()
        shares = softmax(logits / self._calibration.intents)
        confidences = np.bincount(self._base_of, weights=shares, minlength=len(self._names))
        order = np.argsort(-confidences, kind="stable")
        return tuple(
            IntentScore(name=self._names[number], confidence=min(1.0, float(confidences[number])))
            for number in order
        )

    def spans(self, logits: Floats) -> list[bio.Span]:
        """Find the best valid spans.

        Args:
            logits: of one message's words, shape (W, T).
        """
        return bio.decode(bio.best_path(logits))

    def entities(
        self, text: str, words: Sequence[tuple[int, int]], logits: Floats, *, extractor: str
    ) -> tuple[Entity, ...]:
        """Find the entities of a message.

        Args:
            text: the original text.
            words: (start, end) characters of the words.
            logits: of the words' tags, shape (W, T).
            extractor: name to sign them with.
        """
        spans = self.spans(logits)
        if not spans:
            return ()
        shares = bio.shares(logits / self._calibration.entities)
        return tuple(
            self._entity(span, text=text, words=words, shares=shares, extractor=extractor)
            for span in spans
        )

    def _entity(
        self,
        span: bio.Span,
        *,
        text: str,
        words: Sequence[tuple[int, int]],
        shares: NDArray[np.float64],
        extractor: str,
    ) -> Entity:
        label = self._labels.entities[span.label]
        start, end = words[span.first][0], words[span.last - 1][1]
        pair = slice(2 * span.label + 1, 2 * span.label + 3)
        per_word = shares[span.first : span.last, pair].sum(axis=1)
        return Entity(
            entity=label.entity,
            value=text[start:end],
            start=start,
            end=end,
            role=label.role or None,
            group=label.group or None,
            confidence=min(1.0, float(np.exp(np.log(per_word + 1e-9).mean()))),
            extractor=extractor,
        )


def softmax(logits: Floats) -> Floats:
    """Give probabilities over the last dimension."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return result
