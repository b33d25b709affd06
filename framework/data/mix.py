"""Texts that nobody wrote, made of examples: words left out, parts cut out, two texts spliced.

Few of them are good sentences, and nobody knows their labels. They are for a model that learns to
answer as another one does, which needs more texts than a bot has examples (Tang et al. 2019,
section 3.3).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import regex

from framework.data.scripts import UNSPACED

_TOKEN = regex.compile(rf"(?:{UNSPACED}|[\p{{L}}\p{{M}}\p{{N}}\p{{Pc}}]+|\S)\s*")
_DROPPED = 0.2
"""Share of words left out where words are left out at all."""

_TRIES = 3

Tokens = list[str]
Sharing = Mapping[str, Sequence[int]]


def mix(texts: Sequence[str], count: int, *, seed: int) -> list[str]:
    """Make texts, each once and none that is there already.

    Args:
        texts: of examples.
        count: how many are wanted; fewer come out where the examples are few or short.
        seed: decides which ones.
    """
    rng = random.Random(seed)
    split = [tokens for text in dict.fromkeys(texts) if (tokens := _TOKEN.findall(text))]
    if not split:
        return []
    sharing = _places_of_words(split)
    made = dict.fromkeys(texts)
    wanted = len(made) + count
    for turn in range(_TRIES * count):
        if len(made) >= wanted:
            break
        change = _CHANGES[turn % len(_CHANGES)]
        text = "".join(change(split, split[turn % len(split)], sharing, rng)).strip()
        if text:
            made.setdefault(text)
    return list(made)[wanted - count :]


def _places_of_words(split: Sequence[Tokens]) -> Sharing:
    """Say which texts a word is in."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, tokens in enumerate(split):
        for word in dict.fromkeys(map(_plain, tokens)):
            places[word].append(place)
    return places


def _plain(token: str) -> str:
    return token.strip().lower()


def _drop(split: Sequence[Tokens], tokens: Tokens, sharing: Sharing, rng: random.Random) -> Tokens:
    kept: Tokens = []
    for token in tokens:
        if rng.random() >= _DROPPED:
            kept.append(token)
        elif kept and token[-1].isspace() and not kept[-1][-1].isspace():
            kept[-1] += " "
    return kept or [rng.choice(tokens)]


def _cut(split: Sequence[Tokens], tokens: Tokens, sharing: Sharing, rng: random.Random) -> Tokens:
    length = rng.randint(max(1, len(tokens) // 3), len(tokens))
    first = rng.randint(0, len(tokens) - length)
    return tokens[first : first + length]


def _splice(
    split: Sequence[Tokens], tokens: Tokens, sharing: Sharing, rng: random.Random
) -> Tokens:
    """Go on in another text behind a word that both have."""
    at = rng.randrange(len(tokens))
    other = split[rng.choice(sharing[_plain(tokens[at])])]
    places = [n for n, token in enumerate(other) if _plain(token) == _plain(tokens[at])]
    return tokens[:at] + other[rng.choice(places) :]


_CHANGES: Sequence[Callable[[Sequence[Tokens], Tokens, Sharing, random.Random], Tokens]] = (
    _splice,
    _drop,
    _splice,
    _cut,
)
