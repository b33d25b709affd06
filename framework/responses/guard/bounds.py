"""On which side of a number, a time or a day something is: `at least 8`, `until 10`, `before noon`.

A reply may leave a bound out, and may say it in another word, but not turn it round, nor make a
bound of what is exact.
"""

# ruff: noqa: SIM905  # words are read and kept more easily in lines than one by one

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

import regex

from framework.responses.guard import negations
from framework.responses.guard.structure import Row, Sentence, Token, row_of, same_fact

_UP = "up"
_DOWN = "down"
_FROM = "from"
_MORE = "more"
_LESS = "less"

_BEFORE: dict[str, str] = {
    word: side
    for side, words in {
        _UP: "at_least|least|minimum|min|over|above|more_than|older_than|exceed|exceeds|exceeding"
        "|no_less_than|not_less_than|no_fewer_than|no_earlier_than|mindestens|über|más_de|al_menos"
        "|au_moins|plus_de",
        _DOWN: "at_most|most|maximum|max|under|below|less_than|fewer_than|younger_than|up_to|within"
        "|limit|cap|high|closes_at|close_at|closing_at|closes|shuts_at|ends_at|finishes_at"
        "|no_more_than|not_more_than|no_longer_than|no_later_than|not_exceed|as_much_as|as_many_as"
        "|höchstens|maximal|unter|bis_zu|menos_de|como_máximo|moins_de|au_plus|until|till|before"
        "|by|through|bis|vor|hasta|jusqu'au|jusqu'à|avant|antes_de",
        _FROM: "opens_at|open_at|opening_at|from|since|after|starting|onwards|as_of|ab|seit|desde"
        "|después_de|dès|après"
        "|depuis|à_partir_de|later_than",
        _MORE: "extra|an_extra|additional|an_additional|another|further|plus",
    }.items()
    for word in words.replace("_", " ").split("|")
}
_BEHIND: dict[str, str] = {
    "or more": _UP, "or older": _UP, "or above": _UP, "or over": _UP, "and over": _UP,
    "at least": _UP, "upwards": _UP, "onwards": _FROM, "or later": _FROM,
    "or less": _DOWN, "or fewer": _DOWN, "or younger": _DOWN, "or under": _DOWN, "at most": _DOWN,
    "at the latest": _DOWN, "maximum": _DOWN, "or earlier": _DOWN, "tops": _DOWN,
}  # fmt: skip
_HAN_BEFORE = {
    "最多": _DOWN, "不超过": _DOWN, "不要超过": _DOWN, "不能超过": _DOWN, "不得超过": _DOWN,
    "别超过": _DOWN, "至多": _DOWN, "最高": _DOWN, "未满": _DOWN, "不满": _DOWN, "低于": _DOWN,
    "少于": _DOWN, "上限": _DOWN, "截至": _DOWN,
    "最少": _UP, "至少": _UP, "不少于": _UP, "最低": _UP, "超过": _UP, "已满": _UP, "年满": _UP,
    "高于": _UP,
    "满": _UP, "从": _FROM, "自": _FROM,
}  # fmt: skip
_FILLERS = frozenset(
    "of the a an age to in on about around is are be only just consumption costs cost".split()
)
_RANGE = frozenset(["to", "until", "till", "-", "bis", "a", "hasta", "à", "and", "und", "y", "et"])
_BETWEEN = frozenset({"between", "zwischen", "entre", "from", "von", "de", "du", "desde"})
_SMALLER = frozenset(
    "lower shorter smaller younger fewer earlier cheaper lighter slower closer nearer".split()
)
_LARGER = frozenset(
    "higher taller longer larger bigger greater heavier older wider deeper faster hotter".split()
)
_SUNK = frozenset(
    "down fall falls fell drop drops dropped lower reduced decreased less cut decrease reduction"
    " cheaper".split()
)
_RISEN = frozenset(
    "up rise rises rose risen grow grows grew higher raised increased more increase growth".split()
)
_CHANGED = frozenset({"by", "of"})
_ADDED = "plus"
"""It may only stand between two amounts, and then makes neither of them another."""

_AHEAD = frozenset(["before", "prior", "ahead", "beforehand", "in advance", "previously"])
_PERIODS = frozenset(
    {
        f"amount of {unit}"
        for unit in ["second", "minute", "hour", "day", "night", "week", "month", "year"]
    }
)
_HOURS = 24
_STRICT = frozenset(
    {
        "more",
        "less",
        "extra",
        "over",
        "above",
        "more than",
        "under",
        "below",
        "less than",
        "fewer than",
    }
)
_UNTIL = frozenset(["up to", "until", "till", "no later than", "at the latest", "by"])
_LONGEST = 3
_REACH = 6

Bounded = tuple[Token, str, str]


def turned_bounds(said: tuple[Sentence, ...], known: tuple[Sentence, ...]) -> Iterator[str]:
    """Give the bounds of a reply that its source turns round or doesn't have."""
    told = list(_bounded(known))
    is_denied = any(_denies(token) for sentence in said for part in sentence for token in part)
    for token, side, phrase in _bounded(said):
        same = [one for one in told if _are_same(token, one[0])]
        sides = {its_side for _, its_side, _ in same}
        if phrase == _ADDED and _MORE not in sides:
            continue
        if side and same:
            yield from () if _fits(side, sides, token, phrase) else (phrase,)
        elif same and not side and not is_denied and _is_strict(same):
            yield same[0][2]


def _is_strict(same: list[Bounded]) -> bool:
    """Say whether an amount is only known as one to be above or below."""
    return all(
        token.kind.startswith(("amount", "number")) and phrase in _STRICT
        for token, _, phrase in same
    )


def _denies(token: Token) -> bool:
    return token.text in negations.NEGATIONS or token.text.endswith("n't")


def _fits(side: str, sides: set[str], token: Token, phrase: str) -> bool:
    if side in sides or ("" not in sides and {side, *sides} <= {_UP, _FROM}):
        return True
    if "" not in sides:
        return False
    is_moment = token.kind in ("time", "date", "day")
    return (is_moment and side != _UP) or (token.kind in _PERIODS and phrase in ("within", "after"))


def _are_same(one: Token, other: Token) -> bool:
    if one.fact is not None and other.fact is not None:
        return same_fact(one.fact, other.fact)
    return bool(one.text) and one.text == other.text


def _bounded(sentences: tuple[Sentence, ...]) -> Iterator[Bounded]:
    """Give each number, time and day with its side, and the words that say so."""
    for sentence in sentences:
        tokens = row_of(sentence)
        for place, token in enumerate(tokens):
            if token.kind and token.kind not in ("code", "link", "phone"):
                side, phrase = _side(tokens, place)
                yield token, side, phrase


def _side(tokens: Row, place: int) -> tuple[str, str]:
    before, behind = tokens[max(0, place - _REACH) : place], tokens[place + 1 :]
    side, phrase = (
        _side_in_range(before, tokens[place], behind)
        or _side_before(before)
        or _side_behind(behind)
        or ("", "")
    )
    kind = tokens[place].kind
    near = before[-1].text if before else ""
    if kind == "amount of %" and near in ("up", "down"):
        return (_MORE if near == "up" else _LESS), near
    if kind.startswith("amount") and near in _CHANGED and phrase in ("", "by"):
        return _side_of_change(before)
    is_ahead = any(token.text in _AHEAD for token in behind[:1])
    if kind in _PERIODS and is_ahead and phrase in _UNTIL:
        return _UP, phrase  # `until 2 days before` is `at least 2 days before`
    return side, phrase


def _side_of_change(before: Row) -> tuple[str, str]:
    """Read `higher than in May by` and `an increase of` before an amount."""
    near = before[-1].text
    for token in reversed(before[-2:-1] if near == "of" else before[:-1]):
        if token.text in _SUNK | _RISEN:
            return (_LESS if token.text in _SUNK else _MORE), f"{token.text} {near}"
    return "", ""


def _side_in_range(before: Row, fact: Token, behind: Row) -> tuple[str, str] | None:
    words = [token.text for token in before]
    if len(before) > 1 and _is_like(before[-2], fact) and words[-1] in _RANGE:
        is_range = words[-1] not in ("and", "y", "et", "und") or bool(_BETWEEN & set(words))
        return (_DOWN, words[-1]) if is_range else None
    if len(behind) > 1 and _is_like(behind[1], fact) and behind[0].text in _RANGE:
        is_range = behind[0].text not in ("and", "y", "et", "und") or bool(_BETWEEN & set(words))
        return (_FROM, "from") if is_range else None
    return None


def _is_like(one: Token, other: Token) -> bool:
    if {one.kind, other.kind} != {"number", "time"}:
        return one.kind == other.kind
    numbers = [number for token in (one, other) if token.fact for number, _ in token.fact.amounts]
    return all(number <= _HOURS for number in numbers)


def _side_before(before: Row) -> tuple[str, str] | None:
    words = [token.text for token in before]
    if regex.search(r"\bfrom (?:an? |the )?\w+ of$", " ".join(words)):
        return _FROM, "from"
    while True:
        for length in range(_LONGEST, 0, -1):
            phrase = " ".join(words[-length:])
            if len(words) >= length and phrase in _BEFORE:
                return _BEFORE[phrase], phrase
        if words[-1:] == ["than"] and (side := _side_of_comparative(words)):
            return side, " ".join(words[-2:])
        if words and words[-1] in _FILLERS:
            words.pop()
        else:
            return _han_side(before)


def _side_of_comparative(words: list[str]) -> str:
    """Read `higher than` and `shorter than`."""
    comparative = words[-2] if len(words) > 1 else ""
    if comparative not in _SMALLER | _LARGER:
        return ""
    is_denied = len(words) > 2 and words[-3] in ("no", "not")
    return _DOWN if (comparative in _SMALLER) != is_denied else _UP


def _han_side(before: Row) -> tuple[str, str] | None:
    words = [token.text for token in before[-4:]]
    text = "".join(word[0] for word in words[:-1] if word) + (words[-1] if words else "")
    for phrase in sorted(_HAN_BEFORE, key=len, reverse=True):
        if regex.search(rf"{phrase}[可能是为]{{0,2}}$", text):
            return _HAN_BEFORE[phrase], phrase
    return None


def _side_behind(tokens: Row) -> tuple[str, str] | None:
    near = takewhile(lambda token: not token.kind, tokens[:_REACH])
    words = " ".join(token.text for token in near)
    if match := regex.match(r"(more|extra|less|fewer|cheaper|off)\b(?! or\b)", words):
        return (_MORE if match[1] in ("more", "extra") else _LESS), match[1]
    for phrase, side in _BEHIND.items():
        between = 1 if phrase.startswith(("or ", "and ")) else _REACH - 2
        if regex.match(rf"(?:\w+ ){{0,{between}}}?{phrase}\b", words):
            return side, phrase
    return None
