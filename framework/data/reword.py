"""What a language model made of an example -> examples, if they can be trusted to mean the same.

An entity must stand there word for word, and no value that the bot knows may have come in that the
example doesn't have: nobody would mark it.
"""

# ruff: noqa: RUF001  # signs that look alike are meant

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Self

import regex

from framework.data.types import Utterance
from framework.project.schema.nlu import EntityAnnotation, NluData

_THOUGHTS = regex.compile(r"(?s)^\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)")
_NUMBERED = regex.compile(r"^\s*(?:[-*•–]|\(?\d{1,2}[.):])\s*")
_QUOTED = regex.compile(r"""^(?P<open>["'“‘«「『`]).*["'”’»」』`]$""")
_INTRODUCTION = regex.compile(r"[:：]\s*$")
_BARE = regex.compile(r"[\s\p{P}\p{S}]+")

_TOKEN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]|[\p{L}\p{M}\p{N}]+|[^\s\p{P}]")

_SHORTEST_VALUE, _LONGEST_VALUE = 2, 8
"""Characters, and words, of a value whose unmarked presence tells something."""

_MOST_LONGER, _SPARE = 3, 40
"""A rewording may be so many times as long as its example, and so many characters longer."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What there is already; texts that are made are added.

    Attributes:
        texts: all examples, without case, spaces and punctuation.
        values: values of entities, in lower case.
    """

    texts: set[str] = field(default_factory=set)
    values: frozenset[str] = frozenset()

    @classmethod
    def of(cls, utterances: Sequence[Utterance], nlu: NluData) -> Self:
        """Collect it from the examples and tables of a project."""
        values = {one.text[e.start : e.end] for one in utterances for e in one.entities}
        values |= {spelling for synonym in nlu.synonyms for spelling in synonym.spellings}
        values |= {element for table in nlu.lookups for element in table.elements}
        return cls(
            texts={_bare(one.text) for one in utterances},
            values=frozenset(v.lower() for v in values if len(v.strip()) >= _SHORTEST_VALUE),
        )


def read_rewordings(utterance: Utterance, answer: str, known: Known) -> list[Utterance]:
    """Read a model's answer, a rewording on each line; those that can't be trusted are left out.

    Args:
        utterance: what was to be reworded.
        answer: of the model.
        known: what there is already.
    """
    found = []
    for line in _lines(answer):
        if len(line) > _MOST_LONGER * len(utterance.text) + _SPARE or _bare(line) in known.texts:
            continue
        entities = _place_entities(utterance, line)
        if entities is None or _brings_values(utterance.text, line, known):
            continue
        known.texts.add(_bare(line))
        found.append(replace(utterance, text=line, entities=entities))
    return found


def _lines(answer: str) -> Iterator[str]:
    for line in _THOUGHTS.sub("", answer).splitlines():
        text = _NUMBERED.sub("", line).strip()
        if _QUOTED.match(text) and len(text) > 2:
            text = text[1:-1].strip()
        if _bare(text) and not _INTRODUCTION.search(text):
            yield text


def _place_entities(utterance: Utterance, line: str) -> tuple[EntityAnnotation, ...] | None:
    """Find the entities in a rewording; None where one is missing, or could be in two places."""
    placed: list[EntityAnnotation] = []
    for entity in utterance.entities:
        words = utterance.text[entity.start : entity.end]
        start = line.find(words)
        if start < 0 or line.find(words, start + 1) >= 0:
            return None
        placed.append(replace(entity, start=start, end=start + len(words)))
    placed.sort(key=lambda entity: entity.start)
    overlaps = any(b.start < a.end for a, b in pairwise(placed))
    return None if overlaps else tuple(placed)


def _brings_values(text: str, line: str, known: Known) -> bool:
    """Say whether a value of an entity came in that the example doesn't have."""
    return any(run in known.values for run in set(_runs(line)) - set(_runs(text)))


def _runs(text: str) -> Iterator[str]:
    """Give every run of a few words, in lower case."""
    words = [match.span() for match in _TOKEN.finditer(text)]
    for first, (start, _) in enumerate(words):
        for _, end in words[first : first + _LONGEST_VALUE]:
            yield text[start:end].lower()


def _bare(text: str) -> str:
    return _BARE.sub("", text).lower()
