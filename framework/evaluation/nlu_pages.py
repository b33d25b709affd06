"""`NluReport` -> a page for people, in Markdown or HTML."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from framework.errors import Location
from framework.evaluation.nlu import EntityMistake, LabelReport, NluReport, Span
from framework.nlu.metrics import Scores

_SHOWN_CONFUSIONS = 20

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem }}
table {{ border-collapse: collapse; margin: 1rem 0 }}
td, th {{ border-bottom: 1px solid #8884; padding: .2rem .8rem; text-align: left }}
td.number, th.number {{ text-align: right; font-variant-numeric: tabular-nums }}
</style>
<h1>{title}</h1>
{body}
</html>
"""
_TITLE = "Understanding"


@dataclass(frozen=True, kw_only=True)
class _Table:
    """A heading and rows under column names; columns of figures stand to the right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[str] = frozenset()


def to_markdown(report: NluReport) -> str:
    """Give the page as Markdown."""
    blocks = [f"# {_TITLE}", *(_table_to_markdown(table) for table in _tables(report))]
    return "\n\n".join(blocks) + "\n"


def to_html(report: NluReport) -> str:
    """Give the page as one HTML file without outside references."""
    body = "\n".join(_table_to_html(table) for table in _tables(report))
    return _PAGE.format(title=_TITLE, body=body)


def _tables(report: NluReport) -> Iterable[_Table]:
    yield _summary(report)
    yield _labels("Intents", report.intent.by_label)
    yield from _mistakes("intents", report.intent)
    yield _labels("Entities", report.entities.by_label)
    if report.entities.errors:
        yield _entity_mistakes(report.entities.errors)
    if report.responses.total:
        yield _labels("Responses", report.responses.by_label)
        yield from _mistakes("responses", report.responses)


def _summary(report: NluReport) -> _Table:
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
    ]
    if report.responses.total:
        rows.append(("response accuracy", _percent(report.responses.accuracy)))
    return _Table(
        title="Summary",
        columns=("figure", "value"),
        rows=tuple(rows),
        figures=frozenset({"value"}),
    )


def _labels(title: str, by_label: Mapping[str, Scores]) -> _Table:
    return _Table(
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


def _mistakes(what: str, report: LabelReport) -> Iterable[_Table]:
    if not report.errors:
        return
    yield _Table(
        title=f"Most confused {what}",
        columns=("expected", "predicted", "times"),
        rows=tuple(
            (item.expected, item.predicted, str(item.count))
            for item in report.confusions[:_SHOWN_CONFUSIONS]
        ),
        figures=frozenset({"times"}),
    )
    yield _Table(
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


def _entity_mistakes(errors: Sequence[EntityMistake]) -> _Table:
    return _Table(
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


def _table_to_markdown(table: _Table) -> str:
    if not table.rows:
        return f"## {table.title}\n\nNone."
    rulers = ["---:" if column in table.figures else "---" for column in table.columns]
    lines = [table.columns, tuple(rulers), *(map(_escape_markdown, row) for row in table.rows)]
    return "\n".join([f"## {table.title}", "", *(f"| {' | '.join(line)} |" for line in lines)])


def _escape_markdown(text: str) -> str:
    plain = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#" else char for char in plain)


def _table_to_html(table: _Table) -> str:
    if not table.rows:
        return f"<h2>{table.title}</h2>\n<p>None.</p>"
    classes = [' class="number"' if name in table.figures else "" for name in table.columns]
    head = "".join(f"<th{c}>{name}</th>" for c, name in zip(classes, table.columns, strict=True))
    rows = [
        "".join(f"<td{c}>{html.escape(cell)}</td>" for c, cell in zip(classes, row, strict=True))
        for row in table.rows
    ]
    lines = "\n".join(f"<tr>{row}</tr>" for row in (head, *rows))
    return f"<h2>{table.title}</h2>\n<table>\n{lines}\n</table>"
