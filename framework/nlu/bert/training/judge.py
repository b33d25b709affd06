"""Held-out figures, temperatures, and whether 8 bits are enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.utils.rnn import pad_sequence

from framework.nlu import bio, metrics
from framework.nlu.bert.decode import Calibration, Decoder, softmax
from framework.nlu.bert.labels import Labels
from framework.nlu.bert.runtime import Graph
from framework.nlu.bert.training.batches import IGNORED, Encoded
from framework.nlu.bert.training.paths import path_surprise

Floats = NDArray[np.float32]

_TEMPERATURES = np.exp(np.linspace(np.log(0.25), np.log(4.0), 57))
_PRIOR_WEIGHT = 4.0
"""How many examples the belief counts for that a temperature is the usual one."""

_USUAL_INTENTS, _USUAL_TAGS = 0.6, 1.0
"""Temperatures believed in before anything is seen: label smoothing makes intents too modest."""

_NEW_SHARE = 0.6
"""Share of the temperature of examples left out that new messages need (docs/explanation)."""

_TOLERANCE = 0.005
"""Share of held-out answers that 8 bits may lose."""


@dataclass(frozen=True, kw_only=True)
class Logits:
    """What a model says of one example.

    Attributes:
        intents: shape (I,).
        tags: of its words, shape (W, T).
        embedding: sentence vector, shape (D,).
    """

    intents: Floats
    tags: Floats
    embedding: Floats


@dataclass(frozen=True, kw_only=True)
class Targets:
    """Logits, shape (N, I), and what is right, shape (N,)."""

    logits: Floats
    wanted: NDArray[np.int64]


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


def calibrate(
    examples: Sequence[Encoded],
    logits: Sequence[Logits],
    labels: Labels,
    *,
    left_out: Targets | None = None,
    foretold: float | None = None,
) -> Calibration:
    """Find the temperatures under which right answers are least surprising.

    Args:
        examples: held out.
        logits: what the model says of them.
        labels: what it can answer.
        left_out: intents of examples learned from, each judged by the others.
        foretold: accuracy to expect, 0 to 1; None where nothing foretells it.
    """
    intents = 1.0
    if len(set(labels.bases)) > 1:
        usual = _USUAL_INTENTS
        if left_out is not None and len(left_out.wanted) and foretold is not None:
            usual = _NEW_SHARE * _temperature_for(left_out, foretold)
        intents = _intent_temperature(examples, logits, usual)
    entities = 1.0
    if labels.entities and examples:
        entities = _least_surprising(_path_surprises(examples, logits), _USUAL_TAGS)
    return Calibration(intents=intents, entities=entities)


def _intent_temperature(
    examples: Sequence[Encoded], logits: Sequence[Logits], usual: float
) -> float:
    known = [index for index, example in enumerate(examples) if example.intent != IGNORED]
    if not known:
        return round(usual, 4)
    rows = np.stack([logits[index].intents for index in known])
    wanted = np.array([examples[index].intent for index in known])
    return _least_surprising(_surprises(Targets(logits=rows, wanted=wanted)), usual)


def _temperature_for(targets: Targets, accuracy: float) -> float:
    """Give the temperature under which answers are as sure, on average, as they are to be right."""
    for temperature in _TEMPERATURES:
        shares = softmax((targets.logits / temperature).astype(np.float32))
        if shares.max(axis=1).mean() <= accuracy:
            break
    return float(temperature)


def run_graph(graph: bytes, examples: Sequence[Encoded]) -> list[Logits]:
    """Read examples with a written graph, as the trained bot will."""
    readings = Graph(graph).run([example.pieces for example in examples])
    return [
        Logits(intents=reading.intents, tags=reading.tags, embedding=reading.embedding)
        for reading in readings
    ]


def is_as_good(reference: dict[str, float], other: dict[str, float]) -> bool:
    """Say whether figures are no worse than others but for a hair."""
    return all(other[name] >= value - _TOLERANCE for name, value in reference.items())


def _surprises(targets: Targets) -> NDArray[np.float64]:
    """Give how surprising the right answers are under each temperature, in nats."""
    rows = np.arange(len(targets.wanted))
    surprises = []
    for temperature in _TEMPERATURES:
        shares = softmax((targets.logits / temperature).astype(np.float32))
        surprises.append(float(-np.log(shares[rows, targets.wanted] + 1e-9).sum()))
    return np.array(surprises)


def _path_surprises(examples: Sequence[Encoded], logits: Sequence[Logits]) -> NDArray[np.float64]:
    """Give how surprising the right sequences of tags are under each temperature, in nats."""
    rows = pad_sequence([torch.from_numpy(answer.tags) for answer in logits], batch_first=True)
    tags = pad_sequence(
        [torch.from_numpy(example.tags) for example in examples],
        batch_first=True,
        padding_value=IGNORED,
    )
    surprises = [float(path_surprise(rows / float(t), tags)) for t in _TEMPERATURES]
    return np.array(surprises)


def _least_surprising(surprises: NDArray[np.float64], usual: float) -> float:
    belief = _PRIOR_WEIGHT * np.log(_TEMPERATURES / usual) ** 2
    return float(np.round(_TEMPERATURES[int(np.argmin(surprises + belief))], 4))
