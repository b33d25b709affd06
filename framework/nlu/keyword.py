"""Intents by keyword: a message that contains an example, word for word, has its intent."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar, Self

from framework.data.types import Utterance
from framework.learning.progress import Progress
from framework.nlu.component import Component, Files, NluSource, NluTrainingData
from framework.nlu.phrases import PhraseIndex
from framework.nlu.types import IntentScore, Understanding

logger = logging.getLogger(__name__)

_FILE = "keywords.json"


class KeywordIntents(Component):
    """Gives the intent of the first example, in file order, that stands in the message.

    Examples are taken literally and match whole words; punctuation around an example is left out.
    An example of two intents is dropped from both, and one that stands inside an example of another
    intent is dropped, each with a warning. A match counts as certain (confidence 1) and goes above
    what an earlier classifier found; without one the earlier ranking stays.
    """

    name = "keyword_intents"
    reads: ClassVar[frozenset[NluSource]] = frozenset({"utterances"})
    provides = frozenset({"intent"})

    def __init__(self, *, case_sensitive: bool = True) -> None:
        """Make the component.

        Args:
            case_sensitive: whether capitals matter.
        """
        self.case_sensitive = case_sensitive
        self._keywords: list[tuple[str, str]] = []
        self._phrases = PhraseIndex(())

    def train(self, data: NluTrainingData) -> Iterator[Progress]:
        """Collect the examples that name one intent without doubt."""
        self._set(self._drop_contained(_unambiguous(data.utterances)))
        yield from ()

    def save(self) -> Files:
        """Give the keywords with their intents as JSON."""
        return {_FILE: json.dumps(self._keywords, ensure_ascii=False).encode()}

    def load(self, files: Files) -> Self:
        """Take the keywords back."""
        self._set([(keyword, intent) for keyword, intent in json.loads(files[_FILE])])
        return self

    def process(self, understanding: Understanding) -> Understanding:
        """Put the intent of the first keyword found above all others."""
        first = min(
            (match.label for match in self._phrases.find_all(understanding.text)), default=None
        )
        if first is None:
            return understanding
        intent = self._keywords[first][1]
        others = tuple(score for score in understanding.ranking if score.name != intent)
        best = IntentScore(name=intent, confidence=1.0)
        return replace(understanding, ranking=(best, *others))

    def _set(self, keywords: list[tuple[str, str]]) -> None:
        self._keywords = keywords
        self._phrases = self._index(keywords)

    def _index(self, keywords: Sequence[tuple[str, str]]) -> PhraseIndex:
        return PhraseIndex(
            ((keyword, number) for number, (keyword, _) in enumerate(keywords)),
            case_sensitive=self.case_sensitive,
        )

    def _drop_contained(self, keywords: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Drop keywords that stand inside a keyword of another intent."""
        index = self._index(keywords)
        contained: set[int] = set()
        for longer, its_intent in keywords:
            for match in index.find_all(longer):
                keyword, intent = keywords[match.label]
                if intent != its_intent and match.label not in contained:
                    contained.add(match.label)
                    logger.warning(
                        "the keyword %r of %r is dropped: it stands in %r of %r",
                        keyword,
                        intent,
                        longer,
                        its_intent,
                    )
        return [pair for number, pair in enumerate(keywords) if number not in contained]


def _unambiguous(utterances: Sequence[Utterance]) -> list[tuple[str, str]]:
    """Give (keyword, intent) in file order without the keywords of several intents."""
    intents: dict[str, set[str]] = {}
    for utterance in utterances:
        keyword = _trim(utterance.text)
        if keyword and utterance.intent is not None:
            intents.setdefault(keyword, set()).add(utterance.intent)
    for keyword, its_intents in intents.items():
        if len(its_intents) > 1:
            logger.warning(
                "the keyword %r is dropped: it is an example of %s", keyword, sorted(its_intents)
            )
    return [(keyword, min(names)) for keyword, names in intents.items() if len(names) == 1]


def _trim(text: str) -> str:
    """Leave out what isn't a letter or digit around a text, unless nothing else is in it."""
    start, end = 0, len(text)
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return text[start:end] or text.strip()
