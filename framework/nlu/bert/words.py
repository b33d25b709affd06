"""The words of a message, and the word pieces that the encoder reads in their place.

A word is a run of letters and digits, or a single other sign. In scripts that set no spaces
between words (Chinese, Japanese, Thai …) each piece of the encoder's vocabulary counts as a word,
as it does everywhere when a project marks entities inside words. Offsets are characters of the
original text, whatever the tokenizer's normaliser does to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import regex
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

Unit = Literal["word", "piece"]
"""What an entity may begin and end with."""

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\p{Pc}]+|\S")
_MARK = regex.compile(r"\p{M}")
_UNSPACED = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]"
)


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """A message as the encoder reads it.

    Attributes:
        ids: word pieces with the special ones at both ends, shape (S,).
        heads: index in `ids` of each word's first piece, shape (W,).
        words: (start, end) characters of each word.
    """

    ids: NDArray[np.int64]
    heads: NDArray[np.int64]
    words: tuple[tuple[int, int], ...]


def find_words(text: str) -> list[tuple[int, int]]:
    """Give (start, end) of each word: runs of letters and digits, other signs one by one."""
    return [match.span() for match in _WORD.finditer(text)]


def read_pieces(tokenizer: Tokenizer, texts: Sequence[str], *, unit: Unit) -> list[Pieces]:
    """Cut messages into pieces and tell which of them begin a word.

    Args:
        tokenizer: the encoder's, with truncation set to what it can read.
        texts: messages; may be empty or hold nothing readable.
        unit: `piece` lets every piece begin a word.
    """
    encodings = tokenizer.encode_batch(list(texts))
    return [_align(text, encoding, unit) for text, encoding in zip(texts, encodings, strict=True)]


def _align(text: str, encoding: Encoding, unit: Unit) -> Pieces:
    starts = {start for start, _ in find_words(text)}
    heads: list[int] = []
    words: list[tuple[int, int]] = []
    special = encoding.special_tokens_mask
    for index, (start, end) in enumerate(encoding.offsets):
        start, end = _trim(text, start, end)
        if special[index] or start >= end:
            continue
        if words and start < words[-1][1]:
            continue
        if unit == "piece" or start in starts or not words or _is_unspaced(text, start):
            heads.append(index)
            words.append((start, end))
        else:
            words[-1] = (words[-1][0], end)
    return Pieces(
        ids=np.array(encoding.ids, dtype=np.int64),
        heads=np.array(heads, dtype=np.int64),
        words=tuple(words),
    )


def _is_unspaced(text: str, start: int) -> bool:
    """Say whether a character, or the one before it, is of a script without spaces."""
    return _UNSPACED.search(text, max(0, start - 1), start + 1) is not None


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out white space that a tokenizer counts in, take in accents that it drops."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end < len(text) and _MARK.match(text, end) is not None:
        end += 1
    return start, end
