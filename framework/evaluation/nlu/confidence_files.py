"""Confidences, confused intents and cross-validation as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from framework.errors import Location
from framework.evaluation.nlu.confidence import ConfidenceReport
from framework.evaluation.nlu.confusions import confused_pairs
from framework.evaluation.nlu.folds import CrossValidation
from framework.evaluation.nlu.report import LabelReport


def summary(report: ConfidenceReport) -> dict[str, float | None]:
    """Give the suggested threshold; it is null where none keeps the wanted rate."""
    found = report.suggestion
    return {
        "false_accept": report.false_accept,
        "suggestion": found.threshold if found else None,
        "coverage": found.coverage if found else None,
        "risk": found.risk if found else None,
    }


def details(report: ConfidenceReport) -> dict[str, Any]:
    """Give the reliability diagram and the risk-coverage curve as numbers."""
    return {
        **summary(report),
        "area_under_risk_coverage": report.area,
        "reliability": [asdict(item) for item in report.bins],
        "risk_coverage": [asdict(item) for item in report.curve],
    }


def pairs(report: LabelReport) -> list[dict[str, Any]]:
    """Give the intents taken for one another, with all messages that show it."""
    return [
        {
            "intents": list(pair.labels),
            "count": len(pair.messages),
            "messages": [
                {
                    "text": item.text,
                    "expected": item.expected,
                    "predicted": item.predicted,
                    "confidence": item.confidence,
                    **place(item.where),
                }
                for item in pair.messages
            ],
        }
        for pair in confused_pairs(report)
    ]


def validation(result: CrossValidation) -> dict[str, Any]:
    """Give a cross-validation: every figure's mean and deviation, and the doubtful labels."""
    return {
        "folds": result.folds,
        "figures": {name: asdict(spread) for name, spread in result.figures.items()},
        "mislabelled": [
            {
                "text": item.text,
                "intent": item.label,
                "confidence": item.label_confidence,
                "believed": item.believed,
                "believed_confidence": item.believed_confidence,
                **place(item.where),
            }
            for item in result.suspects
        ],
    }


def place(where: Location | None) -> dict[str, Any]:
    """Give the keys that say where something stands; none where that isn't known."""
    return {"file": where.file, "line": where.line} if where is not None else {}
