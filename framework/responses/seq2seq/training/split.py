"""Questions to learn from and questions to be measured on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from framework.project.schema.pairs import Pair
from framework.responses.seq2seq.vocabulary import tidy

FEWEST_QUESTIONS = 50
"""Questions below which none is held out."""

MOST_HELD_OUT = 300


@dataclass(frozen=True, kw_only=True)
class Split:
    """Pairs in two parts; a question stands in one of them with all its answers.

    Attributes:
        learned: to learn from at first.
        held_out: to be measured on.
        answers: all answers of each question, by `key`.
    """

    learned: tuple[Pair, ...]
    held_out: tuple[Pair, ...]
    answers: Mapping[str, tuple[str, ...]]

    @cached_property
    def all(self) -> tuple[Pair, ...]:
        """Both parts."""
        return (*self.learned, *self.held_out)


def key(question: str) -> str:
    """Give what equal questions have in common."""
    return tidy(question).casefold()


def split(pairs: Sequence[Pair], *, share: float, seed: int) -> Split:
    """Hold out a share of the questions, where there are enough of them."""
    answers: dict[str, list[str]] = defaultdict(list)
    for pair in pairs:
        answers[key(pair.question)].append(tidy(pair.answer))
    questions = list(answers)
    count = 0
    if len(questions) >= FEWEST_QUESTIONS:
        count = min(MOST_HELD_OUT, round(share * len(questions)))
    chosen = np.random.default_rng(seed).permutation(len(questions))[:count]
    held_out = {questions[place] for place in chosen}
    return Split(
        learned=tuple(pair for pair in pairs if key(pair.question) not in held_out),
        held_out=tuple(pair for pair in pairs if key(pair.question) in held_out),
        answers={question: tuple(texts) for question, texts in answers.items()},
    )
