"""Who brings what: `please bring shoes` isn't said where shoes are provided, nor the other way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from framework.responses.guard.contrasts import denies
from framework.responses.guard.stems import root
from framework.responses.guard.structure import Row, Sentence

_BROUGHT = frozenset(root(word, "en") for word in ("bring", "pack"))
_PROVIDED = frozenset(
    root(word, "en") for word in ("provide", "supply", "include", "lend", "borrow", "rent")
)
_OURS = frozenset({("we", "have"), ("we", "give"), ("give", "you")})
_THEIRS = frozenset({("your", "own")})


def carried_by_others(said: tuple[Sentence, ...], known: tuple[Sentence, ...]) -> Iterator[str]:
    """Give what a reply says is to be brought, or is provided, and its source the other way."""
    told: dict[str, set[str]] = {}
    for what, side in _carried(known):
        told.setdefault(what, set()).add(side)
    for what, side in _carried(said):
        if side and what in told and told[what] == {"ours" if side == "theirs" else "theirs"}:
            yield what


_PROVIDED_IN_HAN = regex.compile(r"(?:提供|准备好?|配备|备有|备好)了?(?P<what>\p{Han}{2})")
_BROUGHT_IN_HAN = (
    r"(?:请|需|须|记得|务必)\p{{Han}}{{0,3}}(?:穿|带|携带|自备|准备|戴)\p{{Han}}{{0,2}}{}"
)


def provided_in_han(reply: str, source: str) -> Iterator[str]:
    """Give what a reply in Chinese says is provided, and its source that the user brings it."""
    for match in _PROVIDED_IN_HAN.finditer(reply):
        before = reply[: match.start()]
        is_asked = regex.search(r"[请需须自得][\p{Han}]{0,3}$", before)
        is_brought = regex.search(_BROUGHT_IN_HAN.format(match["what"]), source)
        if (
            is_brought
            and not is_asked
            and not regex.search(rf"(?:提供|备有){match['what']}", source)
        ):
            yield match[0]


def _carried(sentences: tuple[Sentence, ...]) -> Iterator[tuple[str, str]]:
    """Give the roots of words, and whose matter it is that the things are there, if any is told."""
    for sentence in sentences:
        sides = [_side(part) for part in sentence]
        for place, part in enumerate(sentence):
            side = sides[place] or _side_of_list(sides, place)
            for token in part:
                if token.is_content and not token.kind and token.key not in _BROUGHT | _PROVIDED:
                    yield token.key, side


def _side(part: Row) -> str:
    """Say whether a part tells that the user brings something, or that it is provided."""
    if denies(part):
        return ""
    keys, pairs = {one.key for one in part}, set(pairwise(one.text for one in part))
    if keys & _BROUGHT or pairs & _THEIRS:
        return "theirs"
    return "ours" if keys & _PROVIDED or pairs & _OURS else ""


def _side_of_list(sides: Sequence[str], place: int) -> str:
    """Read `bring shoes and a towel`, and `shoes and a harness are provided`."""
    before = next((one for one in reversed(sides[:place]) if one), "")
    behind = next((one for one in sides[place + 1 :] if one), "")
    is_before, is_behind = before == "theirs", behind == "ours"
    return "" if is_before == is_behind else before if is_before else behind
