"""Whether a text says the contrary of another: what one denies, the other asserts.

Texts are taken clause by clause. What a clause denies is what its negation is about: the words that
follow it, or those before it where none do. A word counts only if both texts have it, so this finds
`is refundable` beside `is not refundable`, and not a contradiction in other words.
"""

# ruff: noqa: RUF001  # the signs that end sentences look alike

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import regex

from framework.responses.guard import negations
from framework.responses.guard.stems import root
from framework.responses.guard.vocabulary.reading import vocabulary_of

_CLAUSE_END = regex.compile(
    r"[.!?;:,()\n。！？；：，、]+(?!\d)|\s-\s|(?=\b(?:if|unless)\b)"
    r"|\b(?:and|but|while(?= (?:the|an?|your|our|we|you|it)\b)|although"
    r"|though|however|because|so|whereas|aber|und|pero|y|mais|et)\b",
    regex.IGNORECASE,
)
_SENTENCE_END = regex.compile(r"[.!?;\n。！？；]+(?!\d)")
_EXCEPTION = regex.compile(r"\bunless\b|\b(?:less|fewer|younger) than\b", regex.IGNORECASE)
_LACKING = regex.compile(
    r"\b(?:without|except|außer|sauf|excepto|salvo|ohne|sans|sin|senza|sem|zonder)\b",
    regex.IGNORECASE,
)
_EXPLICIT = regex.compile(
    rf"\b(?:{'|'.join(negations.NEGATIONS)})\b|n't\b|{negations.HAN_NEGATIONS}", regex.IGNORECASE
)
_CONDITION = regex.compile(r"\b(?:if|unless|only|until|without)\b|如果|除非|只有", regex.IGNORECASE)
_SOFTENED = regex.compile(
    r"\b(?:extra|exclu\w+|except|instead|avoid|sorry|unfortunately|afraid|sadly|stay|keep|leave|free"
    r"|nothing|not|never|no|neither|without|only|before|until|cannot|unable|leider)\b|n't|\?"
    r"|不|没|无|别|勿|未|禁|拒|抱歉|遗憾",
    regex.IGNORECASE,
)
_APPOSITION = regex.compile(r",\s*([^\p{L},.!?;]*\d[^\p{L},!?;]*),")
_JOINED_SUBJECT = regex.compile(
    r"\b(?:and|or)\b (?=\p{L}+ (?:is|are|was|were|can|may|must|will|do|does)(?: not\b|n't))",
    regex.IGNORECASE,
)
_WORD = regex.compile(r"\p{Han}+|[\p{L}--\p{Han}]+(?:'[\p{L}--\p{Han}]+)*", regex.V1)
_PREFIXED = regex.compile(r"(?:non|un|in|im|dis|ir)(\p{L}{4,})")
_LEAST_STEM = 3
_FOCI = 3
_HARMLESS = frozenset(root(word, "en") for word in negations.HARMLESS)


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A part of a sentence.

    Attributes:
        words: stems of the words that mean something.
        foci: what it denies; empty where it denies nothing.
        is_exception: whether it says `unless`.
        is_supposed: whether it only supposes something.
        is_unlike: whether it supposes that something isn't so.
        is_explicit: whether it denies by a word such as `not`, and not by one such as `closed`.
        is_lacking: whether it only denies what follows its `without`.
        subjects: the words before what denies.
    """

    words: frozenset[str]
    foci: tuple[str, ...] = ()
    is_exception: bool = False
    is_supposed: bool = False
    is_explicit: bool = False
    is_unlike: bool = False
    is_lacking: bool = False
    subjects: tuple[str, ...] = ()

    def denies(self, word: str) -> bool:
        """Say whether a word is denied: all of the clause, unless it is about what is lacking."""
        return bool(self.foci) and (not self.is_lacking or word in self.foci)


def contraries(reply: str, source: str, *, language: str = "en") -> set[str]:
    """Give words that a reply denies where its source asserts them, or the other way round."""
    reply, source = _joined(reply), _joined(source)
    said, known = clauses_of(reply, language), clauses_of(source, language)
    stems = frozenset().union(*(clause.words for clause in (*said, *known)))
    said, known = _with_prefixes(said, stems), _with_prefixes(known, stems)
    return {
        *(found for one in _with_context(said) for found in _denied(one, known)),
        *(found for clause in said for found in _asserted(clause, known)),
        *_unheeded(reply, source, language),
        *_reversed(reply, source),
    }


def _joined(text: str) -> str:
    """Keep together what one denial is about: `the cost, $7, isn't`, `cats and dogs aren't`."""
    return _JOINED_SUBJECT.sub("", _APPOSITION.sub(r" \1 ", text))


def clauses_of(text: str, language: str = "en") -> tuple[Clause, ...]:
    """Read what a text asserts and denies."""
    plain = regex.sub(negations.IDIOMS, " ", text, flags=regex.IGNORECASE)
    return tuple(_clause(part, language) for part in _CLAUSE_END.split(plain) if part.strip())


def _with_context(clauses: tuple[Clause, ...]) -> Iterator[Clause]:
    """Add to a denial that names nothing, as `they can't`, what was spoken of before it."""
    before: frozenset[str] = frozenset()
    for clause in clauses:
        is_bare = clause.foci and clause.words <= set(clause.foci)
        yield replace(clause, words=clause.words | before) if is_bare else clause
        before = clause.words or before


def _denied(clause: Clause, known: tuple[Clause, ...]) -> Iterator[str]:
    """Give what a clause denies and the source asserts, of the same things."""
    if clause.foci and not any(
        (one.foci or one.is_exception) and one.words & clause.words for one in known
    ):
        yield clause.foci[0]  # whatever it denies, the source denies nothing of the kind
        return
    if _is_of_another(clause, known):
        yield clause.subjects[0]
        return
    words = frozenset().union(*(one.words for one in known))
    focus = next((focus for focus in clause.foci if focus in words), None)
    if focus is None or any(one.is_exception and focus in one.words for one in known):
        return
    about = clause.words - {focus}
    asserting = [one.words for one in known if focus in one.words and not one.denies(focus)]
    denied = [one for one in known if clause.is_lacking or not one.is_lacking]
    denying = [one.words for one in denied if focus in one.words and one.denies(focus)]
    denying += [frozenset(one.foci) for one in known if one.foci and focus not in one.words]
    if clause.is_lacking and not about and any(focus in one.foci for one in known):
        return
    nearest = max((len(about & one) for one in asserting), default=0)
    if asserting and not any(
        (about & one and len(about & one) >= nearest) or one <= clause.words for one in denying
    ):
        yield focus


def _is_of_another(clause: Clause, known: tuple[Clause, ...]) -> bool:
    """Say whether a source denies the like of something else: of notes, and not of cards."""
    own = set(clause.subjects)
    homes = [one for one in known if own & one.words]
    like = [one for one in known if one.foci and one.words & clause.words]
    return (
        bool(homes and like and len(own) == 1 and clause.is_explicit and not clause.is_lacking)
        and not any(one.foci or one.is_exception for one in homes)
        and all(one.subjects and own.isdisjoint(one.subjects) for one in like)
    )


def _asserted(clause: Clause, known: tuple[Clause, ...]) -> Iterator[str]:
    """Give what a clause asserts and the source denies, of the same things."""
    if clause.foci or clause.is_unlike:
        return
    for focus in sorted({one.foci[0] for one in known if one.foci} & clause.words):
        asserting = [one.words for one in known if focus in one.words and not one.foci]
        denying = [one.words for one in known if focus in one.foci[:1]]
        others = [one.words for one in known if focus in one.foci[:1] and one.words - {focus}]
        is_apart = bool(others) and not any((one - {focus}) & clause.words for one in others)
        if (not asserting and not is_apart) or _is_about(clause, denying, asserting, focus):
            yield focus


def _unheeded(reply: str, source: str, language: str) -> Iterator[str]:
    """Give what a reply speaks of as if it were so, where its source only denies things of it."""
    sentences = [one for one in _SENTENCE_END.split(source) if not _CONDITION.search(one)]
    clauses = [clause for one in sentences for clause in clauses_of(one, language)]
    told = frozenset().union(*(one.words for one in clauses_of(source, language) if not one.foci))
    denied = [one.words for one in clauses if one.is_explicit]
    for sentence in _SENTENCE_END.split(reply):
        if _SOFTENED.search(sentence) or any(
            clause.foci for clause in clauses_of(sentence, language)
        ):
            continue
        for clause in clauses_of(sentence, language):
            if not clause.is_supposed:
                yield from (
                    sorted(shared)[0]
                    for one in denied
                    if (shared := (clause.words & one) - told)
                    and 2 * len(clause.words & one) >= len(one)
                )


def _is_about(
    clause: Clause, these: list[frozenset[str]], others: list[frozenset[str]], focus: str
) -> bool:
    """Say whether a clause shares words with some clauses, and none with others."""
    words = clause.words - {focus}
    return any(words & one for one in these) and not any(words & one for one in others)


def _clause(text: str, language: str) -> Clause:
    before: list[str] = []
    after: list[str] = []
    is_denied = False
    for kind, word in _read(text, language):
        if kind == "contrary" and is_denied and not after:
            is_denied = False  # `not closed` denies nothing
        elif kind in ("not", "contrary"):
            before, is_denied, after = [*before, *after], True, []
        else:
            (after if is_denied else before).append(word)
    words = frozenset((*before, *after))
    is_harmless = after[:1] and after[0] in _HARMLESS
    if not is_denied or is_harmless or regex.search(negations.SUPPOSED, text, regex.I):
        is_supposed = regex.search(negations.SUPPOSED, text, regex.I) is not None
        return Clause(
            words=words,
            is_exception=_EXCEPTION.search(text) is not None,
            is_supposed=is_supposed,
            is_unlike=is_supposed and is_denied,
        )
    return Clause(
        words=words,
        foci=tuple(after[:_FOCI] or (word for word in before[-_FOCI:] if word != "need")),
        is_explicit=_EXPLICIT.search(text) is not None,
        is_lacking=_LACKING.search(text) is not None,
        subjects=tuple(before),
    )


def _read(clause: str, language: str) -> Iterator[tuple[str, str]]:
    """Give the words of a clause that mean something, as stems, and its negations."""
    empty = _empty_words(language)
    for match in _WORD.finditer(clause.casefold()):
        word = match[0].removesuffix("'s")
        if regex.match(r"\p{Han}", word):
            yield from _read_han(word)
        elif word in negations.NEGATIONS or word.endswith("n't") or word.startswith("n'"):
            yield "not", ""
        elif word in negations.CONTRARIES:
            yield "contrary", ""
            yield "word", negations.CONTRARIES[word]
        elif word not in empty and len(word) >= _LEAST_STEM:
            yield "word", root(negations.SAME.get(word, word), "en")


@cache
def _empty_words(language: str) -> frozenset[str]:
    vocabulary = vocabulary_of(language) if language != "en" else None
    return negations.EMPTY | (vocabulary.harmless if vocabulary else frozenset())


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
        if match and (bare := root(match[1], "en")) in stems:
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
