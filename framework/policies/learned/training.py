"""Trains the model: dialogues in, an ONNX graph out.

Where there are enough dialogues, a tenth is held out for the first part of the training; the
temperature that makes the confidences honest is found on it, then it is learned from, too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from framework.learning.loop import Plan, fit
from framework.learning.optimizer import AdamW, Group
from framework.learning.progress import Progress
from framework.learning.seed import reproducible
from framework.policies.learned.batches import (
    NOTHING,
    Draw,
    EncodedSequence,
    Variation,
    collate,
    draws,
    encode,
)
from framework.policies.learned.export import to_onnx
from framework.policies.learned.network import Shape, TurnTransformer
from framework.policies.learned.sequences import TurnSequence
from framework.policies.learned.sizes import Sizes, Trained
from framework.policies.learned.vocabulary import Vocabulary

PART = "dialogue policy"
THREADS = 1
"""Of matrix products: these are so small that waiting for each other costs more than it gains."""

BATCH_SEQUENCES = 16
LEARNING_RATE = 3e-3
SMOOTHING = 0.05
"""Share of the probability spread over all labels: keeps confidences below certainty."""

VARIATION = Variation(
    glue=0.5,
    inherit=0.5,
    skip_opening=0.25,
    hide_value=0.05,
    hide_word=0.2,
    hide_kind=0.02,
    hide_setting=0.1,
)

FEWEST_STEPS, STEPS_PER_SEQUENCE = 160, 1.0
"""Steps that even the smallest bot is trained for, and what each dialogue adds."""

FEWEST_EPOCHS = 20

FEWEST_TO_HOLD_OUT = 80
"""Dialogues from which on some are held out to measure on."""

MOST_HELD_OUT = 100
SHARE_AFTER_JOIN = 0.2
"""Share of the epochs in which the held-out dialogues are learned from, too."""


def train(
    sequences: Sequence[TurnSequence],
    vocabulary: Vocabulary,
    sizes: Sizes,
    *,
    seed: int,
    into: Trained,
) -> Iterator[Progress]:
    """Train a model on sequences, yielding progress; `into` holds the result at the end."""
    data = encode(sequences, vocabulary)
    shape = Shape(
        features=len(vocabulary.names),
        labels=len(vocabulary.labels),
        text=vocabulary.embedding_width,
        window=sizes.window,
        width=sizes.width,
        layers=sizes.layers,
    )
    with reproducible(seed, threads=THREADS):
        model = TurnTransformer(shape)
        task = _Task(model, data, vocabulary, seed)
        yield from task.run(sizes.epochs or default_epochs(len(data)), into)
        into.graph = to_onnx(model, temperature=into.temperature)


def default_epochs(count: int) -> int:
    """Give the passes that a number of sequences calls for."""
    steps = FEWEST_STEPS + STEPS_PER_SEQUENCE * count
    return max(FEWEST_EPOCHS, math.ceil(steps / math.ceil(count / BATCH_SEQUENCES)))


class _Task:
    """One training: which sequences are learned from when, and what they cost."""

    def __init__(
        self,
        model: TurnTransformer,
        data: Sequence[EncodedSequence],
        vocabulary: Vocabulary,
        seed: int,
    ) -> None:
        self._model = model
        self._data = data
        self._vocabulary = vocabulary
        self._seed = seed
        self._learned = list(range(len(data)))
        self._held_out: list[int] = []
        if len(data) >= FEWEST_TO_HOLD_OUT:
            order = np.random.default_rng(seed).permutation(len(data)).tolist()
            count = min(MOST_HELD_OUT, len(data) // 10)
            self._held_out, self._learned = order[:count], order[count:]

    def run(self, epochs: int, into: Trained) -> Iterator[Progress]:
        """Train for some epochs; the held-out sequences join in the last ones."""
        joins = epochs - max(1, round(epochs * SHARE_AFTER_JOIN))
        count = -(-len(self._data) // BATCH_SEQUENCES)

        def batches(epoch: int) -> Sequence[Draw]:
            if self._held_out and epoch == joins:
                self._calibrate(into)
                self._learned.extend(self._held_out)
            return draws(self._learned, batches=count, seed=self._seed, epoch=epoch)

        parameters = list(self._model.parameters())
        optimizer = AdamW(groups=[Group(parameters=parameters, learning_rate=LEARNING_RATE)])
        plan = Plan(part=PART, epochs=epochs, batches=batches, loss=self._loss)
        yield from fit(self._model, optimizer, plan)

    def _loss(self, draw: Draw) -> Tensor:
        batch = collate(self._data, draw, self._vocabulary, VARIATION)
        return functional.cross_entropy(
            self._model(batch).flatten(0, 1),
            torch.from_numpy(batch.labels_BT).flatten(),
            ignore_index=NOTHING,
            label_smoothing=SMOOTHING,
        )

    @torch.no_grad()
    def _calibrate(self, into: Trained) -> None:
        self._model.eval()
        scores, labels = [], []
        for start in range(0, len(self._held_out), BATCH_SEQUENCES):
            numbers = tuple(self._held_out[start : start + BATCH_SEQUENCES])
            batch = collate(self._data, Draw(numbers=numbers, seed=0), self._vocabulary)
            targets = torch.from_numpy(batch.labels_BT)
            scores.append(self._model(batch)[targets != NOTHING])
            labels.append(targets[targets != NOTHING])
        self._model.train()
        if sum(map(len, labels)):
            into.temperature = best_temperature(torch.cat(scores), torch.cat(labels))


def best_temperature(scores: Tensor, labels: Tensor) -> float:
    """Find the temperature under which the labels are likeliest (Guo et al. 2017, section 4.2).

    Args:
        scores: shape (decisions, labels).
        labels: index of what was right, shape (decisions,).
    """
    tried = torch.linspace(0.6, 2.5, 39).tolist()
    costs = [float(functional.cross_entropy(scores / each, labels)) for each in tried]
    return float(tried[costs.index(min(costs))])
