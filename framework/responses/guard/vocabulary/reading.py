"""Reads what a reply may say beside the bot's own words: files by the code of their language.

They have up to seven parts. `[harmless]` lists words that state nothing. `[phrases]` are patterns
of turns of phrase that do so. Each line of `[same]` lists words that may stand for one another, and
each line of `[covers]` a word that may stand for those behind its colon, but not they for it.
`[turns]` are turns of phrase and the word that says the same. In each line of `[opposites]`, what
is between two bars can't stand for what is between others. In each line of `[frames]`, what stands
before the bar brings with it what stands behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import regex

from framework.responses.guard.stems import root
from framework.responses.guard.vocabulary.turns import Turns, read_turns

LANGUAGES = frozenset({"de", "en", "es", "fr", "zh"})
_PARTS = ("harmless", "phrases", "same", "covers", "turns", "opposites", "frames")
_FILES = ("", "_senses", "_frames")


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The words of a language, as roots.

    Attributes:
        harmless: those that state nothing.
        same: words -> those that they may stand for.
        near: words -> those that mean about the same, harmless ones, too.
        phrases: matches turns of phrase that state nothing; None where there are none.
        turns: turns of phrase that other words may stand for; None where there are none.
        opposites: what can't stand for one another, by lines: sets of words.
        frames: what brings words with it, and the words, which state nothing beside it.
    """

    harmless: frozenset[str]
    same: Mapping[str, frozenset[str]]
    near: Mapping[str, frozenset[str]]
    phrases: regex.Pattern[str] | None
    turns: Turns | None = None
    opposites: tuple[tuple[frozenset[str], ...], ...] = ()
    frames: tuple[tuple[frozenset[str], ...], ...] = ()

    def evoked(self, known: Collection[str]) -> set[str]:
        """Give the words that known ones bring with them."""
        sides = (words for what, words in self.frames if not what.isdisjoint(known))
        return set().union(*sides)

    def stands_for(self, word: str, known: Collection[str]) -> bool:
        """Say whether a word is one of the known ones, or may stand for one of them."""
        return word in known or any(one in known for one in self.same.get(word, ()))


@cache
def vocabulary_of(language: str) -> Vocabulary | None:
    """Give the words of a language; None where they aren't known."""
    code = language[:2].casefold()
    if code not in LANGUAGES:
        return None
    files = sorted(file.name for file in resources.files(__package__).iterdir())
    own = [name for name in files if name in [f"{code}{end}.txt" for end in _FILES]]
    parts = _parts_of(
        "\n".join(resources.files(__package__).joinpath(name).read_text("utf-8") for name in own)
    )
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
        turns=read_turns(parts["turns"]),
        opposites=_sides(parts["opposites"], code),
        frames=_sides(parts["frames"], code),
    )


def _sides(lines: Iterable[str], code: str) -> tuple[tuple[frozenset[str], ...], ...]:
    return tuple(
        tuple(
            frozenset(root(_joined(word), code) for word in side.split())
            for side in line.split("|")
        )
        for line in lines
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
