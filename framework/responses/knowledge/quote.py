"""The sentences of a passage that answer a question, instead of all of it."""

from __future__ import annotations

from dataclasses import dataclass

from framework.data.passages import Passage
from framework.project.documents.sentences import joined, sentences, width
from framework.responses.knowledge.lexical import InvertedIndex
from framework.responses.knowledge.terms import telling, terms

ELLIPSIS = "\u2026"
_TABLE = " | "


@dataclass(frozen=True, kw_only=True)
class _Unit:
    """A sentence, an item or a row; `starts_line` tells whether it stands on a line of its own."""

    text: str
    starts_line: bool


def quote(passage: Passage, question: str, *, lexical: InvertedIndex, length: int) -> str:
    """Quote the part of a passage that says most about a question.

    Args:
        passage: what was found.
        question: the user's words.
        lexical: knows which words are rare.
        length: of the quotation at most, as `width` measures it; a passage within it is quoted
            whole, a longer sentence is cut.
    """
    if width(passage.text) <= length:
        return passage.text
    units = _units(passage.text)
    gains = _gains(units, question, lexical)
    start, end = _best_window(units, gains, length)
    text = _together(units[start:end])
    if start and _is_table(units[0]) and _is_table(units[start]):
        text = f"{units[0].text}\n{text}"
    return _cut(text, length)


def _units(text: str) -> list[_Unit]:
    found: list[_Unit] = []
    for line in text.splitlines():
        parts = [line] if _TABLE in line else sentences(line)
        found += [_Unit(text=part, starts_line=place == 0) for place, part in enumerate(parts)]
    return found


def _gains(units: list[_Unit], question: str, lexical: InvertedIndex) -> list[dict[str, float]]:
    """Give for each unit which of the question's words it has, and what they say."""
    language = lexical.language
    asked = set(telling(list(terms(question, language=language)), language=language))
    return [
        {term: lexical.rarity(term) for term in set(terms(unit.text, language=language)) & asked}
        for unit in units
    ]


def _best_window(units: list[_Unit], gains: list[dict[str, float]], length: int) -> tuple[int, int]:
    """Give the neighbouring units within a length that have most of the question's words.

    Of windows that have the same, the one whose first unit has some of them, then the first; it
    goes on as far as the length allows.
    """
    best, chosen = (-1.0, -1.0), (0, 1)
    for start in range(len(units)):
        size, end = width(units[start].text), start + 1
        while end < len(units) and size + 1 + width(units[end].text) <= length:
            size += 1 + width(units[end].text)
            end += 1
        covered = {term: gain for one in gains[start:end] for term, gain in one.items()}
        value = (sum(covered.values()), sum(gains[start].values()))
        if value > best:
            best, chosen = value, (start, end)
    return chosen


def _together(units: list[_Unit]) -> str:
    text = units[0].text
    for unit in units[1:]:
        text = f"{text}\n{unit.text}" if unit.starts_line else joined(text, unit.text)
    return text


def _is_table(unit: _Unit) -> bool:
    return _TABLE in unit.text


def _cut(text: str, length: int) -> str:
    """Cut a text that is too long between words."""
    if width(text) <= length:
        return text
    end = len(text)
    while width(text[:end]) >= length:
        end -= max(1, (width(text[:end]) - length) // 2)
    space = text.rfind(" ", end // 2, end)
    return text[: space if space > 0 else end].rstrip(" ,;:") + ELLIPSIS
