"""What libyaml says about a broken file, told as a problem with a place and a hint."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from framework.errors import Location
from framework.project.findings import Findings

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line in YAML."""


def report_broken(error: YAMLError, *, text: str, file: str, findings: Findings) -> None:
    """Report why a text is not YAML."""
    mark = _telling_mark(error)
    if mark is None:
        _report_character(error, text=text, file=file, findings=findings)
        return
    lines = LINE_BREAK.split(text)
    where = Location(file=file, line=mark.line + 1, column=mark.column + 1)
    here = lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""
    if here == "\t":
        findings.error(
            "yaml-tab",
            "a tab stands where YAML takes only spaces",
            where=where,
            hint="replace the tab by spaces",
        )
        return
    said = (getattr(error, "context", None), getattr(error, "problem", None))
    problem = " ".join(part for part in said if part)
    findings.error(
        "yaml-syntax", f"broken YAML: {problem}", where=where, hint=_syntax_hint(problem, here)
    )


def _telling_mark(error: YAMLError) -> Any:
    """Give the mark that helps most: where the construct began, if it was never closed."""
    if not isinstance(error, MarkedYAMLError):
        return None
    context = error.context or ""
    never_closed = any(word in context for word in ("quoted scalar", "flow", "simple key"))
    if error.context_mark is not None and never_closed and "escape" not in (error.problem or ""):
        return error.context_mark
    return error.problem_mark or error.context_mark


_SYNTAX_HINTS = (
    ("mapping values are not allowed", "put a text that holds `: ` in quotes, or mend the indent"),
    ("did not find expected key", "mend the indent, or close the quotes of the line above"),
    ("did not find expected '-' indicator", "mend the indent: list items align"),
    ("flow", "close the bracket, or put the text in quotes"),
    ("quoted scalar", "close the quotes, or double a backslash meant literally"),
    ("block scalar", "indent the lines below `|` by spaces, all the same"),
    ("could not find expected ':'", "end the key with a colon, or mend the indent"),
    ("unfold", "write the values out where they are needed, instead of aliases of aliases"),
    ("alias", "put a text that starts with * or & in quotes"),
    ("levels deep", "no key of a project is that deep: mend the indent, or close the brackets"),
    ("document start", "begin each line of the top level with a key and a colon"),
    ("block mapping", "mend the indent: the keys of a mapping align"),
    ("directive", "remove the line that begins with %"),
    ("anchor", "put a text that starts with * or & in quotes"),
)


_ANY_SYNTAX = "check indent, colons, brackets and quotes here and in the line above"


def _syntax_hint(problem: str, here: str) -> str:
    if here in ("@", "`", "%"):
        return f"put a text that starts with {here} in quotes"
    return next((hint for part, hint in _SYNTAX_HINTS if part in problem), _ANY_SYNTAX)


def _report_character(error: YAMLError, *, text: str, file: str, findings: Findings) -> None:
    """Report a character that YAML doesn't allow anywhere; the parser tells only its offset."""
    bad = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]", text)
    if bad is None:
        findings.error(
            "yaml-syntax", f"broken YAML: {error}", where=Location(file=file), hint=_ANY_SYNTAX
        )
        return
    before = LINE_BREAK.split(text[: bad.start()])
    findings.error(
        "yaml-character",
        f"the character U+{ord(bad[0]):04X} is not allowed in YAML",
        where=Location(file=file, line=len(before), column=len(before[-1]) + 1),
        hint="remove the invisible character",
    )
