"""What a reply says of the user that nobody told, and whose a thing is.

`I'm glad you enjoyed it` states that the user was there, and `my haircut` that it is the bot's.
"""

# ruff: noqa: RUF001, SIM905  # signs that end sentences look alike; words stand in lines

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, takewhile

import regex

from framework.responses.guard.stems import PAST, root, stem
from framework.responses.guard.structure import Row, Sentence, Token, sentences_of
from framework.responses.guard.vocabulary.reading import Vocabulary

_YOU = frozenset(["you", "you've", "you'd"])
_SUPPOSING = frozenset("if once when after until unless before whether in should".split())
_BETWEEN = frozenset(
    "have had also already just recently really so very never ever all both".split()
)
_WERE = frozenset(["were", "was", "felt", "seemed", "looked", "seem", "look", "sound"])
_BE = frozenset("am is are was were been have has had do does did done".split())
_PASSED = frozenset("to be so very really a bit not quite that this".split())
_FEELING = frozenset(
    root(word, "en")
    for word in """
    enjoy like love hate dislike appreciate admire prefer regret miss fear feel think experience
    visit use try
    """.split()
)
"""What somebody did or felt: only a source that tells of the past knows it."""

_CONVERSING = frozenset(
    root(word, "en")
    for word in """
    ask say tell told said mention request want wish need look write wrote contact reach message
    choose chose pick select decide wait enquire inquire provide share give gave describe report
    notify explain let get got call come came have had put set hope mean meant
    """.split()
)
"""What a user does in the conversation itself, or while waiting for it."""

_OWNERS = {"my": "we", "mine": "we", "our": "we", "us": "we", "your": "you"}
_LONGEST_NAME = 3
_MUTUAL = frozenset(
    root(word, "en")
    for word in """
    appointment meeting call chat conversation lesson session visit talk agreement contract deal
    question choice message page help
    new next first last old main current own other
    """.split()
)
"""What belongs to both, and words that only describe what belongs to somebody."""

_CLAUSE_END = regex.compile(r"[，。！？；,!?;\n]+")
_FELT_IN_HAN = regex.compile(
    r"[您你][\p{Han}]{0,8}?(喜欢|满意|享受|爱上|高兴|开心|失望|生气|不满|难过|感兴趣)"
)
_SUPPOSED_IN_HAN = regex.compile(
    r"希望|祝|如果|若|要是|是否|能否|让|请|愿|期待|吗|呢|假如|为[您你]"
)
_OWNED_IN_HAN = regex.compile(r"(我们?|您|你)的(\p{Han}{2})")


def untold(
    said: tuple[Sentence, ...],
    known: tuple[Sentence, ...],
    heard: Sequence[str],
    vocabulary: Vocabulary | None,
) -> Iterator[str]:
    """Give what a reply says that the user did, had or felt, and nobody told.

    Args:
        said: the reply.
        known: its source.
        heard: what users said: they know what they did.
        vocabulary: the words of the language.
    """
    own = sentences_of("\n".join(heard), "en") if heard else ()
    told = list(chain.from_iterable(chain.from_iterable((*known, *own))))
    for part in chain.from_iterable(said):
        for place, token in enumerate(part):
            before = {one.text for one in part[max(0, place - 3) : place]}
            if token.text not in _YOU or before & _SUPPOSING:
                continue
            rest = [one for one in part[place + 1 :] if one.text not in _BETWEEN]
            has_had = "had" in [one.text for one in part[place + 1 : place + 2]]
            if rest:
                yield from _of_state(rest, told)
                yield from (
                    _of_having(rest, told) if has_had else _of_deed(rest[0], told, vocabulary)
                )


def _of_state(rest: Row, told: Row) -> Iterator[str]:
    """Find how somebody was: `you were very relaxed`, `you seem to be upset`."""
    if rest[0].text not in _WERE:
        return
    how = [one for one in rest[1:] if one.text not in _PASSED][:1]
    if how and how[0].is_content and not how[0].kind and not _has(how[0], told):
        yield how[0].text


def _of_having(rest: Row, told: Row) -> Iterator[str]:
    is_noun = rest[0].text in ("a", "an", "the", "some", "your", "no", "two")
    if is_noun and not any(one.text == "had" for one in told):
        yield "had"


def _of_deed(verb: Token, told: Row, vocabulary: Vocabulary | None) -> Iterator[str]:
    if not _is_past(verb) or verb.text in _WERE or verb.key in _CONVERSING:
        return
    homes = [one for one in told if one.key == verb.key]
    if verb.key in _FEELING:
        homes = [one for one in homes if _is_past(one)]
    near = vocabulary.near.get(verb.key, frozenset()) if vocabulary else frozenset()
    if not homes and (verb.key in _FEELING or not any(one.key in near for one in told)):
        yield verb.text


def _is_past(token: Token) -> bool:
    is_regular = token.text.endswith("ed") and stem(token.text) != token.text
    return is_regular or (token.text in PAST and token.text not in _BE)


def _has(token: Token, told: Row) -> bool:
    return any(one.key == token.key for one in told)


def of_another_owner(said: tuple[Sentence, ...], known: tuple[Sentence, ...]) -> Iterator[str]:
    """Give `my haircut` where the source has `your haircut`, and the other way round."""
    own, told = list(_owned(known)), list(chain.from_iterable(chain.from_iterable(known)))
    for owner, word in _owned(said):
        owners = [other for other, thing in own if thing == word]
        is_always_owned = len(owners) == sum(one.key == word for one in told)
        if owners and is_always_owned and owner not in owners:
            yield word


def _owned(sentences: tuple[Sentence, ...]) -> Iterator[tuple[str, str]]:
    """Give whose things are: `you` or `we`, with the roots of the words for the thing."""
    for part in chain.from_iterable(sentences):
        for place, token in enumerate(part):
            if token.text in _OWNERS:
                near = part[place + 1 : place + 1 + _LONGEST_NAME]
                for one in takewhile(lambda other: other.is_content and not other.kind, near):
                    if one.key not in _MUTUAL:
                        yield _OWNERS[token.text], one.key


def untold_in_han(reply: str, source: str, heard: Sequence[str]) -> Iterator[str]:
    """Give what a reply in Chinese says that the user felt, or of whose things are."""
    told = "\n".join((source, *heard))
    for clause in _CLAUSE_END.split(reply):
        found = _FELT_IN_HAN.search(clause)
        if found and found[1] not in told and not _SUPPOSED_IN_HAN.search(clause):
            yield found[0]
    owners: dict[str, set[str]] = {}
    for match in _OWNED_IN_HAN.finditer(source):
        owners.setdefault(match[2], set()).add(match[1][0])
    for match in _OWNED_IN_HAN.finditer(reply):
        others = owners.get(match[2])
        if others and (match[1][0] == "我") != ("我" in others):
            yield match[0]
