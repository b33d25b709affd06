"""What finding values gives: a place, a dimension, and Duckling's JSON for the value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Match:
    """A value found in a text.

    Attributes:
        start: first character.
        end: character offset after the last one.
        dimension: Duckling's name of the kind (`number`, `amount-of-money`).
        value: Duckling's JSON of the value.
    """

    start: int
    end: int
    dimension: str
    value: Mapping[str, Any]

    def covers(self, other: Match) -> bool:
        """Whether the other lies within this one and is shorter."""
        is_within = self.start <= other.start and other.end <= self.end
        return is_within and (self.start, self.end) != (other.start, other.end)


def without_covered(matches: Iterable[Match]) -> list[Match]:
    """Drop matches that lie within longer ones or repeat others, and sort the rest by place."""
    found = sorted(matches, key=lambda match: (match.start, -match.end, match.dimension))
    kept: list[Match] = []
    furthest = -1
    for match in found:
        before = takewhile(partial(_same_place, match), reversed(kept))
        beside = [other.dimension for other in before]
        if match.end > furthest or (beside and match.dimension not in beside):
            kept.append(match)
            furthest = max(furthest, match.end)
    return kept


def _same_place(one: Match, other: Match) -> bool:
    return (one.start, one.end) == (other.start, other.end)
