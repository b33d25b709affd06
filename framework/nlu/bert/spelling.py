"""Misspelt words of a message, read as the words of the examples that they are a slip away from.

An encoder cuts a word that it doesn't know into pieces which mean something else, so that one slip
can turn a message's meaning. Words that it does know are never touched, nor are those of the
examples; a slip leaves the first letter alone, and only one word may be that near.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer
from tokenizers.models import WordPiece

from framework.nlu.bert.words import find_words

_LEAST_TO_SWAP, _LEAST_TO_CHANGE = 4, 5
"""Letters of a word in which two may have changed places, and in which one may be wrong."""


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """A message with its slips mended.

    Attributes:
        text: what is read.
        changes: (start, end) of each mended word in `text`, and (start, end) of what was written.
    """

    text: str
    changes: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()

    def as_written(self, spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """Give spans of whole words in `text` as they stand in the message."""
        return tuple((self._place(start), self._place(end)) for start, end in spans)

    def _place(self, place: int) -> int:
        """Give a place of the message; one inside a mended word is its nearer end."""
        shift = 0
        for (start, end), (written_start, written_end) in self.changes:
            if place <= start:
                break
            if place < end:
                return written_start if place - start < end - place else written_end
            shift = written_end - end
        return place + shift


class Spelling:
    """The words of a bot's examples, and what else its encoder knows."""

    def __init__(self, words: Iterable[str], tokenizer: Tokenizer) -> None:
        """Take the words as `words_of` gives them.

        Args:
            words: of the examples.
            tokenizer: of the encoder. One by word pieces holds all usual words of its language;
                of others only the pieces that a bot needs are kept, so that most words are
                unknown, and only letters that changed places or were doubled count as a slip.
        """
        self._words = frozenset(words)
        self._tokenizer = tokenizer
        self._has_vocabulary = isinstance(tokenizer.model, WordPiece)
        self._by_shape: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in sorted(self._words):
            self._by_shape[word[0], len(word)].append(word)

    def correct(self, text: str) -> Corrected:
        """Mend the slips of a message."""
        parts: list[str] = []
        changes = []
        length = position = 0
        for start, end in find_words(text):
            meant = self._meant(text[start:end].lower())
            if meant is None:
                continue
            before = text[position:start]
            begin = length + len(before)
            changes.append(((begin, begin + len(meant)), (start, end)))
            parts += (before, _in_case_of(text[start:end], meant))
            length, position = begin + len(meant), end
        return Corrected(text="".join(parts) + text[position:], changes=tuple(changes))

    def _meant(self, word: str) -> str | None:
        if not word.isalpha() or len(word) < _LEAST_TO_SWAP or word in self._words:
            return None
        near = [
            known
            for more in (0, -1, 1)
            for known in self._by_shape.get((word[0], len(word) + more), ())
            if self._is_slip(word, known)
        ]
        return near[0] if len(near) == 1 and not self._is_known(word) else None

    def _is_slip(self, word: str, known: str) -> bool:
        if _is_swapped(word, known):
            return True
        if max(len(word), len(known)) < _LEAST_TO_CHANGE:
            return False
        return _is_changed(word, known) if self._has_vocabulary else _is_doubled(word, known)

    def _is_known(self, word: str) -> bool:
        return len(self._tokenizer.encode(word, add_special_tokens=False).ids) == 1


def _in_case_of(written: str, meant: str) -> str:
    if written.isupper():
        return meant.upper()
    return meant.capitalize() if written[0].isupper() else meant


def words_of(texts: Iterable[str]) -> list[str]:
    """List the words of texts that a slip may be taken for, sorted."""
    found = {text[start:end].lower() for text in texts for start, end in find_words(text)}
    return sorted(word for word in found if word.isalpha() and len(word) >= _LEAST_TO_SWAP)


def _is_swapped(word: str, known: str) -> bool:
    """Tell whether two letters side by side have changed places."""
    if len(word) != len(known):
        return False
    places = [
        place for place, pair in enumerate(zip(word, known, strict=True)) if len(set(pair)) > 1
    ]
    if len(places) != 2:
        return False
    first, second = places
    return second == first + 1 and word[first : second + 1] == known[first : second + 1][::-1]


def _is_changed(word: str, known: str) -> bool:
    """Tell whether one letter is missing, too many, or another."""
    short, long = sorted((word, known), key=len)
    alike = _count_alike(short, long)
    rest = short[alike + 1 :] if len(short) == len(long) else short[alike:]
    return rest == long[alike + 1 :]


def _is_doubled(word: str, known: str) -> bool:
    """Tell whether a letter stands once instead of twice, or once more than it should."""
    short, long = sorted((word, known), key=len)
    alike = _count_alike(short, long)
    return (
        len(short) < len(long)
        and short[alike:] == long[alike + 1 :]
        and long[alike] == long[alike - 1]
    )


def _count_alike(short: str, long: str) -> int:
    """Count the letters with which both begin."""
    pairs = enumerate(zip(short, long, strict=False))
    return next((place for place, (one, other) in pairs if one != other), len(short))
