"""How near replies come to those expected: BLEU, exact match, distinct n-grams, shared words."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Sequence

import regex

_WORD = regex.compile(r"\p{Han}|\p{Hiragana}|\p{Katakana}|\p{N}+(?:[.,]\p{N}+)*|[\p{L}\p{M}]+|\S")
_ORDER = 4


def words(text: str) -> list[str]:
    """Cut a text into words, numbers and marks; each Han character is a word."""
    return [str(word) for word in _WORD.findall(text)]


def is_same(reply: str, expected: str) -> bool:
    """Say whether two texts are equal but for capitals, blanks and the marks at their ends."""
    return _bare(reply) == _bare(expected)


def _bare(text: str) -> str:
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return str(regex.sub(r"^[\s\p{P}]+|[\s\p{P}]+$", "", folded)) or folded


def exact_match(replies: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    """Give the share of replies that are one of their references, 0 to 1."""
    right = sum(
        any(is_same(reply, known) for known in expected)
        for reply, expected in zip(replies, references, strict=True)
    )
    return right / len(replies) if replies else 0.0


def bleu(replies: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    """Give the BLEU score of a corpus, 0 to 100 (Papineni et al. 2002).

    Up to four words in a row, each reply's counts clipped by the reference that has most of them,
    the brevity penalty by the reference of the nearest length; orders without a match count as if
    they had half a match, then a quarter and so on (smoothing "exp" of Post 2018's sacreBLEU).
    """
    matched, offered = [0] * _ORDER, [0] * _ORDER
    length, wanted = 0, 0
    for reply, expected in zip(replies, references, strict=True):
        said = words(reply)
        known = [words(text) for text in expected]
        length += len(said)
        wanted += min((abs(len(one) - len(said)), len(one)) for one in known)[1]
        for order in range(1, _ORDER + 1):
            grams = ngrams(said, order)
            most: Counter[tuple[str, ...]] = Counter()
            for one in known:
                most |= ngrams(one, order)
            matched[order - 1] += (grams & most).total()
            offered[order - 1] += grams.total()
    return _combined(matched, offered, length=length, wanted=wanted)


def _combined(matched: Sequence[int], offered: Sequence[int], *, length: int, wanted: int) -> float:
    orders = [place for place in range(_ORDER) if offered[place]]
    if len(orders) < _ORDER or not matched[0]:
        return 0.0
    halves, logs = 1.0, 0.0
    for right, all_ in zip(matched, offered, strict=True):
        if not right:
            halves *= 2
        logs += math.log(right / all_ if right else 1 / (halves * all_))
    brevity = 1.0 if length >= wanted else math.exp(1 - wanted / length)
    return 100 * brevity * math.exp(logs / _ORDER)


def ngrams(tokens: Sequence[str], order: int) -> Counter[tuple[str, ...]]:
    """Count the runs of some number of words."""
    return Counter(tuple(tokens[place : place + order]) for place in range(len(tokens) - order + 1))


def distinct(replies: Sequence[str], order: int) -> float:
    """Give the share of different runs of words among all of them, 0 to 1 (Li et al. 2016)."""
    found: Counter[tuple[str, ...]] = Counter()
    for reply in replies:
        found += ngrams([word.casefold() for word in words(reply)], order)
    return len(found) / found.total() if found else 0.0


def shared_words(reply: str, references: Sequence[str]) -> float:
    """Give the F1 score of a reply's words against the nearest reference, 0 to 1."""
    said = Counter(word.casefold() for word in words(reply))
    best = 0.0
    for text in references:
        known = Counter(word.casefold() for word in words(text))
        both = (said & known).total()
        best = max(best, 2 * both / max(1, said.total() + known.total()))
    return best
