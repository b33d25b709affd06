"""Entity annotations in example texts.

Two ways of writing the same::

    a flight to [Paris](city)                     entity
    a flight to [the city of light](city:Paris)   entity with canonical value
    from [LA]{"entity": "city", "role": "from", "group": "1", "value": "Los Angeles"}
    [new york][{"entity": "city"}, {"entity": "state"}]   several on one span

Brackets that are not followed at once by `(`, `{` or `[` are ordinary text, as are all others that
don't form an annotation; something that was clearly meant to be one and isn't is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from framework.errors import Location, Problem
from framework.project.schema.nlu import EntityAnnotation
from framework.project.yaml.nodes import shorten
from framework.project.yaml.strict_json import read_strictly
from framework.registry import did_you_mean

_ANNOTATION = re.compile(
    r"\[(?P<text>[^\]]+?)\]"
    r"(?:\((?P<entity>[^:)]+?)(?::(?P<value>[^)]+))?\)"
    r"|\{(?P<fields>[^}]+?)\}"
    r"|\[(?P<several>.*?)\])"
)
_FIELDS = re.compile(r"\{([^}]+?)\}")
_BROKEN = re.compile(r"\]\s?\{\s*\"|\][({]")
_UNCLOSED = re.compile(r"\[[^\[\]]+\]\([^()\[\]{}]+$")
_OPEN = re.compile(r"\[[^\[\]]+(?:\((?P<entity>[\w.-]+)\)|\{\s*\"entity\")")
_KEYS = ("entity", "role", "group", "value")


@dataclass(frozen=True, kw_only=True)
class Markup:
    """An example text taken apart.

    Attributes:
        text: the words, annotations removed.
        entities: the marked spans, in order.
        problems: annotations that are broken; their text stays as written.
    """

    text: str
    entities: tuple[EntityAnnotation, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse(text: str, *, where: Location | None = None) -> Markup:
    """Take the annotations out of a text.

    Args:
        text: as written in a file.
        where: place of its first character, for problems.

    Returns:
        the plain text, its entities, and what is wrong.
    """
    if "]" not in text and "[" not in text:
        return Markup(text=text)
    return _Parser(text, where).run()


class _Parser:
    def __init__(self, text: str, where: Location | None) -> None:
        self._text = text
        self._where = where
        self._entities: list[EntityAnnotation] = []
        self._problems: list[Problem] = []

    def run(self) -> Markup:
        parts: list[str] = []
        length = position = 0
        for match in _ANNOTATION.finditer(self._text):
            before = self._text[position : match.start()]
            self._look_for_broken(position, match.start())
            start = length + len(before)
            span = match["text"]
            self._entities.extend(self._annotations(match, start))
            parts += (before, span)
            length = start + len(span)
            position = match.end()
        self._look_for_broken(position, len(self._text))
        return Markup(
            text="".join(parts) + self._text[position:],
            entities=tuple(self._entities),
            problems=tuple(self._problems),
        )

    def _annotations(self, match: re.Match[str], start: int) -> Iterator[EntityAnnotation]:
        span, offset = match["text"], match.start()
        if match["entity"] is not None:
            value = match["value"] or span
            yield _annotation({"entity": match["entity"], "value": value}, span, start)
            return
        groups = [match["fields"]] if match["fields"] is not None else []
        if match["several"] is not None:
            groups = [found[1] for found in _FIELDS.finditer(match["several"])]
            if not groups:
                self._report(
                    "ignored-brackets",
                    f"the second bracket in {shorten(match[0])!r} annotates nothing and is dropped",
                    offset,
                    hint="write [text](entity), or put a space between the brackets",
                )
        for group in groups:
            fields = self._fields(group, offset)
            if fields is not None:
                yield _annotation(fields, span, start)

    def _fields(self, group: str, offset: int) -> dict[str, Any] | None:
        shown = shorten("{" + group + "}")
        try:
            fields = read_strictly("{" + group + "}")
        except ValueError:
            self._broken(
                f"{shown} is not valid JSON",
                offset,
                hint='write it like {"entity": "city", "role": "from", "value": "Los Angeles"}',
            )
            return None
        if not isinstance(fields.get("entity"), str) or not fields["entity"]:
            self._broken(f'{shown} names no "entity"', offset, hint='add "entity": "…"')
            return None
        for key in ("role", "group"):
            if not isinstance(fields.get(key, ""), str):
                self._broken(f'"{key}" in {shown} must be a text', offset, hint="put it in quotes")
                return None
        value = fields.get("value", "")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self._broken(f'"value" in {shown} must be a text or a number', offset, hint="")
            return None
        self._look_for_unknown(fields, shown, offset)
        return dict(fields)

    def _look_for_unknown(self, fields: Mapping[str, Any], shown: str, offset: int) -> None:
        for key in fields:
            if key not in _KEYS:
                self._report(
                    "unknown-key",
                    f"{key!r} in {shown} says nothing of an entity",
                    offset,
                    hint=did_you_mean(key, _KEYS) or f"keys are {', '.join(_KEYS)}",
                )

    def _look_for_broken(self, start: int, end: int) -> None:
        rest = self._text[start:end]
        if "[" not in rest and "]" not in rest:
            return
        hint = 'close it like [Paris](city) or [Paris]{"entity": "city"}'
        unclosed = _UNCLOSED.search(rest)
        if unclosed is not None:
            message = f"the annotation {shorten(unclosed[0])!r} is never closed"
            self._broken(message, start + unclosed.start(), hint=hint)
            return
        found = _BROKEN.search(rest)
        if found is not None:
            opening = rest.rfind("[", 0, found.start())
            at = opening if opening >= 0 else found.start()
            message = f"{shorten(rest[at:])!r} is not a complete annotation, so it stays plain text"
            self._report("broken-annotation", message, start + at, hint=hint)
            return
        opened = _OPEN.search(rest)
        if opened is not None:
            shown = shorten(rest[opened.start() :])
            message = f"{shown!r} looks like an annotation whose `]` is missing"
            self._report("broken-annotation", message, start + opened.start(), hint=hint)

    def _broken(self, message: str, offset: int, *, hint: str) -> None:
        self._report("broken-annotation", message, offset, hint=hint, is_error=True)

    def _report(
        self, id: str, message: str, offset: int, *, hint: str, is_error: bool = False
    ) -> None:
        where = self._where
        if where is not None and where.column:
            where = Location(file=where.file, line=where.line, column=where.column + offset)
        self._problems.append(
            Problem(
                id=id,
                severity="error" if is_error else "warning",
                message=message,
                where=where,
                hint=hint,
            )
        )


def _annotation(fields: dict[str, Any], span: str, start: int) -> EntityAnnotation:
    return EntityAnnotation(
        entity=fields["entity"],
        start=start,
        end=start + len(span),
        value=fields.get("value", span),
        role=fields.get("role"),
        group=fields.get("group"),
    )
