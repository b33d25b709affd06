"""Sentence vectors by an encoder as it was before any training, for passages of documents."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn import functional

from framework.errors import EncoderError
from framework.learning.progress import Progress
from framework.nlu.bert.encoder import E5, find_encoder
from framework.nlu.bert.training.model import mean_states
from framework.nlu.bert.training.pretrained import Pretrained, load_pretrained
from framework.nlu.component import Purpose

_PREFIXES: dict[Purpose, str] = {"question": "query: ", "passage": "passage: "}
"""What the E5 models were taught to see before either (Wang et al. 2022, section 3)."""

_MOST_PIECES = 2048
"""Pieces read at a time, which bounds the memory."""


class SentenceEncoder:
    """An encoder that no bot has trained."""

    def __init__(
        self, encoder: str | None, *, language: str, root: Path, texts: Sequence[str]
    ) -> None:
        """Load it.

        Args:
            encoder: name or folder; None for the language's default.
            language: ISO code of the project.
            root: the project's folder.
            texts: of what will be read, for an encoder of many languages that is cut to them.

        Raises:
            EncoderError: it can't be had.
        """
        source = find_encoder(encoder, language=language, root=root)
        self._model: Pretrained = load_pretrained(source, texts=texts)
        tokenizer = self._model.tokenizer
        if not isinstance(tokenizer, Tokenizer):
            raise EncoderError(f"the encoder {source.name!r} reads no whole passages")
        self._tokenizer = tokenizer
        self._model.bert.eval()
        self._has_prefixes = source.name == E5 or "e5-" in source.name.lower()

    def encode(
        self, texts: Sequence[str], *, purpose: Purpose
    ) -> Generator[Progress, None, NDArray[np.float32]]:
        """Give the texts' vectors, each of length 1, shape (texts, D)."""
        prefix = _PREFIXES[purpose] if self._has_prefixes else ""
        pieces = [self._tokenizer.encode(f"{prefix}{text}").ids for text in texts]
        order = sorted(range(len(pieces)), key=lambda place: len(pieces[place]))
        vectors = np.zeros((len(texts), self._model.bert.shape.width), dtype=np.float32)
        group: list[int] = []
        for done, place in enumerate(order, start=1):
            group.append(place)
            following = len(pieces[order[done]]) if done < len(order) else _MOST_PIECES
            if (len(group) + 1) * following > _MOST_PIECES or done == len(order):
                vectors[group] = self._read([pieces[one] for one in group])
                group = []
                yield Progress(part="documents", done=done, total=len(texts))
        return vectors

    def _read(self, batch: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        longest = max(map(len, batch))
        ids = torch.zeros((len(batch), longest), dtype=torch.long)
        mask = torch.zeros((len(batch), longest), dtype=torch.bool)
        for row, one in enumerate(batch):
            ids[row, : len(one)] = torch.tensor(one)
            mask[row, : len(one)] = True
        bert = self._model.bert
        attended = None if bool(mask.all()) else mask[:, None, None]
        with torch.no_grad():
            states = bert.run_layers(bert.embed(ids), attended)[-1].float()
            vectors: NDArray[np.float32] = functional.normalize(
                mean_states(states, mask), dim=-1
            ).numpy()
        return vectors
