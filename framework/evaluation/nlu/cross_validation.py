"""Understandings of held-out folds -> one report, with the spread from fold to fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from framework.data.types import Utterance
from framework.evaluation.nlu.confidence import FALSE_ACCEPT
from framework.evaluation.nlu.folds import CrossValidation, Spread
from framework.evaluation.nlu.report import NluReport
from framework.evaluation.nlu.score import score
from framework.evaluation.nlu.suspects import find_suspects
from framework.nlu.types import Understanding


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """The examples of one fold, and what a pipeline that hasn't seen them makes of each."""

    utterances: tuple[Utterance, ...]
    understandings: tuple[Understanding, ...]


def cross_validate(folds: Sequence[HeldOut], *, false_accept: float = FALSE_ACCEPT) -> NluReport:
    """Report on all held-out examples together; every example is in exactly one fold."""
    pairs = [
        pair for fold in folds for pair in zip(fold.utterances, fold.understandings, strict=True)
    ]
    pairs.sort(key=lambda pair: _place(pair[0]))
    utterances = [utterance for utterance, _ in pairs]
    understandings = [understanding for _, understanding in pairs]
    figures: dict[str, list[float]] = {}
    for fold in folds:
        for name, value in _figures(score(fold.utterances, fold.understandings)).items():
            figures.setdefault(name, []).append(value)
    return replace(
        score(utterances, understandings, false_accept=false_accept),
        cross_validation=CrossValidation(
            folds=len(folds),
            figures={name: Spread.of(values) for name, values in figures.items()},
            suspects=find_suspects(utterances, understandings),
        ),
    )


def _figures(report: NluReport) -> dict[str, float]:
    figures = {
        "intent_accuracy": report.intent.accuracy,
        "intent_macro_f1": report.intent.macro_f1,
        "entity_precision": report.entities.scores.precision,
        "entity_recall": report.entities.scores.recall,
        "entity_f1": report.entities.scores.f1,
        "sentence_accuracy": report.sentence_accuracy,
        "ece": report.intent.ece,
    }
    if report.responses.total:
        figures["response_accuracy"] = report.responses.accuracy
    return figures


def _place(utterance: Utterance) -> tuple[str, int, int]:
    where = utterance.where
    return (where.file, where.line, where.column) if where else ("", 0, 0)
