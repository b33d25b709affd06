"""The settings under `knowledge:`; names, types and defaults stand here once."""

from __future__ import annotations

from dataclasses import dataclass

from framework.errors import Location


@dataclass(frozen=True, kw_only=True)
class KnowledgePath:
    """A file or folder of documents, and where the configuration names it."""

    path: str
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """What the bot answers from, and how.

    Attributes:
        paths: files and folders of documents, relative to the project.
        passage_length: characters of a passage at most; those of Chinese and Japanese count twice.
        overlap: characters that a passage repeats of the one before it, where a section is cut.
        top_k: passages that an answer may be made of.
        threshold: confidence from 0 to 1 below which nothing is answered.
        quote_length: characters of a quotation at most, counted as for `passage_length`.
        max_megabytes: larger files are not read.
        generate: whether a language model under `llm:` words the answers.
    """

    paths: tuple[KnowledgePath, ...] = ()
    passage_length: int = 800
    overlap: int = 120
    top_k: int = 3
    threshold: float = 0.3
    quote_length: int = 320
    max_megabytes: float = 20.0
    generate: bool = True
