"""A text -> the facts that it states, and the text without them.

What is found is taken out of the text, so that the digits of a date are no numbers beside it.
"""

# ruff: noqa: RUF001  # signs that look alike are told apart here

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import regex

from framework.nlu.values.digits import readable_digits
from framework.responses.guard import amounts, moments
from framework.responses.guard.facts import Facts, Reader
from framework.responses.guard.names import find_names
from framework.responses.guard.spelled import digits_for_words, written_out

_GONE = "\x00"
_SENTENCE_BEGIN = regex.compile(r"\s*$|\s+\p{Lu}")
_FIRST_MARK = 0xF0000
_LINK = regex.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>\"'，。！？）]+|[\w.+*-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@])(?:[\w-]+\.)+(?:[a-z]{2,})(?:/[^\s<>\"'，。！？]*)?(?![\w])|(?<!\w)[@#]\w+",
    regex.IGNORECASE,
)
_DOT = regex.compile(r"(?<=\w)\s*[\[(]?\s*\bdot\b\s*[\])]?\s*(?=\w{2,})", regex.IGNORECASE)
_AT = regex.compile(r"(?<=\w)\s*[\[(]\s*at\s*[\])]\s*(?=\w)", regex.IGNORECASE)
_INVISIBLE = regex.compile(r"[\p{Cf}\p{Co}\p{Mn}--[\u0300-\u036f]]", regex.VERSION1)


def normalise(text: str) -> str:
    """Give a text in one form: compatible characters, plain digits and quotes, nothing unseen."""
    compatible = readable_digits(unicodedata.normalize("NFKC", text))
    plain = _INVISIBLE.sub("", compatible).replace("’", "'")
    digits = (str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in plain)
    return "".join(digits).replace("–", "-").replace("—", " - ")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A text and what it states.

    Attributes:
        facts: all of them.
        rest: the text with a mark in the place of each number, time, date, link and code.
        mentions: the facts by their marks.
    """

    facts: Facts
    rest: str
    mentions: dict[str, Facts]


def facts_of(text: str, *, language: str = "en") -> Facts:
    """Find the facts of a text; number words are those of the language, and English ones."""
    return read_facts(text, language).facts


@lru_cache(maxsize=64)
def read_facts(text: str, language: str) -> Reading:
    """Find the facts of a text and their places; equal texts share what is given."""
    found = Facts()
    mentions: dict[str, Facts] = {}
    rest = normalise(text)
    named = find_names(rest)
    found.words, found.names, found.starts = named.words, named.names, named.starts
    found.days = named.days
    rest = _take((_LINK, _read_link), _AT.sub("@", _DOT.sub(".", rest)), mentions)
    rest = digits_for_words(rest, language, apart=_GONE)
    found.rates = amounts.rates_in(rest)
    rest = written_out(rest)
    found.counted = amounts.counts_in(rest)
    for reader in (*moments.READERS, *amounts.READERS):
        rest = _take(reader, rest, mentions)
    for mention in mentions.values():
        found.add(mention)
    return Reading(facts=found, rest=rest, mentions=mentions)


def without_facts(text: str, *, language: str) -> str:
    """Give what is left of a text without its facts, their units and periods."""
    return amounts.without_rates(read_facts(text, language).rest, gone=_GONE)


def _take(reader: Reader, text: str, mentions: dict[str, Facts]) -> str:
    """Read all matches and put marks in their places; what states no fact stays."""
    pattern, read = reader

    def replace(match: regex.Match[str]) -> str:
        found = Facts()
        if not read(match, found):
            return match[0]
        mark = chr(_FIRST_MARK + len(mentions))
        mentions[mark] = found
        is_end = match[0].endswith(".") and _SENTENCE_BEGIN.match(text, match.end())
        return f"{mark}." if is_end else mark

    return pattern.sub(replace, text)


def _read_link(match: regex.Match[str], found: Facts) -> bool:
    bare = match[0].casefold().rstrip(".,;:!?)/")
    found.links.add(regex.sub(r"^(?:https?://)?(?:www\.)?", "", bare).rstrip("/"))
    return True
