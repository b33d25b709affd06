"""Who does what: `you have to approve it` isn't `your manager has to approve it`."""

# ruff: noqa: RUF001, SIM905  # signs that end sentences look alike; words stand in lines

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import regex

from framework.responses.guard.stems import root
from framework.responses.guard.structure import Row, Sentence, Token, rows_of

_BEFORE_VERBS = frozenset(
    """
    can could may might must shall should will would have has had need needs to be is are was were
    also only just not never please always still already then soon usually normally 'll 've do does
    did kindly want wants wish like ask asks cannot can't couldn't don't doesn't didn't won't
    wouldn't mustn't shouldn't needn't
    """.split()
)
_BEFORE_ORDERS = frozenset(
    """
    please kindly so then also and but or just simply now always never not do don't therefore
    instead first next finally otherwise
    """.split()
)
_ASKING = frozenset(["please", "kindly", "don't", "not", "never"])
_NO_ORDERS = frozenset(
    root(word, "en")
    for word in """
    thank thanks hope see wish apology apologise apologize regret appreciate welcome love look
    speak talk note remember sorry congratulations good great nice happy
    """.split()
)
"""What begins a sentence without its `I` or `we`, or is said by either side."""

_AFTER_NOUNS = frozenset(
    """
    is are was were am be been has have had do does did can could may might must shall should will
    would of and or isn't aren't wasn't weren't can't cannot don't doesn't won't not
    """.split()
)
_ENDING = regex.compile(r"(?:(?<!e)ed|(?<=\p{L}{3})ing|ion|ment|(?<![su])s)$")
_HOUSES = frozenset(
    root(word, "en")
    for word in """
    shop store bakery museum library clinic hotel restaurant cafe bar office company team school
    pool gym bank studio hall centre center practice pharmacy garage salon reception desk kitchen
    theatre cinema zoo park garden market hostel workshop hotline service department surgery
    """.split()
)
"""Those for which a bot may say `we`."""

_YOU = frozenset("you you'll you've you'd".split())
_WE = frozenset("we we'll we've we'd i i'll i've i'd".split())
_PRONOUNS = frozenset({"you", "we"})
_BE = frozenset("am is are was were be been being 's 're get gets got".split())
_ANYBODY = frozenset(
    root(word, "en")
    for word in """
    passenger guest customer client visitor member user student pupil people person participant
    patient applicant resident traveller reader driver owner buyer player subscriber tenant citizen
    employee child kid adult senior parent family holder winner everyone everybody anyone anybody
    """.split()
)
"""Those who may be addressed as `you`."""

_MUTUAL = frozenset(
    """
    see sees meet meets take takes need needs get gets find have has last leave leaves depart
    departs arrive arrives start starts travel travels return returns go goes come comes run runs
    move moves
    """.split()
)
"""Verbs that may be said from either side: `you see the doctor`, `the doctor sees you`."""

_MOVING = frozenset("leave leaves return returns move moves start starts run runs".split())
"""Of these only where they have no object."""

_DETERMINERS = frozenset("your our the my his her their a an mr mrs ms dr".split())


def other_agents(said: tuple[Sentence, ...], known: tuple[Sentence, ...]) -> Iterator[str]:
    """Give verbs of a reply that its source says of somebody else alone."""
    told = [*_parts_of(known), *((row, True) for row in rows_of(known))]
    for part, is_first in _parts_of(said):
        for place, verb in enumerate(part):
            agent = _agent(part, place, is_first=is_first)
            if not verb.is_content or agent not in _PRONOUNS or _is_mutual(part, place):
                continue
            homes = [
                (row, at, begins)
                for row, begins in told
                for at, other in enumerate(row)
                if other.key == verb.key
            ]
            if _is_order(part, place, is_first=is_first):
                homes = [home for home in homes if _share_object(part, verb, home[0])]
            agents = {_agent(row, at, is_first=begins) for row, at, begins in homes}
            is_ours = agent == "we" and any(root(one, "en") in _HOUSES for one in agents)
            if agents and not agents & {"", agent} and not (is_ours or _is_for_you(part, agents)):
                yield verb.text


def _share_object(part: Row, verb: Token, row: Row) -> bool:
    """Say whether a source speaks of what a verb is to be done to."""
    keys = {one.key for one in row if one.is_content}
    return any(one.is_content and one is not verb and one.key in keys for one in part)


def _is_mutual(row: Row, place: int) -> bool:
    """Say whether a verb may be said from either side; `we leave the key` may not."""
    has_object = any(one.text in _DETERMINERS for one in row[place + 1 : place + 2])
    return row[place].text in (_MUTUAL - _MOVING if has_object else _MUTUAL)


def _parts_of(sentences: tuple[Sentence, ...]) -> Iterator[tuple[Row, bool]]:
    """Give parts, and whether their sentence begins with them."""
    for sentence in sentences:
        yield from ((part, not place) for place, part in enumerate(sentence))


def _is_for_you(part: Row, agents: set[str]) -> bool:
    """Say whether `we` do something for those who would do it: `we've paid it for you`."""
    texts = [token.text for token in part]
    return agents == {"you"} and ("for", "you") in pairwise(texts)


def _agent(row: Row, place: int, *, is_first: bool) -> str:
    """Give who does what a verb says: `you`, `we`, the noun before it; nothing where unclear."""
    if _is_order(row, place, is_first=is_first):
        return "you"
    at = place - 1
    while at >= 0 and row[at].text in _BEFORE_VERBS:
        at -= 1
    is_infinitive = 0 <= at < place - 1 and row[at + 1].text == "to"
    if at < 0 or is_infinitive or any(one.text in _BE for one in row[at + 1 : place]):
        return ""  # nobody, or in the passive
    word = row[at]
    if word.text in _YOU:
        return "you"
    if word.text in _WE:
        return "we"
    if not word.is_content or word.kind or word.text in _BE or word.key in _ANYBODY:
        return ""
    is_named = word.is_name or (at > 0 and row[at - 1].text in _DETERMINERS)
    is_verb_behind = at < place - 1 or row[place].text.endswith("s")
    return word.text if is_named and is_verb_behind else ""


def _is_order(row: Row, place: int, *, is_first: bool) -> bool:
    """Say whether a verb begins an order: `please do not delete it`."""
    before, verb, behind = row[:place], row[place], row[place + 1 : place + 2]
    is_begun = all(one.text in _BEFORE_ORDERS for one in before)
    is_asked = any(one.text in _ASKING for one in before)
    if not is_begun or not (is_first or is_asked) or verb.kind or verb.key in _NO_ORDERS:
        return False
    is_verb = verb.is_content and not _ENDING.search(verb.text)
    return is_verb and bool(behind) and behind[0].text not in _AFTER_NOUNS


_HAN_CLAUSE_END = regex.compile(r"[，。！？；,!?;\n]+")
_OURS_IN_HAN = regex.compile(
    r"我们?(?P<unable>暂?时?(?:无法|不能|没法|不可以|不会))?(?(unable)|[会将来可以能已]*)"
    r"(?:[为帮给替][您你])?(?P<verb>\p{Han}{2})"
)
_YOURS_IN_HAN = regex.compile(
    r"(?:请[您你]?|[您你])(?P<unable>不要|勿|别|不能|不可以?|无法|不得|不用)?(?(unable)|[先来]?)"
    r"(?P<verb>\p{Han}{2})"
)


def orders_in_han(reply: str, source: str) -> Iterator[str]:
    """Give what a reply in Chinese tells the user to do, or not, and its source says of the bot."""
    told = _HAN_CLAUSE_END.split(source)
    ours = {_deed(match) for part in told for match in _OURS_IN_HAN.finditer(part)}
    yours = {_deed(match) for part in told for match in _YOURS_IN_HAN.finditer(part)}
    for match in _YOURS_IN_HAN.finditer(reply):
        if _deed(match) in ours - yours:
            yield match[0]


def _deed(match: regex.Match[str]) -> tuple[bool, str]:
    return match["unable"] is not None, match["verb"]
