"""`NluReport` -> JSON, and the files that `frame test` leaves in its results folder.

The JSON files have Rasa's names and keys, with file and line added to every mistake.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framework.evaluation.nlu import confidence_files
from framework.evaluation.nlu.pages import to_html, to_markdown
from framework.evaluation.nlu.plots import draw
from framework.evaluation.nlu.report import EntityMistake, Judgement, LabelReport, NluReport, Span
from framework.nlu.metrics import Scores


def to_json(report: NluReport) -> dict[str, Any]:
    """Give the figures as `frame test --format json` shows them under `nlu`."""
    entities = report.entities.scores
    result: dict[str, Any] = {
        "intent": {
            "total": report.intent.total,
            "accuracy": report.intent.accuracy,
            "macro_f1": report.intent.macro_f1,
        },
        "entities": {
            "precision": entities.precision,
            "recall": entities.recall,
            "f1": entities.f1,
        },
        "sentence_accuracy": report.sentence_accuracy,
        "ece": report.intent.ece,
        "threshold": confidence_files.summary(report.confidence),
    }
    if report.responses.total:
        result["response_selection"] = {
            "total": report.responses.total,
            "accuracy": report.responses.accuracy,
            "macro_f1": report.responses.macro_f1,
        }
    if report.cross_validation is not None:
        result["cross_validation"] = confidence_files.validation(report.cross_validation)
    return result


def write(report: NluReport, folder: Path) -> tuple[Path, ...]:
    """Write all files of a report into a folder, and give their paths.

    Pictures are left out where matplotlib isn't installed (extra `plots`).
    """
    folder.mkdir(parents=True, exist_ok=True)
    pictures = draw(report, folder)
    texts = {
        **_label_files("intent", "intent", report.intent),
        "entity_report.json": _dump(_entity_summary(report)),
        "entity_errors.json": _dump([_entity_error(item) for item in report.entities.errors]),
        "nlu_report.json": _dump(to_json(report)),
        "intent_confidence.json": _dump(confidence_files.details(report.confidence)),
        "intent_confused_pairs.json": _dump(confidence_files.pairs(report.intent)),
        "nlu_report.md": to_markdown(report, [picture.name for picture in pictures]),
        "nlu_report.html": to_html(report),
    }
    if report.responses.total:
        texts |= _label_files("response_selection", "intent_response_key_target", report.responses)
    paths = []
    for name, text in texts.items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return (*paths, *pictures)


def _label_files(stem: str, key: str, report: LabelReport) -> dict[str, str]:
    predicted = key.replace("_target", "") + "_prediction"
    rows = [(_judgement(item, key, predicted), item.is_right) for item in report.judgements]
    return {
        f"{stem}_report.json": _dump(_label_summary(report)),
        f"{stem}_errors.json": _dump([row for row, is_right in rows if not is_right]),
        f"{stem}_successes.json": _dump([row for row, is_right in rows if is_right]),
    }


def _label_summary(report: LabelReport) -> dict[str, Any]:
    """Give the table of labels with averages, as scikit-learn's report that Rasa writes."""
    confused: dict[str, dict[str, int]] = {label: {} for label in report.by_label}
    for confusion in report.confusions:
        confused[confusion.expected][confusion.predicted] = confusion.count
    rows = {
        label: {**_scores(scores), "confused_with": confused[label]}
        for label, scores in report.by_label.items()
    }
    return {**rows, "accuracy": report.accuracy, **_averages(report.by_label)}


def _entity_summary(report: NluReport) -> dict[str, Any]:
    by_label = report.entities.by_label
    rows = {label: _scores(scores) for label, scores in by_label.items()}
    return {**rows, "micro avg": _scores(report.entities.scores), **_averages(by_label)}


def _averages(by_label: Mapping[str, Scores]) -> dict[str, dict[str, float]]:
    total = sum(scores.support for scores in by_label.values())
    equal = {label: 1 / len(by_label) for label in by_label}
    by_support = {label: scores.support / max(total, 1) for label, scores in by_label.items()}
    return {
        name: {
            **{
                key: sum(
                    _scores(scores)[key] * weights[label] for label, scores in by_label.items()
                )
                for key in ("precision", "recall", "f1-score")
            },
            "support": total,
        }
        for name, weights in (("macro avg", equal), ("weighted avg", by_support))
    }


def _scores(scores: Scores) -> dict[str, float]:
    return {
        "precision": scores.precision,
        "recall": scores.recall,
        "f1-score": scores.f1,
        "support": scores.support,
    }


def _judgement(item: Judgement, expected: str, predicted: str) -> dict[str, Any]:
    return {
        "text": item.text,
        expected: item.expected,
        predicted: {"name": item.predicted, "confidence": item.confidence},
        **confidence_files.place(item.where),
    }


def _entity_error(item: EntityMistake) -> dict[str, Any]:
    return {
        "text": item.text,
        "missed": [_span(span, item.text) for span in item.missed],
        "invented": [_span(span, item.text) for span in item.invented],
        **confidence_files.place(item.where),
    }


def _span(span: Span, text: str) -> dict[str, Any]:
    return {
        "entity": span.entity,
        "start": span.start,
        "end": span.end,
        "text": text[span.start : span.end],
        **({"role": span.role} if span.role else {}),
        **({"group": span.group} if span.group else {}),
    }


def _dump(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
