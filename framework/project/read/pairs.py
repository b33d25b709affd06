"""Files of questions and answers: tables, JSON lines, conversations and NLU data in YAML."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from framework.errors import Location
from framework.project.files import YAML_SUFFIXES, label, unreadable, walk
from framework.project.findings import Findings
from framework.project.read.domain import DomainCollector, read_domain
from framework.project.read.nlu import NluCollector, read_nlu
from framework.project.reader import Reader
from framework.project.schema.domain import RESPONSE_PREFIX
from framework.project.schema.pairs import Pair
from framework.project.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from framework.project.yaml.source import read_source, read_text
from framework.project.yaml.strict_json import read_strictly

TABLE_SUFFIXES = (".tsv", ".csv", ".jsonl")
"""Suffixes of pair files that are not YAML."""

SUFFIXES = (*TABLE_SUFFIXES, *YAML_SUFFIXES)

_KEYS = ("pairs", "conversations", "nlu", "responses")
_MOST_REPORTED = 20
_COLUMNS = ("question", "answer")
_HINTS = {
    ".tsv": "write the question, a tab, and the answer",
    ".csv": "write the question, a comma, and the answer; quote what has commas in it",
}


@dataclass
class _Found:
    """What the files gave so far; NLU data and responses are joined when all are read."""

    root: Path
    findings: Findings
    pairs: list[Pair] = field(default_factory=list)
    nlu: NluCollector = field(default_factory=NluCollector)
    domain: DomainCollector = field(default_factory=DomainCollector)


def read_pairs(
    paths: Sequence[str | Path], root: Path, findings: Findings, *, where: Location | None = None
) -> tuple[Pair, ...]:
    """Read files and folders of pairs, going on after every problem.

    Args:
        paths: files or folders, relative to the project or not.
        root: the project's folder.
        findings: takes the problems.
        where: who names the paths, for those that don't exist.
    """
    found = _Found(root, findings)
    for name in paths:
        place = root / name
        if not place.exists():
            findings.error(
                "missing-file",
                f"the questions and answers are to be read from {str(name)!r}, which doesn't exist",
                where=where,
                hint="give the path relative to the project's folder",
            )
            continue
        files = list(walk(place, SUFFIXES, unreadable(root, findings)))
        if not files:
            findings.error(
                "no-pairs",
                f"{str(name)!r} is no file of questions and answers"
                if place.is_file()
                else f"the folder {str(name)!r} has no file of questions and answers",
                where=where,
                hint=f"such files end in {', '.join(SUFFIXES)}",
            )
        for file in files:
            _read_file(file, found)
    found.pairs += _answered(found)
    return tuple(found.pairs)


def _read_file(path: Path, found: _Found) -> None:
    before = (len(found.pairs), len(found.nlu.examples), len(found.domain.responses))
    errors = found.findings.count_errors()
    if path.suffix.lower() in YAML_SUFFIXES:
        _read_yaml(path, found)
    else:
        _read_table(path, found)
    after = (len(found.pairs), len(found.nlu.examples), len(found.domain.responses))
    if after == before and found.findings.count_errors() == errors:
        found.findings.error(
            "no-pairs",
            "the file has no questions and answers",
            where=Location(file=label(path, found.root)),
            hint=_HINTS.get(path.suffix.lower(), f"known keys: {', '.join(_KEYS)}"),
        )


def _read_table(path: Path, found: _Found) -> None:
    """Read a table line by line; of many faulty lines the first ones are reported."""
    file = label(path, found.root)
    text = read_text(path, file=file, findings=found.findings)
    if text is None:
        return
    suffix = path.suffix.lower()
    rows = _json_rows(text) if suffix == ".jsonl" else _rows(text, is_quoted=suffix == ".csv")
    faults: list[tuple[int, str]] = []
    for line, row in rows:
        where = Location(file=file, line=line)
        question, answer = (cell.strip() for cell in (*row, "", "")[:2])
        if isinstance(row, _Fault):
            faults.append((line, row.reason))
        elif len(row) < len(_COLUMNS):
            faults.append((line, "the line has a question alone, no answer"))
        elif not question or not answer:
            faults.append((line, f"the {'answer' if question else 'question'} is empty"))
        else:
            found.pairs.append(Pair(question=question, answer=answer, where=where))
    hint = _HINTS.get(suffix, '{"question": "…", "answer": "…"}')
    for line, reason in faults[:_MOST_REPORTED]:
        found.findings.error("bad-pair", reason, where=Location(file=file, line=line), hint=hint)
    if len(faults) > _MOST_REPORTED:
        found.findings.error(
            "bad-pair",
            f"{len(faults) - _MOST_REPORTED} more lines of the file can't be read",
            where=Location(file=file, line=faults[_MOST_REPORTED][0]),
            hint=hint,
        )


class _Fault(tuple[str, ...]):
    """A line that can't be read."""

    reason: str

    @classmethod
    def of(cls, reason: str) -> _Fault:
        """Say why."""
        fault = cls()
        fault.reason = reason
        return fault


def _rows(text: str, *, is_quoted: bool) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give lines cut into cells; a heading says which columns count."""
    columns: tuple[int, ...] = (0, 1)
    width = len(columns)
    is_first = True
    for line, cells in _csv_cells(text) if is_quoted else _tab_cells(text):
        if not any(cell.strip() for cell in cells):
            continue
        names = [cell.strip().casefold() for cell in cells]
        if is_first and all(column in names for column in _COLUMNS):
            columns, width = tuple(names.index(column) for column in _COLUMNS), len(names)
        elif any(cell.strip() for cell in cells[width:]):
            yield line, _Fault.of(f"the line has {len(cells)} fields, expected {width}")
        else:
            yield line, tuple(cells[place] for place in columns if place < len(cells))
        is_first = False


def _tab_cells(text: str) -> Iterator[tuple[int, list[str]]]:
    for line, content in enumerate(text.split("\n"), start=1):
        yield line, content.rstrip("\r").split("\t")


def _csv_cells(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    line = 1
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1


def _json_rows(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    for line, content in enumerate(text.split("\n"), start=1):
        if not content.strip():
            continue
        try:
            value = read_strictly(content)
        except ValueError as error:
            yield line, _Fault.of(f"the line is not JSON: {error}")
            continue
        cells = [value.get(name) if isinstance(value, dict) else None for name in _COLUMNS]
        if all(isinstance(cell, str) for cell in cells):
            yield line, tuple(str(cell) for cell in cells)
        else:
            yield line, _Fault.of("the line has no texts under `question` and `answer`")


def _read_yaml(path: Path, found: _Found) -> None:
    source = read_source(path, file=label(path, found.root), findings=found.findings)
    if source is None:
        return
    reader = Reader(source, found.findings, root=found.root)
    found.pairs += listed_pairs(reader)
    read_nlu(reader, source.root.get("nlu"), found.nlu)
    found.nlu.report_bare(found.findings, severity="warning")
    if "responses" in source.root:
        read_domain(reader, source.root, found.domain, is_legacy=False)


def listed_pairs(reader: Reader) -> Iterator[Pair]:
    """Give what stands under `pairs:` and `conversations:` of a YAML file."""
    top = reader.source.root
    for item in reader.sequence(top.get("pairs"), "`pairs:`"):
        yield from _pair(reader, item)
    for item in reader.sequence(top.get("conversations"), "`conversations:`"):
        yield from _conversation(reader, item)


def _pair(reader: Reader, item: Node) -> Iterator[Pair]:
    if isinstance(item, SequenceNode) and len(item.items) == len(_COLUMNS):
        nodes: list[Node | None] = list(item.items)
    elif isinstance(item, MappingNode):
        reader.check_keys(item, _COLUMNS, "a pair")
        nodes = [item.get(name) for name in _COLUMNS]
    else:
        nodes = [None, None]
    texts = [_said(node) for node in nodes]
    if all(texts):
        yield Pair(question=texts[0], answer=texts[1], where=reader.where(item))
    else:
        hint = "write `- question: …` and below it `  answer: …`"
        reader.error("bad-pair", "a pair has a question and an answer", item, hint=hint)


def _conversation(reader: Reader, item: Node) -> Iterator[Pair]:
    """Give each turn as the answer to the one before it."""
    turns = reader.sequence(item, "a conversation")
    said = [_said(turn) for turn in turns]
    if len(turns) < len(_COLUMNS) or not all(said):
        empty = next((turn for turn, text in zip(turns, said, strict=True) if not text), item)
        message = "a conversation is a list of two texts or more, none of them empty"
        hint = "write each turn as `- text`, question and answer by turns"
        reader.error("bad-pair", message, empty, hint=hint)
        return
    for place in range(1, len(turns)):
        where = reader.where(turns[place - 1])
        yield Pair(question=said[place - 1], answer=said[place], where=where)


def _said(node: Node | None) -> str:
    """Give what is said: a text as written, also where it looks like a number."""
    is_text = isinstance(node, ScalarNode) and node.value is not None
    return node.text.strip() if is_text and isinstance(node, ScalarNode) else ""


def _answered(found: _Found) -> Iterator[Pair]:
    """Pair the examples of intents with the responses named after them."""
    for example in found.nlu.examples:
        name = f"{RESPONSE_PREFIX}{example.intent}"
        response = found.domain.responses.get(name)
        texts = [one.text for one in response.variations if one.text] if response else []
        for text in texts:
            yield Pair(question=example.text, answer=text, where=example.where)
        if not texts:
            found.findings.error(
                "bad-pair",
                f"the intent {example.intent!r} has no response `{name}`",
                where=example.where,
                hint="name the file with its `responses:` beside this one",
            )
