"""Turns of phrase and the words that say the same: `hand it over` is `pass it`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import regex

from framework.responses.guard.stems import IRREGULAR

_ITS = r"(?:an?|the|your|our|my|his|her|their|this|that|these|those|any|each|every|all|both|some)"
_OBJECT = rf"(?P<what> (?:it|them|him|her|me|us|you|this|that|these|those|{_ITS} \w+(?: \w+)??))??"
_SHORT = {"be": r"'s|'re|'m|s", "have": r"'ve"}
_DOUBLED = regex.compile(r"(?<![aeiou])[aeiou][bdgkmnprt]$")


@dataclass(frozen=True, kw_only=True)
class Turns:
    """The turns of phrase of a language.

    Attributes:
        pattern: matches all of them, each with a group of its own.
        words: the names of the groups -> the words that say the same.
    """

    pattern: regex.Pattern[str]
    words: dict[str, str]

    def without(self, text: str, *, is_told: Callable[[str], bool]) -> str:
        """Take out the turns whose word is told; their objects stay."""

        def cut(match: regex.Match[str]) -> str:
            return (match["what"] or " ") if is_told(self._word(match)) else match[0]

        return self.pattern.sub(cut, text)

    def found(self, text: str) -> set[str]:
        """Give the words that say the same as turns of a text."""
        return {self._word(match) for match in self.pattern.finditer(text)}

    def _word(self, match: regex.Match[str]) -> str:
        return next(word for name, word in self.words.items() if match[name] is not None)


def read_turns(lines: Iterable[str]) -> Turns | None:
    """Read lines such as `hand over: pass`; None where there are none."""
    rows = [line.split(":") for line in lines]
    if not rows:
        return None
    rows.sort(key=lambda row: -len(row[0].split()))
    parts = (f"(?P<turn{place}>{_pattern(row[0])})" for place, row in enumerate(rows))
    return Turns(
        pattern=regex.compile(rf"(?<![\p{{L}}'-])(?:{'|'.join(parts)})(?![\p{{L}}'-])", regex.I),
        words={f"turn{place}": row[1].strip() for place, row in enumerate(rows)},
    )


def _pattern(turn: str) -> str:
    verb, _, rest = turn.strip().partition(" ")
    rest = regex.sub(r"(?:^| )an? ", rf" (?:{_ITS} )?(?:\\w+ )??", f" {rest}").removeprefix(" ")
    return rf"(?:{'|'.join(forms_of(verb))}){_OBJECT} {rest}"


def forms_of(verb: str) -> list[str]:
    """Give an English verb in all its forms, the longest first."""
    cut = verb.removesuffix("e")
    doubled = verb + verb[-1] if _DOUBLED.search(verb) else cut
    regular = {verb, f"{verb}s", f"{verb}es", f"{cut}ed", f"{cut}ing", f"{doubled}ed"}
    regular |= {f"{doubled}ing"} | {form for form, word in IRREGULAR.items() if word == verb}
    return [*sorted(regular, key=len, reverse=True), *filter(None, [_SHORT.get(verb)])]
