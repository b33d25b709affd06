"""Chooses the answer within a retrieval intent: `faq` -> `faq/ask_name`."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from framework.learning.progress import Progress
from framework.nlu.component import Component, Files, NluSource, NluTrainingData
from framework.nlu.features import Features, features_of, of_messages, of_texts
from framework.nlu.linear import LinearClassifier
from framework.nlu.types import SHARED_SELECTOR, RankedResponse, Understanding
from framework.project.schema.domain import RESPONSE_PREFIX, Domain

logger = logging.getLogger(__name__)

_LABELS = "labels.json"
_PART = "response selection"


class ResponseSelector(Component):
    """Ranks the retrieval responses for a message.

    A linear classifier on the sentence vector that the shared encoder has already computed; where
    no encoder runs, on the words and their parts. A project without retrieval intents costs
    nothing.
    """

    name = "response_selector"
    trainable = True
    reads: ClassVar[frozenset[NluSource]] = frozenset({"utterances"})
    reads_previous = True
    provides = frozenset({"selections"})

    def __init__(
        self,
        *,
        retrieval_intent: str | None = None,
        use_text_as_label: bool = False,
        ranking_length: int = 10,
    ) -> None:
        """Make the component.

        Args:
            retrieval_intent: answer this retrieval intent only; None for all of them.
            use_text_as_label: learn from the words of the responses too, and take responses that
                read the same as one.
            ranking_length: how many responses the result lists; 0 for all.
        """
        self.retrieval_intent = retrieval_intent
        self.use_text_as_label = use_text_as_label
        self.ranking_length = ranking_length
        self._keys: list[str] = []
        self._retrieval_intents: list[str] = []
        self._features: Features = "embedding"
        self._classifier: LinearClassifier | None = None

    @classmethod
    def sources(cls, settings: Mapping[str, Any]) -> frozenset[NluSource]:
        """Give what training looks at: the responses only where their words count."""
        return cls.reads | {"responses"} if settings.get("use_text_as_label") else cls.reads

    def train(self, data: NluTrainingData) -> Iterator[Progress]:
        """Learn from the examples of retrieval intents."""
        labelled = [
            (index, item.response_key, item.intent)
            for index, item in enumerate(data.utterances)
            if item.response_key is not None
        ]
        self._retrieval_intents = list(dict.fromkeys(str(intent) for _, _, intent in labelled))
        self._keys, self._classifier = [], None
        own = [
            (index, key)
            for index, key, intent in labelled
            if self.retrieval_intent in (None, intent)
        ]
        if not own:
            self._warn_of_no_examples()
            return
        yield Progress(part=_PART, done=0, total=1)
        features, keys = self._examples(own, data)
        if not keys:
            self._warn_of_no_examples()
            return
        aliases = _aliases(data.domain) if self.use_text_as_label else {}
        labels = [aliases.get(key, key) for key in keys]
        self._keys = list(dict.fromkeys(labels))
        targets = np.array([self._keys.index(label) for label in labels], dtype=np.intp)
        self._classifier = LinearClassifier.fit(features, targets)
        right = self._classifier.predict(features).argmax(axis=1) == targets
        yield Progress(part=_PART, done=1, total=1, scores={"accuracy": float(right.mean())})

    def save(self) -> Files:
        """Give the labels as JSON and the classifier as two arrays."""
        labels = {
            "keys": self._keys,
            "retrieval_intents": self._retrieval_intents,
            "features": self._features,
        }
        files = {_LABELS: json.dumps(labels, ensure_ascii=False).encode()}
        if self._classifier is not None:
            files.update(self._classifier.save())
        return files

    def load(self, files: Files) -> Self:
        """Take labels and classifier back."""
        labels = json.loads(files[_LABELS])
        self._keys = labels["keys"]
        self._retrieval_intents = labels["retrieval_intents"]
        self._features = labels["features"]
        self._classifier = LinearClassifier.load(files)
        return self

    def process(self, understanding: Understanding) -> Understanding:
        """Add the ranking of the responses."""
        return self.process_batch([understanding])[0]

    def process_batch(self, batch: Sequence[Understanding]) -> list[Understanding]:
        """Add the rankings of the responses to several messages."""
        rankings: dict[int, tuple[RankedResponse, ...]] = {}
        if self._classifier is not None:
            places, features = of_messages(batch, self._features)
            if places:
                rankings = {
                    place: self._rank(row)
                    for place, row in zip(places, self._classifier.predict(features), strict=True)
                }
        selector = self.retrieval_intent or SHARED_SELECTOR
        return [
            replace(
                item,
                selections={**item.selections, selector: rankings.get(place, ())},
                retrieval_intents=tuple(self._retrieval_intents),
            )
            for place, item in enumerate(batch)
        ]

    def _examples(
        self, own: Sequence[tuple[int, str]], data: NluTrainingData
    ) -> tuple[NDArray[np.float32], list[str]]:
        """Give features and keys of the examples, and of the responses where those count."""
        understandings = [
            data.understandings[index]
            if data.understandings
            else Understanding(text=data.utterances[index].text)
            for index, _ in own
        ]
        self._features = features_of(understandings)
        places, features = of_messages(understandings, self._features)
        keys = [own[place][1] for place in places]
        if self.use_text_as_label:
            known = set(keys)
            texts = [(key, text) for key, text in _texts(data.domain) if key in known]
            vectors = of_texts([text for _, text in texts], self._features, data)
            if vectors is not None:
                keys += [key for key, _ in texts]
                features = np.concatenate([features, vectors])
        return features, keys

    def _rank(self, probabilities: NDArray[np.float32]) -> tuple[RankedResponse, ...]:
        order = np.argsort(-probabilities, kind="stable")[: self.ranking_length or None]
        return tuple(
            RankedResponse(key=self._keys[index], confidence=float(probabilities[index]))
            for index in order
        )

    def _warn_of_no_examples(self) -> None:
        if self.retrieval_intent is not None:
            logger.warning(
                "response_selector has nothing to learn for the retrieval intent %r: it needs "
                "examples under `intent: %s/<key>`",
                self.retrieval_intent,
                self.retrieval_intent,
            )


def _texts(domain: Domain) -> list[tuple[str, str]]:
    """Give (key, text) of every variation of the retrieval responses."""
    return [
        (name.removeprefix(RESPONSE_PREFIX), variation.text)
        for name, response in domain.responses.items()
        if "/" in name
        for variation in response.variations
        if variation.text
    ]


def _aliases(domain: Domain) -> dict[str, str]:
    """Give for each key the first one whose response begins with the same text."""
    first_text: dict[str, str] = {}
    for key, text in _texts(domain):
        first_text.setdefault(key, text)
    first_key: dict[str, str] = {}
    for key, text in first_text.items():
        first_key.setdefault(text, key)
    return {key: first_key[text] for key, text in first_text.items()}
