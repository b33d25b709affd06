"""Labelled examples + a pipeline -> how well it understands, with every mistake and its place.

Two conventions are Rasa's: `nlu_fallback` is taken off before intents are compared, so that the
intent below it is judged, and entities of extractors that don't learn from the examples (Duckling,
spaCy) are not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from framework.data.types import Utterance
from framework.evaluation.nlu.confidence import FALSE_ACCEPT, judge_confidences
from framework.evaluation.nlu.report import (
    NOTHING,
    Confusion,
    EntityMistake,
    EntityReport,
    Judgement,
    LabelReport,
    NluReport,
    Span,
)
from framework.nlu import metrics
from framework.nlu.pipeline import Pipeline
from framework.nlu.types import Entity, IntentScore, RankedResponse, Understanding
from framework.nlu.wire import PRETRAINED
from framework.project.schema.names import FALLBACK_INTENT
from framework.project.schema.nlu import EntityAnnotation

_BATCH = 64


def evaluate(
    pipeline: Pipeline,
    utterances: Sequence[Utterance],
    *,
    false_accept: float = FALSE_ACCEPT,
    on_progress: Callable[[int, int], None] | None = None,
) -> NluReport:
    """Let a pipeline understand examples and score what it makes of them.

    Args:
        pipeline: trained.
        utterances: labelled examples that it hasn't learned from.
        false_accept: wanted share of wrong intents among those acted on, for the threshold.
        on_progress: called with the number of messages done and their total.
    """
    understandings: list[Understanding] = []
    for first in range(0, len(utterances), _BATCH):
        batch = utterances[first : first + _BATCH]
        understandings += pipeline.parse_batch([item.text for item in batch])
        if on_progress is not None:
            on_progress(len(understandings), len(utterances))
    return score(utterances, understandings, false_accept=false_accept)


def score(
    utterances: Sequence[Utterance],
    understandings: Sequence[Understanding],
    *,
    false_accept: float = FALSE_ACCEPT,
) -> NluReport:
    """Score understandings of examples, given in the same order."""
    pairs = list(zip(utterances, understandings, strict=True))
    intents = [_judge_intent(item, found) for item, found in pairs if item.intent is not None]
    keyed = [(item, found) for item, found in pairs if item.response_key is not None]
    expected = [_marked(item) for item in utterances]
    predicted = [_found(found) for found in understandings]
    right = [
        wanted == came and (item.intent is None or _judge_intent(item, found).is_right)
        for (item, found), wanted, came in zip(pairs, expected, predicted, strict=True)
    ]
    return NluReport(
        total=len(pairs),
        intent=_report_labels(intents),
        entities=_report_entities(utterances, expected, predicted),
        responses=_report_labels([_judge_response(item, found) for item, found in keyed]),
        sentence_accuracy=sum(right) / len(right) if right else 1.0,
        fallbacks=sum(_is_fallback(found.ranking) for found in understandings),
        confidence=judge_confidences(utterances, understandings, false_accept=false_accept),
    )


def _is_fallback(ranking: Sequence[IntentScore]) -> bool:
    return bool(ranking) and ranking[0].name == FALLBACK_INTENT


def _judge_intent(utterance: Utterance, found: Understanding) -> Judgement:
    ranking = found.ranking
    if _is_fallback(ranking) and utterance.intent != FALLBACK_INTENT and len(ranking) > 1:
        ranking = ranking[1:]
    best = ranking[0] if ranking else IntentScore(name=NOTHING, confidence=0.0)
    return Judgement(
        text=utterance.text,
        where=utterance.where,
        expected=str(utterance.intent),
        predicted=best.name,
        confidence=best.confidence,
    )


def _judge_response(utterance: Utterance, found: Understanding) -> Judgement:
    ranking = found.responses_for(str(utterance.intent))
    best = ranking[0] if ranking else RankedResponse(key=NOTHING, confidence=0.0)
    return Judgement(
        text=utterance.text,
        where=utterance.where,
        expected=str(utterance.response_key),
        predicted=best.key,
        confidence=best.confidence,
    )


def _report_labels(judgements: Sequence[Judgement]) -> LabelReport:
    expected = [item.expected for item in judgements]
    predicted = [item.predicted for item in judgements]
    by_label = metrics.label_scores(expected, predicted)
    confused = Counter(
        (item.expected, item.predicted) for item in judgements if not item.is_right
    ).items()
    return LabelReport(
        accuracy=metrics.accuracy(expected, predicted),
        macro_f1=metrics.macro_f1(expected, predicted),
        ece=metrics.expected_calibration_error(
            [item.confidence for item in judgements], [item.is_right for item in judgements]
        ),
        by_label={str(label): scores for label, scores in by_label.items()},
        confusions=tuple(
            Confusion(expected=wanted, predicted=came, count=count)
            for (wanted, came), count in sorted(confused, key=lambda pair: (-pair[1], pair[0]))
        ),
        judgements=tuple(judgements),
    )


def _report_entities(
    utterances: Sequence[Utterance],
    expected: Sequence[frozenset[Span]],
    predicted: Sequence[frozenset[Span]],
) -> EntityReport:
    labels = sorted({span.label for spans in (*expected, *predicted) for span in spans})
    return EntityReport(
        scores=metrics.span_scores(expected, predicted),
        by_label={
            label: metrics.span_scores(_only(label, expected), _only(label, predicted))
            for label in labels
        },
        errors=tuple(
            EntityMistake(
                text=item.text,
                where=item.where,
                missed=tuple(sorted(wanted - came)),
                invented=tuple(sorted(came - wanted)),
            )
            for item, wanted, came in zip(utterances, expected, predicted, strict=True)
            if wanted != came
        ),
    )


def _only(label: str, spans: Iterable[frozenset[Span]]) -> list[frozenset[Span]]:
    return [frozenset(span for span in some if span.label == label) for some in spans]


def _marked(utterance: Utterance) -> frozenset[Span]:
    return frozenset(_span(item, item.start, item.end) for item in utterance.entities)


def _found(understanding: Understanding) -> frozenset[Span]:
    """Give what annotations can be held against: spans of the text, by components of the bot's."""
    found = (item for item in understanding.entities if item.extractor not in PRETRAINED)
    return frozenset(_span(item, *item.span) for item in found if item.span is not None)


def _span(item: EntityAnnotation | Entity, start: int, end: int) -> Span:
    return Span(
        start=start,
        end=end,
        entity=item.entity,
        role=item.role or "",
        group=item.group or "",
    )
