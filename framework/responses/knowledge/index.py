"""What a bundle keeps of the documents: passages, their words and their vectors."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from framework.data.passages import Passage
from framework.errors import BundleError
from framework.responses.knowledge.dense import Floats, PassageVectors, QueryMap
from framework.responses.knowledge.lexical import InvertedIndex

FOLDER = "knowledge"
_ABOUT, _PASSAGES, _TERMS = "about.json", "passages.json", "terms.json"
_LEXICAL, _VECTORS, _QUERY = "lexical.npz", "vectors.npz", "query.npz"


@dataclass(frozen=True, kw_only=True)
class About:
    """How an index was made and how it is asked.

    Attributes:
        language: ISO code of the project.
        top_k: passages that an answer may be made of.
        threshold: confidence below which nothing is answered.
        quote_length: characters of a quotation at most.
        generate: whether a language model may word the answers.
        encoder: digest of what made the passages' vectors; empty where there are none.
        query: digest of what the map of queries was fitted on.
        nearest: cosine that a message usually has with the passage nearest to it.
        spread: of the cosines of messages and passages.
    """

    language: str = "en"
    top_k: int = 3
    threshold: float = 0.3
    quote_length: int = 320
    generate: bool = True
    encoder: str = ""
    query: str = ""
    nearest: float = 0.0
    spread: float = 1.0


@dataclass(frozen=True, kw_only=True)
class KnowledgeIndex:
    """The passages of a bot's documents, ready to be searched.

    Attributes:
        about: how it was made.
        passages: in the order of the documents.
        lexical: their words.
        vectors: their vectors; None without an encoder.
        query: what maps vectors of messages; None without an encoder.
    """

    about: About
    passages: tuple[Passage, ...]
    lexical: InvertedIndex
    vectors: PassageVectors | None = None
    query: QueryMap | None = None

    @cached_property
    def distances(self) -> Floats:
        """How far the passages lie from the mean of the bot's examples; none without vectors."""
        if self.vectors is None or self.query is None:
            return np.zeros(0, dtype=np.float32)
        return self.vectors.distances(self.query.target)

    def to_files(self) -> dict[str, bytes]:
        """Give the index as the files of a bundle's folder; equal ones give equal bytes."""
        lexical = self.lexical
        files = {
            _ABOUT: _json(asdict(self.about)),
            _PASSAGES: _json([_row(passage) for passage in self.passages]),
            _TERMS: _json(list(lexical.vocabulary)),
            _LEXICAL: _arrays(
                starts=lexical.starts, places=lexical.places, weights=lexical.weights
            ),
        }
        if self.vectors is not None and self.query is not None:
            query = self.query
            files[_VECTORS] = _arrays(steps=self.vectors.steps, scales=self.vectors.scales)
            files[_QUERY] = _arrays(
                center=query.center,
                target=query.target,
                matrix=query.matrix.astype(np.float16),
                anchors=query.anchors.astype(np.float16),
            )
        return files

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> KnowledgeIndex:
        """Take back what `to_files` gave.

        Raises:
            BundleError: the files don't belong together.
        """
        try:
            found = cls._from_files(files)
        except (KeyError, TypeError, ValueError, EOFError) as error:
            raise BundleError(
                f"the documents that the model keeps can't be read ({error})",
                hint="train the bot again",
            ) from error
        return found

    @classmethod
    def _from_files(cls, files: Mapping[str, bytes]) -> KnowledgeIndex:
        about = About(**json.loads(files[_ABOUT]))
        passages = tuple(_passage(row) for row in json.loads(files[_PASSAGES]))
        words = _read_arrays(files[_LEXICAL])
        lexical = InvertedIndex(
            vocabulary={term: number for number, term in enumerate(json.loads(files[_TERMS]))},
            starts=words["starts"],
            places=words["places"],
            weights=words["weights"],
            passages=len(passages),
            language=about.language,
        )
        if _VECTORS not in files:
            return cls(about=about, passages=passages, lexical=lexical)
        vectors = PassageVectors(**_read_arrays(files[_VECTORS]))
        query = {
            key: array.astype(np.float32) for key, array in _read_arrays(files[_QUERY]).items()
        }
        if len(vectors.steps) != len(passages):
            raise ValueError(f"{len(passages)} passages, {len(vectors.steps)} vectors")
        return cls(
            about=about,
            passages=passages,
            lexical=lexical,
            vectors=vectors,
            query=QueryMap(**query),
        )


def _row(passage: Passage) -> list[Any]:
    return [passage.file, list(passage.headings), passage.text, passage.line, passage.page]


def _passage(row: list[Any]) -> Passage:
    file, headings, text, line, page = row
    return Passage(file=file, headings=tuple(headings), text=text, line=line, page=page)


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=0)
    return text.encode("utf-8", "surrogatepass")


def _arrays(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _read_arrays(content: bytes) -> dict[str, Any]:
    with np.load(io.BytesIO(content), allow_pickle=False) as loaded:
        return {name: loaded[name] for name in loaded.files}
