"""The `nlu:` section -> examples, synonyms, regexes and lookup tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from framework.errors import Location, Severity
from framework.project.findings import Findings
from framework.project.markup import Markup, parse
from framework.project.read.lookups import lookup_elements
from framework.project.reader import Reader
from framework.project.schema.domain import DEFAULT_INTENTS
from framework.project.schema.nlu import Example, LookupTable, NluData, RegexFeature, Synonym
from framework.project.yaml.nodes import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    describe,
    is_blank,
    is_null,
    shorten,
)

_STRIPPED = "\n\r "
_EXAMPLES_HINT = "write `examples: |` and below it one line per example, each starting with `- `"


@dataclass
class NluCollector:
    """What the files read so far gave, in file order."""

    examples: list[Example] = field(default_factory=list)
    synonyms: list[Synonym] = field(default_factory=list)
    regexes: list[RegexFeature] = field(default_factory=list)
    lookups: dict[str, LookupTable] = field(default_factory=dict)
    bare: list[tuple[str, Location]] = field(default_factory=list)

    def report_bare(self, findings: Findings, *, severity: Severity) -> None:
        """Report the intents that stand there without examples.

        That is less of a problem where they have some elsewhere, or need none.
        """
        known = {example.intent for example in self.examples} | set(DEFAULT_INTENTS)
        known |= {name.split("/", 1)[0] for name in known}
        for name, where in self.bare:
            findings.add(
                "warning" if name in known else severity,
                "intent-without-examples",
                f"the intent {name!r} has no examples, so no message is ever understood as it",
                where=where,
                hint=f"{_EXAMPLES_HINT}; without any, only the domain needs to name it",
            )

    def finish(self) -> NluData:
        """Give all of it as one value."""
        return NluData(
            examples=tuple(self.examples),
            synonyms=tuple(self.synonyms),
            regexes=tuple(self.regexes),
            lookups=tuple(self.lookups.values()),
        )


def read_nlu(reader: Reader, node: Node | None, collector: NluCollector) -> None:
    """Read the items under `nlu:` into the collector."""
    for item in reader.sequence(node, "`nlu:`"):
        if not isinstance(item, MappingNode):
            reader.error(
                "wrong-type",
                f"each item under `nlu:` must be a mapping, not {describe(item)}",
                item,
                hint="start it with `- intent: …`, `- synonym: …`, `- regex: …` or `- lookup: …`",
            )
            continue
        kind = next((kind for kind in _READERS if kind in item), None)
        if kind is None:
            reader.check_keys(item, (*_READERS, "examples", "metadata"), "an item under `nlu:`")
            reader.warning(
                "unknown-nlu-item",
                "an item under `nlu:` is skipped, since it names none of `intent`, `synonym`, "
                "`regex` and `lookup`",
                item,
                hint="begin it with one of these keys: `- intent: greet`",
            )
            continue
        keys = (kind, "examples", "metadata") if kind == "intent" else (kind, "examples")
        reader.check_keys(item, keys, f"an `{kind}` item")
        name = reader.name(item.get(kind), f"the name of the {kind}")
        if name is not None:
            _READERS[kind](reader, item, name, collector)


def example_lines(reader: Reader, node: Node | None, what: str) -> Iterator[tuple[str, Location]]:
    """Walk over the lines of an `examples: |` block, each with its place."""
    if is_null(node):
        return
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        if node is not None:
            reader.error(
                "wrong-type",
                f"the examples of {what} must be a block of lines, not {describe(node)}",
                node,
                hint=_EXAMPLES_HINT,
            )
        return
    for line, where in reader.source.block_lines(node):
        if not line.strip():
            continue
        if not line.startswith("-"):
            reader.findings.warning(
                "skipped-example",
                f"the line {shorten(line)!r} of {what} doesn't start with `-`, so it is skipped",
                where=where,
                hint="start it with `- `, and align it with the other lines",
            )
            continue
        text = line[1:].lstrip(_STRIPPED)
        column = where.column + len(line) - len(text) if where.column else 0
        yield (
            text.rstrip(_STRIPPED),
            Location(file=where.file, line=where.line, column=column),
        )


def _read_intent(reader: Reader, item: MappingNode, name: str, collector: NluCollector) -> None:
    what = f"the intent {name!r}"
    node = item.get("examples")
    metadata = reader.metadata(item.get("metadata"))
    if isinstance(node, SequenceNode):
        found = list(_listed_examples(reader, node, what))
    else:
        found = [(text, where, {}) for text, where in example_lines(reader, node, what)]
    count = len(collector.examples)
    for text, where, own in found:
        markup = parse(text, where=where)
        add_example(reader, markup, name, where, {**metadata, **own}, collector)
    if len(collector.examples) == count:
        collector.bare.append((name, reader.where(item.entries["intent"][1])))


def add_example(
    reader: Reader,
    markup: Markup,
    intent: str,
    where: Location,
    metadata: dict[str, Any],
    collector: NluCollector,
) -> None:
    """Add a labelled text, and synonyms for entities whose value is not the marked text.

    Args:
        reader: of the file; takes the problems of the markup.
        markup: the text and its entities.
        intent: its label.
        where: its place.
        metadata: of the example.
        collector: takes it.
    """
    for problem in markup.problems:
        reader.findings.take(problem)
    if not markup.text.strip():
        reader.findings.warning(
            "empty-example",
            f"an example of the intent {intent!r} has no text",
            where=where,
            hint="write what a user says, or remove the line",
        )
        return
    collector.examples.append(
        Example(
            text=markup.text,
            intent=intent,
            entities=markup.entities,
            metadata=metadata,
            where=where,
        )
    )
    for entity in markup.entities:
        spelling, value = markup.text[entity.start : entity.end], str(entity.value)
        if spelling != value:
            synonym = Synonym(value=value, spellings=(spelling,), where=where)
            collector.synonyms.append(synonym)


def _listed_examples(
    reader: Reader, node: SequenceNode, what: str
) -> Iterator[tuple[str, Location, dict[str, Any]]]:
    for item in node.items:
        if not isinstance(item, MappingNode):
            reader.error(
                "wrong-type",
                f"an example in a list must be a mapping with `text`, not {describe(item)}",
                item,
                hint=f"write `- text: …`, or {_EXAMPLES_HINT}",
            )
            continue
        reader.check_keys(item, ("text", "metadata"), f"an example of {what}")
        value = item.get("text")
        if value is None:
            reader.error(
                "missing-text", f"an example of {what} has no `text`", item, hint="add `text: …`"
            )
            continue
        if is_blank(value):
            yield "", reader.where(value), {}
            continue
        text = reader.text(value, f"the `text` of an example of {what}")
        if text is None or not isinstance(value, ScalarNode):
            continue
        metadata = reader.metadata(item.get("metadata"))
        for line, where in reader.source.block_lines(value):
            stripped = line.strip(_STRIPPED)
            if stripped == text.strip(_STRIPPED):
                lead = len(line) - len(line.lstrip(_STRIPPED))
                column = where.column + lead if where.column else 0
                at = Location(file=where.file, line=where.line, column=column)
                yield stripped, at, metadata
                break
        else:
            yield text.strip(_STRIPPED), reader.where(value), metadata


def _read_synonym(reader: Reader, item: MappingNode, name: str, collector: NluCollector) -> None:
    what = f"the synonym {name!r}"
    lines = list(example_lines(reader, item.get("examples"), what))
    spellings = tuple(text for text, _ in lines if text)
    if not spellings:
        _warn_empty(reader, item, "synonym", name)
        return
    where = reader.where(item.entries["synonym"][1])
    collector.synonyms.append(Synonym(value=name, spellings=spellings, where=where))


def _read_regex(reader: Reader, item: MappingNode, name: str, collector: NluCollector) -> None:
    lines = list(example_lines(reader, item.get("examples"), f"the regex {name!r}"))
    for pattern, where in lines:
        if pattern:
            collector.regexes.append(RegexFeature(name=name, pattern=pattern, where=where))
    if not lines:
        _warn_empty(reader, item, "regex", name)


def _read_lookup(reader: Reader, item: MappingNode, name: str, collector: NluCollector) -> None:
    elements = lookup_elements(
        reader,
        item.get("examples"),
        name,
        lambda node: example_lines(reader, node, f"the lookup table {name!r}"),
    )
    if elements is None:
        return
    if not elements:
        _warn_empty(reader, item, "lookup", name)
        return
    known = collector.lookups.get(name)
    collector.lookups[name] = LookupTable(
        name=name,
        elements=(known.elements if known else ()) + elements,
        where=known.where if known else reader.where(item.entries["lookup"][1]),
    )


def _warn_empty(reader: Reader, item: MappingNode, kind: str, name: str) -> None:
    reader.warning(
        f"empty-{kind}",
        f"the {kind} {name!r} has no examples, so it is skipped",
        item.entries[kind][1],
        hint=_EXAMPLES_HINT,
    )


_READERS: dict[str, Callable[[Reader, MappingNode, str, NluCollector], None]] = {
    "intent": _read_intent,
    "synonym": _read_synonym,
    "regex": _read_regex,
    "lookup": _read_lookup,
}
