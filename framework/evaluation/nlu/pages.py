"""`NluReport` -> a page for people, in Markdown or HTML."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from framework.evaluation.nlu.charts import draw_reliability, draw_risk
from framework.evaluation.nlu.label_charts import draw_histogram, draw_matrix
from framework.evaluation.nlu.report import NluReport
from framework.evaluation.nlu.tables import Table, tables_of

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


def to_markdown(report: NluReport, pictures: Iterable[str] = ()) -> str:
    """Give the page as Markdown.

    Args:
        report: what is told.
        pictures: names of picture files beside the page.
    """
    blocks = [f"# {_TITLE}", *(_table_to_markdown(table) for table in tables_of(report))]
    shown = [f"![{name.partition('.')[0].replace('_', ' ')}]({name})" for name in pictures]
    if shown:
        blocks += ["## Pictures", *shown]
    return "\n\n".join(blocks) + "\n"


def to_html(report: NluReport) -> str:
    """Give the page as one HTML file without outside references."""
    first, *others = (_table_to_html(table) for table in tables_of(report))
    charts = (draw_reliability(report.confidence), draw_risk(report.confidence))
    body = "\n".join((first, *charts, *_label_charts(report), *others))
    return _PAGE.format(title=_TITLE, body=body)


def _label_charts(report: NluReport) -> Iterator[str]:
    for title, labels in (("Intents", report.intent), ("Responses", report.responses)):
        yield draw_histogram(labels, title)
        yield draw_matrix(labels, title)


def _table_to_markdown(table: Table) -> str:
    if not table.rows:
        return f"## {table.title}\n\nNone."
    rulers = ["---:" if column in table.figures else "---" for column in table.columns]
    lines = [table.columns, tuple(rulers), *(map(_escape_markdown, row) for row in table.rows)]
    return "\n".join([f"## {table.title}", "", *(f"| {' | '.join(line)} |" for line in lines)])


def _escape_markdown(text: str) -> str:
    plain = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#" else char for char in plain)


def _table_to_html(table: Table) -> str:
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
