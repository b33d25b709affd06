"""Who does what: `you have to approve it` isn't `your manager has to approve it`."""

# ruff: noqa: SIM905  # words are read and kept more easily in lines than one by one

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise

from framework.responses.guard.stems import root
from framework.responses.guard.structure import Row, Sentence, rows_of

_BEFORE_VERBS = frozenset(
    """
    can could may might must shall should will would have has had need needs to be is are was were
    also only just not never please always still already then soon usually normally 'll 've do does
    did kindly want wants wish like ask asks
    """.split()
)
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

_DETERMINERS = frozenset("your our the my his her their a an mr mrs ms dr".split())


def other_agents(said: tuple[Sentence, ...], known: tuple[Sentence, ...]) -> Iterator[str]:
    """Give verbs of a reply that its source says of somebody else alone."""
    told = rows_of(known)
    for sentence in said:
        for part in sentence:
            for place, verb in enumerate(part):
                agent = _agent(part, place)
                if not verb.is_content or agent not in _PRONOUNS or verb.text in _MUTUAL:
                    continue
                agents = {
                    _agent(row, at)
                    for row in told
                    for at, other in enumerate(row)
                    if other.key == verb.key
                }
                if agents and not agents & {"", agent} and not _is_for_you(sentence, agents):
                    yield verb.text


def _is_for_you(sentence: Sentence, agents: set[str]) -> bool:
    """Say whether `we` do something for those who would do it: `we've paid it for you`."""
    texts = [token.text for token in chain.from_iterable(sentence)]
    return agents == {"you"} and ("for", "you") in pairwise(texts)


def _agent(row: Row, place: int) -> str:
    """Give who does what a verb says: `you`, `we`, the noun before it; nothing where unclear."""
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
