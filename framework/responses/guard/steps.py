"""In what order things are done: `first apply, then call` isn't `first call, then apply`."""

# ruff: noqa: RUF001  # signs that end sentences look alike

from __future__ import annotations

from collections.abc import Iterator

import regex

from framework.responses.guard.stems import root

_STEPS = regex.compile(
    r"\bfirst(?:ly)?,? (?P<one>[^.!?;]{3,80}?),? (?:and |before you )?"
    r"(?:then|afterwards|after that|next) (?P<other>[^.!?;]{3,80})"
    r"|先(?P<one>[^。！？；]{2,30}?)[，,]?(?:再|然后|接着|之后|最后)(?P<other>[^。！？；，]{2,30})",
    regex.IGNORECASE,
)
_SPACED = regex.compile(r"[\p{L}--\p{Han}]{4,}", regex.V1)
_HAN = regex.compile(r"\p{Han}+")


def turned_steps(reply: str, source: str) -> Iterator[str]:
    """Give what a reply says is done first, which its source says is done afterwards."""
    for said in _STEPS.finditer(reply):
        one, other = _gist(said["one"]), _gist(said["other"])
        for told in _STEPS.finditer(source):
            first, second = _gist(told["one"]), _gist(told["other"])
            kept = len(one & first) + len(other & second)
            if len(one & second) + len(other & first) > kept:
                yield said["one"]


def _gist(text: str) -> set[str]:
    """Give the roots of words, and pairs of Chinese signs."""
    runs = _HAN.findall(text)
    pairs = {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
    return pairs | {root(word, "en") for word in _SPACED.findall(text)}
