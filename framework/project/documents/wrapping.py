"""Lines that were only wrapped to a width become one line again; lines of their own stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import regex

from framework.project.documents.sentences import CJK, SENTENCE_END, joined, width

_NARROWEST = 40
"""Lines are wrapped at no less than this; shorter ones are verses, addresses or rows."""

_FULL = 0.85
"""A line as long as this share of the longest is taken for full: letters differ in width, and some
signs may not begin a line."""

_MOST = 2 / 3
"""So many of the lines before the last one are full in a paragraph that was wrapped."""

_FIRST_WORD = regex.compile(rf"[{CJK}]|[^\s{CJK}]+")
_LOWER_CASE = regex.compile(r"\p{Ll}")


def unwrapped(
    lines: Sequence[str], *, starts_anew: Callable[[str], bool] = lambda line: False
) -> str:
    """Put the lines of a paragraph together where one goes on in the next.

    That is so where the next word would not have fitted, as in most lines of the paragraph, or
    where a line breaks off in a sentence and the next begins with a small letter.

    Args:
        lines: without white space around them.
        starts_anew: tells lines that never go on from the one before, as items of a list.

    Returns:
        the text, with line breaks where lines end of themselves.
    """
    longest = max(map(width, lines), default=0)
    pairs = [pair for pair in pairwise(lines) if not starts_anew(pair[1])]
    full = sum(_is_full(line, following, longest) for line, following in pairs)
    is_wrapped = full >= _MOST * len(pairs)
    text = "".join(lines[:1])
    for line, following in pairwise(lines):
        goes_on = (is_wrapped and _is_full(line, following, longest)) or _breaks_off(
            line, following
        )
        if goes_on and not starts_anew(following):
            text = joined(text, following)
        else:
            text = f"{text}\n{following}"
    return text


def _is_full(line: str, following: str, longest: int) -> bool:
    word = _FIRST_WORD.match(following)
    return width(line) + 1 + width(word[0] if word else "") > max(_FULL * longest, _NARROWEST)


def _breaks_off(line: str, following: str) -> bool:
    is_open = width(line) >= _NARROWEST and SENTENCE_END.search(line) is None
    return is_open and _LOWER_CASE.match(following) is not None
