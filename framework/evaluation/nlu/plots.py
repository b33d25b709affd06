"""`NluReport` -> pictures: which labels are confused, and how sure right and wrong answers were."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framework import registry
from framework.evaluation.nlu.confidence import ConfidenceReport
from framework.evaluation.nlu.report import LabelReport, NluReport

logger = logging.getLogger(__name__)

_FIGURE = "matplotlib.figure:Figure"
_INCHES_PER_LABEL, _SMALLEST, _LARGEST = 0.3, 5.0, 40.0
_BINS = 20
_MOST_NUMBERED = 60
"""Labels up to which each cell of a matrix shows its count."""


def draw(report: NluReport, folder: Path) -> tuple[Path, ...]:
    """Write the pictures as PNG and give their paths; none where matplotlib isn't installed."""
    try:
        new_figure = registry.load_object(_FIGURE)
    except ImportError:
        logger.info("pictures are left out: pip install 'frame-dialogue[plots]'")
        return ()
    paths = []
    for stem, labels in (("intent", report.intent), ("response_selection", report.responses)):
        if labels.total:
            figures = {
                f"{stem}_confusion_matrix.png": _draw_matrix(labels, new_figure),
                f"{stem}_histogram.png": _draw_histogram(labels, new_figure),
            }
            for name, figure in figures.items():
                _save(figure, folder / name)
                paths.append(folder / name)
    if report.confidence.curve:
        figures = {
            "intent_reliability.png": _draw_reliability(report.confidence, new_figure),
            "intent_risk_coverage.png": _draw_risk(report.confidence, new_figure),
        }
        for name, figure in figures.items():
            _save(figure, folder / name)
            paths.append(folder / name)
    return tuple(paths)


def confusion_matrix(report: LabelReport) -> tuple[list[str], NDArray[np.int64]]:
    """Give the labels and how often each (row) was predicted as each (column)."""
    labels = list(report.by_label)
    place = {label: index for index, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=np.int64)
    for item in report.judgements:
        counts[place[item.expected], place[item.predicted]] += 1
    return labels, counts


def _draw_matrix(report: LabelReport, new_figure: Any) -> Any:
    labels, counts = confusion_matrix(report)
    inches = float(np.clip(2 + _INCHES_PER_LABEL * len(labels), _SMALLEST, _LARGEST))
    figure = new_figure(figsize=(inches, inches), layout="constrained")
    axes = figure.add_subplot()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, rotation=90, parse_math=False)
    axes.set_yticks(range(len(labels)), labels, parse_math=False)
    axes.set_xlabel("predicted")
    axes.set_ylabel("expected")
    if len(labels) <= _MOST_NUMBERED:
        for row, column in np.argwhere(counts):
            color = "white" if shares[row, column] > 0.5 else "black"
            axes.text(
                column,
                row,
                str(counts[row, column]),
                ha="center",
                va="center",
                color=color,
                fontsize=7,
            )
    return figure


def _draw_histogram(report: LabelReport, new_figure: Any) -> Any:
    figure = new_figure(figsize=(8, 5), layout="constrained")
    axes = figure.add_subplot()
    right = [item.confidence for item in report.judgements if item.is_right]
    wrong = [item.confidence for item in report.errors]
    axes.hist(
        [right, wrong],
        bins=np.linspace(0, 1, _BINS + 1),
        stacked=True,
        label=["right", "wrong"],
        color=["tab:blue", "tab:red"],
    )
    axes.set_xlabel("confidence")
    axes.set_ylabel("messages")
    axes.legend()
    return figure


def _draw_reliability(report: ConfidenceReport, new_figure: Any) -> Any:
    figure = new_figure(figsize=(5, 5), layout="constrained")
    axes = figure.add_subplot()
    axes.bar(
        [item.low for item in report.bins],
        [item.accuracy for item in report.bins],
        width=[item.high - item.low for item in report.bins],
        align="edge",
        edgecolor="white",
        label="found",
    )
    axes.plot([0, 1], [0, 1], color="black", linestyle="--", label="as it should be")
    axes.set_xlabel("confidence")
    axes.set_ylabel("share of right intents")
    axes.legend()
    return figure


def _draw_risk(report: ConfidenceReport, new_figure: Any) -> Any:
    figure = new_figure(figsize=(5, 5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([point.coverage for point in report.curve], [point.risk for point in report.curve])
    point = report.suggestion
    if point is not None:
        axes.plot(point.coverage, point.risk, "o", label=f"threshold {point.threshold:.3f}")
        axes.legend()
    axes.set_xlim(0, 1)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("share of messages acted on")
    axes.set_ylabel("share of wrong intents among those")
    return figure


def _save(figure: Any, path: Path) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        figure.savefig(path, dpi=100)
