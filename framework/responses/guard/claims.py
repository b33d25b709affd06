"""What a reply makes of what its source says: of all, of another day, only, or by somebody else."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from framework.nlu.values.calendar_names import FULL_WEEKDAYS
from framework.responses.guard.stems import root

_ALL = (
    "all|every|everything|everyone|everybody|everywhere|always|anytime|any time|whenever|whole"
    "|entire|each|jederzeit|immer|alle|jede|jeder|jedes|siempre|todos|todas|toujours|tous|toutes"
)
_SOME = "some|few|several|most|sometimes|rarely|occasionally"
_ARTICLES = "of|the|our|your|my|these|those|other|las|los|les|unsere|ihre"
_OF_WHAT = tuple(
    regex.compile(rf"\b(?:{kind})\b(?: (?:{_ARTICLES})\b)*(?: (\p{{L}}+))?", regex.IGNORECASE)
    for kind in (_ALL, _SOME)
)
_IDIOMS = regex.compile(
    r"\b(?:all \w+ed\b|all (?:set|done|good|right|yours|ears|(?:you|we|i) need|ready)"
    r"|all of (?:that|this|it|you)|all (?:we|you|i) (?:ask|want)"
    r"|all (?:the best|the time|is (?:well|good|set))|at all|after all|above all|in all"
    r"|first of all|(?:that's|this is|is that) all"
    r"|always (?:happy|glad|here|welcome)|many thanks|most welcome"
    r"|everything(?: is|'s| looks) (?:\w+ )?(?:set|ready|fine|ok|okay|good|settled|in order)"
    r"|any(?:thing|one)|not (?:all|any)|some(?:thing|one)|some (?:more|good|great|bad)"
    r"|a few (?:moments|words)|at (?:the )?most|most of all)\b",
    regex.IGNORECASE,
)
_WEEKDAYS = "|".join(FULL_WEEKDAYS)
_MOMENT = f"day|week|weekend|month|year|morning|afternoon|evening|night|{_WEEKDAYS}"
_WHICH = "next|last|this|coming|following|previous|every|each"
_DEIXIS = regex.compile(
    rf"\b({_WHICH})\b (?:((?!week|day)[a-z-]+) )?({_MOMENT})s?\b"
    r"|(今|明|去|后|前)年|(本|这|上|下)个?(周|星期|月)",
    regex.IGNORECASE,
)
_SAME_WHICH = {
    "coming": "next",
    "following": "next",
    "previous": "last",
    "each": "every",
    "本": "这",
}
_NEXT_TIME = regex.compile(
    r"\b(?:see you|until|talk to you|speak) (?:\w+ )?next \w+|\blast day\b", regex.IGNORECASE
)
_PERIODIC = regex.compile(rf"\b(?:every|each) (?:{_MOMENT}|second|minute|hour)\b", regex.IGNORECASE)
_GENERIC = regex.compile(r"(?:^|[.!?;\n] ?)(\p{L}+s|children|people)\b", regex.IGNORECASE)
_EACH = regex.compile(r"\beach(?=\s*(?:[.,;!?)]|and\b|$))", regex.IGNORECASE)
_OF_EACH = regex.compile(r"\d[\d.,]*\s?(?:\p{L}+|\p{Sc}|%)? (?:an?|per) (\p{L}+)", regex.IGNORECASE)
_COUNTING = ("all", "every ", "each", "whole", "entire", "some ", "few", "several")
_GENERAL = frozenset({"time", "be", "have"})
_TIMES_OF_DAY = frozenset({"morning", "afternoon", "evening", "night"})
_WEEKDAY = regex.compile(_WEEKDAYS)
_DAYS = regex.compile(r"\p{L}+days\b")
_ONLY = regex.compile(
    r"\bonly (?:(?:on|in|at|during|from|for) )+(?:the )?\p{L}+|\bin \p{L}+ only\b"
    rf"|\b(?:weekdays?|{_MOMENT})s? only\b",
    regex.IGNORECASE,
)
_EVEN = regex.compile(
    r"\b(?:even|also) (?:if|when|with|without)\b|\bregardless\b", regex.IGNORECASE
)
_ALL_THE_SAME = regex.compile(
    r"\beven\b|\ball the same\b|\banyway\b|\bregardless\b|\bnevertheless\b|\bwhether\b|\bin any\b"
    r"|\bwhatever\b|\balways\b",
    regex.IGNORECASE,
)
_UNLIMITED = regex.compile(
    r"\bas (?:often|many|much|long|late|early)(?: \p{L}+)? as (?:you|they) "
    r"(?:like|want|wish|please|need)\b|\bany number of\b|\bas many times\b|\bno limits?\b"
    r"|随便|任意|不限|无限|多少都|多久都",
    regex.IGNORECASE,
)
_HAPPENED = regex.compile(
    r"\b(?:already|have|has|had|was|were|been|did)\b|'ve\b|\b(?:is|are) \p{L}+(?:ed|en|t)\b"
    r"|\p{L}{3,}ed\b",
    regex.IGNORECASE,
)
_CALLS = "call|contact|e-?mail|write(?: to)?|phone|ring|text|message|visit|reach|notify|inform|tell"
_WE_CALL = regex.compile(
    rf"\b(?:will|'ll|shall|can|to|would|going to) ({_CALLS}) you\b", regex.IGNORECASE
)
_CALL_US = regex.compile(
    r"(?<!\b(?:will|shall|can|could|may|'ll) )(?<!\bn't )"
    rf"\b({_CALLS}) (?:us|an?|the|our|your)\b",
    regex.IGNORECASE,
)


def overstated(reply: str, source: str) -> Iterator[str]:
    """Give the words by which a reply says more than its source."""
    yield from _quantified(reply, source)
    yield from _other_moments(reply, source)
    yield from _turned_calls(reply, source)
    if _EVEN.search(reply) and not _ALL_THE_SAME.search(source):
        yield "even"
    if not _UNLIMITED.search(source):
        yield from (match[0] for match in _UNLIMITED.finditer(reply))
    if not regex.search(r"\bonly\b", source, regex.IGNORECASE):
        yield from (match[0] for match in _ONLY.finditer(reply))
    if regex.search(r"\balready\b", reply, regex.IGNORECASE) and not _HAPPENED.search(source):
        yield "already"


def _quantified(reply: str, source: str) -> Iterator[str]:
    """Give `all books` where the source has nothing of all, or of all of something else."""
    heads = {root(word, "en") for word in regex.findall(r"\p{L}{3,}", source)} - _GENERAL
    generic = {root(match[1], "en") for match in _GENERIC.finditer(source)}
    by_each = {root(match[1], "en") for match in _OF_EACH.finditer(source)} | _distributed(source)
    text = _EACH.sub(" ", _PERIODIC.sub(" ", _IDIOMS.sub(" ", reply)))
    for of_what in _OF_WHAT:
        told = {root(match[1] or "", "en") for match in of_what.finditer(source)}
        for match in of_what.finditer(text):
            noun = root(match[1] or "", "en")
            counts = match[0].casefold().startswith(_COUNTING)
            is_other = counts and noun in heads and noun not in told
            is_new = not told and not _DAYS.search(source)
            is_mass = match[0].casefold().startswith("some ") and not (match[1] or "s").endswith(
                "s"
            )
            if (is_other or is_new) and noun not in generic | by_each and not is_mass:
                yield match[0]


def _distributed(source: str) -> set[str]:
    """Give the words of sentences in which something holds of each: `bits cost 8 euros each`."""
    sentences = [one for one in regex.split(r"[.!?;\n]", source) if _EACH.search(one)]
    return {root(word, "en") for one in sentences for word in regex.findall(r"\p{L}{3,}", one)}


def _other_moments(reply: str, source: str) -> Iterator[str]:
    """Give `next week` where the source has `this week`, or neither."""
    told = {_moment(match) for match in _DEIXIS.finditer(source)}
    lowered = source.casefold()
    for match in _DEIXIS.finditer(_NEXT_TIME.sub(" ", reply)):
        which, moment = _moment(match)
        if (which, moment) not in told and not _is_implied(which, moment, lowered):
            yield match[0]


def _moment(match: regex.Match[str]) -> tuple[str, str]:
    which, *moment = (group.casefold() for group in match.groups() if group)
    return _SAME_WHICH.get(which, which), " ".join(moment)


def _is_implied(which: str, moment: str, source: str) -> bool:
    day = moment.split()[-1] if moment else ""
    first = moment.split()[0] if moment else ""
    if which == "every" and first != day and _WEEKDAY.match(first):
        return f"{first}s" in source or f"every {first}" in source
    is_weekday, is_time = _WEEKDAY.match(day) is not None, day in _TIMES_OF_DAY
    if which == "this":
        return is_weekday or (is_time and "today" in source)
    if which == "every":
        is_said = f"{moment}s" in source or (is_time and moment in source)
        return is_said or not (is_weekday or is_time)  # periods are judged with their amounts
    return False


def _turned_calls(reply: str, source: str) -> Iterator[str]:
    """Give `we call you` where the source has `call us`, and the other way round."""
    ours = {match[1].casefold() for match in _WE_CALL.finditer(source)}
    yours = {match[1].casefold() for match in _CALL_US.finditer(source)}
    for pattern, others in ((_WE_CALL, yours - ours), (_CALL_US, ours - yours)):
        yield from (m[0] for m in pattern.finditer(reply) if m[1].casefold() in others)
