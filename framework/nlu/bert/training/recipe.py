"""How long and how fast to train, from the settings and the amount of data."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framework.learning.optimizer import Group
from framework.nlu.bert.settings import TaggerSettings
from framework.nlu.bert.training.batches import Encoded
from framework.nlu.bert.training.bert import Bert
from framework.nlu.bert.training.model import Tagger
from framework.nlu.bert.training.networks import OwnEncoder

MIN_FOR_HELD_OUT = 200
MIN_OF_ONE_FOR_HELD_OUT = 30
"""Examples, and examples of an intent on average, below which every one is needed for learning."""

USUAL_LAYERS = 6
"""Of the encoder for which steps and rates are given here."""

_HELD_OUT_SHARE, _HELD_OUT_MOST = 0.1, 600
_LEAST_EPOCHS, _MOST_EPOCHS = 5, 12
_LEAST_EPOCHS_OF_INTENTS = 4
"""Passes that suffice without entities, over many examples or where the lower layers are fixed."""

_INTENT_RATE_SHARE = 0.1
"""Of the heads' learning rate: on a pretrained encoder intents begin fitted, tags from nothing."""

_FAST_EPOCHS = 30
_MANY, _PATIENCE = 2000, 2
_REVIEW_EPOCHS, _REVIEW_SHARE = 2, 0.3
_REVIEW_OTHERS = 3.0
"""Intents keep what they know if the rest of many examples isn't gone over; spans lose by that."""


@dataclass(frozen=True, kw_only=True)
class _Pace:
    """Small steps for little data, fewer of them where there are no spans.

    Intents begin as a regression that fits their examples, spans from nothing.

    Attributes:
        below: number of examples from which on the next pace holds.
        batch_size: examples per step.
        steps: steps wanted, within the bounds on passes.
        intent_steps: the same where no entities are to be found.
        frozen_share: share of the encoder's layers that stay as they are in that case.
        slows_with_depth: whether an encoder of more layers needs more steps in proportion.
    """

    below: float
    batch_size: int
    steps: int
    intent_steps: int
    frozen_share: float = 0.0
    slows_with_depth: bool = False


_PACES = (
    _Pace(
        below=120,
        batch_size=8,
        steps=64,
        intent_steps=32,
        frozen_share=0.5,
        slows_with_depth=True,
    ),
    _Pace(below=600, batch_size=16, steps=220, intent_steps=180),
    _Pace(below=math.inf, batch_size=32, steps=320, intent_steps=320),
)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The length of a training.

    Attributes:
        batch_size: examples per step.
        epochs: passes over what is not held out.
        patience: epochs without a better held-out score before it ends; 0 for no end.
        review_epochs: passes afterwards over what was held out among what wasn't, so that nothing
            is lost.
        review_others: how many times as many others these go over; 0 for all.
        review_share: share of the learning rates in them, 0 to 1.
        frozen_share: share of the encoder's layers, from the lowest on, that stay as they are.
    """

    batch_size: int
    epochs: int
    patience: int
    review_epochs: int
    review_others: float
    review_share: float
    frozen_share: float


def choose_recipe(
    settings: TaggerSettings, *, examples: int, has_entities: bool, layers: int = USUAL_LAYERS
) -> Recipe:
    """Fit the length to the data: few examples are seen often, many examples seldom.

    Args:
        settings: of the component.
        examples: their number.
        has_entities: whether spans are learned.
        layers: of the encoder.
    """
    pace = next(pace for pace in _PACES if examples < pace.below)
    depth = max(1.0, layers / USUAL_LAYERS) if pace.slows_with_depth else 1.0
    batch_size = settings.batch_size or pace.batch_size
    frozen_share = 0.0 if has_entities else pace.frozen_share
    if settings.epochs is not None:
        epochs = settings.epochs
    elif settings.fast:
        epochs = _FAST_EPOCHS
    else:
        steps = pace.steps if has_entities else pace.intent_steps
        wanted = round(depth * steps * pace.batch_size / max(1, examples))
        is_short = not has_entities and (frozen_share or examples >= _MANY)
        least = _LEAST_EPOCHS_OF_INTENTS if is_short else _LEAST_EPOCHS
        epochs = max(least, min(round(depth * _MOST_EPOCHS), wanted))
    return Recipe(
        batch_size=batch_size,
        epochs=epochs,
        patience=_PATIENCE if examples >= _MANY else 0,
        review_epochs=1 if examples >= _MANY else min(_REVIEW_EPOCHS, epochs),
        review_others=0.0 if has_entities or examples < _MANY else _REVIEW_OTHERS,
        review_share=_REVIEW_SHARE,
        frozen_share=frozen_share,
    )


def hold_out(
    examples: Sequence[Encoded], *, seed: int, least_of_one: int = MIN_OF_ONE_FOR_HELD_OUT
) -> tuple[list[Encoded], list[Encoded]]:
    """Split examples into those to learn from and those to check with, intent by intent.

    Intents with fewer than five examples keep them all; nothing is held out of little data.

    Args:
        examples: to be split.
        seed: chooses.
        least_of_one: examples an intent must have on average.
    """
    intents = len({example.intent for example in examples})
    if len(examples) < max(MIN_FOR_HELD_OUT, least_of_one * intents):
        return list(examples), []
    share = min(_HELD_OUT_SHARE, _HELD_OUT_MOST / len(examples))
    places: defaultdict[int, list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        places[example.intent].append(place)
    rng = np.random.default_rng(seed)
    held: set[int] = set()
    for intent in sorted(places):
        group = places[intent]
        if len(group) >= 5:
            count = round(share * len(group) + rng.random() * 0.5)
            held.update(rng.permutation(group)[:count].tolist())
    learn = [example for place, example in enumerate(examples) if place not in held]
    return learn, [examples[place] for place in sorted(held)]


def parameter_groups(model: Tagger, settings: TaggerSettings, *, share: float) -> list[Group]:
    """Give the encoder's layers falling learning rates from top to bottom, the heads their own.

    Args:
        model: whose parameters learn.
        settings: the rates.
        share: factor of all rates.
    """
    rate = share * settings.head_learning_rate
    groups = [
        Group(
            parameters=list(model.tags.parameters()),
            learning_rate=rate,
            weight_decay=settings.weight_decay,
        ),
        Group(
            parameters=[model.intents, model.intent_biases],
            learning_rate=rate * (_INTENT_RATE_SHARE if isinstance(model.bert, Bert) else 1.0),
            weight_decay=0.0,
        ),
    ]
    if settings.fast:
        return groups
    return groups + _encoder_groups(model.bert, settings, share=share)


def freeze_lowest(bert: Bert, share: float) -> None:
    """Leave the embeddings and a share of the layers, from the lowest on, as they are."""
    count = round(share * len(bert.layers))
    for part in [bert.word, bert.norm, *list(bert.layers)[:count]] if count else []:
        part.requires_grad_(False)  # noqa: FBT003, torch's only way


def _encoder_groups(
    bert: Bert | OwnEncoder, settings: TaggerSettings, *, share: float
) -> list[Group]:
    layers = list(bert.layers)
    rate = share * settings.learning_rate
    decay = settings.layer_decay ** min(1.0, USUAL_LAYERS / max(1, len(layers)))
    groups = [
        Group(
            parameters=list(layer.parameters()),
            learning_rate=rate * decay**depth,
            weight_decay=settings.weight_decay,
        )
        for depth, layer in enumerate(reversed(layers))
    ]
    words = [*bert.word.parameters(), *bert.norm.parameters()]
    if isinstance(bert, Bert) and bert.projection is not None:
        words += bert.projection.parameters()
    lowest = rate * decay ** len(layers)
    return [*groups, Group(parameters=words, learning_rate=lowest, weight_decay=0.0)]
