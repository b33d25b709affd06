"""What replies are worth while a model learns, and what that says of its confidence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from framework.project.schema.pairs import Pair
from framework.responses.scores import bleu, exact_match, is_same, shared_words
from framework.responses.seq2seq.confidence import FEWEST, RIGHT_FROM, KnownQuestions, Weights
from framework.responses.seq2seq.decoding import Decoding
from framework.responses.seq2seq.generator import Reply, TrainedGenerator
from framework.responses.seq2seq.training.split import Split, key
from framework.responses.seq2seq.vocabulary import Vocabulary

LOOKED_AT = 100
"""Questions of each part that are answered to see how far a training is."""

WATCHED = "score"
"""Name of the figure that is to rise."""

WEIGHED = 300
"""Questions of each part that weigh the confidence."""

_QUICK, _THOROUGH = Decoding(beam=1), Decoding(beam=4)


class Judge:
    """Answers held-out and learned questions with a model and scores the replies."""

    def __init__(self, parts: Split, vocabulary: Vocabulary, *, seed: int) -> None:
        """Choose the questions."""
        lot = np.random.default_rng(seed)
        self._answers = parts.answers
        self._vocabulary = vocabulary
        self._learned = _some(parts.learned, lot)
        self._held_out = _some(parts.held_out, lot)
        self._asked = KnownQuestions.of([pair.question for pair in parts.learned])
        self.known = KnownQuestions.of([pair.question for pair in parts.all])

    def score(self, files: Mapping[str, bytes]) -> dict[str, float]:
        """Give the share of learned questions answered as learned, and words of held-out ones.

        What is watched is their mean, of equal ones the higher the surer the replies are: training
        goes on while it rises.
        """
        generator = TrainedGenerator.from_files(files)
        learned = self._learned[:LOOKED_AT]
        replies = [generator.answer(question, _QUICK) for question in learned]
        texts = [reply.text for reply in replies]
        figures = {"recall": exact_match(texts, self._expected(learned))}
        asked = self._held_out[:LOOKED_AT]
        if asked:
            found = [generator.answer(question, _QUICK).text for question in asked]
            likeness = map(shared_words, found, self._expected(asked))
            figures["held_out_words"] = sum(likeness) / len(asked)
        sure = sum(math.exp(reply.evidence.least_chance) for reply in replies) / len(replies)
        return {**figures, WATCHED: (sum(figures.values()) + 0.1 * sure) / len(figures)}

    def weigh(self, files: Mapping[str, bytes]) -> tuple[Weights, dict[str, float]]:
        """Find the weights of the confidence, and score held-out replies."""
        generator = TrainedGenerator.from_files(files)
        generator.known = self._asked
        learned = self._learned[:WEIGHED]
        known = [generator.answer(question, _THOROUGH) for question in learned]
        expected = self._expected(learned)
        scores = {"recall": exact_match([reply.text for reply in known], expected)}
        asked = self._held_out[:WEIGHED]
        if len(asked) < FEWEST:
            return generator.weights, scores
        found = [generator.answer(question, _THOROUGH) for question in asked]
        texts, wanted = [reply.text for reply in found], self._expected(asked)
        scores["held_out_bleu"] = bleu(texts, wanted)
        scores["held_out_exact"] = exact_match(texts, wanted)
        # as many learned questions as held-out ones: people ask both
        replies = [*found, *known[: len(found)]]
        outcomes = map(_is_right, replies, [*wanted, *expected[: len(found)]])
        evidence = [reply.evidence for reply in replies]
        longest = generator.weights.longest
        return Weights.fit(evidence, list(outcomes), longest=longest), scores

    def _expected(self, questions: Sequence[str]) -> list[tuple[str, ...]]:
        return [self._answers[key(question)] for question in questions]


def _is_right(reply: Reply, expected: Sequence[str]) -> bool:
    if any(is_same(reply.text, answer) for answer in expected):
        return True
    return shared_words(reply.text, expected) >= RIGHT_FROM


def _some(pairs: Sequence[Pair], lot: np.random.Generator) -> list[str]:
    unique = list({key(pair.question): pair.question for pair in pairs}.values())
    return [unique[place] for place in lot.permutation(len(unique))[:WEIGHED]]
