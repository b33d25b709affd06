"""Trains a generator, from pairs to the files of a bundle; read it top to bottom.

Where there are enough questions, a tenth of them is held out at first: how replies to questions
that were never seen come out decides how long to train, and weighs the confidence. Then they are
learned, too, so that the bot knows all that it was given.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from framework.errors import TrainingError
from framework.learning.checkpoints import Checkpoint
from framework.learning.loop import Best, Plan, fit
from framework.learning.optimizer import AdamW, Group
from framework.learning.progress import Progress
from framework.learning.seed import reproducible
from framework.project.schema.pairs import Pair
from framework.responses.seq2seq.confidence import QUESTIONS_FILE, WEIGHTS_FILE, Weights
from framework.responses.seq2seq.generator import PIECES_FILE
from framework.responses.seq2seq.sizes import Recipe, Shape, Trained
from framework.responses.seq2seq.training.batches import Batch, Batches
from framework.responses.seq2seq.training.export import to_files
from framework.responses.seq2seq.training.judge import Judge
from framework.responses.seq2seq.training.network import Generator
from framework.responses.seq2seq.training.split import Split, split
from framework.responses.seq2seq.vocabulary import Vocabulary

PART = "replies"

BATCH = 32
FEW_PAIRS = 300
SMALL_WIDTH, WIDTH = 128, 192
"""Numbers that stand for a piece, for few pairs and for many."""

FEWEST_EPOCHS, FEWEST_STEPS = 30, 240
SCORINGS = 10
"""How often replies are looked at in a training."""

SHARE_AFTER_JOIN = 0.4
"""Epochs in which held-out pairs are learned, too, as a share of those before."""

LONGEST_ANSWER = 200
"""Pieces of an answer that are learned; what comes after is left out."""


def train(pairs: Sequence[Pair], recipe: Recipe, *, seed: int, into: Trained) -> Iterator[Progress]:
    """Train a generator, yielding progress; `into` holds the result at the end.

    Raises:
        TrainingError: there is nothing to learn, or the training diverges.
    """
    if not pairs:
        raise TrainingError("there are no pairs of questions and answers to learn from")
    parts = split(pairs, share=recipe.held_out, seed=seed)
    with reproducible(seed):
        yield from _Task(parts, recipe, seed).run(into)


class _Task:
    """One training: what is learned from when, and what comes of it."""

    def __init__(self, parts: Split, recipe: Recipe, seed: int) -> None:
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
        self._judge = Judge(parts, self._vocabulary, seed=seed)
        self._batches = Batches(
            self._vocabulary, size=BATCH, seed=seed, longest_answer=LONGEST_ANSWER
        )
        self._digest = _digest(parts, recipe, seed)

    def run(self, into: Trained) -> Iterator[Progress]:
        """Learn, weigh the confidence, and learn what was held out, too."""
        epochs = self._recipe.epochs or default_epochs(len(self._parts.learned))
        best = Best()
        checkpoint, optimizer = self._checkpoint("learning", best)
        yield from self._learn(epochs, optimizer, checkpoint)
        files = self._files(Weights())
        weights, into.scores = self._judge.weigh(files)
        yield Progress(part=PART, done=1, total=1, scores=dict(into.scores))
        if self._parts.held_out:
            more = max(1, round((best.epoch or epochs) * SHARE_AFTER_JOIN))
            last, optimizer = self._checkpoint("all", Best())
            yield from self._join(more, optimizer, last)
            last.remove()
        checkpoint.remove()
        into.files = self._files(weights)

    def _learn(self, epochs: int, optimizer: AdamW, checkpoint: Checkpoint) -> Iterator[Progress]:
        every = max(1, epochs // SCORINGS)
        begin = checkpoint.resume()
        state = {"epoch": begin}

        def batches(epoch: int) -> Sequence[Batch]:
            state["epoch"] = epoch
            return self._batches.of_epoch(self._parts.learned, epoch)

        def loss(batch: Batch) -> object:
            return self._model.loss(batch, gold_share=self._gold_share(state["epoch"], epochs))

        def score() -> Mapping[str, float]:
            done = state["epoch"] + 1
            if done % every and done < epochs:
                return {"score": -1.0}
            return self._judge.score(self._files(Weights()))

        plan = Plan(
            part=PART,
            epochs=epochs,
            batches=batches,
            loss=loss,
            score=score,
            patience=self._recipe.patience * every,
            begin=begin,
            after=checkpoint.save,
        )
        yield from fit(self._model, optimizer, plan, best=checkpoint.best)
        checkpoint.save(epochs)

    def _join(self, epochs: int, optimizer: AdamW, checkpoint: Checkpoint) -> Iterator[Progress]:
        plan = Plan(
            part=f"{PART}: held-out pairs, too",
            epochs=epochs,
            batches=lambda epoch: self._batches.of_epoch(self._parts.all, -1 - epoch),
            loss=lambda batch: self._model.loss(batch, gold_share=self._recipe.teacher_forcing),
            begin=checkpoint.resume(),
            after=checkpoint.save,
        )
        yield from fit(self._model, optimizer, plan)

    def _gold_share(self, epoch: int, epochs: int) -> float:
        """Fall from all to the share wanted, over the middle half of the training."""
        way = min(1.0, max(0.0, (epoch / epochs - 0.25) * 2))
        return 1 - way * (1 - self._recipe.teacher_forcing)

    def _checkpoint(self, phase: str, best: Best) -> tuple[Checkpoint, AdamW]:
        parameters = list(self._model.parameters())
        optimizer = AdamW(
            groups=[Group(parameters=parameters, learning_rate=self._recipe.learning_rate)]
        )
        folder = self._recipe.checkpoints
        path = folder / f"{self._digest}-{phase}.safetensors" if folder else None
        return Checkpoint(path, model=self._model, optimizer=optimizer, best=best), optimizer

    def _files(self, weights: Weights) -> dict[str, bytes]:
        return {
            **to_files(self._model),
            PIECES_FILE: self._vocabulary.to_bytes(),
            QUESTIONS_FILE: self._judge.known.to_bytes(),
            WEIGHTS_FILE: weights.to_bytes(),
        }


def default_epochs(count: int) -> int:
    """Give the passes that a number of pairs calls for."""
    return max(FEWEST_EPOCHS, math.ceil(FEWEST_STEPS / math.ceil(count / BATCH)))


def _digest(parts: Split, recipe: Recipe, seed: int) -> str:
    texts = [(pair.question, pair.answer) for pair in parts.all]
    settings = {name: value for name, value in vars(recipe).items() if name != "checkpoints"}
    return hashlib.sha256(repr((texts, settings, seed)).encode()).hexdigest()[:16]
