"""What libyaml says about a broken file, told as a problem with a place and a hint."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from framework.errors import Location
from framework.project.findings import Findings

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line in YAML."""

_CONFLICT = re.compile("<(?=<{6} )")
_CONFLICT_MESSAGE = "a merge conflict begins here, which nobody has resolved"
_CONFLICT_HINT = "keep one side, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>"
_ODD_INDENT = re.compile("[ -]*[\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]")
_INDENT_MESSAGE = "the invisible character U+{code} stands where YAML takes only spaces"
_INDENT_HINT = "replace it by a space"
_WIDE_COLON = re.compile("[ -]*[a-z_]+\uff1a")
_COLON_MESSAGE = "the full-width colon U+{code} stands where YAML takes `:`"
_COLON_HINT = "replace it by `: `, a colon and a space"


def report_broken(error: YAMLError, *, text: str, file: str, findings: Findings) -> None:
    """Report why a text is not YAML."""
    mark = _telling_mark(error)
    if mark is None:
        _report_character(error, text=text, file=file, findings=findings)
        return
    lines = LINE_BREAK.split(text)
    if _report_cause(lines, mark.line, file=file, findings=findings):
        return
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


def _report_cause(lines: list[str], line: int, *, file: str, findings: Findings) -> bool:
    """Report what broke the file, where that can be told better than by the parser's complaint.

    Args:
        lines: of the file.
        line: 0-based number of the one that the parser complains about.
        file: its name in messages.
        findings: takes the problem.

    Returns:
        whether such a cause was found.
    """
    for id, pattern, message, hint, looked_at in (
        ("merge-conflict", _CONFLICT, _CONFLICT_MESSAGE, _CONFLICT_HINT, range(len(lines))),
        ("yaml-character", _ODD_INDENT, _INDENT_MESSAGE, _INDENT_HINT, (line - 1, line)),
        ("yaml-character", _WIDE_COLON, _COLON_MESSAGE, _COLON_HINT, (line - 1, line)),
    ):
        for number in looked_at:
            found = pattern.match(lines[number]) if 0 <= number < len(lines) else None
            if found is not None:
                what = message.format(code=f"{ord(found[0][-1]):04X}")
                where = Location(file=file, line=number + 1, column=found.end())
                findings.error(id, what, where=where, hint=hint)
                return True
    return False


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
