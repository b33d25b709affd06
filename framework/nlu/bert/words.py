"""The words of a message, and the word pieces that the encoder reads in their place.

A word is a run of letters and digits, or a single other sign. In scripts that set no spaces
between words (Chinese, Japanese, Thai …) each piece of the encoder's vocabulary counts as a word,
as it does everywhere when a project marks entities inside words. Offsets are characters of the
original text, whatever the tokenizer's normaliser does to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import regex
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from framework.data.scripts import UNSPACED

Unit = Literal["word", "piece"]
"""What an entity may begin and end with."""

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\p{Pc}]+|\S")
_MARK = regex.compile(r"[\p{M}\u1160-\u11ff]")
"""What belongs to the character before it: accents, vowel signs, the parts of Korean syllables."""

_UNSPACED = regex.compile(UNSPACED)


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """A message as the encoder reads it.

    Attributes:
        ids: word pieces with the special ones at both ends, shape (S,); where words are bags of
            features, the ids of each, filled up with 0, shape (S, F).
        heads: index in `ids` of each word's first piece, shape (W,).
        words: (start, end) characters of each word.
    """

    ids: NDArray[np.int64]
    heads: NDArray[np.int64]
    words: tuple[tuple[int, int], ...]


class TextReader(Protocol):
    """What reads texts in place of a tokenizer's pieces."""

    def read(self, text: str) -> Pieces:
        """Read a text."""


def find_words(text: str) -> list[tuple[int, int]]:
    """Give (start, end) of each word: runs of letters and digits, other signs one by one."""
    return [match.span() for match in _WORD.finditer(text)]


def read_pieces(
    tokenizer: Tokenizer | TextReader, texts: Sequence[str], *, unit: Unit
) -> list[Pieces]:
    """Cut messages into pieces and tell which of them begin a word.

    Args:
        tokenizer: the encoder's, with truncation set to what it can read, or what an encoder
            without pieces reads by; that one knows its unit.
        texts: messages; may be empty or hold nothing readable.
        unit: `piece` lets every piece begin a word.
    """
    if not isinstance(tokenizer, Tokenizer):
        return [tokenizer.read(text) for text in texts]
    encodings = tokenizer.encode_batch([_without_shouting(text) for text in texts])
    return [_align(text, encoding, unit) for text, encoding in zip(texts, encodings, strict=True)]


def _without_shouting(text: str) -> str:
    """Lower a message in capitals only: an encoder that knows them takes it for abbreviations."""
    lowered = text.lower() if text.isupper() else text
    return lowered if len(lowered) == len(text) else text  # offsets are those of the original


def pad_ids(
    rows: Sequence[NDArray[np.int64]], *, step: int = 1
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Put messages side by side, filled up with 0 to the longest, and say where one stands.

    Args:
        rows: ids of each message, shape (S,) or (S, F).
        step: the length is rounded up to a multiple of this.

    Returns:
        Ids, shape (B, S) or (B, S, F), and the mask, shape (B, S).
    """
    longest = max(len(row) for row in rows)
    longest += -longest % step
    deepest = [max(row.shape[1] for row in rows)] if rows[0].ndim > 1 else []
    ids = np.zeros((len(rows), longest, *deepest), dtype=np.int64)
    mask = np.zeros((len(rows), longest), dtype=np.bool_)
    for place, row in enumerate(rows):
        ids[place][tuple(map(slice, row.shape))] = row
        mask[place, : len(row)] = True
    return ids, mask


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
            words[-1] = (words[-1][0], max(words[-1][1], end))
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
