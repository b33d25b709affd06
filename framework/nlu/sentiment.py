"""Tells whether a message is negative, neutral or positive."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from framework.errors import ProjectError, TrainingError
from framework.learning.progress import Progress
from framework.nlu.component import Component, Files, NluSource, NluTrainingData
from framework.nlu.features import Features, features_of, of_messages, of_texts
from framework.nlu.linear import LinearClassifier
from framework.nlu.types import Understanding
from framework.project.findings import Findings
from framework.project.moods import LABELS, Line, read_moods

logger = logging.getLogger(__name__)

KEY = "sentiment"
"""Key of the parse JSON under which the result stands."""

BUNDLED = Path(__file__).parent / "moods"
HELD_OUT = 5
"""Every n-th line of a label is kept from a first training, to score it."""

_LABELS, _PART = "labels.json", "sentiment"
_DIRECTION = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}


@dataclass(frozen=True, kw_only=True)
class Sentiment:
    """How a message sounds.

    Attributes:
        label: `negative`, `neutral` or `positive`.
        confidence: of the label, 0 to 1.
        score: from -1, surely negative, to 1, surely positive.
    """

    label: str
    confidence: float
    score: float


def sentiment_of(understanding: Understanding) -> Sentiment | None:
    """Give the sentiment of a message; None where nothing found one."""
    found = understanding.additional.get(KEY)
    if not isinstance(found, Mapping):
        return None
    label, confidence, score = (found.get(key) for key in ("name", "confidence", "score"))
    if not isinstance(confidence, int | float) or not isinstance(score, int | float):
        return None
    return Sentiment(label=str(label), confidence=float(confidence), score=float(score))


class SentimentClassifier(Component):
    """Adds the sentiment of a message to what is understood: a label and a score from -1 to 1.

    A linear classifier on the sentence vector of the shared encoder; where no encoder runs, on the
    words and their parts, which tells far less. It learns from lines that come with Frame, in
    English and Chinese, and from the project's own.
    """

    name = "sentiment"
    trainable = True
    reads: ClassVar[frozenset[NluSource]] = frozenset()
    reads_previous = True
    provides = frozenset({"sentiment"})

    def __init__(self, *, examples: str | None = None, bundled: bool = True) -> None:
        """Make the component.

        Args:
            examples: a file of the project (CSV, TSV or YAML) with the columns `text` and `label`.
            bundled: whether to learn from the lines that come with Frame, too.
        """
        self.examples = examples
        self.bundled = bundled
        self._labels: list[str] = []
        self._features: Features = "embedding"
        self._classifier: LinearClassifier | None = None

    def train(self, data: NluTrainingData) -> Iterator[Progress]:
        """Learn from the labelled lines."""
        lines = self._lines(data)
        self._labels = [label for label in LABELS if any(line.label == label for line in lines)]
        if len(self._labels) < 2:
            raise TrainingError(
                f"{self.name!r} needs examples of at least two labels, not of {self._labels}",
                hint=f"the labels are {', '.join(LABELS)}; `bundled: true` adds lines of Frame's",
            )
        yield Progress(part=_PART, done=0, total=1)
        self._features = features_of(data.understandings)
        features = of_texts([line.text for line in lines], self._features, data)
        if features is None or not features.shape[1]:
            raise TrainingError(f"{self.name!r} found no vectors of its examples")
        targets = np.array([self._labels.index(line.label) for line in lines], dtype=np.intp)
        accuracy = _held_out_accuracy(features, targets)
        self._classifier = LinearClassifier.fit(features, targets)
        yield Progress(part=_PART, done=1, total=1, scores={"held_out_accuracy": accuracy})

    def save(self) -> Files:
        """Give the labels as JSON and the classifier as two arrays."""
        labels = {"labels": self._labels, "features": self._features}
        learned = self._classifier.save() if self._classifier else {}
        return {_LABELS: json.dumps(labels).encode(), **learned}

    def load(self, files: Files) -> Self:
        """Take labels and classifier back."""
        labels = json.loads(files[_LABELS])
        self._labels, self._features = labels["labels"], labels["features"]
        self._classifier = LinearClassifier.load(files)
        return self

    def process(self, understanding: Understanding) -> Understanding:
        """Add the sentiment of one message."""
        return self.process_batch([understanding])[0]

    def process_batch(self, batch: Sequence[Understanding]) -> list[Understanding]:
        """Add the sentiments of several messages."""
        if self._classifier is None:
            return list(batch)
        places, features = of_messages(batch, self._features)
        rows = self._classifier.predict(features) if places else ()
        found = dict(zip(places, map(self._tell, rows), strict=True))
        return [
            replace(item, additional={**item.additional, KEY: found[place]})
            if place in found
            else item
            for place, item in enumerate(batch)
        ]

    def _tell(self, probabilities: NDArray[np.float32]) -> dict[str, Any]:
        """Give the result as it stands in the parse JSON."""
        best = int(probabilities.argmax())
        directions = [_DIRECTION[label] for label in self._labels]
        return {
            "name": self._labels[best],
            "confidence": float(probabilities[best]),
            "score": float(np.dot(probabilities, directions)),
        }

    def _lines(self, data: NluTrainingData) -> list[Line]:
        """Give the lines to learn from, the project's own first.

        Raises:
            ProjectError: the project's file can't be used.
        """
        lines: list[Line] = []
        if self.examples is not None:
            findings = Findings()
            lines += read_moods(data.root / self.examples, data.root, findings)
            if findings.have_errors:
                raise ProjectError(findings.in_order())
        if self.bundled:
            lines += _bundled(data.language)
        return list({line.text: line for line in reversed(lines)}.values())[::-1]


def _bundled(language: str) -> list[Line]:
    """Give Frame's lines of a language; of all languages where there are none."""
    files = sorted(BUNDLED.glob("*.tsv"))
    own = [file for file in files if file.stem == language.partition("-")[0].lower()]
    if not own:
        logger.warning(
            "there are no bundled examples of the sentiment for the language %r: those of other "
            "languages are used, which needs an encoder that knows both",
            language,
        )
    findings = Findings()
    return [line for file in own or files for line in read_moods(file, BUNDLED, findings)]


def _held_out_accuracy(features: NDArray[np.float32], targets: NDArray[np.intp]) -> float:
    """Give the accuracy on lines that a classifier of its own has not seen; 0 to 1."""
    number = np.zeros(len(targets), dtype=np.intp)
    for label in np.unique(targets):
        own = np.flatnonzero(targets == label)
        number[own] = np.arange(len(own))
    is_held = number % HELD_OUT == HELD_OUT - 1
    if not is_held.any():
        return 0.0
    classifier = LinearClassifier.fit(features[~is_held], targets[~is_held])
    right = classifier.predict(features[is_held]).argmax(axis=1) == targets[is_held]
    return float(right.mean())
