"""Whether a reply says that something was done of which its source says that it can or will be."""

# ruff: noqa: SIM905  # words are read and kept more easily in lines than one by one

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import regex

from framework.responses.guard.roles import is_same
from framework.responses.guard.stems import IRREGULAR, stem
from framework.responses.guard.structure import Sentence, Token
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
_STEPS = 4
_NEAR = 3


def done_in_words(
    said: tuple[Sentence, ...], known: tuple[Sentence, ...], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Give what a reply says was done, and its source only that it is, can or will be."""
    told = [list(chain.from_iterable(sentence)) for sentence in known]
    for sentence in said:
        tokens = list(chain.from_iterable(sentence))
        for place, token in enumerate(tokens):
            if _is_done(tokens, place) and not _STARTED & {one.text for one in tokens[:place]}:
                states = _states_of(token, told, vocabulary)
                if states and not any(states):
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
        and (is_same(token, other) or _is_verb(row, place))
        and is_same(token, other, vocabulary)
    ]


def _is_participle(token: Token) -> bool:
    is_regular = token.text.endswith("ed") and stem(token.text) != token.text
    return token.is_content and (is_regular or token.text in IRREGULAR or token.text in _SAME_FORM)


def _is_done(tokens: Sequence[Token], place: int) -> bool:
    """Say whether a word tells of something done: `has been sent`, `we sent`."""
    before = [token.text for token in tokens[max(0, place - _STEPS) : place]]
    if not _is_participle(tokens[place]) or _OPEN & set(before):
        return False
    return bool(_DONE & set(before[-_NEAR:])) or (bool(before) and before[-1] in _PERSONS)


def _is_state(tokens: Sequence[Token], place: int) -> bool:
    """Say whether a word tells of what is or was so, and not of what can or will be."""
    before = {token.text for token in tokens[max(0, place - _STEPS) : place]}
    return _is_participle(tokens[place]) and not _OPEN & before


def _is_verb(tokens: Sequence[Token], place: int) -> bool:
    before = {token.text for token in tokens[max(0, place - _STEPS) : place]}
    return _is_participle(tokens[place]) or bool(_OPEN & before)


def obliged(said: tuple[Sentence, ...], known: tuple[Sentence, ...]) -> Iterator[str]:
    """Give what a reply says must be done, and its source only that it can be."""
    told = [list(chain.from_iterable(sentence)) for sentence in known]
    for sentence in said:
        tokens = list(chain.from_iterable(sentence))
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


def _modal(tokens: Sequence[Token], place: int) -> str:
    """Say whether a verb right before a place says that something can, or must be done."""
    before = [token.text for token in tokens[max(0, place - _NEAR) : place]]
    if {"must", "required"} & set(before) or before[-2:] in (["have", "to"], ["need", "to"]):
        return "must"
    return "can" if {"can", "may", "could", "might"} & set(before) else ""


def done_in_han(reply: str, source: str) -> Iterator[str]:
    """Give what a reply in Chinese says was done, and its source only that it will be."""
    for match in regex.finditer(r"已经?(\p{Han}{2})(?!成功)|(\p{Han}{2})了(?!解)", reply):
        act = match[1] or match[2]
        done = rf"已经?(?:\p{{Han}}{{1,2}})?{act}|{act}了|{act}成功"
        is_open = match[1] or regex.search(
            rf"[将会能要]{{1,2}}{act}|预计\p{{Han}}{{0,6}}{act}", source
        )
        if act in source and is_open and not regex.search(done, source):
            yield match[0]
