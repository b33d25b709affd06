"""How a reply is chosen piece by piece: the likeliest, the best of several beams, or by lot.

Shapes: K beams, X pieces to choose from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from framework.responses.seq2seq.vocabulary import BEGIN, END

Array = NDArray[np.float32]

_LEAST = 1e-20


class Prefixes(Protocol):
    """Replies so far, all of one length, and what the model says of their next piece."""

    def chances(self) -> Array:
        """Give the probability of each next piece, shape (K, X)."""

    def extend(self, beams: Sequence[int], pieces: Sequence[int]) -> Self:
        """Give the chosen replies, each with one more piece; a reply may be chosen repeatedly."""


@dataclass(frozen=True, kw_only=True)
class Decoding:
    """How replies are chosen; the defaults are those of the responder.

    Attributes:
        beam: replies that are followed at once; 1 takes the likeliest piece each time.
        length_penalty: 0 prefers short replies, 1 judges by the mean of all pieces (Wu et al.
            2016, arXiv:1609.08144, section 7).
        top_k: draw from that many likeliest pieces; 0 for all.
        top_p: draw from the likeliest pieces of that total probability; 1 for all.
        temperature: below 1 the likely pieces are drawn more often, above 1 less.
        most: pieces of a reply at most.
    """

    beam: int = 4
    length_penalty: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    temperature: float = 1.0
    most: int = 100

    @property
    def draws(self) -> bool:
        """Whether chance decides."""
        return self.top_k > 0 or self.top_p < 1


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A reply and what the model thinks of it.

    Attributes:
        pieces: without its end.
        chances: logarithms of the probabilities of the pieces, and of its end where it came.
        is_whole: whether it came to an end by itself.
    """

    pieces: tuple[int, ...] = ()
    chances: tuple[float, ...] = ()
    is_whole: bool = False

    def score(self, length_penalty: float) -> float:
        """Give the sum of the chances, weighed by length."""
        weight: float = ((5 + len(self.chances)) / 6) ** length_penalty
        return sum(self.chances) / weight


def choose(
    start: Prefixes, decoding: Decoding, *, lot: np.random.Generator | None = None
) -> list[Candidate]:
    """Find replies, the best first; at least one.

    Args:
        start: the empty reply, one beam.
        decoding: how to choose.
        lot: decides where `decoding` draws.
    """
    if decoding.draws:
        return [_drawn(start, decoding, lot or np.random.default_rng(0))]
    return _searched(start, decoding)


def _drawn(prefixes: Prefixes, decoding: Decoding, lot: np.random.Generator) -> Candidate:
    pieces: list[int] = []
    chances: list[float] = []
    for _ in range(decoding.most):
        found = _allowed(prefixes.chances(), is_first=not pieces)[0]
        shares = narrowed(found, decoding)
        piece = int(lot.choice(len(shares), p=shares))
        chances.append(float(np.log(max(found[piece], _LEAST))))
        if piece == END:
            return Candidate(pieces=tuple(pieces), chances=tuple(chances), is_whole=True)
        pieces.append(piece)
        prefixes = prefixes.extend([0], [piece])
    return Candidate(pieces=tuple(pieces), chances=tuple(chances))


def narrowed(chances_X: Array, decoding: Decoding) -> NDArray[np.float64]:
    """Give the chances to draw from: tempered, and cut to the likeliest pieces."""
    shares = np.maximum(chances_X.astype(np.float64), 0) ** (1 / decoding.temperature)
    order = np.argsort(-shares, kind="stable")
    if decoding.top_k:
        shares[order[decoding.top_k :]] = 0
    shares /= max(shares.sum(), _LEAST)
    if decoding.top_p < 1:
        before = np.cumsum(shares[order]) - shares[order]
        shares[order[before >= decoding.top_p]] = 0
    result: NDArray[np.float64] = shares / shares.sum()
    return result


def _searched(start: Prefixes, decoding: Decoding) -> list[Candidate]:
    """Search with beams; a reply ends when no open one can become better than those found."""
    alive, prefixes, whole = [Candidate()], start, list[Candidate]()
    for step in range(decoding.most):
        logs = np.log(np.maximum(_allowed(prefixes.chances(), is_first=step == 0), _LEAST))
        beams, pieces = _best(alive, logs, count=2 * decoding.beam)
        grown = [_grown(alive[b], p, float(logs[b, p])) for b, p in zip(beams, pieces, strict=True)]
        whole += [one for one in grown[: decoding.beam] if one.is_whole]
        places = [place for place, one in enumerate(grown) if not one.is_whole][: decoding.beam]
        alive = [grown[place] for place in places]
        if not alive or _is_settled(alive, whole, decoding):
            break
        prefixes = prefixes.extend([beams[p] for p in places], [pieces[p] for p in places])
    found = whole or alive
    return sorted(found, key=lambda one: -one.score(decoding.length_penalty))


def _best(
    alive: Sequence[Candidate], logs_KX: NDArray[Any], *, count: int
) -> tuple[list[int], list[int]]:
    totals_KX = logs_KX + np.array([[sum(one.chances)] for one in alive])
    flat = totals_KX.ravel()
    count = min(count, flat.size)
    chosen = np.argpartition(-flat, count - 1)[:count]
    chosen = chosen[np.lexsort((chosen, -flat[chosen]))]
    return [int(n) for n in chosen // totals_KX.shape[1]], [
        int(n) for n in chosen % totals_KX.shape[1]
    ]


def _grown(candidate: Candidate, piece: int, chance: float) -> Candidate:
    is_end = piece == END
    return Candidate(
        pieces=candidate.pieces if is_end else (*candidate.pieces, piece),
        chances=(*candidate.chances, chance),
        is_whole=is_end,
    )


def _is_settled(alive: list[Candidate], whole: list[Candidate], decoding: Decoding) -> bool:
    if len(whole) < decoding.beam or decoding.beam == 1:
        return bool(whole) and decoding.beam == 1
    reached = sorted((one.score(decoding.length_penalty) for one in whole), reverse=True)
    # an open reply only loses by growing, and the penalty helps it at most as at full length
    most = ((5 + decoding.most) / 6) ** decoding.length_penalty
    return all(sum(one.chances) / most <= reached[decoding.beam - 1] for one in alive)


def _allowed(chances_KX: Array, *, is_first: bool) -> Array:
    """Rule out what is no part of a reply: the begin, padding, unknown; an end of nothing."""
    allowed = chances_KX.copy()
    allowed[:, : BEGIN + 1] = 0
    allowed[:, END + 1] = 0
    if is_first:
        allowed[:, END] = 0
    return allowed
