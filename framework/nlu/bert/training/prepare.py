"""What a training needs before it begins: the encoder, its tokenizer, and the labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from tokenizers import Tokenizer

from framework.data.types import Utterance
from framework.errors import MissingExtraError, UsageError
from framework.nlu.bert.at_hand import INSTALL_LORA
from framework.nlu.bert.choice import TFIDF, EncoderChoice, LoraSettings
from framework.nlu.bert.encoder import find_encoder
from framework.nlu.bert.grams import GramTable
from framework.nlu.bert.labels import Labels, collect, splits_words
from framework.nlu.bert.settings import TaggerSettings
from framework.nlu.bert.training.batches import MAX_TRAINING_PIECES
from framework.nlu.bert.training.bert import Bert
from framework.nlu.bert.training.own import collect_table, fit_settings, make_own
from framework.nlu.bert.training.pretrained import (
    Pretrained,
    load_pretrained,
    split_characters,
)
from framework.nlu.bert.words import Unit, read_pieces
from framework.nlu.component import NluTrainingData
from framework.registry import load_object

_LORA = "framework.nlu.bert.training.lora"

_MOST_CUT_ENTITIES = 0.05
"""Share of entities that begin or end inside words above which every piece may begin one."""


def load_encoder(
    choice: EncoderChoice, utterances: Sequence[Utterance], data: NluTrainingData
) -> Pretrained | GramTable:
    """Load an encoder, or make one of the examples; `tfidf` is their vocabulary alone.

    Raises:
        EncoderError: it can't be had.
    """
    if choice.name == TFIDF:
        return collect_table(utterances)
    if choice.is_own:
        return make_own(choice, utterances, root=data.root)
    source = find_encoder(choice.name, language=data.language, root=data.root)
    return load_pretrained(source, texts=[u.text for u in utterances], layers=choice.layers)


def suit_settings(
    settings: TaggerSettings, choice: EncoderChoice, *, examples: int
) -> TaggerSettings:
    """Change the settings to what an encoder needs that is not simply fine-tuned.

    Raises:
        UsageError: two settings contradict each other.
    """
    if choice.is_own:
        return fit_settings(settings, choice, examples=examples)
    if choice.lora is None:
        return settings
    if settings.fast:
        raise UsageError(
            "`fast` leaves the encoder as it is, and `lora` trains it",
            id="bad-setting",
            hint="take one of them away",
        )
    return replace(settings, learning_rate=choice.lora.learning_rate)


def add_adapters(encoder: Pretrained, settings: LoraSettings) -> None:
    """Let adapters learn in place of an encoder's own weights.

    Raises:
        MissingExtraError: the package peft is not installed.
    """
    try:
        add, merged = load_object(f"{_LORA}:add_adapters"), load_object(f"{_LORA}:merged")
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"`lora` needs the package peft ({error})", hint=INSTALL_LORA
        ) from error
    if isinstance(encoder.bert, Bert):
        add(encoder.bert, settings)
        encoder.whole = partial(merged, encoder.bert)


def longest(encoder: Pretrained | GramTable) -> int:
    """Give how much of an example training reads, in pieces."""
    if isinstance(encoder, GramTable):
        return MAX_TRAINING_PIECES
    return min(MAX_TRAINING_PIECES, encoder.bert.shape.positions)


def collect_labels(utterances: Sequence[Utterance], tokenizer: Tokenizer | GramTable) -> Labels:
    """Take the labels, and the smallest units that the marked entities call for.

    Where many entities end inside words, every piece may begin one; where they end inside pieces
    even so, Chinese and Japanese characters become pieces of their own in the tokenizer.
    """
    labels = collect(utterances)
    if isinstance(tokenizer, GramTable) or not _cuts(utterances, tokenizer, "word"):
        return labels
    if _cuts(utterances, tokenizer, "piece") and tokenizer.pre_tokenizer is not None:
        split_characters(tokenizer)
    return replace(labels, unit="piece" if _cuts(utterances, tokenizer, "word") else "word")


def _cuts(utterances: Sequence[Utterance], tokenizer: Tokenizer, unit: Unit) -> bool:
    marked = [utterance for utterance in utterances if utterance.entities]
    pieces = read_pieces(tokenizer, [u.text for u in marked], unit=unit)
    return splits_words(marked, pieces) > _MOST_CUT_ENTITIES
