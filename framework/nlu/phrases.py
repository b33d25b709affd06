"""Finds any of very many fixed phrases in a text, in time that doesn't grow with their number.

The phrases form an Aho-Corasick automaton (Aho and Corasick, 1975), which reads a text once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ahocorasick
import regex

_FINAL_SIGMA, _SIGMA = "\u03c2", "\u03c3"  # one letter, whose form depends on its place
_SPACELESS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")


@dataclass(frozen=True, kw_only=True, order=True)
class PhraseMatch:
    """A phrase found in a text.

    Attributes:
        start: first character.
        end: character offset after the last one.
        label: what the phrase was listed under, as a number.
    """

    start: int
    end: int
    label: int


class PhraseIndex:
    """Phrases with labels, all looked for at once.

    With `whole_words` a match begins and ends where a word does; scripts that write words without
    spaces between them (Chinese, Thai) match anywhere.
    """

    def __init__(
        self,
        phrases: Iterable[tuple[str, int]],
        *,
        case_sensitive: bool = False,
        whole_words: bool = True,
    ) -> None:
        """Build the automaton of (phrase, label) pairs; empty phrases are passed over."""
        self._case_sensitive = case_sensitive
        self._whole_words = whole_words
        labels: dict[str, list[int]] = {}
        for phrase, label in phrases:
            key = phrase if case_sensitive else fold(phrase)
            if key and label not in labels.setdefault(key, []):
                labels[key].append(label)
        self._automaton = ahocorasick.Automaton()
        for key, its_labels in labels.items():
            self._automaton.add_word(key, (len(key), tuple(its_labels)))
        if labels:
            self._automaton.make_automaton()

    def find_all(self, text: str) -> Iterator[PhraseMatch]:
        """Give every match, overlapping ones too, by where they end."""
        if not len(self._automaton):
            return
        folded = text if self._case_sensitive else fold(text)
        for last, (length, labels) in self._automaton.iter(folded):
            start, end = last + 1 - length, last + 1
            if not self._whole_words or (_is_border(text, start) and _is_border(text, end)):
                for label in labels:
                    yield PhraseMatch(start=start, end=end, label=label)

    def find_longest(self, text: str) -> list[PhraseMatch]:
        """Give matches that don't overlap within a label: leftmost first, the longest of each."""
        found: list[PhraseMatch] = []
        last_end: dict[int, int] = {}
        matches = sorted(self.find_all(text), key=lambda match: (match.start, -match.end))
        for match in matches:
            if match.start >= last_end.get(match.label, 0):
                found.append(match)
                last_end[match.label] = match.end
        return found


def fold(text: str) -> str:
    """Lower a text for comparison, keeping its length so that offsets stay true."""
    return text.lower() if text.isascii() else "".join(map(_fold_character, text))


def _fold_character(character: str) -> str:
    lowered = character.lower()
    if lowered == _FINAL_SIGMA:
        return _SIGMA
    return lowered if len(lowered) == 1 else character


def _is_border(text: str, offset: int) -> bool:
    """Whether a word may begin or end between the characters around an offset."""
    if offset in (0, len(text)):
        return True
    left, right = text[offset - 1], text[offset]
    if not (_is_word(left) and _is_word(right)):
        return True
    return bool(_SPACELESS.match(left) or _SPACELESS.match(right))


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
