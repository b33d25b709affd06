"""Knows when the bot doesn't know: puts `nlu_fallback` first for messages it isn't sure of."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import ClassVar, Literal, Self

from framework.learning.progress import Progress
from framework.nlu.component import Component, Files, NluSource, NluTrainingData
from framework.nlu.types import IntentScore, Understanding
from framework.project.schema.names import FALLBACK_INTENT

logger = logging.getLogger(__name__)

_FILE = "thresholds.json"


class Fallback(Component):
    """Inserts `nlu_fallback` at the head of the ranking and leaves the rest below it.

    It does so when nothing is classified, when the best intent's confidence is below its threshold
    (its own of `thresholds`, else its `threshold` in the domain, else `threshold`), when the second
    is nearer to it than `ambiguity_threshold`, or when the message looks like nothing that the bot
    has an intent for. The confidence of `nlu_fallback` is `threshold`, as Rasa has it.
    """

    name = "fallback"
    reads: ClassVar[frozenset[NluSource]] = frozenset({"intents"})
    provides = frozenset[str]()
    requires = frozenset({"intent"})

    def __init__(
        self,
        *,
        threshold: float = 0.3,
        ambiguity_threshold: float = 0.1,
        thresholds: Mapping[str, float] | None = None,
        out_of_scope: Literal["auto", "off"] | float = "auto",
    ) -> None:
        """Make the component.

        Args:
            threshold: confidence, 0 to 1, below which the best intent doesn't count.
            ambiguity_threshold: least lead, 0 to 1, of the best intent over the second.
            thresholds: thresholds of single intents, by name.
            out_of_scope: confidence in a message being out of scope, 0 to 1, above which it counts
                as such; `auto` for one that hardly any example has when it is left out, `off` for
                none.
        """
        self.threshold = threshold
        self.ambiguity_threshold = ambiguity_threshold
        self.thresholds = dict(thresholds or {})
        self.out_of_scope = out_of_scope
        self._thresholds: dict[str, float] = {}

    def train(self, data: NluTrainingData) -> Iterator[Progress]:
        """Take the thresholds that intents of the domain have for themselves."""
        self._thresholds = {
            name: intent.threshold
            for name, intent in data.domain.intents.items()
            if intent.threshold is not None
        }
        yield from ()

    def save(self) -> Files:
        """Give the intents' own thresholds as JSON."""
        return {_FILE: json.dumps(self._thresholds, sort_keys=True).encode()}

    def load(self, files: Files) -> Self:
        """Take the intents' own thresholds back."""
        self._thresholds = dict(json.loads(files[_FILE]))
        return self

    def process(self, understanding: Understanding) -> Understanding:
        """Put `nlu_fallback` first unless the best intent is sure enough."""
        if self._is_sure(understanding.ranking) and not self._is_beyond(understanding):
            return understanding
        fallback = IntentScore(name=FALLBACK_INTENT, confidence=self.threshold)
        return replace(understanding, ranking=(fallback, *understanding.ranking))

    def _is_sure(self, ranking: tuple[IntentScore, ...]) -> bool:
        if not ranking:
            return False
        best = ranking[0]
        own = self._thresholds.get(best.name, self.threshold)
        threshold = self.thresholds.get(best.name, own)
        if best.confidence < threshold:
            logger.debug("%s: %.2f is below %.2f", best.name, best.confidence, threshold)
            return False
        if len(ranking) > 1 and best.confidence - ranking[1].confidence < self.ambiguity_threshold:
            logger.debug("%s is too near to %s", best.name, ranking[1].name)
            return False
        return True

    def _is_beyond(self, understanding: Understanding) -> bool:
        """Say whether the message looks out of scope."""
        found = understanding.out_of_scope
        if found is None or self.out_of_scope == "off":
            return False
        limit = found.limit if self.out_of_scope == "auto" else float(self.out_of_scope)
        if found.confidence > limit:
            logger.debug("out of scope: %.3f is above %.3f", found.confidence, limit)
            return True
        return False
