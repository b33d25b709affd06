"""The encoder `tfidf`: linear models on weighted words and word parts, trained in a second or two.

Intents are read off the weighted features of the whole message, tags off those of a word and of
its neighbours. The sentence vector is a projection of the weighted features on the directions in
which the examples differ most (latent semantic analysis: Deerwester et al. 1990). All of it is sums
of rows of tables, which the graph looks up.

Shapes: N messages or words, V features, I intents, T tags, D width of sentence vectors.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, SGDClassifier

from framework.errors import TrainingError
from framework.learning.onnx import GraphWriter, Precision
from framework.learning.progress import Progress
from framework.nlu import bio
from framework.nlu.bert.labels import Labels
from framework.nlu.bert.training import judge
from framework.nlu.bert.training.batches import IGNORED, Encoded

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

WIDTH = 128
"""Of sentence vectors, at most."""

_INTENT_STRENGTH, _TAG_STRENGTH = 30.0, 2.0
"""Inverse strengths of the pull towards nothing."""

_MOST_PARAMETERS = 2_000_000
"""Above this a linear model is trained example by example, which needs less memory."""

_PASSES, _STEPS = 8, 100
_SIDES = 3
"""A tag is read off the word, the one before and the one after."""


@dataclass(frozen=True, kw_only=True)
class LinearTagger:
    """Tables whose rows are summed over features; row 0 is of no feature.

    Attributes:
        weights: inverse document frequencies, shape (V,).
        intents: shape (V, I).
        intent_bias: shape (I,).
        tags: of the word itself, the one before, the one after, shape (V, 3 T).
        tag_bias: shape (T,).
        vectors: directions of sentence vectors, shape (V, D).
    """

    weights: Floats
    intents: Floats
    intent_bias: Floats
    tags: Floats
    tag_bias: Floats
    vectors: Floats


class LinearTeacher:
    """Learns from examples and writes what it learned; stands where a `Teacher` does."""

    part = "intents and entities"
    sharpness: None = None
    foretold: None = None
    """Nothing but held-out examples tells how sure it may be."""

    def __init__(
        self, labels: Labels, *, features: int, seed: int, examples: Sequence[Encoded]
    ) -> None:
        """Prepare to learn.

        Args:
            labels: what can be answered.
            features: size of the vocabulary, the empty feature included.
            seed: everything random follows from it.
            examples: all of them, held out or not.
        """
        self.examples = examples
        self._labels = labels
        self._features = features
        self._seed = seed
        self._model: LinearTagger | None = None

    def learn(self, learned: Sequence[Encoded], held: Sequence[Encoded]) -> Iterator[Progress]:
        """Learn from examples; those held out are left alone."""
        yield Progress(part=self.part, done=0, total=1)
        self._fit(learned)
        yield Progress(part=self.part, done=1, total=1)

    def review(self, scores: Mapping[str, float]) -> Iterator[Progress]:
        """Learn from all examples.

        Args:
            scores: held-out figures to show.
        """
        self._fit(self.examples)
        yield Progress(part=self.part, done=1, total=1, scores=scores)

    def read(self, examples: Sequence[Encoded]) -> list[judge.Logits]:
        """Read examples with the models as they are now."""
        return judge.run_graph(self.write(precision="float32"), examples)

    def write(self, *, precision: Precision) -> bytes:
        """Write the models as a graph.

        Raises:
            TrainingError: nothing has been learned yet.
        """
        if self._model is None:
            raise TrainingError("there is nothing to write before `learn`")
        return write_linear(self._model, precision=precision)

    def _fit(self, examples: Sequence[Encoded]) -> None:
        self._model = fit_linear(examples, self._labels, features=self._features, seed=self._seed)


def fit_linear(
    examples: Sequence[Encoded], labels: Labels, *, features: int, seed: int
) -> LinearTagger:
    """Fit all models to examples.

    Args:
        examples: messages as features.
        labels: what can be answered.
        features: size of the vocabulary, the empty feature included.
        seed: of the projection and of the order of examples.
    """
    counts = _sum_features([example.pieces.ids.reshape(-1) for example in examples], features)
    weights = _inverse_frequencies(counts)
    messages = _to_unit_length(counts, weights)
    known = np.array([example.intent != IGNORED for example in examples])
    targets = np.array([example.intent for example in examples])
    intents, intent_bias = _fit_classes(
        messages[known],
        targets[known],
        classes=len(labels.intents),
        strength=_INTENT_STRENGTH,
        seed=seed,
    )
    tags, tag_bias = _fit_tags(examples, labels, features=features, seed=seed)
    return LinearTagger(
        weights=weights,
        intents=weights[:, None] * intents,
        intent_bias=intent_bias,
        tags=tags,
        tag_bias=tag_bias,
        vectors=weights[:, None] * _directions(messages, seed=seed),
    )


def write_linear(model: LinearTagger, *, precision: Precision) -> bytes:
    """Write the models as a graph with the inputs and outputs of a tagger's."""
    writer = GraphWriter("tagger")
    ids = writer.input("ids", np.int64, ["batch", "pieces", "features"])
    writer.input("mask", np.int32, ["batch", "pieces"])
    features_axis = writer.constant(np.array([2], dtype=np.int64))
    both_axes = writer.constant(np.array([1, 2], dtype=np.int64))
    squares = writer.node("Gather", writer.constant(model.weights**2), ids)
    length = writer.node("Sqrt", writer.node("ReduceSum", squares, both_axes, keepdims=0))
    axis = writer.constant(np.array([1], dtype=np.int64))
    length = writer.node("Unsqueeze", length, axis)
    scores = _sum_rows(writer, ids, model.intents, both_axes, precision)
    scores = writer.node("Div", scores, length)
    scores = writer.node("Add", scores, writer.constant(model.intent_bias))
    embedding = _sum_rows(writer, ids, model.vectors, both_axes, precision)
    embedding = writer.node("LpNormalization", embedding, axis=-1, p=2)
    tags = _tags_of_words(writer, ids, model, features_axis, precision)
    writer.output(scores, "intents", np.float32, ["batch", model.intents.shape[1]])
    writer.output(tags, "tags", np.float32, ["batch", "pieces", len(model.tag_bias)])
    writer.output(embedding, "embedding", np.float32, ["batch", model.vectors.shape[1]])
    return writer.to_bytes()


def _sum_rows(writer: GraphWriter, ids: str, table: Floats, axes: str, precision: Precision) -> str:
    rows = writer.embedding(ids, table, precision if table.size else "float32")
    return writer.node("ReduceSum", rows, axes, keepdims=0)


def _tags_of_words(
    writer: GraphWriter, ids: str, model: LinearTagger, axis: str, precision: Precision
) -> str:
    summed = _sum_rows(writer, ids, model.tags, axis, precision)
    own, before, after = writer.nodes("Split", summed, outputs=_SIDES, axis=-1, num_outputs=_SIDES)
    from_before = _shifted(writer, before, [0, 1, 0, 0, 0, 0], first=0, last=-1)
    from_after = _shifted(writer, after, [0, 0, 0, 0, 1, 0], first=1, last=np.iinfo(np.int64).max)
    total = writer.node("Add", own, writer.node("Add", from_before, from_after))
    return writer.node("Add", total, writer.constant(model.tag_bias))


def _shifted(writer: GraphWriter, rows: str, pads: list[int], *, first: int, last: int) -> str:
    framed = writer.node("Pad", rows, writer.constant(np.array(pads, dtype=np.int64)))
    bounds = [writer.constant(np.array([bound], dtype=np.int64)) for bound in (first, last, 1)]
    return writer.node("Slice", framed, *bounds)


def _sum_features(rows: Sequence[Integers], features: int) -> sparse.csr_matrix:
    """Count the features of each row of ids, shape (N, V); the empty one isn't counted."""
    kept = [row[row > 0] for row in rows]
    ends = np.concatenate([[0], np.cumsum([len(row) for row in kept])])
    ids = np.concatenate(kept) if kept else np.zeros(0, dtype=np.int64)
    made = sparse.csr_matrix((np.ones(len(ids), np.float32), ids, ends), (len(rows), features))
    made.sum_duplicates()
    return made


def _inverse_frequencies(counts: sparse.csr_matrix) -> Floats:
    """Give the weight of each feature: rare ones count more; 0 for the empty one."""
    frequencies = np.bincount(counts.indices, minlength=counts.shape[1])
    weights: Floats = np.log((1 + counts.shape[0]) / (1 + frequencies)).astype(np.float32) + 1
    weights[0] = 0
    return weights


def _to_unit_length(counts: sparse.csr_matrix, weights: Floats) -> sparse.csr_matrix:
    """Weigh features and scale each message, by the length its single features would have."""
    lengths = np.sqrt(counts @ weights**2)
    scale = sparse.diags(1 / np.maximum(lengths, 1e-6))
    return sparse.csr_matrix(scale @ counts @ sparse.diags(weights), dtype=np.float32)


def _fit_classes(
    rows: sparse.csr_matrix, targets: Integers, *, classes: int, strength: float, seed: int
) -> tuple[Floats, Floats]:
    """Fit a linear classifier; classes without examples are never chosen.

    Returns:
        Weights, shape (V, classes), and biases, shape (classes,).
    """
    features = rows.shape[1]
    weights = np.zeros((features, classes), dtype=np.float32)
    present = np.unique(targets)
    bias = np.full(classes, -30.0, dtype=np.float32)
    bias[present] = 0
    if len(present) < 2:
        return weights, bias
    if features * len(present) > _MOST_PARAMETERS:
        model = SGDClassifier(
            loss="log_loss",
            alpha=1 / (strength * len(targets)),
            max_iter=_PASSES,
            tol=None,
            average=True,
            random_state=seed,
        )
    else:
        model = LogisticRegression(C=strength, max_iter=_STEPS, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(rows, targets)
    found, given = model.coef_, model.intercept_
    if len(present) == 2:
        found, given = np.concatenate([-found, found]) / 2, np.concatenate([-given, given]) / 2
    weights[:, present], bias[present] = found.T, given
    return weights, bias


def _fit_tags(
    examples: Sequence[Encoded], labels: Labels, *, features: int, seed: int
) -> tuple[Floats, Floats]:
    tags = bio.count_tags(len(labels.entities))
    if tags == 1:
        return np.zeros((features, _SIDES), dtype=np.float32), np.zeros(1, dtype=np.float32)
    rows, targets = [], []
    empty = np.zeros(0, dtype=np.int64)
    for example in examples:
        words = [*example.pieces.ids, empty]
        for head, tag in zip(example.pieces.heads, example.tags, strict=True):
            around = (words[head], words[head - 1], words[head + 1])
            rows.append(np.concatenate([_moved(ids, n * features) for n, ids in enumerate(around)]))
            targets.append(tag)
    weights, bias = _fit_classes(
        _sum_features(rows, _SIDES * features),
        np.array(targets),
        classes=tags,
        strength=_TAG_STRENGTH,
        seed=seed,
    )
    return np.concatenate(np.split(weights, _SIDES), axis=1), bias


def _moved(ids: Integers, by: int) -> Integers:
    """Give ids of a neighbour numbers of their own."""
    return ids[ids > 0] + by


def _directions(messages: sparse.csr_matrix, *, seed: int) -> Floats:
    """Give the directions in which messages differ most, shape (V, D)."""
    width = min(WIDTH, *(size - 1 for size in messages.shape))
    if width < 1:
        return np.ones((messages.shape[1], 1), dtype=np.float32)
    model = TruncatedSVD(n_components=width, n_iter=3, random_state=seed).fit(messages)
    return np.asarray(model.components_.T, dtype=np.float32)
