"""Variants of examples as numbers, and which of them stay out while some examples are held out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from tokenizers import Tokenizer

from framework.data.types import Utterance
from framework.data.vary import Variant
from framework.nlu.bert.labels import Labels
from framework.nlu.bert.settings import TaggerSettings
from framework.nlu.bert.training import scope
from framework.nlu.bert.training.batches import Encoded, encode
from framework.nlu.bert.training.judge import Logits
from framework.nlu.bert.words import TextReader


class Variants:
    """The variants of a training's examples."""

    def __init__(
        self,
        variants: Sequence[Variant],
        settings: TaggerSettings,
        labels: Labels,
        tokenizer: Tokenizer | TextReader,
    ) -> None:
        """Turn variants into numbers."""
        utterances = [_wanted(variant.utterance, settings) for variant in variants]
        self.all = encode(utterances, labels, tokenizer) if utterances else []
        self._sources = [variant.source for variant in variants]
        self.doubtful = [
            made for made, variant in zip(self.all, variants, strict=True) if variant.is_doubtful
        ]

    def without(
        self,
        held: Sequence[Encoded],
        examples: Sequence[Encoded],
        utterances: Sequence[Utterance],
    ) -> list[Encoded]:
        """Give the variants of examples that are not held out.

        Args:
            held: the examples held out.
            examples: all of them.
            utterances: the same, in words.
        """
        set_aside = {id(example) for example in held}
        texts = {
            utterance.text
            for example, utterance in zip(examples, utterances, strict=True)
            if id(example) in set_aside
        }
        return [
            variant
            for variant, source in zip(self.all, self._sources, strict=True)
            if source not in texts
        ]


def find_strays(
    doubtful: Sequence[Encoded],
    learned: Sequence[Encoded],
    *,
    read: Callable[[Sequence[Encoded]], Sequence[Logits]],
) -> set[int]:
    """Find the variants that are nearer to the examples of another intent than of their own.

    Args:
        doubtful: variants that may mean something else than their labels say.
        learned: examples.
        read: gives sentence vectors of examples by an encoder that hasn't learned them yet.

    Returns:
        The `id` of each such variant.
    """
    count = 1 + max((example.intent for example in learned), default=-1)
    labelled = [variant for variant in doubtful if 0 <= variant.intent < count]
    sample = scope.take_sample(learned, [str(number) for number in range(count)], read=read)
    if not labelled or not len(sample.labels):
        return set()
    means = np.zeros((count, sample.vectors.shape[1]), dtype=np.float32)
    np.add.at(means, sample.labels, sample.vectors)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-6)
    vectors = np.stack([answer.embedding for answer in read(labelled)])
    nearest = (vectors @ means.T).argmax(axis=1)
    return {
        id(variant)
        for variant, intent in zip(labelled, nearest, strict=True)
        if variant.intent != intent
    }


def _wanted(utterance: Utterance, settings: TaggerSettings) -> Utterance:
    """Leave the labels that the tagger doesn't learn out."""
    if not settings.intents:
        utterance = replace(utterance, intent=None, response_key=None)
    return utterance if settings.entities else replace(utterance, entities=())
