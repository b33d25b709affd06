"""Examples as numbers, and batches of similar length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import regex
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from framework.data.types import Utterance
from framework.nlu import bio
from framework.nlu.bert.labels import Labels, intent_label, spans_of
from framework.nlu.bert.training.advice import Advice, SoftTargets, collate_advice
from framework.nlu.bert.words import Pieces, TextReader, pad_ids, read_pieces

IGNORED = -100
"""Target of what has no label: padding, special pieces, the rest of a word, unlabelled intents."""

MAX_TRAINING_PIECES = 256
"""Longer examples are cut; the trained tagger reads as far as its encoder goes."""

MAX_BATCH_PIECES = 1024
"""Batches of long examples are made smaller, which bounds the memory."""

LENGTH_STEP = 4
"""Batches are as long as a multiple of this: each other shape needs compiled kernels of its own."""

MANY_BATCHES = 60
"""With so many in a pass, kernels for every length cost less than padding."""

_SEPARATORS = regex.compile(r"[\W_]+|(?<=\p{Ll})(?=\p{Lu})")
"""What stands between the words of an intent's name."""

_POOL = 16
"""Batches that are drawn together and sorted by length."""


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """An example as numbers.

    Attributes:
        pieces: ids, words and where they begin.
        intent: number of the intent, or `IGNORED`.
        tags: tag of each word, or `IGNORED`, shape (W,).
        advice: what a larger tagger says of it; None where none was asked.
    """

    pieces: Pieces
    intent: int
    tags: NDArray[np.int64]
    advice: Advice | None = None


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Examples side by side.

    Attributes:
        ids: shape (B, S), or (B, S, F) where words are bags of features.
        mask: True where a piece stands, shape (B, S).
        intents: shape (B,).
        tags: of each piece, shape (B, S); only a word's first piece has one.
        advice: what a larger tagger says of them; None where it says nothing.
    """

    ids: Tensor
    mask: Tensor
    intents: Tensor
    tags: Tensor
    advice: SoftTargets | None = None

    def take(self, rows: Sequence[int]) -> Batch:
        """Give some of the examples."""
        chosen = torch.tensor(rows)
        return Batch(
            ids=self.ids[chosen],
            mask=self.mask[chosen],
            intents=self.intents[chosen],
            tags=self.tags[chosen],
            advice=self.advice.take(chosen) if self.advice is not None else None,
        )


def distinct(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Leave out examples that repeat an earlier one in text, intent and entities."""
    seen: dict[object, Utterance] = {}
    for utterance in utterances:
        spans = tuple((e.start, e.end, e.entity, e.role, e.group) for e in utterance.entities)
        key = (utterance.text, utterance.intent, utterance.response_key, spans)
        seen.setdefault(key, utterance)
    return list(seen.values())


def encode(
    utterances: Sequence[Utterance], labels: Labels, tokenizer: Tokenizer | TextReader
) -> list[Encoded]:
    """Turn examples into numbers."""
    numbers = {intent: number for number, intent in enumerate(labels.intents)}
    pieces = read_pieces(tokenizer, [u.text for u in utterances], unit=labels.unit)
    encoded = []
    for utterance, cut in zip(utterances, pieces, strict=True):
        spans = spans_of(utterance.entities, cut, labels.entities) if labels.entities else []
        intent = intent_label(utterance)
        encoded.append(
            Encoded(
                pieces=cut,
                intent=numbers.get(intent, IGNORED) if intent else IGNORED,
                tags=bio.encode(spans, words=len(cut.words)),
            )
        )
    return encoded


def encode_names(labels: Labels, tokenizer: Tokenizer | TextReader) -> list[Encoded]:
    """Turn the names of intents into numbers: `faq/ask_price` reads `ask price`, without tags."""
    texts = [_SEPARATORS.sub(" ", name.rpartition("/")[2]) for name in labels.intents]
    pieces = read_pieces(tokenizer, texts, unit=labels.unit) if texts else []
    return [
        Encoded(pieces=cut, intent=number, tags=np.full(len(cut.words), IGNORED, dtype=np.int64))
        for number, cut in enumerate(pieces)
    ]


def class_weights(
    examples: Sequence[Encoded], *, intents: int, power: float = 1.0
) -> NDArray[np.float32]:
    """Give each intent a weight that is the higher the fewer examples it has.

    Args:
        examples: of all intents.
        intents: their number.
        power: 1 makes all intents count alike, less leaves those with more examples an advantage.
    """
    labels = [example.intent for example in examples if example.intent != IGNORED]
    counts = np.bincount(labels, minlength=intents)
    return ((len(labels) / (intents * np.maximum(counts, 1))) ** power).astype(np.float32)


def collate(examples: Sequence[Encoded], *, length_step: int = LENGTH_STEP) -> Batch:
    """Pad examples to the longest of them, and to a multiple of a number of pieces."""
    ids, mask = pad_ids([example.pieces.ids for example in examples], step=length_step)
    tags = np.full(mask.shape, IGNORED, dtype=np.int64)
    for row, example in enumerate(examples):
        tags[row, example.pieces.heads] = example.tags
    return Batch(
        ids=torch.from_numpy(ids),
        mask=torch.from_numpy(mask),
        intents=torch.tensor([example.intent for example in examples]),
        tags=torch.from_numpy(tags),
        advice=collate_advice(
            [example.advice for example in examples],
            [example.pieces.heads for example in examples],
            pieces=mask.shape[1],
        ),
    )


def shuffled_batches(
    examples: Sequence[Encoded], *, size: int, generator: torch.Generator
) -> list[Batch]:
    """Cut shuffled examples into batches of similar length, in random order."""
    order = torch.randperm(len(examples), generator=generator).tolist()
    groups: list[list[Encoded]] = []
    for first in range(0, len(order), size * _POOL):
        pool = [examples[index] for index in order[first : first + size * _POOL]]
        groups += grouped_by_length(pool, size=size)
    places = torch.randperm(len(groups), generator=generator).tolist()
    length_step = 1 if len(groups) >= MANY_BATCHES else LENGTH_STEP
    return [collate(groups[place], length_step=length_step) for place in places]


def grouped_by_length(examples: Sequence[Encoded], *, size: int) -> list[list[Encoded]]:
    """Group examples of similar length, shortest first, within the bound on pieces."""
    groups: list[list[Encoded]] = []
    for example in sorted(examples, key=lambda e: len(e.pieces.ids)):
        full = groups and (
            len(groups[-1]) >= size
            or (len(groups[-1]) + 1) * len(example.pieces.ids) > MAX_BATCH_PIECES
        )
        if full or not groups:
            groups.append([])
        groups[-1].append(example)
    return groups
