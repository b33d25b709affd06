"""A text's words and word parts as a vector, for pipelines without an encoder.

Words and the groups of three and four characters in them are counted in places that a hash assigns
(the hashing trick: Weinberger et al. 2009), so there is no vocabulary to keep.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import numpy as np
import regex
from numpy.typing import NDArray

WIDTH = 2048
_WORD = regex.compile(r"\p{Han}|[\w--\p{Han}]+|[^\w\s]", regex.VERSION1)


def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Give the vectors of texts, shape (texts, WIDTH), each of length 1 or 0 when empty."""
    counts = np.zeros((len(texts), WIDTH), dtype=np.float32)
    for row, text in zip(counts, texts, strict=True):
        for gram in _grams(text.lower()):
            row[zlib.crc32(gram.encode("utf-8", "replace")) % WIDTH] += 1
    damped = np.sqrt(counts)
    norms = np.linalg.norm(damped, axis=1, keepdims=True)
    return np.asarray(damped / np.maximum(norms, 1e-6), dtype=np.float32)


def _grams(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        yield word
        framed = f"<{word}>"
        for length in (3, 4):
            for start in range(len(framed) - length + 1):
                yield framed[start : start + length]
