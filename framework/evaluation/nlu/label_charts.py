"""Labels as charts in SVG: which are taken for which, and how sure right and wrong answers were."""

from __future__ import annotations

import html
from collections import Counter

from framework.evaluation.nlu.report import LabelReport

_CELL, _MARGIN, _CHARACTER = 18, 8, 6.2
_LONGEST_NAME, _MOST_LABELS = 28, 60
_BINS, _BAR, _HEIGHT = 20, 16, 200
_RIGHT, _WRONG = "#2670e9", "#d8402c"
_FIGURE = (
    '<figure style="margin:1rem 0;overflow-x:auto">\n'
    '<svg role="img" aria-label="{title}" width="{width:.0f}" height="{height:.0f}" '
    'font-family="system-ui, sans-serif" font-size="11" fill="currentColor">\n{body}\n</svg>\n'
    "<figcaption>{caption}</figcaption>\n</figure>"
)


def draw_matrix(report: LabelReport, title: str) -> str:
    """Give the confusion matrix: expected labels in rows, predicted ones in columns.

    Of more than sixty labels those with the most mistakes are shown. Empty without any message.
    """
    if not report.total:
        return ""
    labels = _labels(report)
    counts = Counter((item.expected, item.predicted) for item in report.judgements)
    rows = Counter(item.expected for item in report.judgements)
    edge = _MARGIN + _CHARACTER * max(len(_shortened(label)) for label in labels)
    body = [_names(labels, edge)]
    for row, expected in enumerate(labels):
        for column, predicted in enumerate(labels):
            count = counts[expected, predicted]
            if count:
                place = edge + _CELL * column, edge + _CELL * row
                hint = f"{expected} as {predicted}: {count}"
                is_right = expected == predicted
                body.append(_cell(*place, count, count / rows[expected], hint, is_right=is_right))
    side = edge + _CELL * len(labels) + _MARGIN
    left_out = len(report.by_label) - len(labels)
    caption = f"{title}: rows are expected, columns predicted"
    if left_out:
        caption += f"; {left_out} labels with fewer mistakes are left out"
    return _FIGURE.format(
        title=title, width=side, height=side, body="\n".join(body), caption=caption
    )


def draw_histogram(report: LabelReport, title: str) -> str:
    """Give how many messages were right, and how many wrong, at each confidence."""
    if not report.total:
        return ""
    right, wrong = Counter[int](), Counter[int]()
    for item in report.judgements:
        place = min(int(item.confidence * _BINS), _BINS - 1)
        (right if item.is_right else wrong)[place] += 1
    highest = max((right + wrong).values())
    left, low = 40, _MARGIN + _HEIGHT
    body = []
    for place in range(_BINS):
        base = float(low)
        for count, colour, word in (
            (right[place], _RIGHT, "right"),
            (wrong[place], _WRONG, "wrong"),
        ):
            height = _HEIGHT * count / highest
            base -= height
            if count:
                body.append(
                    f'<rect x="{left + _BAR * place}" y="{base:.1f}" width="{_BAR - 2}" '
                    f'height="{height:.1f}" fill="{colour}"><title>{count} {word} from '
                    f"{place / _BINS:g} to {(place + 1) / _BINS:g}</title></rect>"
                )
    body += [
        f'<text x="{left + _BAR * place}" y="{low + 14}" text-anchor="middle">{place / _BINS:g}'
        "</text>"
        for place in range(0, _BINS + 1, 5)
    ]
    body.append(f'<text x="{left - 6}" y="{_MARGIN + 8}" text-anchor="end">{highest}</text>')
    caption = (
        f"{title}: messages by confidence; "
        f'<span style="color:{_RIGHT}">right</span>, <span style="color:{_WRONG}">wrong</span>'
    )
    width, height = left + _BAR * _BINS + 2 * _MARGIN, low + 20
    return _FIGURE.format(
        title=title, width=width, height=height, body="\n".join(body), caption=caption
    )


def _labels(report: LabelReport) -> list[str]:
    """Give the labels that are shown, in their order."""
    known = list(report.by_label)
    if len(known) <= _MOST_LABELS:
        return known
    wrong = Counter(label for item in report.errors for label in (item.expected, item.predicted))
    shown = {label for label, _ in wrong.most_common(_MOST_LABELS)}
    return [label for label in known if label in shown] or known[:_MOST_LABELS]


def _names(labels: list[str], edge: float) -> str:
    drawn = []
    for place, label in enumerate(labels):
        middle = edge + _CELL * place + _CELL / 2
        name = html.escape(_shortened(label))
        drawn.append(
            f'<text x="{edge - 4:.1f}" y="{middle + 4:.1f}" text-anchor="end">{name}</text>'
        )
        turned = f"translate({middle + 4:.1f} {edge - 4:.1f}) rotate(-90)"
        drawn.append(f'<text transform="{turned}">{name}</text>')
    return "\n".join(drawn)


def _cell(x: float, y: float, count: int, share: float, hint: str, *, is_right: bool) -> str:
    colour = _RIGHT if is_right else _WRONG
    return (
        f'<g><title>{html.escape(hint)}</title><rect x="{x:.1f}" y="{y:.1f}" width="{_CELL - 1}" '
        f'height="{_CELL - 1}" fill="{colour}" fill-opacity="{0.15 + 0.55 * share:.2f}"/>'
        f'<text x="{x + _CELL / 2:.1f}" y="{y + _CELL / 2 + 4:.1f}" text-anchor="middle" '
        f'font-size="9">{count}</text></g>'
    )


def _shortened(label: str) -> str:
    return label if len(label) <= _LONGEST_NAME else f"{label[: _LONGEST_NAME - 1]}…"
