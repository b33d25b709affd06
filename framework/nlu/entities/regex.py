"""Entities by pattern and by list: regexes and lookup tables that bear an entity's name."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar, Self

import regex

from framework.errors import Location, TrainingError
from framework.learning.progress import Progress
from framework.nlu.component import Component, Files, NluSource, NluTrainingData
from framework.nlu.phrases import PhraseIndex
from framework.nlu.types import Entity, Understanding
from framework.project.schema.nlu import LookupTable, RegexFeature

logger = logging.getLogger(__name__)

_FILE = "patterns.json"


class RegexEntities(Component):
    """Finds entities by the regexes and lookup tables of the training data.

    A regex or table counts when its name is an entity that some example marks or the domain
    declares. All matches are given, regexes first; where entries of one table overlap, the leftmost
    counts, and of those that begin together the longest. A regex may take `timeout_seconds` a
    message, then it is stopped and what it found so far is left out.
    """

    name = "regex_entities"
    reads: ClassVar[frozenset[NluSource]] = frozenset(
        {"utterances", "entities", "regexes", "lookups"}
    )
    provides = frozenset({"entities"})

    def __init__(
        self,
        *,
        case_sensitive: bool = False,
        use_lookup_tables: bool = True,
        use_regexes: bool = True,
        use_word_boundaries: bool = True,
        timeout_seconds: float = 0.25,
    ) -> None:
        """Make the component.

        Args:
            case_sensitive: whether capitals matter.
            use_lookup_tables: whether lookup tables count.
            use_regexes: whether regexes count.
            use_word_boundaries: whether table entries must be whole words.
            timeout_seconds: longest time that one regex may take for one message.
        """
        self.case_sensitive = case_sensitive
        self.use_lookup_tables = use_lookup_tables
        self.use_regexes = use_regexes
        self.use_word_boundaries = use_word_boundaries
        self.timeout_seconds = timeout_seconds
        self._regexes: list[tuple[str, regex.Pattern[str]]] = []
        self._tables: dict[str, list[str]] = {}
        self._table_names: list[str] = []
        self._phrases = PhraseIndex(())
        self._slow: set[str] = set()

    def train(self, data: NluTrainingData) -> Iterator[Progress]:
        """Take over the patterns that are named like entities."""
        entities = set(data.domain.entities) | {
            annotation.entity for item in data.utterances for annotation in item.entities
        }
        regexes = data.nlu.regexes if self.use_regexes else ()
        tables = data.nlu.lookups if self.use_lookup_tables else ()
        _warn_of_unused([*regexes, *tables], entities)
        self._set(
            [(item.name, self._compile(item)) for item in regexes if item.name in entities],
            [(table.name, list(table.elements)) for table in tables if table.name in entities],
        )
        yield from ()

    def save(self) -> Files:
        """Give the patterns and tables as JSON."""
        content = {
            "regexes": [[name, pattern.pattern] for name, pattern in self._regexes],
            "tables": self._tables,
        }
        return {_FILE: json.dumps(content, ensure_ascii=False).encode()}

    def load(self, files: Files) -> Self:
        """Take the patterns back and build the automaton of all table entries."""
        content = json.loads(files[_FILE])
        self._set(
            [
                (name, self._compile(RegexFeature(name=name, pattern=pattern)))
                for name, pattern in content["regexes"]
            ],
            list(content["tables"].items()),
        )
        return self

    def process(self, understanding: Understanding) -> Understanding:
        """Add the entities that the patterns find."""
        text = understanding.text
        found = [*self._find_by_regex(text), *self._find_by_table(text)]
        distinct = list(dict.fromkeys(found))
        if not distinct:
            return understanding
        entities = [
            Entity(entity=name, value=text[start:end], start=start, end=end, extractor=self.name)
            for name, start, end in distinct
        ]
        return replace(understanding, entities=(*understanding.entities, *entities))

    def _set(
        self,
        regexes: list[tuple[str, regex.Pattern[str]]],
        tables: Sequence[tuple[str, list[str]]],
    ) -> None:
        self._regexes = regexes
        self._tables = {}
        for name, elements in tables:
            self._tables.setdefault(name, []).extend(elements)
        self._table_names = list(self._tables)
        self._phrases = PhraseIndex(
            (
                (element, label)
                for label, elements in enumerate(self._tables.values())
                for element in elements
            ),
            case_sensitive=self.case_sensitive,
            whole_words=self.use_word_boundaries,
        )

    def _compile(self, feature: RegexFeature) -> regex.Pattern[str]:
        flags = regex.VERSION0 | (0 if self.case_sensitive else regex.IGNORECASE)
        try:
            return regex.compile(feature.pattern, flags)
        except regex.error as error:
            raise TrainingError(
                f"the regex {feature.pattern!r} of {feature.name!r} is not valid: {error}",
                id="invalid-regex",
                where=feature.where,
                hint="correct the pattern, or escape special characters with a backslash",
            ) from error

    def _find_by_regex(self, text: str) -> list[tuple[str, int, int]]:
        found: list[tuple[str, int, int]] = []
        for name, pattern in self._regexes:
            try:
                spans = [
                    match.span() for match in pattern.finditer(text, timeout=self.timeout_seconds)
                ]
            except TimeoutError:
                self._warn_of_slow(name, pattern.pattern)
            else:
                found += [(name, start, end) for start, end in spans if start < end]
        return found

    def _find_by_table(self, text: str) -> list[tuple[str, int, int]]:
        matches = self._phrases.find_longest(text)
        matches.sort(key=lambda match: (match.label, match.start))
        return [(self._table_names[match.label], match.start, match.end) for match in matches]

    def _warn_of_slow(self, name: str, pattern: str) -> None:
        if pattern not in self._slow:
            self._slow.add(pattern)
            logger.warning(
                "the regex %r of the entity %r took longer than %s s for one message and was "
                "stopped; rewrite it without nested repetitions",
                pattern,
                name,
                self.timeout_seconds,
            )


def _warn_of_unused(named: Sequence[RegexFeature | LookupTable], entities: set[str]) -> None:
    """Warn once when no pattern can find anything, else at INFO of each that is only a hint."""
    unused = [item for item in named if item.name not in entities]
    for item in unused:
        place: Location | str = item.where or "the training data"
        logger.info("%r (%s) is not the name of an entity and finds none", item.name, place)
    if len(unused) == len(named):
        logger.warning(
            "regex_entities finds nothing: no regex or lookup table is named like an entity that "
            "an example marks or the domain declares"
        )
