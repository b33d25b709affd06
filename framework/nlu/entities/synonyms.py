"""Different spellings, one value: `NYC` and `nyc` become `New York City`."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar, Protocol, Self

from framework import registry
from framework.errors import Location, MissingExtraError
from framework.learning.progress import Progress
from framework.nlu.component import Component, Files, NluSource, NluTrainingData
from framework.nlu.types import Entity, Understanding

logger = logging.getLogger(__name__)

_FILE = "synonyms.json"
_EXTRACT_ONE = "rapidfuzz.process:extractOne"
_SIMILARITY = "rapidfuzz.fuzz:ratio"
"""Of whole spellings: others find `deluxe` like `deluxe double` because it is a part of it."""


class _ExtractOne(Protocol):
    """`rapidfuzz.process.extractOne`, as far as it is used here."""

    def __call__(
        self, query: str, choices: Any, *, scorer: Any, score_cutoff: float | None
    ) -> tuple[str, float, int] | None: ...


class Synonyms(Component):
    """Replaces entity values by the canonical ones of synonym tables and marked examples.

    Capitals don't matter. A canonical value is a synonym of itself, so that `PARIS` becomes
    `Paris` where the data writes it so. Where two places give one spelling different values, the
    later one counts, examples after tables, with a warning. With `fuzzy`, words of the message that
    no spelling equals take the nearest one's value, if they are that similar: 100 less the letters
    to put in and take out, in percent of both (`rapidfuzz.fuzz.ratio`).
    """

    name = "synonyms"
    reads: ClassVar[frozenset[NluSource]] = frozenset({"utterances", "synonyms"})
    provides = frozenset[str]()
    requires = frozenset({"entities"})

    def __init__(self, *, fuzzy: float | None = None) -> None:
        """Make the component.

        Args:
            fuzzy: least similarity, 0 to 100, for a spelling that isn't listed; None for none.
        """
        self.fuzzy = fuzzy
        self._values: dict[str, str] = {}
        self._extract_one: _ExtractOne | None = None
        self._similarity: Any = None

    def train(self, data: NluTrainingData) -> Iterator[Progress]:
        """Collect the spellings of tables and examples."""
        self._load_matcher()
        self._values = {}
        places: dict[str, Location | None] = {}
        for synonym in data.nlu.synonyms:
            for spelling in synonym.spellings:
                self._add(spelling, synonym.value, synonym.where, places)
        for utterance in data.utterances:
            for entity in utterance.entities:
                spelling = utterance.text[entity.start : entity.end]
                self._add(spelling, str(entity.value), utterance.where, places)
        yield from ()

    def save(self) -> Files:
        """Give the table as JSON."""
        content = json.dumps(self._values, ensure_ascii=False, sort_keys=True)
        return {_FILE: content.encode()}

    def load(self, files: Files) -> Self:
        """Take the table back."""
        self._load_matcher()
        self._values = dict(json.loads(files[_FILE]))
        return self

    def process(self, understanding: Understanding) -> Understanding:
        """Replace values that are spellings of another one."""
        if not understanding.entities:
            return understanding
        text = understanding.text
        entities = tuple(self._replace(entity, text) for entity in understanding.entities)
        return replace(understanding, entities=entities)

    def _replace(self, entity: Entity, text: str) -> Entity:
        value = self._values.get(str(entity.value).lower())
        if value is None and entity.value == text[entity.start : entity.end]:
            value = self._find_near(entity.value.lower())
        if value is None:
            return entity
        return replace(entity, value=value, processors=(*entity.processors, self.name))

    def _find_near(self, words: str) -> str | None:
        """Give the value of the nearest spelling; numbers and codes have none."""
        if self._extract_one is None or any(character.isdecimal() for character in words):
            return None
        nearest = self._extract_one(
            words, self._values.keys(), scorer=self._similarity, score_cutoff=self.fuzzy
        )
        return self._values[nearest[0]] if nearest else None

    def _load_matcher(self) -> None:
        if self.fuzzy is None:
            return
        try:
            self._extract_one = registry.load_object(_EXTRACT_ONE)
            self._similarity = registry.load_object(_SIMILARITY)
        except ImportError as error:
            raise MissingExtraError(
                "the setting 'fuzzy' of 'synonyms' needs the package rapidfuzz",
                hint="pip install 'frame-dialogue[fuzzy]'",
            ) from error

    def _add(
        self,
        spelling: str,
        value: str,
        where: Location | None,
        places: dict[str, Location | None],
    ) -> None:
        key = spelling.lower()
        if spelling != value:
            if self._values.get(key, value) != value:
                logger.warning(
                    "%r is a synonym of %r (%s) and of %r (%s); the latter counts",
                    key,
                    self._values[key],
                    places[key] or "place unknown",
                    value,
                    where or "place unknown",
                )
            self._values[key] = value
            places[key] = where
        canonical = value.lower()
        if canonical not in self._values:
            self._values[canonical] = value
            places[canonical] = where
