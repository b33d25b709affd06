"""Runs a trained tagger's graph on ONNX Runtime; needs no torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from framework.errors import BundleError
from framework.nlu.bert.grams import GramTable, is_gram_table
from framework.nlu.bert.spelling import Spelling
from framework.nlu.bert.words import Pieces, TextReader, Unit, pad_ids, read_pieces

Floats = NDArray[np.float32]

MAX_BATCH_PIECES = 1024
"""Larger batches are cut, which bounds the memory."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the graph says of a message.

    Attributes:
        words: (start, end) characters of the words the encoder read.
        intents: logits, shape (I,).
        tags: logits of each word's tags, shape (W, T).
        embedding: sentence vector of length 1, shape (D,).
    """

    words: tuple[tuple[int, int], ...]
    intents: Floats
    tags: Floats
    embedding: Floats


class Runtime:
    """A tagger's graph and tokenizer, ready to read messages."""

    def __init__(
        self,
        graph: bytes,
        tokenizer: str,
        *,
        unit: Unit,
        words: Sequence[str] = (),
        threads: int = 1,
    ) -> None:
        """Load both.

        Args:
            graph: ONNX, as training wrote it.
            tokenizer: tokenizer.json with truncation set, or the table of an own vocabulary.
            unit: what an entity may begin and end with.
            words: of the examples, for which misspelt ones are taken; not where an entity may end
                inside a word.
            threads: threads that one message may use.

        Raises:
            BundleError: the graph can't be run by the installed ONNX Runtime.
        """
        self._graph = Graph(graph, threads=threads)
        self._tokenizer = read_tokenizer(tokenizer)
        self._unit = unit
        self._spelling: Spelling | None = None
        if words and unit == "word" and isinstance(self._tokenizer, Tokenizer):
            self._spelling = Spelling(words, self._tokenizer)

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Read messages, in their order."""
        if self._spelling is None:
            return self._graph.run(read_pieces(self._tokenizer, texts, unit=self._unit))
        mended = [self._spelling.correct(text) for text in texts]
        pieces = read_pieces(self._tokenizer, [one.text for one in mended], unit=self._unit)
        written = [
            replace(read, words=one.as_written(read.words))
            for read, one in zip(pieces, mended, strict=True)
        ]
        return self._graph.run(written)


def read_tokenizer(text: str) -> Tokenizer | TextReader:
    """Read a tokenizer.json, or the table that an encoder without pretrained weights has."""
    return GramTable.from_str(text) if is_gram_table(text) else Tokenizer.from_str(text)


class Graph:
    """A tagger's graph, ready to read messages that are cut into pieces."""

    def __init__(self, graph: bytes, *, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False
        try:
            self._session = onnxruntime.InferenceSession(
                graph, options, providers=["CPUExecutionProvider"]
            )
        except RuntimeError as error:
            raise BundleError(
                f"the tagger's graph can't be loaded ({str(error).splitlines()[0]})",
                hint="train the bot again, or install the versions it was trained with",
            ) from error

    def run(self, pieces: Sequence[Pieces]) -> list[Reading]:
        """Read messages, in their order, those of similar length together."""
        order = sorted(range(len(pieces)), key=lambda index: len(pieces[index].ids))
        readings: dict[int, Reading] = {}
        for group in _groups(order, pieces):
            readings.update(zip(group, self._run([pieces[i] for i in group]), strict=True))
        return [readings[index] for index in range(len(pieces))]

    def _run(self, batch: Sequence[Pieces]) -> list[Reading]:
        ids, mask = pad_ids([pieces.ids for pieces in batch])
        intents, tags, embedding = self._session.run(
            ["intents", "tags", "embedding"], {"ids": ids, "mask": mask.astype(np.int32)}
        )
        return [
            Reading(
                words=pieces.words,
                intents=intents[row],
                tags=tags[row, pieces.heads],
                embedding=embedding[row],
            )
            for row, pieces in enumerate(batch)
        ]


def _groups(order: Sequence[int], pieces: Sequence[Pieces]) -> list[list[int]]:
    """Group messages, shortest first, so that a batch stays within the bound on pieces."""
    groups: list[list[int]] = []
    for index in order:
        size = len(pieces[index].ids)
        if not groups or (len(groups[-1]) + 1) * size > MAX_BATCH_PIECES:
            groups.append([])
        groups[-1].append(index)
    return groups
