"""Question-answer pairs as numbers, and batches of similar length, varied anew in every epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from framework.project.schema.pairs import Pair
from framework.responses.seq2seq.generator import LONGEST_QUESTION
from framework.responses.seq2seq.training.variation import Variation
from framework.responses.seq2seq.vocabulary import BEGIN, END, PAD, UNKNOWN, Vocabulary


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Pairs as tensors; shapes B pairs, S pieces of questions, T pieces of answers.

    Attributes:
        source_BS: pieces of the questions that the model knows, padded.
        extended_BS: the same, unknown ones numbered after the vocabulary.
        lengths_B: pieces of each question.
        target_BT: pieces of the answers and their ends, padded; unknown ones as in `extended_BS`.
    """

    source_BS: Tensor
    extended_BS: Tensor
    lengths_B: Tensor
    target_BT: Tensor

    @property
    def shifted_BT(self) -> Tensor:
        """What the decoder has seen before each piece of the target."""
        begin = torch.full_like(self.target_BT[:, :1], BEGIN)
        return torch.cat([begin, self.target_BT[:, :-1]], dim=1)


class Batches:
    """Makes the batches of an epoch; equal seeds and epochs give equal ones."""

    def __init__(
        self, vocabulary: Vocabulary, *, size: int, seed: int, longest_answer: int
    ) -> None:
        """Make the maker of batches of some size."""
        self._vocabulary = vocabulary
        self._size = size
        self._seed = seed
        self._longest = longest_answer
        self._varied: tuple[Sequence[Pair], Variation] | None = None

    def of_epoch(self, pairs: Sequence[Pair], epoch: int) -> list[Batch]:
        """Give the batches of an epoch, with the questions varied."""
        lot = np.random.default_rng((self._seed, epoch))
        order = lot.permutation(len(pairs))
        variation = self._variation(pairs)
        made = [self._encode(variation.draw(int(place), lot), lot) for place in order]
        # neighbours of a roughly sorted list are of similar length; the batches are shuffled after
        made.sort(key=lambda one: len(one[2]) + lot.uniform(0, 4))
        groups = [made[start : start + self._size] for start in range(0, len(made), self._size)]
        return [collate(groups[place]) for place in lot.permutation(len(groups))]

    def _variation(self, pairs: Sequence[Pair]) -> Variation:
        if self._varied is None or self._varied[0] is not pairs:
            self._varied = (pairs, Variation(pairs))
        return self._varied[1]

    def _encode(
        self, pair: tuple[str, str], lot: np.random.Generator
    ) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        question, answer = pair
        found = self._vocabulary.encode(question)
        ids = found.ids[:LONGEST_QUESTION] or (UNKNOWN,)
        extended = found.extended[:LONGEST_QUESTION] or (UNKNOWN,)
        target = self._vocabulary.encode_answer(answer, found.unknown)
        if len(target) > self._longest:
            target = (*target[: self._longest - 1], END)
        hidden = tuple(
            UNKNOWN if share < HIDDEN_SHARE else number
            for number, share in zip(ids, lot.random(len(ids)), strict=True)
        )
        return hidden, extended, target


HIDDEN_SHARE = 0.05
"""Share of a question's pieces that the model doesn't get to see in training."""


def collate(examples: Sequence[tuple[tuple[int, ...], ...]]) -> Batch:
    """Make a batch of encoded pairs: pieces known, pieces extended, pieces of the answer."""
    sources, extended, targets = zip(*examples, strict=True)
    return Batch(
        source_BS=_padded(sources),
        extended_BS=_padded(extended),
        lengths_B=torch.tensor([len(source) for source in sources]),
        target_BT=_padded(targets),
    )


def _padded(rows: Sequence[Sequence[int]]) -> Tensor:
    table = np.full((len(rows), max(map(len, rows))), PAD, np.int64)
    for line, row in zip(table, rows, strict=True):
        line[: len(row)] = row
    return torch.from_numpy(table)
