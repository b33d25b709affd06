"""Reads what a reply may say beside the bot's own words: one file for each language.

A file has four parts. `[harmless]` lists words that state nothing. `[phrases]` are patterns of
turns of phrase that do so. Each line of `[same]` lists words that may stand for one another, and
each line of `[covers]` a word that may stand for those behind its colon, but not they for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import regex

from framework.responses.guard.stems import root

LANGUAGES = frozenset({"de", "en", "es", "fr", "zh"})
_PARTS = ("harmless", "phrases", "same", "covers")


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The words of a language, as roots.

    Attributes:
        harmless: those that state nothing.
        same: words -> those that they may stand for.
        near: words -> those that mean about the same, harmless ones, too.
        phrases: matches turns of phrase that state nothing; None where there are none.
    """

    harmless: frozenset[str]
    same: Mapping[str, frozenset[str]]
    near: Mapping[str, frozenset[str]]
    phrases: regex.Pattern[str] | None

    def stands_for(self, word: str, known: Collection[str]) -> bool:
        """Say whether a word is one of the known ones, or may stand for one of them."""
        return word in known or any(one in known for one in self.same.get(word, ()))


@cache
def vocabulary_of(language: str) -> Vocabulary | None:
    """Give the words of a language; None where they aren't known."""
    code = language[:2].casefold()
    if code not in LANGUAGES:
        return None
    parts = _parts_of(resources.files(__package__).joinpath(f"{code}.txt").read_text("utf-8"))
    harmless = frozenset(root(word, code) for line in parts["harmless"] for word in line.split())
    near: dict[str, set[str]] = defaultdict(set)
    for line in parts["same"]:
        group = {root(_joined(word), code) for word in line.split()}
        for word in group:
            near[word] |= group - {word}
    # what says nothing justifies nothing
    silent = harmless if code != "zh" else frozenset()
    same = {word: group - silent for word, group in near.items()}
    for line in parts["covers"]:
        general, _, special = line.partition(":")
        word = root(_joined(general.strip()), code)
        group = {root(_joined(one), code) for one in special.split()}
        same[word] = same.get(word, set()) | group
        near[word] |= group
    phrases = "|".join(parts["phrases"])
    return Vocabulary(
        harmless=harmless,
        same={word: frozenset(group) for word, group in same.items()},
        near={word: frozenset(group) for word, group in near.items()},
        phrases=regex.compile(rf"\b(?:{phrases})\b", regex.IGNORECASE) if phrases else None,
    )


def _joined(word: str) -> str:
    """Write `e-mail` as it is read: as one word."""
    return word.replace("-", "", 1) if word[1:2] == "-" else word


def _parts_of(text: str) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {name: [] for name in _PARTS}
    lines = parts["harmless"]
    for line in text.splitlines():
        bare = line.strip()
        if bare.startswith("["):
            lines = parts.get(bare.strip("[]"), lines) if bare.endswith("]") else lines
        if bare.strip("[]") not in parts and bare and not bare.startswith("#"):
            lines.append(bare)
    return parts
