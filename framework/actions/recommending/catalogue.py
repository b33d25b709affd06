"""The catalogue of a trained bot: items with their vectors, and the files that keep them."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from framework.project.schema.recommend import Item

FOLDER = "catalogue"
ITEMS, VECTORS = "items.json", "vectors.npy"


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Items to choose from.

    Attributes:
        items: in the order of the file.
        vectors: of length 1, shape (items, D); D is 0 without an encoder or columns of text.
    """

    items: tuple[Item, ...]
    vectors: NDArray[np.float32]

    @classmethod
    def of(cls, items: Sequence[Item], vectors: NDArray[np.floating[Any]] | None = None) -> Self:
        """Make the catalogue of items and the vectors of their texts, of any length."""
        rows = np.zeros((len(items), 0), dtype=np.float32) if vectors is None else vectors
        return cls(items=tuple(items), vectors=unit(np.asarray(rows, dtype=np.float32)))

    def save(self) -> dict[str, bytes]:
        """Give the items as JSON and the vectors in half precision."""
        items = [{"id": item.id, "values": dict(item.values)} for item in self.items]
        buffer = io.BytesIO()
        np.save(buffer, self.vectors.astype(np.float16), allow_pickle=False)
        text = json.dumps(items, ensure_ascii=False, default=str)
        return {ITEMS: text.encode(), VECTORS: buffer.getvalue()}

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Self:
        """Take back what `save` gave."""
        items = [Item(id=one["id"], values=one["values"]) for one in json.loads(files[ITEMS])]
        return cls.of(items, np.load(io.BytesIO(files[VECTORS]), allow_pickle=False))


def words(item: Item, columns: Sequence[str]) -> str:
    """Give what is compared with the user's words."""
    found = (item.values.get(column) for column in columns)
    return ". ".join(
        ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for value in found
        if value is not None
    )


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring rows to length 1; zeros stay."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-6), dtype=np.float32)
