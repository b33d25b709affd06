"""The training examples that a bundle keeps for explanations: texts, places, sentence vectors.

They are no part that learns: moving a line writes new places and trains nothing, and vectors are
worked out anew only when the words or the encoder change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framework.assistant.examples import (
    FOLDER,
    VECTORS,
    KnownExample,
    KnownExamples,
    choose,
    pack,
    read_vectors,
)
from framework.assistant.manifest import PartEntry
from framework.data.utterances import utterances
from framework.learning.progress import Progress
from framework.nlu.component import Component
from framework.project.schema.project import Project
from framework.training import fingerprint
from framework.training.cache import Cache
from framework.training.parts import OnProgress, TrainedPart
from framework.training.understood import TrainedPipeline

SETTING = "keep_examples"
"""Key of `config.yml`; `false` leaves the examples' words out of the bundle."""

MOST = 4000
"""Examples kept at most; of larger sets each label keeps an even share."""

_BATCH = 256


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What goes into the bundle: the entry in its manifest, and the files."""

    entry: PartEntry
    files: Mapping[str, bytes]


def keep(
    project: Project,
    components: Sequence[TrainedPart],
    *,
    pipeline: TrainedPipeline,
    cache: Cache,
    on_progress: OnProgress,
) -> Kept | None:
    """Give the entry and files of the examples; None without an encoder, or when not wanted.

    Args:
        project: what the bot was trained on.
        components: what was trained.
        pipeline: the same, ready to work out vectors.
        cache: earlier bundles, which may hold the vectors.
        on_progress: called while many vectors are worked out.
    """
    if not any(map(_encodes, components)) or project.config.extras.get(SETTING) is False:
        return None
    found = utterances(project)
    labels = [item.response_key or item.intent or "" for item in found]
    items = tuple(
        KnownExample(text=found[place].text, label=labels[place], where=found[place].where)
        for place in choose(labels, most=MOST)
    )
    if not items:
        return None
    texts = [item.text for item in items]
    prints = [part.task.fingerprint for part in components]
    print_of_vectors = fingerprint.digest(FOLDER, texts, prints)
    vectors = earlier_vectors(cache, print_of_vectors, count=len(texts))
    if vectors is None:
        vectors = _embed(pipeline, texts, on_progress)
    if vectors.shape[1] == 0:
        return None
    entry = PartEntry(name=FOLDER, folder=FOLDER, fingerprint=print_of_vectors)
    return Kept(entry=entry, files=KnownExamples(items=items, vectors=vectors).to_files())


def _encodes(part: TrainedPart) -> bool:
    learner = part.task.learner
    return isinstance(learner, Component) and "embedding" in (learner.provides or ())


def earlier_vectors(
    cache: Cache, print_of_vectors: str, *, count: int
) -> NDArray[np.float16] | None:
    """Give the vectors that an earlier bundle keeps of the same texts, shape (count, D)."""
    known = cache.find(print_of_vectors)
    if known is None or VECTORS not in known[0]:
        return None
    try:
        vectors = read_vectors(known[0][VECTORS])
    except ValueError:
        return None
    return vectors if vectors.ndim == 2 and len(vectors) == count else None


def _embed(
    pipeline: TrainedPipeline, texts: Sequence[str], on_progress: OnProgress
) -> NDArray[np.float16]:
    parts: list[NDArray[np.float32]] = []
    for first in range(0, len(texts), _BATCH):
        vectors = pipeline.embed(texts[first : first + _BATCH])
        if vectors.shape[1] == 0:
            return np.zeros((len(texts), 0), dtype=np.float16)
        parts.append(vectors)
        if len(texts) > _BATCH:
            done = min(first + _BATCH, len(texts))
            on_progress(Progress(part="examples for explanations", done=done, total=len(texts)))
    return pack(np.concatenate(parts))
