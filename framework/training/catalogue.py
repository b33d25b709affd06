"""The catalogue that a bundle keeps for recommendations: its items, and vectors of their texts.

Like the examples for explanations it is no part that learns: a changed price writes new items, and
vectors are worked out anew only when the texts or the encoder change.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from framework.actions.recommending.catalogue import (
    FOLDER,
    Catalogue,
    words,
)
from framework.assistant.manifest import PartEntry
from framework.errors import ProjectError
from framework.project.catalogue import read_catalogue
from framework.project.findings import Findings
from framework.project.schema.project import Project
from framework.project.schema.recommend import SECTION, RecommendSettings
from framework.training import fingerprint
from framework.training.cache import Cache
from framework.training.examples import Kept, earlier_vectors
from framework.training.parts import TrainedPart
from framework.training.understood import TrainedPipeline

_BATCH = 256


def keep_catalogue(
    project: Project,
    components: Sequence[TrainedPart],
    *,
    pipeline: TrainedPipeline,
    cache: Cache,
) -> Kept | None:
    """Give the entry and files of the catalogue; None where the project has none.

    Args:
        project: what the bot was trained on.
        components: what was trained.
        pipeline: the same, ready to work out vectors.
        cache: earlier bundles, which may hold the vectors.

    Raises:
        ProjectError: the catalogue has faults.
    """
    given = project.config.extras.get(SECTION)
    if given is None:
        return None
    settings, findings = RecommendSettings(**given), Findings()
    items = read_catalogue(settings, project.root, findings)
    if findings.have_errors:
        raise ProjectError(findings.in_order())
    texts = [words(item, settings.texts) for item in items] if settings.texts else []
    prints = [part.task.fingerprint for part in components]
    print_of_vectors = fingerprint.digest(FOLDER, texts, prints)
    known = earlier_vectors(cache, print_of_vectors, count=len(items))
    vectors = _embed(pipeline, texts) if known is None and texts and components else known
    entry = PartEntry(name=FOLDER, folder=FOLDER, fingerprint=print_of_vectors)
    return Kept(entry=entry, files=Catalogue.of(items, vectors).save())


def _embed(pipeline: TrainedPipeline, texts: Sequence[str]) -> NDArray[np.float32]:
    parts = [
        pipeline.embed(texts[first : first + _BATCH]) for first in range(0, len(texts), _BATCH)
    ]
    return np.concatenate(parts)
