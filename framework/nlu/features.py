"""Texts as vectors for small classifiers: the shared encoder's where one runs, else n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from framework.nlu import ngrams
from framework.nlu.component import NluTrainingData
from framework.nlu.types import Understanding

Features = Literal["embedding", "ngrams"]


def features_of(batch: Sequence[Understanding]) -> Features:
    """Say which vectors messages have: those of an encoder, if it ran for any."""
    return "embedding" if any(item.embedding is not None for item in batch) else "ngrams"


def of_messages(
    batch: Sequence[Understanding], features: Features
) -> tuple[list[int], NDArray[np.float32]]:
    """Give the places in a batch that have vectors, and these, shape (places, D)."""
    if features == "ngrams":
        places = [place for place, item in enumerate(batch) if item.text.strip()]
        return places, ngrams.vectors([batch[place].text for place in places])
    found = [(place, item.embedding) for place, item in enumerate(batch)]
    rows = [vector for _, vector in found if vector is not None]
    places = [place for place, vector in found if vector is not None]
    return places, np.asarray(rows, dtype=np.float32)


def of_texts(
    texts: Sequence[str], features: Features, data: NluTrainingData
) -> NDArray[np.float32] | None:
    """Give vectors of texts of the same kind as those of messages; None where none are had."""
    if not texts:
        return None
    if features == "ngrams":
        return ngrams.vectors(texts)
    return data.embed(texts) if data.embed is not None else None
