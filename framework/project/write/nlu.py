"""NLU data -> YAML that reads back to equal examples, in their order."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from framework.errors import Problem
from framework.project.schema.nlu import Example, NluData
from framework.project.write.markup import write_markup

_STRIPPED = "\n\r "


@dataclass(frozen=True, kw_only=True)
class WrittenNlu:
    """A file of NLU data.

    Attributes:
        text: the YAML.
        problems: warnings about examples that no markup can express, which are left out.
    """

    text: str
    problems: tuple[Problem, ...] = ()


def write_nlu(
    data: NluData, *, responses: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
) -> WrittenNlu:
    """Write examples and tables.

    Synonyms that stand inside an example (`[NYC](city:New York)`) come with it. Lookup tables are
    written out, also where they were read from a file.

    Args:
        data: what to write.
        responses: variations of retrieval responses by name.
    """
    marked = [(example, write_markup(example.text, example.entities)) for example in data.examples]
    kept = [(example, text) for example, text in marked if text is not None]
    document: dict[str, Any] = {
        "version": "3.1",
        "nlu": [*_intents(kept), *_synonyms(data), *_regexes(data), *_lookups(data)],
    }
    if responses:
        document["responses"] = {
            name: [dict(item) for item in found] for name, found in responses.items()
        }
    stream = io.StringIO()
    _writer().dump(document, stream)
    return WrittenNlu(
        text=stream.getvalue(),
        problems=tuple(_left_out(example) for example, text in marked if text is None),
    )


def _writer() -> YAML:
    writer = YAML()
    writer.width = 1_000_000
    writer.indent(mapping=2, sequence=4, offset=2)
    return writer


def _left_out(example: Example) -> Problem:
    return Problem(
        id="unwritable-example",
        severity="warning",
        message=f"the example {example.text!r} can't be written with its entities, and is left out",
        where=example.where,
        hint="mark its entities so that none lies in another",
    )


def _intents(examples: Iterable[tuple[Example, str]]) -> Iterator[dict[str, Any]]:
    """Give an item for each run of examples that can stand together."""
    runs = itertools.groupby(examples, lambda pair: (pair[0].intent, _fits_block(*pair)))
    for (intent, fits_block), run in runs:
        if fits_block:
            yield {"intent": intent, "examples": _lines(text for _, text in run)}
            continue
        listed = [
            {
                "text": _quoted(text),
                **({"metadata": dict(example.metadata)} if example.metadata else {}),
            }
            for example, text in run
        ]
        yield {"intent": intent, "examples": listed}


def _fits_block(example: Example, text: str) -> bool:
    """Say whether an example can be a line: one without metadata, and as it is read."""
    return not example.metadata and text.isprintable() and text == text.strip(_STRIPPED)


def _synonyms(data: NluData) -> Iterator[dict[str, Any]]:
    inside = {example.where for example in data.examples}
    for item in data.synonyms:
        if item.where is None or item.where not in inside:
            yield {"synonym": item.value, "examples": _lines(item.spellings)}


def _regexes(data: NluData) -> Iterator[dict[str, Any]]:
    for name, run in itertools.groupby(data.regexes, lambda item: item.name):
        yield {"regex": name, "examples": _lines(item.pattern for item in run)}


def _lookups(data: NluData) -> Iterator[dict[str, Any]]:
    for table in data.lookups:
        yield {"lookup": table.name, "examples": _lines(table.elements)}


def _lines(texts: Iterable[str]) -> str:
    """Give a block of lines; where a sign can't stand in one, quoted text that means the same."""
    listed = list(texts)
    block = "".join(f"- {text}\n" for text in listed)
    return LiteralScalarString(block) if all(map(str.isprintable, listed)) else _quoted(block)


def _quoted(text: str) -> str:
    """Give text whose signs are escaped where they would be read as line breaks or not at all."""
    return text if text.isprintable() else DoubleQuotedScalarString(text)
