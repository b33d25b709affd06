"""Held-out figures, temperatures, and whether 8 bits are enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framework.nlu import bio, metrics
from framework.nlu.bert.decode import Calibration, Decoder, softmax
from framework.nlu.bert.labels import Labels
from framework.nlu.bert.runtime import Graph
from framework.nlu.bert.training.batches import IGNORED, Encoded

Floats = NDArray[np.float32]

_TEMPERATURES = np.exp(np.linspace(np.log(0.4), np.log(4.0), 47))
_PRIOR_WEIGHT = 4.0
"""How many examples the belief counts for that confidences are right as they are."""

_TOLERANCE = 0.005
"""Share of held-out answers that 8 bits may lose."""


@dataclass(frozen=True, kw_only=True)
class Logits:
    """What a model says of one example: intents, shape (I,), and its words' tags, (W, T)."""

    intents: Floats
    tags: Floats


def figures(
    examples: Sequence[Encoded], logits: Sequence[Logits], labels: Labels
) -> dict[str, float]:
    """Score answers: `intent_accuracy` and `entity_f1` where there is something to find.

    `score` is their mean, which early stopping watches.
    """
    decoder = Decoder(labels, Calibration())
    bases = np.array(labels.bases)
    scores: dict[str, float] = {}
    known = [index for index, example in enumerate(examples) if example.intent != IGNORED]
    if known and len(labels.intents):
        wanted = [str(bases[examples[index].intent]) for index in known]
        found = [decoder.intents(logits[index].intents)[0].name for index in known]
        scores["intent_accuracy"] = metrics.accuracy(wanted, found)
    if labels.entities:
        expected = [set(bio.decode(example.tags)) for example in examples]
        predicted = [set(decoder.spans(answer.tags)) for answer in logits]
        scores["entity_f1"] = metrics.span_scores(expected, predicted).f1
    return {**scores, "score": float(np.mean(list(scores.values() or [1.0])))}


def calibrate(examples: Sequence[Encoded], logits: Sequence[Logits], labels: Labels) -> Calibration:
    """Find the temperatures under which held-out answers are least surprising."""
    known = [index for index, example in enumerate(examples) if example.intent != IGNORED]
    intents = 1.0
    if known and len(set(labels.bases)) > 1:
        rows = np.stack([logits[index].intents for index in known])
        intents = _temperature(rows, np.array([examples[index].intent for index in known]))
    entities = 1.0
    if labels.entities and examples:
        rows = np.concatenate([answer.tags for answer in logits])
        entities = _temperature(rows, np.concatenate([example.tags for example in examples]))
    return Calibration(intents=intents, entities=entities)


def run_graph(graph: bytes, examples: Sequence[Encoded]) -> list[Logits]:
    """Read examples with a written graph, as the trained bot will."""
    readings = Graph(graph).run([example.pieces for example in examples])
    return [Logits(intents=reading.intents, tags=reading.tags) for reading in readings]


def is_as_good(reference: dict[str, float], other: dict[str, float]) -> bool:
    """Say whether figures are no worse than others but for a hair."""
    return all(other[name] >= value - _TOLERANCE for name, value in reference.items())


def _temperature(logits: Floats, targets: NDArray[np.int64]) -> float:
    if len(targets) == 0:
        return 1.0
    rows = np.arange(len(targets))
    surprises = []
    for temperature in _TEMPERATURES:
        shares = softmax((logits / temperature).astype(np.float32))
        surprise = -np.log(shares[rows, targets] + 1e-9).sum()
        surprises.append(surprise + _PRIOR_WEIGHT * np.log(temperature) ** 2)
    return float(np.round(_TEMPERATURES[int(np.argmin(surprises))], 4))
