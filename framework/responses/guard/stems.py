"""Words without their endings, so that `delivered`, `delivery` and `delivers` are one."""

# ruff: noqa: SIM905  # words are read and kept more easily in lines than one by one

from __future__ import annotations

from functools import cache
from importlib import resources

import regex

_SUFFIX = regex.compile(r"(?:ability|able|ible|ation|ment|ing|ed|es|(?<!s)s|e)$")
_DERIVED = regex.compile(
    r"(?:ation|ition|ption|sion|ion|[ae]nce?|ment|ness|ship|ly|ity|al|ful|ive|est|er|or|y|i|n)$"
)
_PLURAL = regex.compile(r"(?<=[a-z]{3}[a-hj-rtv-z])s$")
_LETTERS = regex.compile(r"\p{L}+(?:['-]\p{L}+)*")
_LEAST_STEM = 3
_LEAST_ROOT = 4
_LIKELY_SHARE = 0.6
_LACKING = ("los", "lose", "losen", "loser", "loses", "frei", "freie", "freien")


def _forms() -> dict[str, dict[str, str]]:
    """Read forms and their words, by part of the file: those of the past, and others."""
    text = resources.files(__package__).joinpath("vocabulary/en_forms.txt").read_text("utf-8")
    parts: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            part = parts.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            word, *forms = line.split()
            part.update(dict.fromkeys(forms, word))
    return parts


_FORMS = _forms()
IRREGULAR: dict[str, str] = {**_FORMS["others"], **_FORMS["past"]}
"""Forms that cutting endings doesn't find -> the word."""

STRONG_PAST = frozenset(
    """
    came went took gave wrote broke chose drove ate flew forgot froze hid rode rose saw spoke stole
    wore threw tore woke withdrew began drank ran sang sank swam grew knew drew blew became
    """.split()
)
"""Forms of the past that are no participles."""

PAST = frozenset(_FORMS["past"])
"""Irregular forms of the past, and participles."""


def stem(word: str) -> str:
    """Cut the ending of an English word, so that its forms are equal."""
    word = word.removesuffix("'s")
    cut = _SUFFIX.sub("", word)
    if len(cut) < _LEAST_STEM:
        cut = word.removesuffix("s")
    if len(cut) < _LEAST_STEM:
        return word
    cut = cut[:-1] if len(cut) > _LEAST_STEM and cut[-1] == cut[-2] and cut[-1] not in "sl" else cut
    return cut.removesuffix("e") if len(cut) > _LEAST_STEM else cut


@cache
def root(word: str, language: str) -> str:
    """Give what a word has in common with those made from it; other languages keep all of it."""
    word = word.casefold()
    if language != "en" or not word.isascii():
        return word
    single = _PLURAL.sub("", word)
    cut = stem(IRREGULAR.get(word) or IRREGULAR.get(single, single))
    while len(bare := _DERIVED.sub("", cut)) >= _LEAST_ROOT and bare != cut:
        cut = bare
    return cut[:-1] if cut.endswith("ll") and len(cut) > _LEAST_ROOT else cut


def as_written(word: str, *texts: str, language: str) -> str:
    """Give the word of the texts, the first that has one, of which a root is; else the root."""
    return next(
        (
            found
            for text in texts
            for found in _LETTERS.findall(text.casefold())
            if word in (found, root(found, language))
        ),
        word,
    )


def are_forms_of_one(one: str, other: str) -> bool:
    """Say whether two words of a language with endings begin alike, but for their ends."""
    if one.endswith(_LACKING) != other.endswith(_LACKING):
        return False
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    longest = max(len(one), len(other))
    return shared >= _LEAST_ROOT and shared >= _LIKELY_SHARE * longest
