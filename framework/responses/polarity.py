"""Whether a text says the contrary of another: what one denies, the other asserts.

Texts are taken clause by clause. What a clause denies is what its negation is about: the words that
follow it, or those before it where none do. A word counts only if both texts have it, so this finds
`is refundable` beside `is not refundable`, and not a contradiction in other words.
"""

# ruff: noqa: RUF001  # the signs that end sentences look alike

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from framework.responses import negations

_CLAUSE_END = regex.compile(
    r"[.!?;:,()\n。！？；：，、]+(?!\d)|\s-\s"
    r"|\b(?:and|but|while|although|though|however|because|so|whereas|aber|und|pero|y|mais|et)\b",
    regex.IGNORECASE,
)
_WORD = regex.compile(r"\p{Han}+|[\p{L}--\p{Han}]+(?:'[\p{L}--\p{Han}]+)*", regex.V1)
_PREFIXED = regex.compile(r"(?:non|un|in|im|dis|ir)(\p{L}{4,})")
_SUFFIX = regex.compile(r"(?:ability|able|ible|ation|ment|ing|ed|es|s|e)$")
_LEAST_STEM = 3
_FOCI = 3


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A part of a sentence.

    Attributes:
        words: stems of the words that mean something.
        foci: what it denies; empty where it denies nothing.
    """

    words: frozenset[str]
    foci: tuple[str, ...] = ()


def contraries(reply: str, source: str) -> set[str]:
    """Give words that a reply denies where its source asserts them, or the other way round."""
    said, known = clauses_of(reply), clauses_of(source)
    stems = frozenset().union(*(clause.words for clause in (*said, *known)))
    said, known = _with_prefixes(said, stems), _with_prefixes(known, stems)
    return {
        *(found for clause in said for found in _denied(clause, known)),
        *(found for clause in said for found in _asserted(clause, known)),
        *_reversed(reply, source),
    }


def clauses_of(text: str) -> tuple[Clause, ...]:
    """Read what a text asserts and denies."""
    plain = regex.sub(negations.IDIOMS, " ", text, flags=regex.IGNORECASE)
    return tuple(_clause(part) for part in _CLAUSE_END.split(plain) if part.strip())


def _denied(clause: Clause, known: tuple[Clause, ...]) -> Iterator[str]:
    """Give what a clause denies and the source asserts, of the same things."""
    if clause.foci and not any(one.foci and one.words & clause.words for one in known):
        yield clause.foci[0]  # whatever it denies, the source denies nothing of the kind
        return
    words = frozenset().union(*(one.words for one in known))
    focus = next((focus for focus in clause.foci if focus in words), None)
    if focus is None:
        return
    asserting = [one.words for one in known if focus in one.words and not one.foci]
    denying = [one.words for one in known if focus in one.words and one.foci]
    if asserting and (not denying or _is_about(clause, asserting, denying, focus)):
        yield focus


def _asserted(clause: Clause, known: tuple[Clause, ...]) -> Iterator[str]:
    """Give what a clause asserts and the source denies, of the same things."""
    if clause.foci:
        return
    for focus in sorted({one.foci[0] for one in known if one.foci} & clause.words):
        asserting = [one.words for one in known if focus in one.words and not one.foci]
        denying = [one.words for one in known if focus in one.foci[:1]]
        if not asserting or _is_about(clause, denying, asserting, focus):
            yield focus


def _is_about(
    clause: Clause, these: list[frozenset[str]], others: list[frozenset[str]], focus: str
) -> bool:
    """Say whether a clause shares words with some clauses, and none with others."""
    words = clause.words - {focus}
    return any(words & one for one in these) and not any(words & one for one in others)


def _clause(text: str) -> Clause:
    before: list[str] = []
    after: list[str] = []
    is_denied = False
    for kind, word in _read(text):
        if kind == "not":
            is_denied, after = True, []
        else:
            (after if is_denied else before).append(word)
    words = frozenset((*before, *after))
    is_harmless = after[:1] and after[0] in negations.HARMLESS
    if not is_denied or is_harmless or regex.search(negations.SUPPOSED, text, regex.I):
        return Clause(words=words)
    return Clause(words=words, foci=tuple(after[:_FOCI] or before[-_FOCI:]))


def _read(clause: str) -> Iterator[tuple[str, str]]:
    """Give the words of a clause that mean something, as stems, and its negations."""
    for match in _WORD.finditer(clause.casefold()):
        word = match[0]
        if regex.match(r"\p{Han}", word):
            yield from _read_han(word)
        elif word in negations.NEGATIONS or word.endswith("n't"):
            yield "not", ""
        elif word in negations.CONTRARIES:
            yield "not", ""
            yield "word", negations.CONTRARIES[word]
        elif word not in negations.EMPTY and len(word) >= _LEAST_STEM:
            yield "word", stem(negations.SAME.get(word, word))


def _read_han(run: str) -> Iterator[tuple[str, str]]:
    """Read Chinese: pairs of signs stand for words, particles after a negation are skipped."""
    for part in regex.split(negations.HAN_NEGATIONS, run):
        if part is None:
            continue
        if regex.fullmatch(negations.HAN_NEGATIONS, part):
            yield "not", ""
        else:
            plain = regex.sub(negations.HAN_PARTICLES, "", part)
            yield from (("word", plain[i : i + 2]) for i in range(max(0, len(plain) - 1)))


def _with_prefixes(clauses: tuple[Clause, ...], stems: frozenset[str]) -> tuple[Clause, ...]:
    """Read `unavailable` as a denial of `available` where one of the texts has that word."""
    return tuple(_with_prefix(clause, stems) for clause in clauses)


def _with_prefix(clause: Clause, stems: frozenset[str]) -> Clause:
    for word in sorted(clause.words):
        match = _PREFIXED.fullmatch(word)
        if match and (bare := stem(match[1])) in stems:
            words = clause.words - {word} | {bare}
            return Clause(words=words, foci=() if clause.foci else (bare,))
    return clause


def _reversed(reply: str, source: str) -> Iterator[str]:
    said, known = reply.casefold(), source.casefold()
    for one, other in negations.OPPOSITES:
        if _has(said, one) and not _has(known, one) and _has(known, other):
            yield one


def _has(text: str, phrase: str) -> bool:
    return regex.search(rf"\b{phrase}\b", text) is not None


def stem(word: str) -> str:
    """Cut the ending of an English word, so that its forms are equal."""
    cut = _SUFFIX.sub("", word.removesuffix("'s"))
    if len(cut) < _LEAST_STEM:
        return word
    cut = cut[:-1] if len(cut) > _LEAST_STEM and cut[-1] == cut[-2] and cut[-1] not in "sl" else cut
    return cut.removesuffix("e") if len(cut) > _LEAST_STEM else cut
