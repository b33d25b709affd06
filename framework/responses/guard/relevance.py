"""Whether an answer from passages is about what was asked, and not about what stands beside it."""

# ruff: noqa: RUF001  # the signs that end sentences look alike

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from framework.responses.guard.grounds import Grounds
from framework.responses.guard.reading import normalise
from framework.responses.guard.structure import Row, Token, rows_of, same_fact, sentences_of

LEAST_ASKED = 0.5
LEAST_WORDS_ASKED = 2
"""Share and number of the question's words that a sentence must have to be taken for the answer."""

LEAST_OF_BEST = 0.5
"""Share of that sentence's nearness to the question that what a reply is made from must have."""

_ENDS = (".", "!", "?", "。", "！", "？")

Words = frozenset[str]


def beside_the_question(reply: str, grounds: Grounds, language: str) -> Iterator[str]:
    """Give the word of the question that passages know best, where a reply is about something else.

    A word that few sentences have says more of what is asked than one that many have. An answer
    need not repeat the question: what counts is the sentence that it was made from.
    """
    question = frozenset().union(*_words_of_each(_read(grounds.asked, language)))
    told = _read("\n".join(map(_without_headings, grounds.passages)), language)
    known = _words_of_each(told)
    counts = Counter(word for words in known for word in words & question)
    nearness = [_nearness(words, counts) for words in known]
    best = max(range(len(known)), key=lambda place: nearness[place], default=None)
    if best is None:
        return
    asked = known[best] & question
    if len(asked) < max(LEAST_WORDS_ASKED, LEAST_ASKED * len(question)):
        return
    said = _read(reply, language)
    sources = {place for row in said for place in _sources(row, told)}
    if not sources:
        return
    reached = [nearness[place] for place in sources]
    reached += [_nearness(words, counts) for words in _words_of_each(said)]
    if max(reached) < LEAST_OF_BEST * nearness[best]:
        yield min(asked, key=lambda word: (counts[word], word))


def _without_headings(passage: str) -> str:
    """Leave out the lines that a passage opens with before its first sentence ends."""
    lines = passage.strip().splitlines()
    ends = (place for place, line in enumerate(lines) if line.rstrip().endswith(_ENDS))
    return "\n".join(lines[next(ends, 0) :])


def _read(text: str, language: str) -> list[tuple[Token, ...]]:
    return rows_of(sentences_of(normalise(text), language))


def _words_of_each(rows: Sequence[Row]) -> list[Words]:
    return [_words_of(row) for row in rows]


def _words_of(row: Row) -> Words:
    return frozenset(token.key for token in row if token.is_content and token.fact is None)


def _nearness(words: Words, counts: Counter[str]) -> float:
    """Say how much of a question words hold: each as much as the fewer sentences have it."""
    return sum(1 / counts[word] for word in words if counts[word])


def _sources(row: Row, told: Sequence[Row]) -> list[int]:
    """Give the sentences with which a sentence of a reply has most in common."""
    shared = [_shared(row, other) for other in told]
    most = max(shared, default=0)
    return [place for place, count in enumerate(shared) if count == most and most]


def _shared(row: Row, other: Row) -> int:
    facts = [token.fact for token in other if token.fact is not None]
    same = sum(
        any(same_fact(token.fact, fact) for fact in facts)
        for token in row
        if token.fact is not None
    )
    return same + len(_words_of(row) & _words_of(other))
