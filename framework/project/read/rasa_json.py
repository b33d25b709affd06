"""NLU data in Rasa's JSON format, which Rasa 3 still reads, -> the same values as from YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml.error import YAMLError

from framework.errors import Location
from framework.project.files import label
from framework.project.findings import Findings
from framework.project.markup import Markup
from framework.project.read.lookups import from_file
from framework.project.read.nlu import NluCollector, add_example
from framework.project.reader import Reader
from framework.project.schema.nlu import EntityAnnotation, LookupTable, RegexFeature, Synonym
from framework.project.yaml.compose import compose
from framework.project.yaml.faults import report_broken
from framework.project.yaml.nodes import MappingNode, Node, ScalarNode, is_null, plain, shorten
from framework.project.yaml.source import Source, read_text

_KEY = "rasa_nlu_data"
_SIGN = f'"{_KEY}"'.encode()
_LOOKED_AT = 200_000
"""Bytes in which the key must stand; JSON of other kinds may lie among the data, much of it."""

_ESCAPE = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|.)")


def read_json(path: Path, root: Path, collector: NluCollector, findings: Findings) -> None:
    """Read a file of that format into the collector; other JSON is left alone.

    Args:
        path: the file.
        root: the project's folder.
        collector: takes what the file holds.
        findings: takes what is wrong.
    """
    if not _is_such(path):
        return
    file = label(path, root)
    text = read_text(path, file=file, findings=findings)
    if text is None:
        return
    top = _parse(text, file=file, findings=findings)
    if not isinstance(top, MappingNode) or _KEY not in top:
        return
    reader = Reader(Source(file=file, path=path, text=text, root=top), findings, root=root)
    data = reader.mapping(top.get(_KEY), f"`{_KEY}`")
    if data is not None:
        _Data(reader, collector).read(data)


def _is_such(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return _SIGN in stream.read(_LOOKED_AT)
    except OSError:
        return False


def _parse(text: str, *, file: str, findings: Findings) -> Node | None:
    """Give the nodes of a JSON text, which is YAML, too, but for some of its escapes and tabs."""
    try:
        json.loads(text)
        return compose(_ESCAPE.sub(_as_yaml, text).replace("\t", " "), file=file, findings=findings)
    except json.JSONDecodeError as error:
        findings.error(
            "json-syntax",
            f"broken JSON: {error.msg}",
            where=Location(file=file, line=error.lineno, column=error.colno),
            hint="check commas, brackets and quotes here and in the line above",
        )
    except RecursionError:
        findings.error(
            "json-syntax",
            "broken JSON: it is nested too deep",
            where=Location(file=file),
            hint="close the brackets",
        )
    except YAMLError as error:
        report_broken(error, text=text, file=file, findings=findings)
    return None


def _as_yaml(escape: re.Match[str]) -> str:
    written = escape[0]
    if written == "\\/":
        return "/"
    return written if len(written) == 2 else str(json.loads(f'"{written}"'))


class _Data:
    """Reads the four lists of the format."""

    def __init__(self, reader: Reader, collector: NluCollector) -> None:
        self._reader = reader
        self._collector = collector

    def read(self, data: MappingNode) -> None:
        for item in self._items(data, "common_examples"):
            self._read_example(item)
        for item in self._items(data, "entity_synonyms"):
            self._read_synonym(item)
        for item in self._items(data, "regex_features"):
            self._read_regex(item)
        for item in self._items(data, "lookup_tables"):
            self._read_lookup(item)

    def _items(self, data: MappingNode, key: str) -> Iterator[MappingNode]:
        for node in self._reader.sequence(data.get(key), f"`{key}`"):
            item = self._reader.mapping(node, f"each of `{key}`")
            if item is not None:
                yield item

    def _name(self, item: MappingNode, key: str, what: str) -> str | None:
        if is_null(item.get(key)):
            self._reader.error("missing-key", f"{what} has no `{key}`", item, hint=f"add `{key}`")
            return None
        return self._reader.name(item.get(key), f"`{key}` of {what}")

    def _read_example(self, item: MappingNode) -> None:
        text = self._reader.string(item.get("text"), "`text` of an example")
        if text is None:
            return
        what = f"the example {shorten(text)!r}"
        where = self._reader.where(item.entries["text"][1])
        if is_null(item.get("intent")):
            self._reader.warning(
                "skipped-example",
                f"{what} has no intent, so it is skipped",
                item,
                hint='add `"intent": "…"`',
            )
            return
        intent = self._reader.name(item.get("intent"), f"`intent` of {what}")
        if intent is None:
            return
        entities = tuple(self._annotations(item, text, what))
        markup = Markup(text=text, entities=entities)
        metadata = self._reader.metadata(item.get("metadata"))
        add_example(self._reader, markup, intent, where, metadata, self._collector)

    def _annotations(self, item: MappingNode, text: str, what: str) -> Iterator[EntityAnnotation]:
        done = 0
        listed = self._reader.sequence(item.get("entities"), f"`entities` of {what}")
        for node in sorted(listed, key=_start):
            entity = self._reader.mapping(node, f"an entity of {what}")
            name = None if entity is None else self._name(entity, "entity", f"an entity of {what}")
            if entity is None or name is None:
                continue
            start, end = plain(entity.get("start")), plain(entity.get("end"))
            is_span = type(start) is int and type(end) is int and done <= start < end <= len(text)
            if not is_span:
                self._reader.warning(
                    "bad-span",
                    f"the entity {name!r} of {what} goes from {start} to {end}, which is no span "
                    "of its own, so it is skipped",
                    entity,
                    hint="`start` is its first character, `end` the one after its last",
                )
                continue
            done = end
            value = plain(entity.get("value"))
            yield EntityAnnotation(
                entity=name,
                start=start,
                end=end,
                value=text[start:end] if value is None else value,
                role=self._reader.optional(entity, "role", f"an entity of {what}"),
                group=self._reader.optional(entity, "group", f"an entity of {what}"),
            )

    def _read_synonym(self, item: MappingNode) -> None:
        value = self._name(item, "value", "a synonym")
        spellings = self._reader.names(item.get("synonyms"), "`synonyms`")
        if value is not None and spellings:
            where = self._reader.where(item)
            self._collector.synonyms.append(Synonym(value=value, spellings=spellings, where=where))

    def _read_regex(self, item: MappingNode) -> None:
        name = self._name(item, "name", "a regex")
        pattern = self._name(item, "pattern", "a regex")
        if name is not None and pattern is not None:
            where = self._reader.where(item.entries["pattern"][1])
            self._collector.regexes.append(RegexFeature(name=name, pattern=pattern, where=where))

    def _read_lookup(self, item: MappingNode) -> None:
        name = self._name(item, "name", "a lookup table")
        node = item.get("elements")
        if name is None:
            return
        if isinstance(node, ScalarNode) and not is_null(node):
            found = from_file(self._reader, node.text, name, self._reader.where(node))
        else:
            found = self._reader.names(node, "`elements`")
        known = self._collector.lookups.get(name)
        self._collector.lookups[name] = LookupTable(
            name=name,
            elements=(known.elements if known else ()) + (found or ()),
            where=known.where if known else self._reader.where(item),
        )


def _start(node: Node) -> int:
    start = plain(node.get("start")) if isinstance(node, MappingNode) else None
    return start if type(start) is int else 0
