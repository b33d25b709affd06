"""Small indexes for tests: words are axes of the vectors, so that meaning can be written down."""

import numpy as np

from framework.data.passages import Passage
from framework.responses.knowledge.dense import PassageVectors, QueryMap, usual
from framework.responses.knowledge.index import About, KnowledgeIndex
from framework.responses.knowledge.lexical import InvertedIndex

WIDTH = 16


def passage(text, *headings, file="docs/a.md", line=3):
    return Passage(file=file, headings=headings, text=text, line=line)


def make_index(*texts, language="en", **about):
    """An index of words alone."""
    found = tuple(text if isinstance(text, Passage) else passage(text) for text in texts)
    return KnowledgeIndex(
        about=About(language=language, **about),
        passages=found,
        lexical=InvertedIndex.build([one.in_context for one in found], language=language),
    )


def with_vectors(index, rows, *, seed=0):
    """The index with vectors, and a map that leaves those of messages as they are."""
    vectors = PassageVectors.pack(unit(np.asarray(rows, dtype=np.float32)))
    anchors = unit(np.random.default_rng(seed).normal(size=(50, vectors.steps.shape[1])))
    query = QueryMap.fit(anchors, anchors, anchors=50)
    nearest, spread = usual(vectors, query)
    about = About(**{**vars(index.about), "nearest": nearest, "spread": spread})
    return KnowledgeIndex(
        about=about, passages=index.passages, lexical=index.lexical, vectors=vectors, query=query
    )


def unit(rows):
    rows = np.asarray(rows, dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)
