"""Where sentences end, in scripts with and without spaces between words."""

from __future__ import annotations

import regex

_CLOSING = r"[\"')\]\p{Pf}\p{Pe}]*"
_WIDE_STOPS = "\u3002\uff01\uff1f\uff1b"
_STOPS = rf"[.!?\u2026:{_WIDE_STOPS}\uff1a]"
SENTENCE_END = regex.compile(rf"{_STOPS}{_CLOSING}\s*$")
"""What a line ends with that ends a sentence."""

CJK = r"\p{Han}\p{Hiragana}\p{Katakana}\u3001-\u303f\uff01-\uff60"
"""Inside of brackets: letters and signs of Chinese and Japanese, which set no spaces."""

_WIDE = regex.compile(rf"[{CJK}]")
_BREAK = regex.compile(
    rf"(?<=[.!?\u2026]{_CLOSING})\s+(?=[\p{{Lu}}\p{{Lo}}\p{{N}}\p{{Ps}}\p{{Pi}}\"'])"
    rf"|(?<=[{_WIDE_STOPS}]{_CLOSING})(?![{_WIDE_STOPS}\p{{Pe}}\p{{Pf}}\"'])\s*",
)
_ABBREVIATION = regex.compile(
    r"(?:^|[\s(\"'])(?:\p{L}|(?:\p{L}\.)+\p{L}|[Nn]o|[Nn]r|[Dd]r|[Mm]rs?|[Mm]s|[Pp]rof|[Ss]t|vs|etc"
    r"|ca|approx|[Ff]ig|[Tt]el|[Vv]gl|bzw|[Aa]rt|[Aa]bs|p|pp|inkl|incl|max|min)\.$"
)


def sentences(text: str) -> list[str]:
    """Cut a text into sentences, without the white space between them."""
    found: list[str] = []
    start = 0
    for match in _BREAK.finditer(text):
        if _ABBREVIATION.search(text, start, match.start()):
            continue
        found.append(text[start : match.start()].strip())
        start = match.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def width(text: str) -> int:
    """Give the length of a text; a sign of Chinese or Japanese, which says more, counts twice."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def joined(first: str, second: str) -> str:
    """Put sentences or lines together: with a space, unless both are Chinese or Japanese."""
    if not first or not second:
        return first + second
    is_cjk = _WIDE.match(first[-1]) and _WIDE.match(second[0])
    return f"{first}{second}" if is_cjk else f"{first} {second}"
