"""Answers questions from the documents: quotes the best passage, or has a model word the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from framework.conversation.languages import language_of
from framework.conversation.tracker import Tracker
from framework.nlu.payload import PREFIX
from framework.nlu.types import Understanding
from framework.responses.base import FOUND
from framework.responses.knowledge.index import KnowledgeIndex
from framework.responses.knowledge.quote import quote
from framework.responses.knowledge.search import Hit, search
from framework.responses.knowledge.terms import terms
from framework.responses.knowledge.wording import no_answer, with_source


class Writer(Protocol):
    """What words an answer from passages (`framework.responses.generative.answers`)."""

    async def write(
        self, passages: Sequence[str], *, tracker: Tracker, language: str
    ) -> tuple[str, Mapping[str, Any]]:
        """Answer the last message: the text, empty where there is none, and metadata."""


@dataclass(frozen=True, kw_only=True)
class KnowledgeAnswer:
    """What came of looking for an answer.

    Attributes:
        is_found: whether there is one.
        text: what to say where the domain has no response for it.
        values: for placeholders of that response.
        metadata: of the reply: what was found, for channels and explanations.
    """

    is_found: bool
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)


class KnowledgeAnswers:
    """Looks for answers in an index."""

    def __init__(self, index: KnowledgeIndex, *, writer: Writer | None = None) -> None:
        """Take the index, and what words the answers; without it they are quotations."""
        self.index = index
        self._writer = writer if index.about.generate else None

    async def answer(self, message: Understanding, *, tracker: Tracker) -> KnowledgeAnswer:
        """Answer the question that a message is."""
        about = self.index.about
        language = language_of(tracker, default=about.language)
        question = message.text.strip()
        hits: tuple[Hit, ...] = ()
        if question and not question.startswith(PREFIX):
            hits = search(self.index, question, message.embedding, count=about.top_k)
        good = [hit for hit in hits if hit.confidence >= about.threshold]
        if not good:
            return KnowledgeAnswer(
                is_found=False, text=no_answer(language), metadata={FOUND: _found(hits)}
            )
        quoted = quote(
            good[0].passage, question, lexical=self.index.lexical, length=about.quote_length
        )
        text, notes = await self._word(quoted, good, tracker=tracker, language=language)
        hit = good[0] if text == quoted else self._origin(text, good)
        source = hit.passage.source
        return KnowledgeAnswer(
            is_found=True,
            text=with_source(text, source, language=language),
            values={
                "answer": text,
                "source": source,
                "file": hit.passage.file,
                "passage": hit.passage.text,
                "confidence": round(hit.confidence, 2),
            },
            metadata={FOUND: _found(hits), **notes},
        )

    async def _word(
        self, quoted: str, hits: Sequence[Hit], *, tracker: Tracker, language: str
    ) -> tuple[str, Mapping[str, Any]]:
        """Give the words of an answer, and the metadata that says where they come from."""
        if self._writer is None:
            return quoted, {}
        passages = [hit.passage.in_context for hit in hits]
        text, notes = await self._writer.write(passages, tracker=tracker, language=language)
        return text or quoted, notes

    def _origin(self, text: str, hits: Sequence[Hit]) -> Hit:
        """Give the passage that has most of an answer's words, the best one of equal ones."""
        lexical = self.index.lexical
        said = set(terms(text, language=lexical.language))

        def shared(hit: Hit) -> float:
            known = said & set(terms(hit.passage.in_context, language=lexical.language))
            return sum(lexical.rarity(term) for term in known)

        return max(hits, key=shared)


class NoKnowledge:
    """Stands for the documents of a bot that has none."""

    def __init__(self, language: str) -> None:
        """Take the ISO code of the bot's language."""
        self._language = language

    async def answer(self, message: Understanding, *, tracker: Tracker) -> KnowledgeAnswer:
        """Say that nothing was found."""
        language = language_of(tracker, default=self._language)
        return KnowledgeAnswer(
            is_found=False, text=no_answer(language), metadata={FOUND: _found(())}
        )


def _found(hits: Sequence[Hit]) -> dict[str, Any]:
    """Give what was found as JSON."""
    return {
        "passages": [
            {
                "source": hit.passage.source,
                "file": hit.passage.file,
                "headings": list(hit.passage.headings),
                "line": hit.passage.line or None,
                "page": hit.passage.page or None,
                "text": hit.passage.text,
                "confidence": round(hit.confidence, 4),
                "words": round(hit.words, 4),
                "meaning": None if hit.meaning is None else round(hit.meaning, 4),
            }
            for hit in hits
        ]
    }
