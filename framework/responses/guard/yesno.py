"""Whether a reply begins with a yes or a no that what is known contradicts.

`No, we have three vegan dishes` answers nobody's question: there is no denial in it, nor does the
question ask for anything else than what is known.
"""

# ruff: noqa: RUF001, SIM905  # signs that end sentences look alike; words stand in lines

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from framework.responses.guard import negations, words
from framework.responses.guard.contrasts import nearest
from framework.responses.guard.paraphrases import in_one_form
from framework.responses.guard.roles import is_same
from framework.responses.guard.structure import Row, Token, rows_of, sentences_of
from framework.responses.guard.vocabulary.reading import Vocabulary, vocabulary_of

_OPENING = regex.compile(
    r"^\W*(?:(?:well|sorry|oh|unfortunately|i'm afraid|sadly|hi|hello)\b[,!. ]*)?"
    r"(?:(?P<no>no|nope|nay)|(?P<yes>yes|yeah|yep|yup))(?=\s*(?:[,.!;:]|-\s|$))[\s,.!;:-]*"
    r"|^[^\p{Han}]*(?:(?:抱歉|很抱歉|不好意思|您好|你好)[，。！,!]*)?"
    r"(?:(?P<no>没有的?|不是的?|不可以的?|不能的?|不行|不用|不需要|不会|否|不)"
    r"|(?P<yes>有的?|是的|可以的?|能的?|行的?|对的?|会的|支持的?|当然可以|没错))(?=[，。！；,!;]|$)"
    r"[，。！；,!;\s]*",
    regex.IGNORECASE,
)
_ASKED_OPENLY = regex.compile(
    r"\b(?:what|when|where|who|whom|whose|how|which|why)\b|[何谁哪几]|什么|怎|多少|多久|多长",
    regex.IGNORECASE,
)
_CLOSED_QUESTION = regex.compile(
    r"^\W*(?:(?:and|so|but|hi|hello|please|ok|okay)\W+)*(?:is|are|am|was|were|do|does|did|can|could|may|might"
    r"|will|would|should|shall|must|has|have|any|isn't|aren't|don't|doesn't|can't|won't)\b"
    r"|[?？]\W*$|吗|能不能|可不可以|是不是|有没有|是否|能否|可否|要不要",
    regex.IGNORECASE,
)
_NEVERTHELESS = regex.compile(
    r"\b(?:but|although|though|however|except|unless|only|as long as|if)\b|但|不过|可是|只是|除|仅",
    regex.IGNORECASE,
)
_LIMITING = frozenset(
    """
    only instead unfortunately sorry sadly but just closed until rather less except unable
    unavailable impossible invalid unsuitable inaccessible unreachable non nonrefundable disabled
    """.split()
)
_FREE = regex.compile(words.FREE)
_HAN_DENIAL = regex.compile(
    r"[不没未勿禁别]|无(?!线|人|烟|障)|谢绝|拒绝|只|仅|但|才|超过|取消|停[用业运电水诊止售]|关闭|已满"
)
_HAN_NOT = regex.compile(r"不是不|能不能|可不可以|是不是|有没有|要不要|会不会|不错|不过|没问题")
_SENTENCE_END = regex.compile(r"(?<=[.!?。！？])\s*|\n")
_CLAUSE_END = regex.compile(r"[，。！？；、,!?;\n]+")


def contradicted(reply: str, source: str, heard: Sequence[str], language: str) -> Iterator[str]:
    """Give a yes or a no at the beginning of a reply that isn't one.

    Args:
        reply: what is to be said, or its first sentences.
        source: what it is made from.
        heard: what the user said, the question last.
        language: ISO code of the language of all.
    """
    opening = _OPENING.match(reply)
    begun = _OPENING.match(source)
    if opening is None or (begun and begun.lastgroup == opening.lastgroup):
        return
    question = _question(heard)
    rest = reply[opening.end() :] or source
    if opening["no"]:
        is_wrong = not _limits(rest, language) and not _asks_for_other(
            question, source, rest, language
        )
    else:
        is_wrong = _denies_what_is_asked(question, rest, language)
    if is_wrong:
        yield opening["no"] or opening["yes"]


def _question(heard: Sequence[str]) -> str:
    """Give the last sentence of what the user said last, if it can be answered by yes or no."""
    parts = [part for part in _SENTENCE_END.split(heard[-1]) if part.strip()] if heard else []
    last = parts[-1] if parts else ""
    return last if _CLOSED_QUESTION.search(last) and not _ASKED_OPENLY.search(last) else ""


def _limits(text: str, language: str) -> bool:
    """Say whether a text denies or limits anything at all."""
    if language == "zh":
        return _HAN_DENIAL.search(_HAN_NOT.sub("", text)) is not None
    plain = _FREE.sub(" ", in_one_form(text, language).casefold())
    own = regex.findall(r"[\p{L}']+", plain)
    return any(
        one in negations.NEGATIONS
        or one in negations.CONTRARIES
        or one in _LIMITING
        or one.endswith("n't")
        for one in own
    )


def _asks_for_other(question: str, source: str, rest: str, language: str) -> bool:
    """Say whether a question asks for something that neither a source nor a reply has."""
    if not question:
        return False
    vocabulary = vocabulary_of(language)
    if language == "zh":
        known = source + rest
        return any(pair not in known for pair in _pairs_of(question, vocabulary))
    told = [one for row in rows_of(sentences_of(f"{source}\n{rest}", language)) for one in row]
    facts = [one for one in told if one.fact is not None]
    asked = [one for row in rows_of(sentences_of(question, language)) for one in row]
    if any(one.fact is not None and not _is_stated(one, facts) for one in asked):
        return True
    known_keys = {one.key for one in told if one.key}
    evoked = vocabulary.evoked(known_keys) if vocabulary else set()
    return any(
        one.key not in known_keys | evoked
        and not (vocabulary and vocabulary.stands_for(one.key, known_keys))
        for one in _content_of(asked, vocabulary)
    )


def _is_stated(fact: Token, facts: Row) -> bool:
    return any(is_same(fact, one) for one in facts)


def _content_of(row: Row, vocabulary: Vocabulary | None) -> Row:
    harmless = vocabulary.harmless if vocabulary else frozenset()
    return [one for one in row if one.is_content and one.key not in harmless]


def _pairs_of(question: str, vocabulary: Vocabulary | None) -> list[str]:
    """Give what a Chinese question asks for, by pairs of signs."""
    plain = regex.sub(
        r"有没有|能不能|可不可以|是不是|是否|能否|可否|可以|请问|[你您]们?|吗|呢|\b[有能会要是]",
        "|",
        question,
    )
    harmless = vocabulary.harmless if vocabulary else frozenset()
    pairs = [
        run[at : at + 2] for run in regex.findall(r"\p{Han}+", plain) for at in range(len(run) - 1)
    ]
    return [pair for pair in pairs if pair not in harmless and not set(pair) <= harmless]


def _denies_what_is_asked(question: str, rest: str, language: str) -> bool:
    """Say whether what follows a yes denies what was asked."""
    if language == "zh":
        first = next((part for part in _CLAUSE_END.split(rest) if part.strip()), "")
        is_denied = regex.search(r"不能|不可|不得|禁止|没有|不是|无法|不支持|不允许|谢绝", first)
        is_asked_so = regex.search(r"(?<![有能以是要会])[不没](?![没])", _HAN_NOT.sub("", question))
        return bool(is_denied) and not is_asked_so and not _NEVERTHELESS.search(first)
    vocabulary = vocabulary_of(language)
    if question and _limits(question, language):
        return False  # `yes` to a question that denies may mean either
    rows = rows_of(sentences_of(in_one_form(rest, language), language))
    asked = [one for row in rows_of(sentences_of(question, language)) for one in row]
    homes = nearest(_content_of(asked, vocabulary), rows, vocabulary) if question else rows[:1]
    return bool(homes) and all(_denies(home) for home in homes)


def _denies(row: Row) -> bool:
    """Say whether a sentence denies something, and not after a `but`."""
    for token in row:
        if _NEVERTHELESS.fullmatch(token.text):
            return False
        if token.text in negations.NEGATIONS or token.text.endswith("n't"):
            return True
    return False
