"""The catalogue of `recommend:`: a table of the project -> items, with every fault in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from framework.errors import Location
from framework.project.findings import Findings
from framework.project.schema.recommend import Item, RecommendSettings
from framework.project.tables import Row, read_table

_WHAT = "the catalogue"
_LIST_MARK = ";"
"""Separates several values in one field of a CSV or TSV file."""


def read_catalogue(
    settings: RecommendSettings,
    root: Path,
    findings: Findings,
    *,
    named_at: Location | None = None,
) -> tuple[Item, ...]:
    """Read the items; whatever is wrong with them goes to the findings.

    Args:
        settings: name the file and the columns.
        root: the project's folder.
        findings: the problems so far.
        named_at: the place that names the file.
    """
    path = root / settings.catalogue
    rows = read_table(path, root, findings, what=_WHAT, columns=(settings.id,), named_at=named_at)
    if not rows:
        if path.is_file() and not findings.have_errors:
            where = Location(file=settings.catalogue)
            findings.error(
                "empty-catalogue",
                f"{_WHAT} has no items",
                where=where,
                hint="write one item per row below the header",
            )
        return ()
    _check_columns(rows, settings, findings)
    numbers = _numeric_columns(rows) | settings.numeric()
    items: dict[str, Item] = {}
    for row in rows:
        values = {
            name: _value(value, is_number=name in numbers) for name, value in row.values.items()
        }
        item = Item(id=str(row.values[settings.id]), values=values, where=row.where)
        earlier = items.setdefault(item.id, item)
        if earlier is not item:
            findings.error(
                "duplicate-item",
                f"{_WHAT} has the item {item.id!r} twice, first at {earlier.where}",
                where=row.where,
                hint="give each item an id of its own",
            )
        _check_numbers(item, settings, findings)
    return tuple(items.values())


def _check_columns(rows: Sequence[Row], settings: RecommendSettings, findings: Findings) -> None:
    present = {name for row in rows for name in row.values}
    for name in settings.columns():
        if name not in present:
            findings.error(
                "missing-column",
                f"{_WHAT} has no column {name!r}",
                where=Location(file=rows[0].where.file, line=1),
                hint=f"it has: {', '.join(sorted(present))}",
            )


def _check_numbers(item: Item, settings: RecommendSettings, findings: Findings) -> None:
    for name in sorted(settings.numeric()):
        value = item.values.get(name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not is_number:
            findings.error(
                "wrong-type",
                f"{name!r} of the item {item.id!r} is {value!r}, but must be a number",
                where=item.where,
                hint="write the number alone, without a unit",
            )


def _numeric_columns(rows: Sequence[Row]) -> frozenset[str]:
    """Name the columns whose fields are numbers in every row that has any."""
    filled: dict[str, bool] = {}
    for row in rows:
        for name, value in row.values.items():
            if value is not None:
                filled[name] = filled.get(name, True) and _number(value) is not None
    return frozenset(name for name, is_number in filled.items() if is_number)


def _value(value: Any, *, is_number: bool) -> Any:
    if is_number and isinstance(value, str):
        number = _number(value)
        return value if number is None else number
    if isinstance(value, str) and _LIST_MARK in value:
        return list(_pieces(value))
    return value


def _pieces(value: str) -> Iterator[str]:
    yield from (piece.strip() for piece in value.split(_LIST_MARK) if piece.strip())


def _number(value: Any) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    for kind in (int, float):
        try:
            number = kind(value)
        except (ValueError, OverflowError):
            continue
        if abs(number) != float("inf") and number == number:
            return value if isinstance(value, int | float) else number
    return None
