"""What can be known of the bot's own Python without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import decode_source
from pathlib import Path

from framework.errors import Location
from framework.project.files import label, unreadable, walk
from framework.project.findings import Findings
from framework.project.schema.domain import is_response_name
from framework.project.yaml.source import read_bytes

CODE_PLACES = ("actions", "actions.py")
_SUFFIXES = (".py",)


@dataclass(frozen=True, kw_only=True)
class Outline:
    """The bot's own code at a glance.

    Attributes:
        text: of all files, to look for names in.
        names: names that its classes give themselves (`name = "…"`, or a method `name`).
        said: names of responses that it says, with their places.
        exists: whether there is any code.
    """

    text: str = ""
    names: frozenset[str] = frozenset()
    said: tuple[tuple[str, Location], ...] = ()
    exists: bool = False


def outline(root: Path, findings: Findings) -> Outline:
    """Look through `actions/` or `actions.py` of a project; what can't be parsed is reported."""
    report = unreadable(root, findings)
    paths = [path for place in CODE_PLACES for path in walk(root / place, _SUFFIXES, report)]
    texts: list[str] = []
    names: set[str] = set()
    said: list[tuple[str, Location]] = []
    for path in paths:
        file = label(path, root)
        data = read_bytes(path, file=file, findings=findings)
        text = None if data is None else _decode(data, file, findings)
        if text is None:
            continue
        texts.append(text)
        tree = _parse(text, file, findings)
        if tree is not None:
            names.update(_names(tree))
            said += _said(tree, file)
    return Outline(
        text="\n".join(texts), names=frozenset(names), said=tuple(said), exists=bool(texts)
    )


def imports(text: str, package: str) -> bool:
    """Whether a module's text imports a package."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return package in _imported(ast.walk(tree))


def _imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".", 1)[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".", 1)[0]


def _decode(data: bytes, file: str, findings: Findings) -> str | None:
    """Give the text of a module, in the encoding that it declares."""
    try:
        return decode_source(data)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        _report_broken(error, file, findings)
        return None


def _parse(text: str, file: str, findings: Findings) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        _report_broken(error, file, findings)
        return None


def _report_broken(error: Exception, file: str, findings: Findings) -> None:
    line = getattr(error, "lineno", None) or 0
    column = getattr(error, "offset", None) or 0
    reason = error.msg if isinstance(error, SyntaxError) else str(error)
    findings.warning(
        "broken-code",
        f"the file is not valid Python: {reason}",
        where=Location(file=file, line=line, column=column if line else 0),
        hint="its actions can't run until it is mended",
    )


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                yield from _own_name(statement)


def _said(tree: ast.Module, file: str) -> Iterator[tuple[str, Location]]:
    """Give the responses named in `ctx.say("utter_…")` and `utter_message(response="utter_…")`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr == "say":
            given: list[ast.expr] = node.args[:1]
        elif node.func.attr == "utter_message":
            given = [one.value for one in node.keywords if one.arg in ("response", "template")]
        else:
            continue
        for one in given:
            if isinstance(one, ast.Constant) and is_response_name(one.value):
                where = Location(file=file, line=one.lineno, column=one.col_offset + 1)
                yield one.value, where


def _own_name(statement: ast.stmt) -> Iterator[str]:
    """Give the text that a class sets as its `name`, or that its method `name` returns."""
    values: list[ast.expr | None] = []
    if isinstance(statement, ast.Assign):
        if any(
            isinstance(target, ast.Name) and target.id == "name" for target in statement.targets
        ):
            values = [statement.value]
    elif isinstance(statement, ast.AnnAssign):
        if isinstance(statement.target, ast.Name) and statement.target.id == "name":
            values = [statement.value]
    elif isinstance(statement, ast.FunctionDef) and statement.name == "name":
        values = [one.value for one in ast.walk(statement) if isinstance(one, ast.Return)]
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value
