"""Whether the facts of a reply belong to what they are said of: `4 at 7` is not `7 at 4`.

The source is read in parts of sentences. A fact of a reply must stand beside words, and beside
other facts, that it stands beside in the source, where a rival of it stands beside them there.
"""

# ruff: noqa: SIM905  # words are read and kept more easily in lines than one by one

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, dropwhile, pairwise, takewhile

from framework.responses.guard.structure import Part, Sentence, Token, row_of, rows_of, same_fact
from framework.responses.guard.vocabulary.reading import Vocabulary

_BETWEEN = frozenset("of to at by for in from until out a the - per each on".split())
GENERAL = frozenset("cost costs price pay take takes last lasts need get start starts".split())
_SAID_OF_ANYTHING = frozenset("sold served open opened available offered".split())
_JOINTS = frozenset(["and", "but", "or", "while", "although", "though", "however", "because", "so"])
_MEASURED = frozenset({"number", "time", "date"})
_FOR = frozenset({"for", "für", "pour", "para"})
_PRONOUNS = frozenset(["it", "they", "this", "that", "these", "those", "he", "she", "its", "their"])
_DETERMINERS = frozenset("the a an your our my his her their this that each every all".split())
_PLURALS = frozenset({"children", "people", "men", "women"})
_VERBS = frozenset("is are was were can may must will have has do does".split()) | frozenset(
    "need needs cost costs take takes last lasts start starts begin begins opens closes".split()
)


def misplaced(
    said: tuple[Sentence, ...], known: tuple[Sentence, ...], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Give words of a reply, and facts that its source doesn't say of them."""
    known = tuple(_with_referents(known))
    parts = [part for sentence in known for part in sentence]
    for sentence in said:
        for part in sentence:
            yield from _crossed(part, parts, vocabulary)
            yield from _unanchored(part, known, vocabulary)
            yield from _of_another(part, known)
            yield from _mixed(part, known, vocabulary)
    for sentence in said:
        yield from _of_another_place(sentence, known)
    yield from _relabelled(said, known)
    yield from _swapped(said, known)


def _with_referents(sentences: tuple[Sentence, ...]) -> Iterator[Sentence]:
    """Put a sentence that begins with `it` or `that` behind the one that says what is meant."""
    found: list[Sentence] = []
    for sentence in sentences:
        if found and sentence[0][0].text in _PRONOUNS:
            found[-1] = (*found[-1], *sentence)
        else:
            found.append(sentence)
    return iter(found)


def is_same(one: Token, other: Token, vocabulary: Vocabulary | None = None) -> bool:
    """Say whether two tokens state the same: facts in any form, words with one root."""
    if one.fact is not None or other.fact is not None:
        return one.fact is not None and other.fact is not None and same_fact(one.fact, other.fact)
    if one.key == other.key:
        return True
    return vocabulary is not None and other.key in vocabulary.near.get(one.key, ())


def _crossed(part: Part, parts: Sequence[Part], vocabulary: Vocabulary | None) -> Iterator[str]:
    """Find facts beside words that the source says of a rival."""
    for fact in (token for token in part if token.kind):
        homes = [one for one in parts if any(is_same(fact, other) for other in one)]
        if not homes:
            continue
        for token in part:
            if token is fact or not (token.is_content or token.kind) or _is_in(token, homes, None):
                continue
            if any(
                _has_rival(fact, homes, rival, part)
                and not _is_tied(fact, part, homes, rival, vocabulary)
                for rival in _with(token, parts, vocabulary)
                if not any(rival is home for home in homes)
            ) and not _is_in(token, homes, vocabulary):
                yield token.text or "a fact"
                break
        else:
            yield from _with_another_verb(part, fact, homes, parts, vocabulary)


def _is_tied(
    fact: Token, part: Part, homes: Sequence[Part], rival: Part, vocabulary: Vocabulary | None
) -> bool:
    """Say whether something else stands beside a fact that its home has, and a rival's has not."""
    return any(
        _is_in(token, homes, vocabulary) and not _is_in(token, (rival,), vocabulary)
        for token in part
        if token is not fact
        and ((token.is_content and token.text not in _SAID_OF_ANYTHING | GENERAL) or token.kind)
    )


def _with_another_verb(
    part: Part,
    fact: Token,
    homes: Sequence[Part],
    parts: Sequence[Part],
    vocabulary: Vocabulary | None,
) -> Iterator[str]:
    """Find a word right before a fact that the source has before a rival, and not this one."""
    near = _word_before(part, fact)
    if near is None or _is_in(near, homes, vocabulary):
        return
    own = [_word_before(home, token) for home in homes for token in home if is_same(fact, token)]
    is_replaced = all(one is not None and not _is_in(one, (part,), vocabulary) for one in own)
    if is_replaced and any(
        _has_rival(fact, homes, one, part) for one in _with(near, parts, vocabulary)
    ):
        yield near.text


def _word_before(part: Part, fact: Token) -> Token | None:
    """Give the last meaningful word before a fact that isn't one of those that go with any."""
    content = [token for token in _right_before(part, fact) if token.is_content]
    return content[-1] if content and content[-1].text not in GENERAL else None


def _right_before(part: Part, fact: Token) -> Part:
    """Give what stands between the fact before one and it."""
    before = part[: part.index(fact)]
    facts = [place for place, token in enumerate(before) if token.kind]
    return before[facts[-1] + 1 :] if facts else before


def _is_in(token: Token, parts: Sequence[Part], vocabulary: Vocabulary | None) -> bool:
    return any(is_same(token, other, vocabulary) for part in parts for other in part)


def _with(token: Token, parts: Sequence[Part], vocabulary: Vocabulary | None) -> list[Part]:
    exact = [one for one in parts if any(is_same(token, other) for other in one)]
    return exact or [one for one in parts if any(is_same(token, o, vocabulary) for o in one)]


def _has_rival(fact: Token, homes: Sequence[Part], part: Part, said: Sequence[Token]) -> bool:
    """Say whether a part has another fact of the same kind, which a reply doesn't say."""
    kinds = {other.kind for home in homes for other in home if is_same(fact, other)}
    return any(
        other.kind in kinds and not any(is_same(other, one) for one in said) for other in part
    )


def _unanchored(
    part: Part, known: tuple[Sentence, ...], vocabulary: Vocabulary | None
) -> Iterator[str]:
    """Find facts beside words of the source, but of other sentences alone."""
    told = rows_of(known)
    for fact in (token for token in part if token.kind in _MEASURED or " of " in token.kind):
        homes = [one for one in told if any(is_same(fact, other) for other in one)]
        if not homes or not all(any(o.is_content for o in home) for home in homes):
            continue
        others = [
            token
            for token in part
            if token is not fact
            and ((token.is_content and token.text not in GENERAL) or token.kind)
        ]
        near = [token for token in others if _is_in(token, told, vocabulary)]
        if near and not any(_is_in(token, homes, vocabulary) for token in near):
            yield near[0].text or "a fact"


def _of_another(part: Part, known: tuple[Sentence, ...]) -> Iterator[str]:
    """Find facts of which a reply makes something else the subject."""
    subject = _subject(part)
    if subject is None or not any(is_same(subject, o) for s in known for p in s for o in p):
        return
    subjects_known = [found for one in known for other in one if (found := _subject(other))]
    subjects_known += [one[0][0] for one in known if len(one[0]) == 1]  # `coffee and water are`
    for fact in (token for token in part if token.kind):
        homes = [(home, *found) for home in known for found in _homes_subjects(fact, home)]
        if homes and all(
            its_subject is not None
            and not any(is_same(its_subject, token) for token in part)
            and not any(is_same(subject, token) for token in its_part)
            and (
                any(is_same(subject, one) for one in subjects_known)
                or not any(is_same(subject, token) for token in chain.from_iterable(home))
            )
            for home, its_part, its_subject in homes
        ):
            yield subject.text
            return


def _mixed(part: Part, known: tuple[Sentence, ...], vocabulary: Vocabulary | None) -> Iterator[str]:
    """Find a subject with words that the source has in sentences about something else alone."""
    subject = _subject(part)
    rest = [token for token in part if token.is_content and token is not subject]
    if subject is None or any(token.kind for token in part):
        return
    told = rows_of(known)
    homes = [one for one in told if _is_in(subject, (one,), None)]
    others = [one for one in told if not _is_in(subject, (one,), None)]
    near = [token for token in rest if _is_in(token, others, None)]
    if homes and near and not any(_is_in(token, homes, vocabulary) for token in rest):
        yield subject.text


def _homes_subjects(fact: Token, sentence: Sentence) -> Iterator[tuple[Part, Token | None]]:
    """Give the parts that say a fact, and of what: the subject of the part, or of one before."""
    last: Token | None = None
    for part in sentence:
        last = _subject(part) or last
        if any(is_same(fact, other) for other in part):
            yield part, last


def _subject(part: Part) -> Token | None:
    """Give the word that a part begins with, if it seems to be a noun."""
    part = tuple(dropwhile(lambda token: token.text in _JOINTS, part))
    nouns = list(takewhile(lambda one: one.is_content and one.text not in _VERBS, part))
    if 0 < len(nouns) < len(part) and part[len(nouns)].text in _VERBS:
        return nouns[-1]
    for place, token in enumerate(part):
        if token.kind:
            return None
        if not token.is_content:
            continue
        if place == 1 and part[0].text in _DETERMINERS:
            return token
        is_last = place + 1 >= len(part)
        is_plural = token.text in _PLURALS or (token.text.endswith("s") and token.key != token.text)
        follows = not is_last and (part[place + 1].is_content or part[place + 1].text in _VERBS)
        return token if not place and is_plural and follows else None
    return None


def _of_another_place(sentence: Sentence, known: tuple[Sentence, ...]) -> Iterator[str]:
    """Find a name beside words that the source says of another name alone."""
    tokens = [one for one in chain.from_iterable(sentence) if one.is_content or one.kind]
    told = rows_of(known)
    for name in (token for token in tokens if token.is_name):
        homes = [one for one in told if any(is_same(name, other) for other in one)]
        rest = [token for token in tokens if not token.is_name and token.text != name.text]
        if not homes or any(is_same(a, b) for a in rest for home in homes for b in home):
            continue
        for other in told:
            rivals = [
                one for one in other if one.is_name and not any(is_same(one, t) for t in tokens)
            ]
            if rivals and any(is_same(a, b) for a in rest for b in other):
                yield name.text
                return


def _relabelled(said: tuple[Sentence, ...], known: tuple[Sentence, ...]) -> Iterator[str]:
    """Find a word beside another number than that which the source has beside it."""
    told = list(_pairs(known))
    for one, other in _pairs(said):
        rivals = [pair for pair in told if _are_like((one, other), pair)]
        if rivals and not any(is_same(one, a) and is_same(other, b) for a, b in rivals):
            yield one.text or other.text


def _pairs(sentences: tuple[Sentence, ...]) -> Iterator[tuple[Token, Token]]:
    """Give words with the numbers that stand by them: `room 12`, `9 euros for adults`."""
    for part in chain.from_iterable(sentences):
        for one, other in pairwise(part):
            if one.is_content and other.kind in ("number", "code"):
                yield one, other
        for fact, word, other in zip(part, part[1:], part[2:], strict=False):
            if fact.kind and word.text in _FOR and other.is_content:
                yield other, fact


def _are_like(said: tuple[Token, Token], told: tuple[Token, Token]) -> bool:
    return said[0].key == told[0].key and said[1].kind == told[1].kind


def _swapped(said: tuple[Sentence, ...], known: tuple[Sentence, ...]) -> Iterator[str]:
    """Find two facts with a word between them that the source has in the other order."""
    told = list(_neighbours(known))
    for one, word, other in _neighbours(said):
        if is_same(one, other):
            continue
        if any(is_same(one, b) and is_same(other, a) and w == word for a, w, b in told):
            yield word


def _neighbours(sentences: tuple[Sentence, ...]) -> Iterator[tuple[Token, str, Token]]:
    for sentence in sentences:
        tokens = row_of(sentence)
        places = [place for place, token in enumerate(tokens) if token.kind]
        for one, other in pairwise(places):
            between = [token.text for token in tokens[one + 1 : other]]
            if between[-2:] in (["instead", "of"], ["rather", "than"]):
                between = ["instead of"]
            if len(between) == 1 and between[0] in (*_BETWEEN, "instead of"):
                yield tokens[one], between[0], tokens[other]
