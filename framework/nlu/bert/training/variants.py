"""Variants of examples as numbers, and which of them stay out while some examples are held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tokenizers import Tokenizer

from framework.data.types import Utterance
from framework.data.vary import Variant
from framework.nlu.bert.labels import Labels
from framework.nlu.bert.settings import TaggerSettings
from framework.nlu.bert.training.batches import Encoded, encode
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


def _wanted(utterance: Utterance, settings: TaggerSettings) -> Utterance:
    """Leave the labels that the tagger doesn't learn out."""
    if not settings.intents:
        utterance = replace(utterance, intent=None, response_key=None)
    return utterance if settings.entities else replace(utterance, entities=())
