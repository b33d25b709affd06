"""A trained generator: a question -> a reply and how likely it is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from framework.responses.seq2seq.confidence import (
    QUESTIONS_FILE,
    WEIGHTS_FILE,
    Evidence,
    KnownQuestions,
    Weights,
)
from framework.responses.seq2seq.decoding import Candidate, Decoding, choose
from framework.responses.seq2seq.runtime import Model
from framework.responses.seq2seq.vocabulary import Vocabulary

PIECES_FILE = "pieces.json"
MARGIN = 5
"""Pieces that a reply may be longer than the longest answer that was learned."""

LONGEST_QUESTION, MOST_CHARACTERS = 100, 1000
"""Pieces of a question that are read, and characters that are looked at."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the generator would say.

    Attributes:
        text: the words; empty where it has none.
        confidence: how likely they are right, 0 to 1.
        evidence: what the confidence is made of.
    """

    text: str
    confidence: float
    evidence: Evidence


class TrainedGenerator:
    """Answers questions with what training left."""

    def __init__(
        self, *, model: Model, vocabulary: Vocabulary, known: KnownQuestions, weights: Weights
    ) -> None:
        """Put the generator together from its parts."""
        self.model = model
        self.vocabulary = vocabulary
        self.known = known
        self.weights = weights

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        """Take what training wrote."""
        return cls(
            model=Model(files),
            vocabulary=Vocabulary.from_bytes(files[PIECES_FILE]),
            known=KnownQuestions.from_bytes(files[QUESTIONS_FILE]),
            weights=Weights.from_bytes(files[WEIGHTS_FILE]),
        )

    def answer(
        self, question: str, decoding: Decoding, *, lot: np.random.Generator | None = None
    ) -> Reply:
        """Give the reply to a question.

        Args:
            question: what the user says.
            decoding: how the reply is chosen.
            lot: decides where `decoding` draws.
        """
        question = question[:MOST_CHARACTERS]
        encoded = self.vocabulary.encode(question).cut(LONGEST_QUESTION)
        best = Candidate()
        if encoded.ids:
            most = min(decoding.most, self.weights.longest + MARGIN)
            start = self.model.begin(encoded)
            best = choose(start, replace(decoding, most=most), lot=lot)[0]
        evidence = Evidence.of(best, self.known.likeness(question))
        text = self.vocabulary.decode(best.pieces, encoded.unknown)
        confidence = self.weights.confidence(evidence) if text else 0.0
        return Reply(text=text, confidence=confidence, evidence=evidence)
