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

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, SGDClassifier

from framework.errors import TrainingError
from framework.learning.onnx import Precision
from framework.learning.progress import Progress
from framework.nlu import bio
from framework.nlu.bert.labels import Labels
from framework.nlu.bert.training import judge
from framework.nlu.bert.training.batches import IGNORED, Encoded
from framework.nlu.bert.training.tfidf_graph import SIDES, Floats, LinearTagger, write_linear

Integers = NDArray[np.int64]

WIDTH = 128
"""Of sentence vectors, at most."""

_INTENT_STRENGTH, _TAG_STRENGTH = 30.0, 2.0
"""Inverse strengths of the pull towards nothing."""

_MOST_PARAMETERS = 2_000_000
"""Above this a linear model is trained example by example, which needs less memory."""

_PASSES, _STEPS = 8, 100


class LinearTeacher:
    """Learns from examples and writes what it learned; stands where a `Teacher` does."""

    part = "intents and entities"
    is_pretrained: bool = False
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
        return np.zeros((features, SIDES), dtype=np.float32), np.zeros(1, dtype=np.float32)
    rows, targets = [], []
    empty = np.zeros(0, dtype=np.int64)
    for example in examples:
        words = [*example.pieces.ids, empty]
        for head, tag in zip(example.pieces.heads, example.tags, strict=True):
            around = (words[head], words[head - 1], words[head + 1])
            rows.append(np.concatenate([_moved(ids, n * features) for n, ids in enumerate(around)]))
            targets.append(tag)
    weights, bias = _fit_classes(
        _sum_features(rows, SIDES * features),
        np.array(targets),
        classes=tags,
        strength=_TAG_STRENGTH,
        seed=seed,
    )
    return np.concatenate(np.split(weights, SIDES), axis=1), bias


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
