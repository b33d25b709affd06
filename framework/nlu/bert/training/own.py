"""Makes an encoder that has no pretrained weights, with a vocabulary of the project's texts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from framework.data.types import Utterance
from framework.nlu.bert.choice import EncoderChoice
from framework.nlu.bert.grams import GramTable
from framework.nlu.bert.settings import TaggerSettings
from framework.nlu.bert.training.networks import MOST_WORDS, OwnEncoder
from framework.nlu.bert.training.pretrained import Pretrained
from framework.nlu.bert.training.vectors import WordVectors, read_vectors
from framework.nlu.bert.words import find_words

MOST_CUT = 0.05
"""Share of entities that begin or end inside words above which characters are read one by one."""

_BATCHES = ((120, 8), (2000, 16), (math.inf, 32))
"""Examples below which a batch has so many."""

_STEPS, _LEAST_EPOCHS, _MOST_EPOCHS = 1200, 12, 60


def make_own(choice: EncoderChoice, utterances: Sequence[Utterance], *, root: Path) -> Pretrained:
    """Make an encoder for these examples.

    Args:
        choice: kind and settings.
        utterances: all examples.
        root: the project's folder.

    Raises:
        TrainingError: the word vectors can't be read.
    """
    given = None
    if choice.own.vectors is not None:
        given = _read_vectors(choice.own.vectors, utterances, root=root)
    table = collect_table(utterances, words=given.words if given else ())
    encoder = OwnEncoder(
        choice, features=table.size, vectors=torch.from_numpy(given.rows) if given else None
    )
    table.enable_truncation(encoder.shape.positions)
    return Pretrained(bert=encoder, tokenizer=table, word_table=encoder.word.table())


def collect_table(utterances: Sequence[Utterance], *, words: Sequence[str] = ()) -> GramTable:
    """Take the vocabulary of the examples' words, or of their characters where those are needed.

    Args:
        utterances: all examples.
        words: lower-case words that have a pretrained vector.
    """
    texts = [utterance.text for utterance in utterances]
    table = GramTable.collect(texts, characters=cut_words(utterances), words=words)
    table.enable_truncation(MOST_WORDS)
    return table


def _read_vectors(name: str, utterances: Sequence[Utterance], *, root: Path) -> WordVectors:
    texts = [utterance.text for utterance in utterances]
    words = {text[start:end].lower() for text in texts for start, end in find_words(text)}
    return read_vectors(root / Path(name).expanduser(), wanted=words, shown=name)


def cut_words(utterances: Sequence[Utterance]) -> bool:
    """Say whether so many entities end inside words that characters must be words."""
    cut, total = 0, 0
    for utterance in utterances:
        if not utterance.entities:
            continue
        ends = GramTable.ends(utterance.text)
        for annotation in utterance.entities:
            total += 1
            cut += annotation.start not in ends[0] or annotation.end not in ends[1]
    return total > 0 and cut / total > MOST_CUT


def fit_settings(
    settings: TaggerSettings, choice: EncoderChoice, *, examples: int
) -> TaggerSettings:
    """Change what a pretrained encoder is trained with to what one needs that begins from nothing.

    All layers learn alike, faster, and the examples are seen more often. What the project sets for
    passes and batches stays.
    """
    usual = next(size for most, size in _BATCHES if examples < most)
    batch_size = settings.batch_size or usual
    wanted = round(_STEPS * batch_size / max(1, examples))
    return replace(
        settings,
        epochs=settings.epochs or max(_LEAST_EPOCHS, min(_MOST_EPOCHS, wanted)),
        batch_size=batch_size,
        learning_rate=choice.own.learning_rate,
        layer_decay=1.0,
        fast=False,
    )
