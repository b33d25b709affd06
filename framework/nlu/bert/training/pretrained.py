"""Loads an encoder for training: weights, tokenizer, and the word rows that will be trained."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, models, pre_tokenizers
from torch import Tensor, nn

from framework.errors import EncoderError
from framework.nlu.bert.encoder import EncoderSource
from framework.nlu.bert.grams import GramTable
from framework.nlu.bert.training import e5
from framework.nlu.bert.training.bert import Bert
from framework.nlu.bert.training.networks import OwnEncoder
from framework.nlu.bert.training.published import read_bert, read_shape


@dataclass(kw_only=True)
class Pretrained:
    """An encoder ready to be trained.

    Attributes:
        bert: the encoder; one of the project's own has the same outside.
        tokenizer: truncates to what the encoder can read; adds no padding.
        word_table: the whole word embedding, shape (V, D), untrained.
        whole: puts what adapters learned into the encoder's own weights for a while.
    """

    bert: Bert | OwnEncoder
    tokenizer: Tokenizer | GramTable
    word_table: Tensor
    whole: Callable[[], AbstractContextManager[None]] = nullcontext


def load_pretrained(
    source: EncoderSource, *, texts: Collection[str], layers: int | None = None
) -> Pretrained:
    """Load an encoder.

    Args:
        source: where its files are.
        texts: examples of the bot, for an encoder of many languages that is cut to what they need.
        layers: how many of the lower layers to keep; None for all.

    Raises:
        EncoderError: its files are damaged or of an architecture that isn't supported, or it has
            fewer layers.
    """
    pretrained = _load_whole(source, texts=texts)
    if layers is not None and isinstance(pretrained.bert, Bert):
        has = pretrained.bert.shape.layers
        if layers > has:
            raise EncoderError(
                f"the encoder {source.name!r} has {has} layers, and `layers` asks for {layers}",
                id="encoder-settings",
                hint=f"give a number from 1 to {has}",
            )
        pretrained.bert.keep_layers(layers)
    return pretrained


def _load_whole(source: EncoderSource, *, texts: Collection[str]) -> Pretrained:
    if source.layout == "e5-packed":
        packed = e5.open_packed(source.path)
        kept = e5.choose_pieces(packed.vocabulary, texts, most=e5.MAX_PIECES)
        bert = e5.build_bert(packed, kept)
        tokenizer = e5.build_tokenizer(packed.vocabulary, kept)
        return _ready(bert, tokenizer)
    bert = read_bert(source.path, read_shape(source.path))
    tokenizer = _read_tokenizer(source.path / "tokenizer.json")
    if isinstance(tokenizer.model, models.WordPiece):
        _split_symbols(tokenizer)
    return _ready(bert, tokenizer)


def _read_tokenizer(path: Path) -> Tokenizer:
    try:
        return Tokenizer.from_buffer(path.read_bytes())
    except ValueError as error:
        raise EncoderError(
            f"the tokenizer {path} is damaged ({error})",
            id="altered-encoder",
            hint="save it again with `save_pretrained` of transformers",
        ) from error


def _ready(bert: Bert, tokenizer: Tokenizer) -> Pretrained:
    tokenizer.no_padding()
    tokenizer.enable_truncation(bert.shape.positions)
    return Pretrained(bert=bert, tokenizer=tokenizer, word_table=bert.word.weight.detach())


def _split_symbols(tokenizer: Tokenizer) -> None:
    """Let an emoji stand alone; a word that it sticks to would be unknown together with it."""
    symbols = pre_tokenizers.Split(Regex(r"\p{So}|\p{Sk}"), "isolated")
    following = [tokenizer.pre_tokenizer] if tokenizer.pre_tokenizer is not None else []
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([symbols, *following])


def split_characters(tokenizer: Tokenizer) -> None:
    """Let every Chinese or Japanese character be a piece, so that entities can end after it."""
    each = pre_tokenizers.Split(Regex(r"\p{Han}|\p{Hiragana}|\p{Katakana}"), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([tokenizer.pre_tokenizer, each])


class WordRows:
    """The rows of the word embedding in training: those that occur, numbered anew."""

    def __init__(self, pretrained: Pretrained, ids: Iterable[int]) -> None:
        """Narrow a pretrained encoder's embedding to the ids that occur; an own one stays whole."""
        self._encoder = pretrained.bert
        self._table = pretrained.word_table
        if isinstance(self._encoder, Bert):
            self._kept = narrow_words(self._encoder, {*ids, 0})
            self._row_of = torch.zeros(len(self._table), dtype=torch.long)
            self._row_of[self._kept] = torch.arange(len(self._kept))

    def renumber(self, ids: Tensor) -> Tensor:
        """Give the rows of ids."""
        return self._row_of[ids] if isinstance(self._encoder, Bert) else ids

    def table(self) -> Tensor:
        """Give the whole word embedding, trained rows and others."""
        if isinstance(self._encoder, Bert):
            return merge_words(self._table, self._encoder, self._kept)
        return self._encoder.word.table()


def narrow_words(bert: Bert, ids: Iterable[int]) -> Tensor:
    """Keep only the rows of the word embedding that occur, so that only they cost time.

    Args:
        bert: changed in place.
        ids: pieces that occur.

    Returns:
        The ids whose rows were kept, sorted, shape (number of rows,).
    """
    kept = torch.tensor(sorted(set(ids)), dtype=torch.long)
    is_learning = bert.word.weight.requires_grad
    rows = bert.word.weight.detach()[kept]
    bert.word = nn.Embedding(len(kept), rows.shape[1], _weight=rows).requires_grad_(is_learning)
    return kept


def merge_words(table: Tensor, bert: Bert, kept: Tensor) -> Tensor:
    """Put trained rows back into the whole word embedding, which is changed in place."""
    table[kept] = bert.word.weight.detach().cpu()
    return table
