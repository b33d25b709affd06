"""Ranks the items of a catalogue by wishes, words, choices and popularity, with reasons."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framework.actions.recommending.amounts import number_of
from framework.actions.recommending.catalogue import Catalogue
from framework.actions.recommending.taste import Taste
from framework.project.schema.recommend import NUMERIC, Item, RecommendSettings, Wish

logger = logging.getLogger(__name__)

WISHES_WEIGHT, WORDS_WEIGHT, TASTE_WEIGHT, POPULARITY_WEIGHT = 3.0, 1.0, 1.0, 0.2
"""What a perfect fit is worth. Wishes are stated, so they outweigh all that is guessed."""

_TELLING = 0.05
"""Least share in a score that is worth a reason."""


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """An item with its score, and what made it.

    Attributes:
        item: of the catalogue.
        score: higher is better.
        fit: how well it fits the wishes, 0 to 1; 1 where there are none.
        reasons: in words, the weightiest first.
    """

    item: Item
    score: float
    fit: float
    reasons: tuple[str, ...]


def rank(
    catalogue: Catalogue,
    settings: RecommendSettings,
    *,
    wanted: Mapping[str, Any],
    query: NDArray[np.float32] | None,
    taste: Taste,
) -> list[Ranked]:
    """Rank the items, the best first; equals in the order of the file.

    Items that were shown in this session, taken or declined come up again only when nothing else
    that fits is left; those that were taken do where `repeat` says so, those that were shown in
    this session and declined don't. A wish for a number that states none doesn't count.

    Args:
        catalogue: the items.
        settings: say what is compared, and how.
        wanted: values that the user wants, by their slots or entities.
        query: vector of the user's words, shape (D,); None without an encoder or words.
        taste: what the user took and declined.
    """
    wanted = _readable(settings, wanted)
    wishes = [wish for wish in settings.wishes() if wanted.get(wish.source) is not None]
    ranges = {wish.column: _range(catalogue, wish.column) for wish in wishes}
    likeness = _words(catalogue, query)
    liking = _liking(catalogue, taste, settings)
    popularity = _popularity(catalogue, settings.popularity)
    found: list[Ranked] = []
    for place, item in enumerate(catalogue.items):
        fits = [(w, _fit(item, w, wanted[w.source], span=ranges[w.column])) for w in wishes]
        if any(wish.must and fit < 1 for wish, fit in fits):
            continue
        fit = sum(one for _, one in fits) / len(fits) if fits else 1.0
        parts = {
            "wishes": WISHES_WEIGHT * (fit if fits else 0.0),
            "words": WORDS_WEIGHT * likeness[place],
            "taste": TASTE_WEIGHT * liking[place][0],
            "popularity": POPULARITY_WEIGHT * popularity[place],
        }
        told = _reasons(item, fits, wanted, parts, like=liking[place][1])
        score = float(sum(parts.values()))
        found.append(Ranked(item=item, score=score, fit=fit, reasons=tuple(told)))
    found.sort(key=lambda one: -round(one.score, 6))
    worn = (*taste.shown, *taste.rejected, *(() if settings.repeat else taste.chosen))
    return _unworn(found, taste, frozenset(worn))


def _readable(settings: RecommendSettings, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is wanted, without what should be a number and states none."""
    numeric = {wish.source for wish in settings.wishes() if wish.rule in NUMERIC}
    found = dict(wanted)
    for name in numeric & wanted.keys():
        if wanted[name] is not None and number_of(wanted[name]) is None:
            logger.debug("the wish %r is no number and doesn't count: %r", name, wanted[name])
            del found[name]
    return found


def _unworn(ranked: Sequence[Ranked], taste: Taste, worn: frozenset[str]) -> list[Ranked]:
    """Put items that came up already behind the others, the latest shown and declined ones last.

    One that was shown and fits comes before all that fit nothing: those would be passed over.
    """
    fresh = [one for one in ranked if one.item.id not in worn]
    known = [one for one in ranked if one not in fresh]
    shown_at = {name: place for place, name in enumerate(taste.shown)}
    refused = {*taste.shown} & {*taste.rejected}
    known = [one for one in known if one.item.id not in refused]
    known.sort(key=lambda one: (one.item.id in taste.rejected, shown_at.get(one.item.id, -1)))
    decided = {*taste.rejected, *taste.chosen}
    again = [one for one in known if one.fit and one.item.id not in decided]
    return [
        *(one for one in fresh if one.fit),
        *again,
        *(one for one in fresh if not one.fit),
        *(one for one in known if one not in again),
    ]


def _fit(item: Item, wish: Wish, wanted: Any, *, span: float) -> float:
    """Say how well an item fits one wish, 0 to 1."""
    value = item.values.get(wish.column)
    if value is None:
        return 0.0
    if wish.rule == "equal":
        offered = {_plain(one) for one in _as_list(value)}
        return float(any(_plain(one) in offered for one in _as_list(wanted)))
    number, limit = _number(value), number_of(wanted)
    if number is None or limit is None:
        return 0.0
    if wish.rule == "at_most":
        beyond = number - limit
    elif wish.rule == "at_least":
        beyond = limit - number
    else:
        beyond = abs(number - limit)
    return 1.0 if beyond <= 0 else max(0.0, 1.0 - beyond / span) * 0.9


def _reasons(
    item: Item,
    fits: Sequence[tuple[Wish, float]],
    wanted: Mapping[str, Any],
    parts: Mapping[str, float],
    *,
    like: str | None,
) -> Iterator[str]:
    for wish, fit in sorted(fits, key=lambda one: -one[1]):
        value, wish_for = item.values.get(wish.column), wanted[wish.source]
        asked = wish_for if wish.rule == "equal" else f"{wish.rule.replace('_', ' ')} {wish_for}"
        verdict = "as wanted" if fit == 1 else f"wanted {asked}"
        yield f"{wish.column} is {value} ({verdict})"
    if parts["words"] > _TELLING:
        yield f"like what was said ({parts['words'] / WORDS_WEIGHT:.2f})"
    if abs(parts["taste"]) > _TELLING and like is not None:
        verb = "taken" if parts["taste"] > 0 else "declined"
        yield f"near {like}, which was {verb} ({parts['taste'] / TASTE_WEIGHT:+.2f})"
    if parts["popularity"] > 0:
        yield f"popular ({parts['popularity'] / POPULARITY_WEIGHT:.2f})"


def _words(catalogue: Catalogue, query: NDArray[np.float32] | None) -> NDArray[np.float32]:
    """Give the cosine of each item's texts and the user's words, 0 to 1."""
    if query is None or query.shape != catalogue.vectors.shape[1:]:
        return np.zeros(len(catalogue.items), dtype=np.float32)
    return np.asarray(np.clip(catalogue.vectors @ query, 0.0, 1.0), dtype=np.float32)


def _liking(
    catalogue: Catalogue, taste: Taste, settings: RecommendSettings
) -> list[tuple[float, str | None]]:
    """Give for each item how near it is to what was taken, less to what was declined; -1 to 1."""
    places = {item.id: place for place, item in enumerate(catalogue.items)}
    signed = [(name, 1.0) for name in taste.chosen] + [(name, -1.0) for name in taste.rejected]
    known = [(places[name], name, sign) for name, sign in signed if name in places]
    columns = [wish.column for wish in settings.wishes()]
    liking: list[tuple[float, str | None]] = []
    for place in range(len(catalogue.items)):
        near = [
            (sign * _similarity(catalogue, place, other, columns), name)
            for other, name, sign in known
            if other != place or settings.repeat
        ]
        ups = max(near, key=lambda one: one[0], default=(0.0, None))
        downs = min(near, key=lambda one: one[0], default=(0.0, None))
        total = max(ups[0], 0.0) + min(downs[0], 0.0)
        liking.append((total, ups[1] if total >= 0 else downs[1]))
    return liking


def _similarity(catalogue: Catalogue, one: int, other: int, columns: Sequence[str]) -> float:
    """Give the likeness of two items, 0 to 1: of their texts and of their attributes."""
    found: list[float] = []
    if catalogue.vectors.shape[1]:
        found.append(max(0.0, float(catalogue.vectors[one] @ catalogue.vectors[other])))
    if columns:
        first, second = catalogue.items[one].values, catalogue.items[other].values
        same = [_overlaps(first.get(name), second.get(name)) for name in columns]
        found.append(sum(same) / len(same))
    return sum(found) / len(found) if found else 0.0


def _overlaps(first: Any, second: Any) -> bool:
    if first is None or second is None:
        return False
    return bool(
        {_plain(one) for one in _as_list(first)} & {_plain(one) for one in _as_list(second)}
    )


def _popularity(catalogue: Catalogue, column: str | None) -> list[float]:
    """Give each item's popularity from 0, the lowest, to 1."""
    if column is None:
        return [0.0] * len(catalogue.items)
    values = [_number(item.values.get(column)) for item in catalogue.items]
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    span = (high - low) or 1.0
    return [0.0 if value is None else (value - low) / span for value in values]


def _range(catalogue: Catalogue, column: str) -> float:
    """Give the span of a column of numbers; 1 where there is none."""
    numbers = [_number(item.values.get(column)) for item in catalogue.items]
    known = [number for number in numbers if number is not None]
    return (max(known) - min(known)) or 1.0 if known else 1.0


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip().casefold()
    return str(value).casefold() if isinstance(value, bool) else value


def _as_list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else (value,)
