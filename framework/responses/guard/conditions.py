"""Whether a reply says without an if, or of all, what its source says with one, or of most.

What a source only supposes (`if a tyre is flat`) isn't to be stated either.
"""

# ruff: noqa: RUF001, SIM905  # signs that end sentences look alike; words stand in lines

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import regex

from framework.responses.guard.contrasts import denies
from framework.responses.guard.roles import GENERAL, is_same
from framework.responses.guard.stems import root
from framework.responses.guard.structure import (
    Row,
    Sentence,
    Token,
    row_of,
    rows_of,
    sentences_of,
)
from framework.responses.guard.vocabulary.reading import Vocabulary

_CONDITIONS = frozenset(
    "if unless only provided otherwise wenn falls sofern nur solo sólo seulement".split()
)
_MARKERS = _CONDITIONS | frozenset(
    """
    as long when once after afterwards then otherwise miss avoid without may might
    depending case could should would
    """.split()
)
_SUPPOSING = _CONDITIONS - {"only", "otherwise", "nur", "solo", "sólo", "seulement"}
_STATING = frozenset(
    """
    is are was were am has have had i'm you're we're they're he's she's
    it's i've you've we've they've
    ist sind war waren hat haben es está son están est sont
    """.split()
)
_SOMEBODY = frozenset(
    "i you we they he she it ich du sie wir er yo tú usted je tu vous nous".split()
)
_QUESTION = regex.compile(r"[^.!?;:\n。！？；]*[?？]")
_PARTLY = frozenset(["most", "some", "many", "few", "several"])
_HEDGES = _PARTLY | frozenset(
    """
    once usually typically normally often generally may might should can could
    mostly
    """.split()
)
_LEAST_SHARED = 2
_WORD = regex.compile(r"\p{Han}|[\p{L}--\p{Han}]{2,}", regex.V1)
_SENTENCE = regex.compile(r"[.!?;。！？；\n]+")
_OPEN = regex.compile(
    r"\b(?:whether|if|ask|not|maybe|perhaps)\b|n't\b|是否|能否|如果|[不没]", regex.I
)
_UNDECIDED = regex.compile(
    r"(?:\b(?:can't|cannot|can not|don't|do not|unable to|not able to|not sure|nobody can)\b)"
    r"[^.;!?,]{0,30}?\b(?:whether|if) (?P<what>[^.;!?,]+)"
    r"|(?:不知道|不清楚|无法判断|无法确定|不能确定|不确定|不能判断)(?P<what>[^。；！？，]*是否[^。；！？，]+)",
    regex.IGNORECASE,
)
"""What a source says that it doesn't know."""


def unconditional(
    said: tuple[Sentence, ...],
    known: tuple[Sentence, ...],
    vocabulary: Vocabulary | None,
    asked: tuple[Sentence, ...] = (),
) -> Iterator[str]:
    """Give what a reply says without the condition that its source has for it.

    A condition that the user asked about (`what do I do if a tyre is flat?`) need not be repeated.
    """
    whole = [token for sentence in said for part in sentence for token in part]
    told = rows_of(known)
    supposed = [
        _keys(row[place + 1 :])
        for row in rows_of(asked)
        if (place := _place_of_condition(row)) is not None
    ]
    for row in told:
        place = _place_of_condition(row)
        if place is None:
            continue
        main, condition = _halves(row, place)
        least = min(_LEAST_SHARED, len(main))
        is_forbidden = row[place].text == "without"
        is_told = not is_forbidden and (
            _says_nothing(condition, vocabulary)
            or bool(_shared(condition, whole, vocabulary))
            or any(one[: len(condition)] == _keys(condition) for one in supposed)
        )
        is_general = len(main) == 1 and main[0].text in GENERAL
        if not main or len(main) < least or is_told or is_general:
            continue
        others = [other for other in told if other is not row]
        for sentence in said:
            shared = _shared(main, row_of(sentence), vocabulary)
            is_most = len(shared) >= least and 2 * len(shared) >= len(main)
            is_kept = is_forbidden and denies(row_of(sentence))
            if is_most and not is_kept and not _is_free(sentence, shared, others, vocabulary):
                yield " ".join(token.text for token in shared if token.text)


def _keys(row: Row) -> list[str]:
    return [token.key for token in row if token.is_content or token.kind]


def _place_of_condition(row: Row) -> int | None:
    """Give where an `if` stands, or the `without` of what is forbidden: `don't stop without`."""
    places = [at for at, token in enumerate(row) if token.text in _CONDITIONS]
    places += [at for at, token in enumerate(row) if token.text == "without" and denies(row[:at])]
    return next((at for at in places if row[at].text != "only"), next(iter(places), None))


def undecided(reply: str, source: str, language: str) -> Iterator[str]:
    """Give what a reply states and of what its source says that nobody can say whether it is so."""
    told = [root(word, language) for word in _WORD.findall(_UNDECIDED.sub(" ", source).casefold())]
    for match in _UNDECIDED.finditer(source):
        open_ones = {root(word, language) for word in _WORD.findall(match["what"].casefold())}
        for sentence in _SENTENCE.split(_QUESTION.sub(" ", reply)):
            own = [root(word, language) for word in _WORD.findall(sentence.casefold())]
            is_stated = own and not _OPEN.search(sentence) and open_ones.issuperset(own)
            if is_stated and not set(own) <= set(told):
                yield sentence.strip()


def assumed(
    reply: str, known: tuple[Sentence, ...], language: str, vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Give what a reply states and its source only supposes: `if a tyre is flat`."""
    told = [_supposed(part) for part in chain.from_iterable(known)]
    if not any(condition for _, condition in told):
        return
    for sentence in sentences_of(_QUESTION.sub(" ", reply), language):
        if any(token.text in _MARKERS for token in chain.from_iterable(sentence)):
            continue
        for part in sentence:
            stated = [token for token in part if token.is_content or token.kind]
            if len(stated) < _LEAST_SHARED or not _is_statement(part):
                continue
            if _is_only(stated, told, vocabulary):
                yield " ".join(token.text for token in part if token.text)


def _supposed(part: Row) -> tuple[Row, Row]:
    """Give what a part of a sentence says outright, and what it says behind an `if`."""
    places = (at for at, token in enumerate(part) if token.text in _SUPPOSING)
    place = next(places, len(part))
    return part[:place], part[place + 1 :]


def _is_statement(part: Row) -> bool:
    return part[0].text in _SOMEBODY or any(token.text in _STATING for token in part)


def _is_only(stated: Row, told: Sequence[tuple[Row, Row]], vocabulary: Vocabulary | None) -> bool:
    """Say whether words are those of a condition, and not of anything said outright."""
    outright = any(len(_shared(stated, row, vocabulary)) == len(stated) for row, _ in told)
    return not outright and any(
        len(_shared(stated, condition, vocabulary)) == len(stated) for _, condition in told
    )


def generalised(
    said: tuple[Sentence, ...], known: tuple[Sentence, ...], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Give the words of a source that say of most or some what a reply says of all."""
    for sentence in known:
        if sentence[0][0].text not in _PARTLY:
            continue
        main = [token for token in chain.from_iterable(sentence) if token.is_content or token.kind]
        for one in said:
            row = row_of(one)
            shared = _shared(main, row, vocabulary)
            is_most = len(shared) > _LEAST_SHARED and 2 * len(shared) > len(main)
            if is_most and not any(token.text in _HEDGES for token in row):
                yield sentence[0][0].text


def _shared(main: Row, row: Row, vocabulary: Vocabulary | None) -> list[Token]:
    return [one for one in main if any(is_same(other, one, vocabulary) for other in row)]


def _is_free(
    sentence: Sentence, shared: Row, others: Sequence[Row], vocabulary: Vocabulary | None
) -> bool:
    """Say whether a sentence has a condition of its own, or repeats one that needs none."""
    if any(token.text in _MARKERS for token in chain.from_iterable(sentence)):
        return True
    return any(len(_shared(shared, other, vocabulary)) == len(shared) for other in others)


def _says_nothing(condition: Row, vocabulary: Vocabulary | None) -> bool:
    harmless = vocabulary.harmless if vocabulary else frozenset()
    return all(token.key in harmless and not token.kind for token in condition)


def _halves(tokens: Row, place: int) -> tuple[list[Token], list[Token]]:
    """Give what is said and its condition: the meaningful words, and facts, of both."""
    before = [token for token in tokens[:place] if token.is_content]
    behind = [token for token in tokens[place + 1 :] if token.is_content or token.kind]
    if tokens[place].text == "otherwise":
        return behind, before
    if tokens[place].text == "only" and len(behind) > 1:
        return [*before, *behind[:-1]], behind[-1:]
    if any(token.is_opening for token in behind):
        return [one for one in behind if not one.is_opening], [
            one for one in behind if one.is_opening
        ]
    if not before:  # the condition comes first: it is two words or more
        return behind[_LEAST_SHARED:], behind[:_LEAST_SHARED]
    return before, behind
