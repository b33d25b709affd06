"""Labelled examples and the tables that help to find entities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from framework.errors import Location


@dataclass(frozen=True, kw_only=True)
class EntityAnnotation:
    """An entity marked in an example.

    Attributes:
        entity: the entity's name.
        start: first character in the plain text.
        end: character after the last one.
        value: canonical value; the marked text itself when none is given.
        role: its role, if any.
        group: its group, if any.
    """

    entity: str
    start: int
    end: int
    value: Any
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True, kw_only=True)
class Example:
    """One line of NLU training data.

    Attributes:
        text: the plain text, annotations removed.
        intent: full label as written (`faq/ask_name`, `greet+ask_name`).
        entities: the marked spans, by start.
        metadata: of the example, over that of its intent.
        where: the line it stands on.
    """

    text: str
    intent: str
    entities: tuple[EntityAnnotation, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class Synonym:
    """Spellings that all mean `value`."""

    value: str
    spellings: tuple[str, ...]
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class RegexFeature:
    """A named pattern."""

    name: str
    pattern: str
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class LookupTable:
    """All listed values of an entity, files already read in."""

    name: str
    elements: tuple[str, ...]
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class NluData:
    """All NLU training data of a project, in file order."""

    examples: tuple[Example, ...] = ()
    synonyms: tuple[Synonym, ...] = ()
    regexes: tuple[RegexFeature, ...] = ()
    lookups: tuple[LookupTable, ...] = ()
