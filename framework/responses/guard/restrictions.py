"""What a reply limits or joins: `only by post`, `both`, `Ms. Roy`, where its source does not."""

# ruff: noqa: SIM905  # words are read and kept more easily in lines than one by one

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import regex

from framework.responses.guard.contrasts import denies, nearest
from framework.responses.guard.roles import is_same
from framework.responses.guard.structure import Row, Sentence, Token, rows_of
from framework.responses.guard.vocabulary.reading import Vocabulary

_ONLY = frozenset(["only", "solely", "exclusively"])
_LIMITS = _ONLY | frozenset(
    """
    just alone except exclusive but limited restricted reserved unless until no not nothing none
    other without nur solo sólo
    """.split()
)
_MUST = frozenset(["must", "need", "needs", "required", "both", "bring", "please"])
_HAVE = frozenset({"have", "has"})
_PERMITTING = frozenset("can may could free like want wish welcome if".split())
"""Of what one may have both of, one may have either."""

_TITLE = regex.compile(
    r"\b(?:(mr|herr|sr|señor|monsieur)|(mrs|ms|miss|frau|sra|señora|madame|mme))\.?\s+"
    r"(\p{Lu}[\p{L}'-]+)",
    regex.IGNORECASE,
)


def newly_limited(
    said: tuple[Sentence, ...], known: tuple[Sentence, ...], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Give `only` where the source limits nothing of what a reply says."""
    told = rows_of(known)
    for row in rows_of(said):
        for place, token in enumerate(row):
            if token.text not in _ONLY or _is_of_amount(row, place):
                continue
            rest = [one for one in row if one.is_content or one.kind]
            homes = nearest(rest, told, vocabulary)
            if not any(one.text in _LIMITS or one.text.endswith("n't") for h in homes for one in h):
                yield token.text


def _is_of_amount(row: Row, place: int) -> bool:
    """Say whether `only` says that an amount is small: `it's only 5 euros`."""
    near = row[place + 1 : place + 6]
    return any(one.kind.startswith(("amount", "number")) for one in near)


def joined(said: tuple[Sentence, ...], known: tuple[Sentence, ...]) -> Iterator[str]:
    """Give what must both be in a reply, where its source says `or`, and the other way round."""
    told = rows_of(known)
    for row in rows_of(said):
        if denies(row) or not _requires(row):
            continue
        is_permitted = any(token.text in _PERMITTING for token in row)
        for joint, other in (("and", "or"), ("or", "and"))[: 1 if is_permitted else 2]:
            own = [*_pairs(row, joint)]
            others = [(home, pair) for home in told for pair in _pairs(home, other)]
            same = [pair for home in told for pair in _pairs(home, joint)]
            for pair in own:
                is_other = any(_are_same(pair, two) and not denies(home) for home, two in others)
                if is_other and not any(_are_same(pair, two) for two in same):
                    yield f"{pair[0].text} {joint} {pair[1].text}"


def _requires(row: Row) -> bool:
    has_to = any(one.text in _HAVE and other.text == "to" for one, other in pairwise(row))
    return has_to or any(token.text in _MUST for token in row)


def _pairs(row: Row, joint: str) -> Iterator[tuple[Token, Token]]:
    """Give the meaningful words next to each other around a joint."""
    for place, token in enumerate(row):
        if token.text == joint:
            before = [
                one for one in row[max(0, place - 3) : place] if one.is_content or one.is_name
            ]
            behind = [one for one in row[place + 1 : place + 4] if one.is_content or one.is_name]
            if before and behind:
                yield before[-1], behind[0]


def _are_same(one: tuple[Token, Token], other: tuple[Token, Token]) -> bool:
    return any(
        is_same(one[0], first) and is_same(one[1], second) for first, second in (other, other[::-1])
    )


_BY_WHOM = regex.compile(r"\bby (you|us|me)\b", regex.IGNORECASE)


def by_others(reply: str, source: str) -> Iterator[str]:
    """Give `by you` where the source has `by us`, and the other way round."""
    told = {match[1].casefold() == "you" for match in _BY_WHOM.finditer(source)}
    for match in _BY_WHOM.finditer(reply):
        if told and (match[1].casefold() == "you") not in told:
            yield match[0]


def other_titles(reply: str, source: str) -> Iterator[str]:
    """Give names with another title than that of the source: `Ms. Roy` for `Mr. Roy`."""
    told: dict[str, set[bool]] = {}
    for match in _TITLE.finditer(source):
        told.setdefault(match[3].casefold(), set()).add(bool(match[1]))
    for match in _TITLE.finditer(reply):
        name = match[3].casefold()
        if name in told and bool(match[1]) not in told[name]:
            yield match[3]
