"""Tables of the project: CSV, TSV or YAML files -> rows that know their places."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framework.errors import Location
from framework.project.files import label
from framework.project.findings import Findings
from framework.project.yaml.nodes import MappingNode, Node, SequenceNode, describe, plain
from framework.project.yaml.source import Source, read_source, read_text
from framework.registry import did_you_mean

_SEPARATORS = {".csv": ",", ".tsv": "\t"}
_YAML = (".yml", ".yaml")
LARGEST_FIELD = 1_000_000
"""Characters of one field; more is taken for a forgotten quotation mark."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a table.

    Attributes:
        values: by column; texts in CSV and TSV files, any value in YAML; empty fields are None.
        where: its place.
    """

    values: Mapping[str, Any]
    where: Location


def read_table(
    path: Path,
    root: Path,
    findings: Findings,
    *,
    what: str,
    columns: Sequence[str] = (),
    named_at: Location | None = None,
) -> tuple[Row, ...]:
    """Read a table; whatever is wrong with it goes to the findings.

    Args:
        path: the file.
        root: the project's folder, for places.
        findings: the problems so far.
        what: what the table holds, for messages ("the catalogue").
        columns: columns that it must have.
        named_at: the place that names the file.
    """
    if not path.is_file():
        is_folder = path.is_dir()
        fault = "is a folder" if is_folder else "doesn't exist"
        findings.error(
            "missing-file",
            f"{what} {label(path, root)!r} {fault}",
            where=named_at or Location(file=label(path, root)),
            hint="name a file in it" if is_folder else _near_file(path),
        )
        return ()
    if path.suffix.lower() in _YAML:
        rows = _read_yaml(path, root, findings, what=what)
    elif path.suffix.lower() in _SEPARATORS:
        rows = _read_csv(path, root, findings, what=what)
    else:
        findings.error(
            "wrong-file-type",
            f"{what} {label(path, root)!r} is of an unknown type {path.suffix!r}",
            where=named_at or Location(file=label(path, root)),
            hint="write a .csv, .tsv, .yml or .yaml file",
        )
        return ()
    return _with_columns(rows, columns, findings, what=what)


def _near_file(path: Path) -> str:
    siblings = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
    return did_you_mean(path.name, siblings) or "paths begin at the project's folder"


def _read_yaml(path: Path, root: Path, findings: Findings, *, what: str) -> list[Row]:
    source = read_source(path, file=label(path, root), findings=findings)
    if source is None:
        return []
    lists = [node for _, node in source.root.items() if isinstance(node, SequenceNode)]
    if len(lists) != 1 or not lists[0].items:
        findings.error(
            "wrong-type",
            f"{what} must have one key with the list of its rows below",
            where=source.where(source.root),
            hint="begin with `rows:`, and each row with `- `",
        )
        return []
    items = lists[0]
    rows = (_yaml_row(source, item, findings, what=what) for item in items.items)
    return [row for row in rows if row is not None]


def _yaml_row(source: Source, item: Node, findings: Findings, *, what: str) -> Row | None:
    if not isinstance(item, MappingNode):
        message = f"each row of {what} must be a mapping, not {describe(item)}"
        hint = "write the columns of a row as `key: value` lines"
        findings.error("wrong-type", message, where=source.where(item), hint=hint)
        return None
    return Row(values=plain(item), where=source.where(item))


def _read_csv(path: Path, root: Path, findings: Findings, *, what: str) -> list[Row]:
    file = label(path, root)
    text = read_text(path, file=file, findings=findings)
    if text is None:
        return []
    csv.field_size_limit(LARGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_SEPARATORS[path.suffix.lower()])
    rows: list[Row] = []
    line = 1
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header, findings, where=Location(file=file, line=1), what=what)
        line = reader.line_num + 1
        for fields in reader:
            where = Location(file=file, line=line)
            line = reader.line_num + 1
            if any(field.strip() for field in fields):
                rows.append(_csv_row(header, fields, findings, where=where, what=what))
    except csv.Error as error:
        message = f"{what} can't be read from here: {error}"
        findings.error(
            "unreadable",
            message,
            where=Location(file=file, line=line),
            hint="close the quotes, or double those that are meant literally",
        )
    return rows


def _check_header(header: list[str], findings: Findings, *, where: Location, what: str) -> None:
    if not header:
        findings.error("empty-file", f"{what} is empty", where=where, hint="begin with a header")
    for name in sorted({name for name in header if header.count(name) > 1}):
        message = f"the header of {what} has the column {name!r} twice"
        hint = "rename or remove one of them"
        findings.error("duplicate-column", message, where=where, hint=hint)


def _csv_row(
    header: list[str], fields: list[str], findings: Findings, *, where: Location, what: str
) -> Row:
    if len(fields) != len(header):
        findings.error(
            "wrong-columns",
            f"a row of {what} has {len(fields)} fields, the header {len(header)}",
            where=where,
            hint="put fields with a separator in them in quotes",
        )
    values = {name: field.strip() or None for name, field in zip(header, fields, strict=False)}
    return Row(values=values, where=where)


def _with_columns(
    rows: list[Row], columns: Sequence[str], findings: Findings, *, what: str
) -> tuple[Row, ...]:
    """Report columns that no row has, and rows that lack one; give the rows that have all."""
    present = {name for row in rows for name in row.values}
    for name in columns if rows else ():
        if name not in present:
            findings.error(
                "missing-column",
                f"{what} has no column {name!r}",
                where=Location(file=rows[0].where.file, line=1),
                hint=did_you_mean(name, present) or f"it has: {', '.join(sorted(present))}",
            )
    kept = []
    for row in rows:
        empty = [n for n in columns if n in present and row.values.get(n) in (None, "")]
        for name in empty:
            findings.error(
                "missing-value",
                f"a row of {what} has no {name!r}",
                where=row.where,
                hint="fill it in, or remove the row",
            )
        if not empty and all(name in present for name in columns):
            kept.append(row)
    return tuple(kept)
