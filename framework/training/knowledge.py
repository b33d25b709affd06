"""The documents' index: cut, counted and encoded; what earlier bundles encoded is taken over.

Passages are encoded by the encoder as it was before the bot trained it, so their vectors hold
whatever the bot learns; only the small map of messages to them follows the trained encoder. It is
fitted on the bot's examples, so it holds whatever the documents say.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from framework.assistant.manifest import PartEntry
from framework.data.passages import Passage, passages
from framework.errors import BundleError, ProjectError
from framework.learning.progress import Progress
from framework.nlu.component import Component, UntrainedVectors
from framework.project.documents.read import read_documents
from framework.project.findings import Findings
from framework.project.schema.knowledge import Knowledge
from framework.project.schema.project import Project
from framework.responses.knowledge.dense import PassageVectors, QueryMap, usual
from framework.responses.knowledge.index import FOLDER, About, KnowledgeIndex
from framework.responses.knowledge.lexical import InvertedIndex
from framework.training import fingerprint
from framework.training.cache import Cache
from framework.training.examples import Kept
from framework.training.parts import OnProgress, TrainedPart
from framework.training.report import PartReport, Status
from framework.training.understood import TrainedPipeline

logger = logging.getLogger(__name__)

PART = "documents"

_MOST_EXAMPLES = 600
"""Examples that the map of messages is fitted on, at most."""

_MOST_ANCHORS = 200
_BATCH = 64

_LAYOUT = 3
"""Raised when an index is cut, counted, encoded or compared in another way than before."""


@dataclass(frozen=True, kw_only=True)
class Indexed:
    """What goes into the bundle, and the line of the report."""

    kept: Kept
    report: PartReport


class _Encoders:
    """Both encoders: the one that the bot trained, and the same before it."""

    def __init__(
        self,
        project: Project,
        components: Sequence[TrainedPart],
        *,
        pipeline: TrainedPipeline,
        untrained: UntrainedVectors,
    ) -> None:
        self._pipeline, self._untrained = pipeline, untrained
        prints = [part.task.fingerprint for part in components]
        self.examples = _spread(project, most=_MOST_EXAMPLES)
        own = untrained.digest()
        self.passages_digest = fingerprint.digest(FOLDER, _LAYOUT, own)
        self.query_digest = fingerprint.digest(own, prints, self.examples)

    def passages(self, texts: Sequence[str]) -> Generator[Progress, None, NDArray[np.float32]]:
        """Give vectors of passages."""
        known = [*self.examples, *texts]
        return (yield from self._untrained.encode(texts, purpose="passage", languages_of=known))

    def query_map(self) -> Generator[Progress, None, QueryMap]:
        """Fit what brings vectors of messages to where those of passages are."""
        trained = yield from self._trained(self.examples)
        untrained = yield from self._untrained.encode(
            self.examples, purpose="question", languages_of=self.examples
        )
        return QueryMap.fit(trained, untrained, anchors=_MOST_ANCHORS)

    def _trained(self, texts: Sequence[str]) -> Generator[Progress, None, NDArray[np.float32]]:
        parts: list[NDArray[np.float32]] = []
        for start in range(0, len(texts), _BATCH):
            vectors = self._pipeline.embed(texts[start : start + _BATCH])
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
            parts.append(vectors / np.maximum(lengths, 1e-9))
            yield Progress(part=PART, done=min(start + _BATCH, len(texts)), total=len(texts))
        return np.concatenate(parts)


def index_documents(
    project: Project,
    components: Sequence[TrainedPart],
    *,
    pipeline: TrainedPipeline,
    cache: Cache,
    on_progress: OnProgress,
) -> Indexed | None:
    """Index the documents of a project; None where it has none.

    Args:
        project: with its settings.
        components: what was trained.
        pipeline: the same, ready to work out vectors.
        cache: earlier bundles, which may hold the index or parts of it.
        on_progress: called while passages are encoded.

    Raises:
        ProjectError: a document needs a parser that isn't installed.
        EncoderError: the encoder can't be had.
    """
    settings = project.config.knowledge
    if settings is None:
        return None
    started = time.perf_counter()
    found = read_passages(project, settings)
    if not found:
        return None
    untrained = _untrained(project, components)
    encoders = (
        _Encoders(project, components, pipeline=pipeline, untrained=untrained)
        if untrained is not None
        else None
    )
    about = _about(settings, project.config.language, encoders)
    print_of_index = fingerprint.digest(FOLDER, _LAYOUT, about, found)
    known = cache.find(print_of_index)
    status: Status = "trained" if known is None else "cached"
    if known is not None:
        files: Mapping[str, bytes] = known[0]
    else:
        files = _shown(_index(about, found, encoders, cache), on_progress).to_files()
    entry = PartEntry(name=FOLDER, folder=FOLDER, fingerprint=print_of_index)
    seconds = time.perf_counter() - started
    scores = {"passages": float(len(found))}
    report = PartReport(name=FOLDER, status=status, seconds=seconds, scores=scores)
    return Indexed(kept=Kept(entry=entry, files=files), report=report)


def read_passages(project: Project, settings: Knowledge) -> tuple[Passage, ...]:
    """Read the documents and cut them; a passage that is there twice counts once.

    Raises:
        ProjectError: a document needs a parser that isn't installed.
    """
    findings = Findings()
    found: dict[str, Passage] = {}
    for document in read_documents(
        project.root, settings, findings, language=project.config.language
    ):
        for passage in passages(document, length=settings.passage_length, overlap=settings.overlap):
            found.setdefault(passage.in_context, passage)
    if findings.have_errors:
        raise ProjectError(findings.in_order())
    return tuple(found.values())


def _about(settings: Knowledge, language: str, encoders: _Encoders | None) -> About:
    return About(
        language=language,
        top_k=settings.top_k,
        threshold=settings.threshold,
        quote_length=settings.quote_length,
        generate=settings.generate,
        encoder=encoders.passages_digest if encoders else "",
        query=encoders.query_digest if encoders else "",
    )


def _index(
    about: About, found: Sequence[Passage], encoders: _Encoders | None, cache: Cache
) -> Generator[Progress, None, KnowledgeIndex]:
    texts = [passage.in_context for passage in found]
    plain = KnowledgeIndex(
        about=about,
        passages=tuple(found),
        lexical=InvertedIndex.build(texts, language=about.language),
    )
    if encoders is None:
        return plain
    earlier = list(_readable(cache))
    query = next((one.query for one in earlier if one.about.query == about.query), None)
    if query is None:
        query = yield from encoders.query_map()
    vectors = yield from _vectors(texts, encoders, earlier)
    nearest, spread = usual(vectors, query)
    about = replace(about, nearest=round(nearest, 6), spread=round(spread, 6))
    return replace(plain, about=about, vectors=vectors, query=query)


def _vectors(
    texts: Sequence[str], encoders: _Encoders, earlier: Sequence[KnowledgeIndex]
) -> Generator[Progress, None, PassageVectors]:
    """Take the vectors of passages that an earlier index has, and encode the others."""
    known: dict[str, tuple[NDArray[np.int8], np.float32]] = {}
    for index in reversed(earlier):
        if index.about.encoder == encoders.passages_digest and index.vectors is not None:
            rows = zip(index.vectors.steps, index.vectors.scales, strict=True)
            known |= {
                passage.in_context: row for passage, row in zip(index.passages, rows, strict=True)
            }
    missing = [text for text in texts if text not in known]
    if missing:
        logger.debug("%d of %d passages are encoded", len(missing), len(texts))
        fresh = PassageVectors.pack((yield from encoders.passages(missing)))
        known |= dict(zip(missing, zip(fresh.steps, fresh.scales, strict=True), strict=True))
    return PassageVectors(
        steps=np.stack([known[text][0] for text in texts]),
        scales=np.array([known[text][1] for text in texts], dtype=np.float32),
    )


def _readable(cache: Cache) -> Iterator[KnowledgeIndex]:
    for files in cache.earlier(FOLDER):
        try:
            yield KnowledgeIndex.from_files(files)
        except BundleError as error:
            logger.warning("documents are encoded again: %s", error.message)


def _untrained(project: Project, components: Sequence[TrainedPart]) -> UntrainedVectors | None:
    """Give the encoder of the component whose vectors messages have, as it was before.

    None where that learned from the bot's examples alone: what stands in documents is new to it.
    """
    config = project.config
    for part in components:
        learner = part.task.learner
        if isinstance(learner, Component) and "embedding" in (learner.provides or ()):
            return learner.untrained(
                part.task.config.settings,
                encoder=config.encoder,
                language=config.language,
                root=project.root,
            )
    return None


def _spread(project: Project, *, most: int) -> list[str]:
    """Give examples from all over the data, each text once."""
    texts = list(dict.fromkeys(example.text for example in project.nlu.examples))
    step = -(-len(texts) // most) or 1
    return texts[::step]


def _shown(
    steps: Generator[Progress, None, KnowledgeIndex], on_progress: OnProgress
) -> KnowledgeIndex:
    """Run to the end, passing progress on."""
    while True:
        try:
            on_progress(next(steps))
        except StopIteration as done:
            index: KnowledgeIndex = done.value
            return index
