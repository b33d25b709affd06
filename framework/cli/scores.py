"""How well the NLU understands, for people: figures, confusions, doubtful labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from framework.cli import output
from framework.errors import Location
from framework.evaluation.nlu.confidence import ConfidenceReport
from framework.evaluation.nlu.confusions import confused_pairs
from framework.evaluation.nlu.files import to_json
from framework.evaluation.nlu.folds import CrossValidation
from framework.evaluation.nlu.report import NluReport
from framework.evaluation.replies import BEAMS, RepliesReport

_SHOWN_PAIRS = 5
_SHOWN_MESSAGES = 3
_SHOWN_SUSPECTS = 10
_ELSEWHERE = ("threshold", "cross_validation")


def show_scores(report: NluReport, stream: TextIO) -> None:
    """Show the figures, then what to look at first."""
    for line in _lines(report, stream):
        output.say(line, stream=stream)


def show_replies(report: RepliesReport, stream: TextIO) -> None:
    """Show how near the replies of a generator come to those expected."""
    count = output.plural(len(report.answered[BEAMS[0]]), "question")
    output.say(f"replies to {count}, threshold {report.threshold:g}", stream=stream)
    for beam in report.answered:
        figures = report.figures(beam)
        label = "greedy" if beam == 1 else f"beam {beam}"
        output.say(
            f"  {label}: BLEU {figures['bleu']:.1f}, exact match {figures['exact_match']:.3f}, "
            f"distinct-1 {figures['distinct_1']:.3f}, distinct-2 {figures['distinct_2']:.3f}; "
            f"said {figures['said']:.3f}, exact match of these {figures['exact_match_said']:.3f}",
            stream=stream,
        )


def _lines(report: NluReport, stream: TextIO) -> Iterator[str]:
    scores = {name: value for name, value in to_json(report).items() if name not in _ELSEWHERE}
    if report.cross_validation is not None:
        yield from _folds(report.cross_validation)
    else:
        yield from _score_lines(scores)
    yield from _threshold(report.confidence)
    yield from _pairs(report, stream)
    if report.cross_validation is not None:
        yield from _suspects(report.cross_validation, stream)


def _score_lines(scores: Mapping[str, Any]) -> Iterator[str]:
    """Give scores line by line: `intent: accuracy 0.950, macro f1 0.941`."""
    for name, value in scores.items():
        label = name.replace("_", " ")
        if isinstance(value, Mapping):
            numbers = [f"{key.replace('_', ' ')} {_number(n)}" for key, n in value.items()]
            yield f"{label}: {', '.join(numbers)}"
        elif isinstance(value, int | float):
            yield f"{label}: {_number(value)}"


def _folds(validation: CrossValidation) -> Iterator[str]:
    yield f"mean and standard deviation over {validation.folds} folds"
    for name, spread in validation.figures.items():
        yield f"  {name.replace('_', ' '):<18} {spread.mean:.3f} ± {spread.std:.3f}"


def _threshold(report: ConfidenceReport) -> Iterator[str]:
    if not report.curve:
        return
    wanted = f"at most {100 * report.false_accept:g} % wrong among what the bot acts on"
    found = report.suggestion
    if found is None:
        yield f"fallback threshold for {wanted}: none reaches it"
    else:
        yield (
            f"fallback threshold for {wanted}: {found.threshold:.3f} "
            f"(acts on {100 * found.coverage:.1f} %, {100 * found.risk:.1f} % wrong)"
        )


def _pairs(report: NluReport, stream: TextIO) -> Iterator[str]:
    pairs = confused_pairs(report.intent)
    if pairs:
        yield "intents taken for one another most often"
    for pair in pairs[:_SHOWN_PAIRS]:
        yield f"  {pair.labels[0]} and {pair.labels[1]}: {len(pair.messages)}"
        for item in pair.messages[:_SHOWN_MESSAGES]:
            place = _place(item.where, stream)
            text = output.printable(item.text)
            yield f"    {place}{text}  is {item.expected}, taken for {item.predicted}"


def _suspects(validation: CrossValidation, stream: TextIO) -> Iterator[str]:
    found = validation.suspects
    if not found:
        return
    yield f"{output.plural(len(found), 'example')} that may be labelled wrongly"
    for item in found[:_SHOWN_SUSPECTS]:
        yield (
            f"  {_place(item.where, stream)}{output.printable(item.text)}  is {item.label} "
            f"({item.label_confidence:.2f}), believed {item.believed} "
            f"({item.believed_confidence:.2f})"
        )
    if len(found) > _SHOWN_SUSPECTS:
        yield f"  and {len(found) - _SHOWN_SUSPECTS} more, see nlu_report.html"


def _place(where: Location | None, stream: TextIO) -> str:
    if where is None:
        return ""
    shown = f"{where.file}:{where.line}" if where.line else where.file
    return f"{output.styled(shown, 'place', stream)}  "


def _number(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
