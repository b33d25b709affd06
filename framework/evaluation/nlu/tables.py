"""`NluReport` -> tables, from the summary to the single mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from framework.errors import Location
from framework.evaluation.nlu.confidence import ConfidenceReport
from framework.evaluation.nlu.confusions import ConfusedPair, confused_pairs
from framework.evaluation.nlu.folds import CrossValidation
from framework.evaluation.nlu.report import EntityMistake, LabelReport, NluReport, Span
from framework.nlu.metrics import Scores

_SHOWN_PAIRS = 20
_SHOWN_MESSAGES = 5


@dataclass(frozen=True, kw_only=True)
class Table:
    """A heading and rows under column names; columns of figures stand to the right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[str] = frozenset()


def tables_of(report: NluReport) -> Iterator[Table]:
    """Give the tables of a report in the order in which they are read."""
    yield _summary(report)
    if report.cross_validation is not None:
        yield _folds(report.cross_validation)
    yield _reliability(report.confidence)
    yield _labels("Intents", report.intent.by_label)
    yield from _mistakes("intents", report.intent)
    if report.cross_validation is not None:
        yield _suspects(report.cross_validation)
    yield _labels("Entities", report.entities.by_label)
    if report.entities.errors:
        yield _entity_mistakes(report.entities.errors)
    if report.responses.total:
        yield _labels("Responses", report.responses.by_label)
        yield from _mistakes("responses", report.responses)


def _summary(report: NluReport) -> Table:
    entities = report.entities.scores
    rows = [
        ("messages", str(report.total)),
        ("intent accuracy", _percent(report.intent.accuracy)),
        ("intent macro F1", _percent(report.intent.macro_f1)),
        ("entity precision", _percent(entities.precision)),
        ("entity recall", _percent(entities.recall)),
        ("entity F1", _percent(entities.f1)),
        ("whole sentences", _percent(report.sentence_accuracy)),
        ("calibration error (ECE)", f"{report.intent.ece:.3f}"),
        ("answered by the fallback", str(report.fallbacks)),
        *_threshold(report.confidence),
    ]
    if report.responses.total:
        rows.append(("response accuracy", _percent(report.responses.accuracy)))
    return Table(
        title="Summary",
        columns=("figure", "value"),
        rows=tuple(rows),
        figures=frozenset({"value"}),
    )


def _threshold(report: ConfidenceReport) -> Iterable[tuple[str, str]]:
    if not report.curve:
        return
    yield "mean risk over all coverages", f"{report.area:.3f}"
    wanted, found = _percent(report.false_accept), report.suggestion
    yield (
        f"fallback threshold for {wanted} wrong",
        f"{found.threshold:.3f}" if found else "none reaches it",
    )
    if found:
        yield "messages acted on with it", _percent(found.coverage)
        yield "wrong among those", _percent(found.risk)


def _folds(validation: CrossValidation) -> Table:
    return Table(
        title=f"Over {validation.folds} folds",
        columns=("figure", "mean", "standard deviation"),
        rows=tuple(
            (name.replace("_", " "), f"{spread.mean:.3f}", f"{spread.std:.3f}")
            for name, spread in validation.figures.items()
        ),
        figures=frozenset({"mean", "standard deviation"}),
    )


def _reliability(report: ConfidenceReport) -> Table:
    return Table(
        title="Reliability of the intents",
        columns=("confidence", "messages", "mean confidence", "right"),
        rows=tuple(
            (
                f"{item.low:.1f} to {item.high:.1f}",
                str(item.count),
                _percent(item.confidence),
                _percent(item.accuracy),
            )
            for item in report.bins
        ),
        figures=frozenset({"messages", "mean confidence", "right"}),
    )


def _suspects(validation: CrossValidation) -> Table:
    return Table(
        title="Examples that may be labelled wrongly",
        columns=("message", "label", "believed", "confidence", "place"),
        rows=tuple(
            (
                item.text,
                f"{item.label} {item.label_confidence:.2f}",
                item.believed,
                f"{item.believed_confidence:.2f}",
                _place(item.where),
            )
            for item in validation.suspects
        ),
        figures=frozenset({"confidence"}),
    )


def _messages(pair: ConfusedPair) -> str:
    shown = [f"{item.text} ({_place(item.where)})" for item in pair.messages[:_SHOWN_MESSAGES]]
    left_out = len(pair.messages) - len(shown)
    return "; ".join([*shown, *([f"{left_out} more"] if left_out else [])])


def _labels(title: str, by_label: Mapping[str, Scores]) -> Table:
    return Table(
        title=title,
        columns=("label", "precision", "recall", "F1", "examples"),
        rows=tuple(
            (
                label,
                _percent(scores.precision),
                _percent(scores.recall),
                _percent(scores.f1),
                str(scores.support),
            )
            for label, scores in by_label.items()
        ),
        figures=frozenset({"precision", "recall", "F1", "examples"}),
    )


def _mistakes(what: str, report: LabelReport) -> Iterable[Table]:
    if not report.errors:
        return
    yield Table(
        title=f"{what.capitalize()} taken for one another",
        columns=("one", "other", "times", "messages"),
        rows=tuple(
            (*pair.labels, str(len(pair.messages)), _messages(pair))
            for pair in confused_pairs(report)[:_SHOWN_PAIRS]
        ),
        figures=frozenset({"times"}),
    )
    yield Table(
        title=f"Wrong {what}",
        columns=("message", "expected", "predicted", "confidence", "place"),
        rows=tuple(
            (
                item.text,
                item.expected,
                item.predicted,
                f"{item.confidence:.2f}",
                _place(item.where),
            )
            for item in report.errors
        ),
        figures=frozenset({"confidence"}),
    )


def _entity_mistakes(errors: Sequence[EntityMistake]) -> Table:
    return Table(
        title="Wrong entities",
        columns=("message", "missed", "invented", "place"),
        rows=tuple(
            (item.text, _spans(item.missed, item), _spans(item.invented, item), _place(item.where))
            for item in errors
        ),
    )


def _spans(spans: Iterable[Span], item: EntityMistake) -> str:
    return ", ".join(f"{span.label}: {item.text[span.start : span.end]}" for span in spans)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _place(where: Location | None) -> str:
    return str(where) if where is not None else ""
