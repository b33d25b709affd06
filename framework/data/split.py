"""Parts of the data to learn from and to be scored on, the same ones for the same seed."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from framework.data.types import Utterance
from framework.errors import UsageError
from framework.project.schema.nlu import Example

T = TypeVar("T")


def split_utterances(
    utterances: Sequence[Utterance], *, fraction: float = 0.8, seed: int = 0
) -> tuple[tuple[Utterance, ...], tuple[Utterance, ...]]:
    """Split label by label, so that both parts have every label that has two examples or more.

    Args:
        utterances: labelled examples.
        fraction: share of each label that goes into the first part, between 0 and 1.
        seed: decides which ones.

    Returns:
        The part to learn from and the part to be scored on, each in the given order.
    """
    return _split_by(utterances, lambda item: item.response_key or item.intent, fraction, seed)


def split_evenly(
    items: Sequence[T], *, fraction: float = 0.8, seed: int = 0
) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """Split anything, such as stories, into two parts, each in the given order."""
    return _split_by(items, lambda _: None, fraction, seed)


def folds(
    utterances: Sequence[Utterance], *, count: int, seed: int = 0
) -> tuple[tuple[tuple[Utterance, ...], tuple[Utterance, ...]], ...]:
    """Give the parts to learn from and to be scored on of a cross-validation.

    Each example is scored on once; every label is spread over the folds as evenly as possible.
    """
    return _folds(utterances, lambda item: item.response_key or item.intent, count, seed)


def split_examples(
    examples: Sequence[Example], *, fraction: float = 0.8, seed: int = 0
) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """Split examples as `split_utterances` does their utterances."""
    return _split_by(examples, lambda item: item.intent, fraction, seed)


def example_folds(
    examples: Sequence[Example], *, count: int, seed: int = 0
) -> tuple[tuple[tuple[Example, ...], tuple[Example, ...]], ...]:
    """Give the folds of examples as `folds` gives those of their utterances."""
    return _folds(examples, lambda item: item.intent, count, seed)


def story_folds(
    stories: Sequence[T], *, count: int, seed: int = 0
) -> tuple[tuple[tuple[T, ...], tuple[T, ...]], ...]:
    """Give the folds of stories, or of anything else that has no labels."""
    return _folds(stories, lambda _: None, count, seed)


def _folds(
    items: Sequence[T], label: Callable[[T], Hashable], count: int, seed: int
) -> tuple[tuple[tuple[T, ...], tuple[T, ...]], ...]:
    if not 2 <= count <= len(items):
        raise UsageError(
            f"{len(items)} examples can't be split into {count} folds",
            hint="give 2 folds or more, and no more than there are examples",
        )
    generator = random.Random(seed)
    fold_of: dict[int, int] = {}
    for places in _places(items, label).values():
        generator.shuffle(places)
        offset = len(fold_of)
        fold_of |= {place: (offset + rank) % count for rank, place in enumerate(places)}
    return tuple(
        (
            tuple(item for place, item in enumerate(items) if fold_of[place] != fold),
            tuple(item for place, item in enumerate(items) if fold_of[place] == fold),
        )
        for fold in range(count)
    )


def _split_by(
    items: Sequence[T], label: Callable[[T], Hashable], fraction: float, seed: int
) -> tuple[tuple[T, ...], tuple[T, ...]]:
    if not 0 < fraction < 1:
        raise UsageError(
            f"the share to learn from is {fraction!r}, expected between 0 and 1",
            hint="0.8 sets a fifth aside",
        )
    generator = random.Random(seed)
    chosen: set[int] = set()
    for places in _places(items, label).values():
        generator.shuffle(places)
        wanted = max(1, round(len(places) * fraction))
        chosen.update(places[: min(wanted, len(places) - 1) or 1])
    return (
        tuple(item for place, item in enumerate(items) if place in chosen),
        tuple(item for place, item in enumerate(items) if place not in chosen),
    )


def _places(items: Sequence[T], label: Callable[[T], Hashable]) -> dict[Hashable, list[int]]:
    places: dict[Hashable, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        places[label(item)].append(place)
    return places
