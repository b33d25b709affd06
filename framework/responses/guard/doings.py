"""Whether a reply says that something was done of which its source says that it can or will be."""

# ruff: noqa: SIM905  # words are read and kept more easily in lines than one by one

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from framework.responses.guard.contrasts import nearest
from framework.responses.guard.roles import is_same
from framework.responses.guard.stems import PAST, STRONG_PAST, stem
from framework.responses.guard.structure import Row, Sentence, Token, rows_of
from framework.responses.guard.vocabulary.reading import Vocabulary

_OPEN = frozenset(
    """
    can could may might will shall should would must to 'll you'll we'll i'll it'll
    they'll
    """.split()
)
_DONE = frozenset(
    "have has had been was were already just did i've we've you've they've it's got".split()
)
_STARTED = frozenset("until till once when after before if unless bis sobald wenn".split())
_PERSONS = frozenset(["i", "we", "you", "they", "it", "he", "she"])
_SAME_FORM = frozenset({"put", "set", "cut"})
_COMPLETE = frozenset(
    "ready complete available here there now since ago last sorry unable sold in".split()
)
_GET = "get"
_DETERMINERS = frozenset("the a an your our my his her their this that per".split())
_STEPS = 4
_NEAR = 4
_PROMISES = frozenset(["i'll", "we'll"])
_PROMISING = frozenset(
    (one, other)
    for subjects, verbs in ((("i", "we"), ("will", "shall")), (("i'm", "we're"), ("going",)))
    for one in subjects
    for other in verbs
)
_HAVE = frozenset(["have", "has", "need", "needs"])


def done_in_words(
    said: tuple[Sentence, ...], known: tuple[Sentence, ...], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Give what a reply says was done, and its source only that it is, can or will be."""
    told = rows_of(known)
    for tokens in rows_of(said):
        for place, token in enumerate(tokens):
            if _is_done(tokens, place) and not _STARTED & {one.text for one in tokens[:place]}:
                states = _states_of(token, told, vocabulary)
                if not any(states) and (
                    states or not _tells_of_past(token, tokens, told, vocabulary)
                ):
                    yield token.text


def _states_of(
    token: Token, told: Sequence[Sequence[Token]], vocabulary: Vocabulary | None
) -> list[bool]:
    """Say of each place where the source has a verb whether it tells of a state there."""
    return [
        _is_state(row, place)
        for row in told
        for place, other in enumerate(row)
        if other.is_content
        and not (place and row[place - 1].text in _DETERMINERS)
        and (is_same(token, other) or _is_verb(row, place))
        and is_same(token, other, vocabulary)
    ]


def _tells_of_past(
    token: Token, tokens: Row, told: Sequence[Row], vocabulary: Vocabulary | None
) -> bool:
    """Say whether what a source has of the same tells of something done, in whatever words."""
    if vocabulary is not None and token.key in vocabulary.harmless and token.key != _GET:
        return True
    rest = [one for one in tokens if (one.is_content or one.kind) and one is not token]
    homes = nearest(rest, told, vocabulary) or told
    return any(
        one.text in _COMPLETE or one.text in _DONE or _is_participle(one)
        for home in homes
        for one in home
    )


def _is_participle(token: Token) -> bool:
    is_regular = token.text.endswith("ed") and stem(token.text) != token.text
    return token.is_content and (is_regular or token.text in PAST or token.text in _SAME_FORM)


def _is_done(tokens: Sequence[Token], place: int) -> bool:
    """Say whether a word tells of something done: `has been sent`, `we sent`."""
    before = [token.text for token in tokens[max(0, place - _STEPS) : place]]
    if not _is_participle(tokens[place]) or _OPEN & set(before):
        return False
    if tokens[place].text in STRONG_PAST and place and tokens[place - 1].is_content:
        return True  # `the plumber came`
    near = next((at for at in range(place - 1, -1, -1) if not _is_passed_over(tokens[at])), None)
    if near is None or (tokens[place].text == "got" and _is_having(tokens[near])):
        return "back" in [token.text for token in tokens[place:]]
    return tokens[near].text in _DONE or (near == place - 1 and tokens[near].text in _PERSONS)


def _is_passed_over(token: Token) -> bool:
    """Say whether a word may stand between `has` and what was done: `has also been sent`."""
    return not token.is_content and not token.kind and token.text not in _DONE | _PERSONS


def _is_having(token: Token) -> bool:
    return token.text in ("have", "has", "had") or token.text.endswith("'ve")


def _is_state(tokens: Sequence[Token], place: int) -> bool:
    """Say whether a word tells of what is or was so, and not of what can or will be."""
    before = {token.text for token in tokens[max(0, place - _STEPS) : place]}
    return _is_participle(tokens[place]) and not _OPEN & before


def _is_verb(tokens: Sequence[Token], place: int) -> bool:
    before = {token.text for token in tokens[max(0, place - _STEPS) : place]}
    return _is_participle(tokens[place]) or bool(_OPEN & before)


def obliged(said: tuple[Sentence, ...], known: tuple[Sentence, ...]) -> Iterator[str]:
    """Give what a reply says must be done, and its source only that it can be."""
    told = rows_of(known)
    for tokens in rows_of(said):
        for place, token in enumerate(tokens):
            is_supposed = bool(_STARTED & {one.text for one in tokens[:place]})
            if is_supposed or not token.is_content or _modal(tokens, place) != "must":
                continue
            modals = [
                _modal(row, at)
                for row in told
                for at, other in enumerate(row)
                if is_same(token, other)
            ]
            if "can" in modals and set(modals) <= {"can", ""}:
                yield token.text


def weakened(said: tuple[Sentence, ...], known: tuple[Sentence, ...]) -> Iterator[str]:
    """Give what a reply says can be done, and its source only that it must be."""
    told = rows_of(known)
    for tokens in rows_of(said):
        for place, token in enumerate(tokens):
            if not token.is_content or _modal(tokens, place) != "can":
                continue
            modals = {
                _modal(row, at)
                for row in told
                for at, other in enumerate(row)
                if is_same(token, other)
            }
            if modals - {""} == {"must"}:
                yield token.text


def promised(said: tuple[Sentence, ...], known: tuple[Sentence, ...]) -> Iterator[str]:
    """Give what a reply says the bot will do, and its source only that it can."""
    told = rows_of(known)
    for tokens in rows_of(said):
        for place, token in enumerate(tokens):
            before = [one.text for one in tokens[max(0, place - _NEAR) : place]]
            is_meant = _PROMISES & set(before) or _PROMISING & set(pairwise(before))
            is_supposed = _STARTED & {one.text for one in tokens[:place]}
            if not token.is_content or not is_meant or is_supposed or "able" in before:
                continue
            modals = {
                _modal(row, at)
                for row in told
                for at, other in enumerate(row)
                if is_same(token, other) and not (at and row[at - 1].text in _DETERMINERS)
            }
            if modals == {"can"}:
                yield token.text


def _modal(tokens: Sequence[Token], place: int) -> str:
    """Say whether a verb right before a place says that something can, or must be done."""
    before = [token.text for token in tokens[max(0, place - _NEAR) : place]]
    has_to = any(one in _HAVE and other == "to" for one, other in pairwise(before))
    if has_to or {"must", "required"} & set(before):
        return "must"
    return "can" if {"can", "may", "could", "might"} & set(before) else ""


def done_in_han(reply: str, source: str) -> Iterator[str]:
    """Give what a reply in Chinese says was done, and its source only that it will be."""
    for match in regex.finditer(r"已经?(\p{Han}{2})(?!成功)|(\p{Han}{2})了(?!解)", reply):
        act = match[1] or match[2]
        done = rf"已经?(?:\p{{Han}}{{1,4}})?{act}|{act}了|{act}成功"
        is_open = match[1] or regex.search(
            rf"[将会能要]{{1,2}}{act}|预计\p{{Han}}{{0,6}}{act}", source
        )
        if act in source and is_open and not regex.search(done, source):
            yield match[0]
