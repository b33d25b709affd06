"""Reads pretrained word vectors from text files, as word2vec and GloVe write them.

A line holds a word and its numbers, separated by single spaces; a first line with two whole numbers
(how many words, how many numbers each) is word2vec's and may stand there or not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from framework.errors import Location, TrainingError

MOST_FREQUENT = 20_000
"""Words kept beside those of the examples; the files list the most frequent ones first."""


@dataclass(frozen=True, kw_only=True)
class WordVectors:
    """Lower-case words and a row for each, shape (words, width)."""

    words: tuple[str, ...]
    rows: NDArray[np.float32]


def read_vectors(path: Path, *, wanted: Collection[str], shown: str) -> WordVectors:
    """Read the vectors of the words that are wanted, and those of the most frequent words.

    Args:
        path: the file.
        wanted: lower-case words of the examples.
        shown: the path as the project says it, for messages.

    Raises:
        TrainingError: the file isn't there or a line of it can't be read.
    """
    if not path.is_file():
        raise TrainingError(
            f"there is no file {shown!r} with word vectors",
            id="missing-vectors",
            hint="`vectors:` takes a text file as word2vec or GloVe write it, by its path in the "
            "project",
        )
    kept: dict[str, NDArray[np.float32]] = {}
    width = 0
    for number, word, rest in _lines(path, shown):
        if number == 1 and _is_header(word, rest):
            continue
        size = rest.count(" ") + 1
        width = width or size
        if size != width:
            raise _bad_line(shown, number, f"has {size} numbers, the lines before have {width}")
        lower = word.lower()
        if lower not in kept and (lower in wanted or len(kept) < MOST_FREQUENT):
            kept[lower] = _numbers(rest, shown, number)
    if not kept:
        raise _bad_line(shown, 1, "and the rest of the file hold no vector")
    rows = np.stack(list(kept.values()))
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return WordVectors(words=tuple(kept), rows=rows)


def _lines(path: Path, shown: str) -> Iterator[tuple[int, str, str]]:
    """Give number, word and the rest of each line that isn't empty."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            try:
                line = raw.decode("utf-8").strip()
            except UnicodeDecodeError as error:
                raise _bad_line(shown, number, "is not UTF-8 text") from error
            if not line:
                continue
            word, _, rest = line.partition(" ")
            if not rest:
                raise _bad_line(shown, number, "has no numbers after its word")
            yield number, word, rest


def _is_header(word: str, rest: str) -> bool:
    return word.isdecimal() and rest.isdecimal()


def _numbers(rest: str, shown: str, number: int) -> NDArray[np.float32]:
    try:
        values = np.array(rest.split(" "), dtype=np.float32)
    except ValueError as error:
        raise _bad_line(shown, number, f"holds something that is no number ({error})") from error
    if not np.isfinite(values).all():
        raise _bad_line(shown, number, "holds a number that is not finite")
    return values


def _bad_line(shown: str, number: int, what: str) -> TrainingError:
    return TrainingError(
        f"line {number} of the word vectors {what}",
        id="bad-vectors",
        where=Location(file=shown, line=number),
        hint="each line is a word and its numbers, separated by single spaces",
    )
