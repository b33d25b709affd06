"""Confidences as charts in SVG, for pages that refer to nothing outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from framework.evaluation.nlu.confidence import ConfidenceReport

_SIDE, _LEFT, _BOTTOM, _TOP = 260, 54, 36, 8
_MOST_POINTS = 400
_FIGURE = (
    '<figure style="display:inline-block;margin:0 1.5rem 1rem 0">\n'
    '<svg role="img" aria-label="{title}" width="{width}" height="{height}" '
    'font-family="system-ui, sans-serif" font-size="11" fill="currentColor">\n{body}\n</svg>\n'
    "<figcaption>{title}</figcaption>\n</figure>"
)


def draw_reliability(report: ConfidenceReport) -> str:
    """Give the reliability diagram: right answers by confidence; the line is what should be."""
    bars = [
        f'<rect x="{_x(item.low):.1f}" y="{_y(item.accuracy):.1f}" '
        f'width="{_SIDE * (item.high - item.low) - 2:.1f}" '
        f'height="{_SIDE * item.accuracy:.1f}" fill="#2670e9" fill-opacity=".6">'
        f"<title>{item.count} messages, confidence {item.confidence:.2f}, "
        f"{item.accuracy:.2f} right</title></rect>"
        for item in report.bins
    ]
    ideal = _line([(0.0, 0.0), (1.0, 1.0)], colour="currentColor", dashes="4 3")
    return _figure("Reliability", "confidence", "right", [*bars, ideal], highest=1.0)


def draw_risk(report: ConfidenceReport) -> str:
    """Give the risk-coverage curve: wrong answers by the share of messages acted on."""
    if not report.curve:
        return ""
    highest = max(0.05, *(point.risk for point in report.curve))
    step = -(-len(report.curve) // _MOST_POINTS)
    chosen = [*report.curve[::step], report.curve[-1]]
    drawn = [_line([(p.coverage, p.risk / highest) for p in chosen], colour="#2670e9")]
    if report.suggestion is not None:
        point = report.suggestion
        drawn.append(
            f'<circle cx="{_x(point.coverage):.1f}" cy="{_y(point.risk / highest):.1f}" r="4" '
            f'fill="#f08214"><title>threshold {point.threshold:.3f}</title></circle>'
        )
    return _figure("Risk and coverage", "messages acted on", "wrong", drawn, highest=highest)


def _figure(title: str, across: str, up: str, body: Iterable[str], *, highest: float) -> str:
    right, low = _LEFT + _SIDE, _TOP + _SIDE
    frame = (
        f'<path d="M{_LEFT} {_TOP}V{low}H{right}" fill="none" stroke="currentColor" '
        'stroke-opacity=".5"/>'
    )
    ticks = [
        f'<text x="{_x(share):.1f}" y="{low + 14}" text-anchor="middle">{share:g}</text>'
        f'<text x="{_LEFT - 6}" y="{_y(share) + 4:.1f}" text-anchor="end">'
        f"{share * highest:.2g}</text>"
        for share in (0.0, 0.5, 1.0)
    ]
    names = (
        f'<text x="{_LEFT + _SIDE / 2}" y="{low + 30}" text-anchor="middle">{across}</text>'
        f'<text transform="translate(12 {_TOP + _SIDE / 2}) rotate(-90)" text-anchor="middle">'
        f"{up}</text>"
    )
    return _FIGURE.format(
        title=title,
        width=right + 12,
        height=low + _BOTTOM,
        body="\n".join([*body, frame, *ticks, names]),
    )


def _line(points: Sequence[tuple[float, float]], *, colour: str, dashes: str = "") -> str:
    listed = " ".join(f"{_x(across):.1f},{_y(up):.1f}" for across, up in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{listed}" fill="none" stroke="{colour}" stroke-width="1.5"{dashed}/>'


def _x(share: float) -> float:
    return _LEFT + _SIDE * share


def _y(share: float) -> float:
    return _TOP + _SIDE * (1 - share)
