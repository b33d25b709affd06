"""Trains a generator, from pairs to the files of a bundle; read it top to bottom.

Where there are enough questions, a tenth of them is held out at first: how replies to questions
that were never seen come out decides how long to train, and weighs the confidence. Then they are
learned, too, so that the bot knows all that it was given.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from torch import Tensor

from framework.errors import TrainingError
from framework.learning.checkpoint import CheckpointStore
from framework.learning.loop import Best, Plan, fit
from framework.learning.optimizer import AdamW, Group
from framework.learning.progress import Progress
from framework.learning.resume import Checkpoints
from framework.learning.seed import reproducible
from framework.project.schema.pairs import Pair
from framework.responses.seq2seq.confidence import QUESTIONS_FILE, WEIGHTS_FILE, Weights
from framework.responses.seq2seq.generator import PIECES_FILE
from framework.responses.seq2seq.sizes import Network, Recipe, Shape, Trained
from framework.responses.seq2seq.training.batches import Batch, Batches
from framework.responses.seq2seq.training.export import to_files
from framework.responses.seq2seq.training.judge import WATCHED, Judge
from framework.responses.seq2seq.training.network import Generator
from framework.responses.seq2seq.training.split import Split, split
from framework.responses.seq2seq.vocabulary import Vocabulary

PART = "replies"

BATCH = 16
"""Pairs of a step; the smaller it is, the more is learned from each pass."""

MOST_PAIRS_FOR_SMALL_STEPS, LARGE_BATCH = 5000, 64
FEW_PAIRS = 300
SMALL_WIDTH, WIDTH = 128, 192
"""Numbers that stand for a piece, for few pairs and for many."""

EPOCHS, FEWEST_EPOCHS, MOST_STEPS = 30, 5, 12_000
"""Passes over the pairs; of very many pairs fewer, so that the steps stay within bounds."""

FEWEST_STEPS = {"gru": 240, "lstm": 240, "transformer": 480}
"""Steps that even a handful of pairs needs, by the kind of network."""

SCORINGS = 10
"""How often replies are looked at in a training."""

SHARE_AFTER_JOIN = 0.4
"""Epochs in which held-out pairs are learned, too, as a share of those before."""

_JOINED = 1_000_000
"""Number of the first epoch in which held-out pairs are learned, too, for what is random in it."""

LONGEST_ANSWER = 200
"""Pieces of an answer that are learned; what comes after is left out."""


def train(
    pairs: Sequence[Pair],
    recipe: Recipe,
    *,
    seed: int,
    into: Trained,
    store: CheckpointStore | None = None,
) -> Iterator[Progress]:
    """Train a generator, yielding progress; `into` holds the result at the end.

    Args:
        pairs: questions with their answers.
        recipe: how to train.
        seed: everything random follows from it.
        into: takes the result.
        store: keeps what was reached, for a training that is interrupted.

    Raises:
        TrainingError: there is nothing to learn, or the training diverges.
    """
    if not pairs:
        raise TrainingError(
            "there are no questions and answers to learn from",
            hint="name files with them under `data:` of `seq2seq:`",
        )
    parts = split(pairs, share=recipe.held_out, seed=seed)
    with reproducible(seed) as generator:
        task = _Task(parts, recipe, seed, checkpoints=Checkpoints(store, generator))
        yield from task.run(into)


class _Task:
    """One training: what is learned from when, and what comes of it."""

    def __init__(
        self, parts: Split, recipe: Recipe, seed: int, *, checkpoints: Checkpoints
    ) -> None:
        self._parts = parts
        self._recipe = recipe
        texts = [text for pair in parts.all for text in (pair.question, pair.answer)]
        self._vocabulary = Vocabulary.learn(texts, size=recipe.vocabulary)
        self._model = Generator(
            Shape(
                network=recipe.network,
                vocabulary=self._vocabulary.size,
                width=recipe.width or (SMALL_WIDTH if len(texts) < 2 * FEW_PAIRS else WIDTH),
                layers=recipe.layers,
                dropout=recipe.dropout,
            )
        )
        longest = max(len(self._vocabulary.encode_answer(pair.answer)) for pair in parts.all)
        self._weights = Weights(longest=min(longest, LONGEST_ANSWER))
        self._judge = Judge(parts, self._vocabulary, seed=seed)
        self._batches = Batches(
            self._vocabulary,
            size=batch_size(len(parts.learned)),
            seed=seed,
            longest_answer=LONGEST_ANSWER,
        )
        self._checkpoints = checkpoints

    def run(self, into: Trained) -> Iterator[Progress]:
        """Learn, weigh the confidence, and learn what was held out, too."""
        epochs = self._recipe.epochs or default_epochs(
            len(self._parts.learned), self._recipe.network
        )
        best = Best()
        yield from self._learn(epochs, best)
        weights, into.scores = self._judge.weigh(self._files(self._weights))
        yield Progress(part=PART, done=1, total=1, scores=dict(into.scores))
        if self._parts.held_out:
            yield from self._join(max(1, round((best.epoch or epochs) * SHARE_AFTER_JOIN)))
        into.files = self._files(weights)

    def _learn(self, epochs: int, best: Best) -> Iterator[Progress]:
        every = max(1, epochs // SCORINGS)
        now = {"epoch": 0}

        def batches(epoch: int) -> Sequence[Batch]:
            now["epoch"] = epoch
            return self._batches.of_epoch(self._parts.learned, epoch)

        def loss(batch: Batch) -> Tensor:
            return self._model.loss(batch, gold_share=self._gold_share(now["epoch"], epochs))

        def score() -> Mapping[str, float]:
            done = now["epoch"] + 1
            if done % every and done < epochs:
                return {WATCHED: -1.0}
            return self._judge.score(self._files(self._weights))

        plan = Plan(
            part=PART,
            epochs=epochs,
            batches=batches,
            loss=loss,
            score=score,
            watch=WATCHED,
            patience=self._recipe.patience * every,
        )
        optimizer, checkpoint = self._optimizer(), self._checkpoints.next()
        for step in fit(self._model, optimizer, plan, best=best, checkpoint=checkpoint):
            shown = {name: value for name, value in step.scores.items() if name != WATCHED}
            yield replace(step, scores=shown)

    def _join(self, epochs: int) -> Iterator[Progress]:
        plan = Plan(
            part=f"{PART}: held-out pairs, too",
            epochs=epochs,
            batches=lambda epoch: self._batches.of_epoch(self._parts.all, _JOINED + epoch),
            loss=lambda batch: self._model.loss(batch, gold_share=self._recipe.teacher_forcing),
        )
        checkpoint = self._checkpoints.next()
        yield from fit(self._model, self._optimizer(), plan, checkpoint=checkpoint)

    def _optimizer(self) -> AdamW:
        parameters = list(self._model.parameters())
        group = Group(parameters=parameters, learning_rate=self._recipe.learning_rate)
        return AdamW(groups=[group])

    def _gold_share(self, epoch: int, epochs: int) -> float:
        """Fall from all to the share wanted, over the middle half of the training."""
        way = min(1.0, max(0.0, (epoch / epochs - 0.25) * 2))
        return 1 - way * (1 - self._recipe.teacher_forcing)

    def _files(self, weights: Weights) -> dict[str, bytes]:
        return {
            **to_files(self._model),
            PIECES_FILE: self._vocabulary.to_bytes(),
            QUESTIONS_FILE: self._judge.known.to_bytes(),
            WEIGHTS_FILE: weights.to_bytes(),
        }


def default_epochs(count: int, network: Network) -> int:
    """Give the passes that a number of pairs calls for."""
    steps = math.ceil(count / batch_size(count))
    wanted = max(EPOCHS, math.ceil(FEWEST_STEPS[network] / steps))
    return max(FEWEST_EPOCHS, min(wanted, MOST_STEPS // steps))


def batch_size(count: int) -> int:
    """Give the number of pairs of a step."""
    return BATCH if count <= MOST_PAIRS_FOR_SMALL_STEPS else LARGE_BATCH
