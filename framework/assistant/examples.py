"""What a bundle keeps of the training examples, so that explanations can name the nearest ones.

Texts, labels and places are JSON, and each example has one sentence vector in half precision.
The vectors hold only for the encoder that made them, so they carry a fingerprint of their own; the
places are written anew by every training.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from framework.errors import BundleError, Location

FOLDER = "examples"
VECTORS = "vectors.npy"
EXAMPLES = "examples.json"


@dataclass(frozen=True, kw_only=True)
class KnownExample:
    """A training example that the bundle remembers.

    Attributes:
        text: the words.
        label: its intent, with the response where it has one (`faq/ask_name`).
        where: its place when the bot was trained.
    """

    text: str
    label: str
    where: Location | None = None

    @property
    def intent(self) -> str:
        """The intent without a response."""
        return self.label.partition("/")[0]


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A training example and how near it is: the cosine, -1 to 1."""

    example: KnownExample
    similarity: float


@dataclass(frozen=True, kw_only=True)
class KnownExamples:
    """The training examples of a bundle.

    Attributes:
        items: in file order.
        vectors: of length 1, half precision, shape (examples, D).
    """

    items: tuple[KnownExample, ...] = ()
    vectors: NDArray[np.float16]

    def nearest(
        self, vector: NDArray[np.float32] | None, *, count: int = 3, intent: str | None = None
    ) -> tuple[Neighbour, ...]:
        """Give the examples nearest to a sentence vector, nearest first.

        Args:
            vector: of the message, shape (D,); None where no encoder ran.
            count: how many at most.
            intent: only examples of this one.
        """
        if vector is None or not self.items or vector.shape != self.vectors.shape[1:]:
            return ()
        length = float(np.linalg.norm(vector)) or 1.0
        near = self.vectors.astype(np.float32) @ (vector / length)
        order = (
            place
            for place in np.argsort(-near, kind="stable")
            if intent is None or self.items[place].intent == intent
        )
        return tuple(
            Neighbour(example=self.items[place], similarity=min(1.0, float(near[place])))
            for place, _ in zip(order, range(count), strict=False)
        )

    def to_files(self) -> dict[str, bytes]:
        """Give the examples as the files of a bundle's folder."""
        buffer = io.BytesIO()
        np.save(buffer, self.vectors, allow_pickle=False)
        rows = [
            [item.text, item.label, item.where.file, item.where.line]
            if item.where
            else [item.text, item.label]
            for item in self.items
        ]
        content = json.dumps(rows, ensure_ascii=False, indent=0)
        return {VECTORS: buffer.getvalue(), EXAMPLES: content.encode("utf-8", "surrogatepass")}

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        """Take back what `to_files` gave; without files there are no examples.

        Raises:
            BundleError: the files don't belong together.
        """
        if not files:
            return cls(vectors=np.zeros((0, 0), dtype=np.float16))
        try:
            vectors = read_vectors(files[VECTORS])
            rows = json.loads(files[EXAMPLES].decode("utf-8", "surrogatepass"))
            items = tuple(_example(*row) for row in rows)
            if vectors.ndim != 2 or len(vectors) != len(items):
                raise ValueError(f"{len(items)} examples, vectors of shape {vectors.shape}")
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError(
                f"the examples that the model keeps can't be read ({error})",
                hint="train the bot again",
            ) from error
        return cls(items=items, vectors=vectors)


def read_vectors(content: bytes) -> NDArray[np.float16]:
    """Read the vectors' file; the error is a ValueError where it is none."""
    vectors: NDArray[np.float16] = np.load(io.BytesIO(content), allow_pickle=False)
    return vectors


def pack(vectors: NDArray[np.float32]) -> NDArray[np.float16]:
    """Give vectors length 1 and half precision."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    packed: NDArray[np.float16] = (vectors / np.maximum(lengths, 1e-12)).astype(np.float16)
    return packed


def choose(labels: Sequence[str], *, most: int) -> list[int]:
    """Give the places of at most so many examples, each label's share as even as can be."""
    if len(labels) <= most:
        return list(range(len(labels)))
    rounds: dict[str, int] = {}
    ranked = []
    for place, label in enumerate(labels):
        rounds[label] = rounds.get(label, -1) + 1
        ranked.append((rounds[label], place))
    return sorted(place for _, place in sorted(ranked)[:most])


def _example(text: str, label: str, file: str = "", line: int = 0) -> KnownExample:
    where = Location(file=file, line=line) if file else None
    return KnownExample(text=text, label=label, where=where)
