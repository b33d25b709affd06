"""Training data in the Markdown of 1.x: recognised, and told what to do with it."""

from __future__ import annotations

import re

from framework.errors import Location
from framework.project.files import ProjectFiles, label
from framework.project.findings import Findings

_NLU_HEADING = re.compile(r"^##\s*(intent|synonym|regex|lookup)\s*:", re.MULTILINE)
_STORY_HEADING = re.compile(
    r"^##\s+\S.*\n(?:[^\S\n]*(?:<!--.*)?\n)*\s*\*\s*\w.*\n\s*-\s*(?:utter_|action_|slot\{|form\{)",
    re.MULTILINE,
)
_CONVERT = "convert it with Rasa 2.8: `rasa data convert {kind} -f yaml --data {file} --out data/`"
_SIGN = b"##"
"""What every such file holds: a heading."""
_READ_LIMIT = 200_000
"""Bytes of a file that are looked at."""


def report_legacy(
    files: ProjectFiles, findings: Findings, *, has_nlu: bool, has_stories: bool
) -> None:
    """Report Markdown training data.

    Where the project has YAML data of the same kind the file is taken for a leftover of the
    conversion, which Rasa 3 doesn't read either: a warning.
    """
    for path in files.markdown:
        try:
            with path.open("rb") as stream:
                beginning = stream.read(_READ_LIMIT)
        except OSError:
            continue
        if _SIGN not in beginning:  # data of other kinds, thousands at times
            continue
        text, file = beginning.decode("utf-8", errors="replace"), label(path, files.root)
        _report(findings, file, text, _NLU_HEADING, kind="nlu", is_left_over=has_nlu)
        _report(findings, file, text, _STORY_HEADING, kind="core", is_left_over=has_stories)


def _report(
    findings: Findings,
    file: str,
    text: str,
    pattern: re.Pattern[str],
    *,
    kind: str,
    is_left_over: bool,
) -> None:
    match = pattern.search(text)
    if match is None:
        return
    what = "examples" if kind == "nlu" else "stories"
    findings.add(
        "warning" if is_left_over else "error",
        "legacy-format",
        f"the file holds {what} in the Markdown format of 1.x, which is not read",
        where=Location(file=file, line=text.count("\n", 0, match.start()) + 1),
        hint="remove it, if it was converted"
        if is_left_over
        else _CONVERT.format(kind=kind, file=file),
    )
