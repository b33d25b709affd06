"""An encoder as it is before a bot trains it; weights are loaded when texts are to be encoded."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framework.learning.process import prepare_process
from framework.learning.progress import Progress
from framework.nlu.bert.encoder import find_encoder
from framework.nlu.component import Purpose
from framework.registry import load_object

_LOADED = "framework.nlu.bert.training.sentences:SentenceEncoder"


class UntrainedEncoder:
    """Gives vectors of questions and passages by an encoder that no bot has trained."""

    def __init__(self, encoder: str | None, *, language: str, root: Path) -> None:
        """Take its name or folder, None for the language's default; nothing is loaded yet."""
        self._encoder = encoder
        self._language = language
        self._root = root
        self._loaded: Any = None

    def digest(self) -> str:
        """Give what tells this encoder from others: its name and the sizes of its files.

        Raises:
            EncoderError: it can't be had.
        """
        source = find_encoder(self._encoder, language=self._language, root=self._root)
        files = sorted(source.path.iterdir()) if source.path.is_dir() else [source.path]
        sizes = [(file.name, file.stat().st_size) for file in files if file.is_file()]
        return hashlib.sha256(repr((source.name, source.layout, sizes)).encode()).hexdigest()

    def encode(
        self, texts: Sequence[str], *, purpose: Purpose, languages_of: Sequence[str]
    ) -> Generator[Progress, None, NDArray[np.float32]]:
        """Give vectors of length 1, shape (texts, D).

        Args:
            texts: questions or passages.
            purpose: which of the two.
            languages_of: texts in all the languages that will be met.

        Raises:
            EncoderError: the encoder can't be had.
        """
        if self._loaded is None:
            prepare_process()
            self._loaded = load_object(_LOADED)(
                self._encoder, language=self._language, root=self._root, texts=languages_of
            )
        vectors: NDArray[np.float32] = yield from self._loaded.encode(texts, purpose=purpose)
        return vectors
