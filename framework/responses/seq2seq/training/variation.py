"""Questions as other people would type them, and names that could be any other.

Capitals and the marks at the end are left out now and then. Where pairs are alike but for one word
that stands in both the question and the answer ("I'm Ada" - "Hello Ada", "I'm Bob" - "Hello Bob"),
that word could be any: other words take its place while training, which teaches the model to copy
what it has never seen. A word that only one pair has in that place is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import numpy as np
import regex

from framework.project.schema.pairs import Pair

LOWER_SHARE, BARE_SHARE, OTHER_SHARE = 0.3, 0.3, 0.5
"""How often capitals are left out, the marks at the end, and another word takes a word's place."""

_END = regex.compile(r"[\s\p{P}]+$")
_WORD = regex.compile(r"(?:(?!\p{Han})[\p{L}\p{N}])+")
_HAN = regex.compile(r"\p{Han}{2,}")
_GAP = "\0"
_SHORTEST, _LONGEST = 3, 9


class Variation:
    """Varies the questions of some pairs, by lot."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        """Look for words that could be any other."""
        self._pairs = pairs
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for pair in pairs:
            for word in shared(pair):
                found[_frame(pair, word)].add(word)
        self._free = [
            [word for word in shared(pair) if len(found[_frame(pair, word)]) > 1] for pair in pairs
        ]
        texts = "".join(pair.question + pair.answer for pair in pairs)
        self._letters = sorted({c for c in texts if regex.match(r"(?!\p{Han})\p{Ll}", c)}) or ["a"]
        self._han = sorted({c for c in texts if regex.match(r"\p{Han}", c)})

    def draw(self, place: int, lot: np.random.Generator) -> tuple[str, str]:
        """Give question and answer of a pair, varied."""
        question, answer = self._pairs[place].question, self._pairs[place].answer
        for word in self._free[place]:
            if lot.random() < OTHER_SHARE:
                other = self._other(word, lot)
                question, answer = (_replaced(text, word, other) for text in (question, answer))
        if lot.random() < BARE_SHARE:
            question = _END.sub("", question) or question
        if lot.random() < LOWER_SHARE and not self._free[place]:
            question = question.lower()
        return question, answer

    def _other(self, word: str, lot: np.random.Generator) -> str:
        """Make up a word of the same kind."""
        if _HAN.fullmatch(word):
            return "".join(lot.choice(self._han, size=len(word)))
        count = int(lot.integers(_SHORTEST, _LONGEST + 1))
        if word.isdecimal():
            return "".join(lot.choice(list("0123456789"), size=len(word)))
        made = "".join(lot.choice(self._letters, size=count))
        return made.capitalize() if word[:1].isupper() else made


def shared(pair: Pair) -> list[str]:
    """List the words of a question that stand in its answer, too; of Han text, the longest part."""
    known = set(_WORD.findall(pair.answer))
    words = [word for word in dict.fromkeys(_WORD.findall(pair.question)) if word in known]
    return [*words, *_shared_han(pair)]


def _shared_han(pair: Pair) -> Iterator[str]:
    if not (_HAN.search(pair.question) and _HAN.search(pair.answer)):
        return
    match = SequenceMatcher(None, pair.question, pair.answer, autojunk=False).find_longest_match()
    text = pair.question[match.a : match.a + match.size]
    if _HAN.fullmatch(text):
        yield text


def _frame(pair: Pair, word: str) -> tuple[str, str]:
    return _replaced(pair.question, word, _GAP), _replaced(pair.answer, word, _GAP)


def _replaced(text: str, word: str, other: str) -> str:
    """Put another word in the place of a word, wherever it stands as a whole."""
    if _HAN.fullmatch(word):
        return text.replace(word, other)
    return _WORD.sub(lambda match: other if match[0] == word else match[0], text)
