"""How usual it is that a user says something now: situations of stories, and how near one comes.

A situation is what was known before the user spoke: the latest actions and intents, the older the
lighter, the active form and the slots. It is a vector of unit length, so that the product of two
is their likeness, 0 to 1. An intent is as plausible as the situation is like the nearest one in
which a story has that intent; an intent that opens a story is plausible, too, where stories end.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from framework.policies.features import Decision
from framework.policies.states import DialogueState
from framework.project.schema.names import LISTEN

AGEING = 0.6
"""Weight of something in comparison with the same one turn later."""

SLOT_WEIGHT, INTENT_WEIGHT = 0.3, 0.5
"""In comparison with an action or a form."""

MOST_PER_INTENT = 300
"""Situations that are kept of an intent; further ones add next to nothing."""

MOST_COMPARED = 500
"""Situations, drawn at random, on which the usual likeness of an intent is measured."""

FEW = 3
"""Situations of an intent up to which its own ones don't tell what is usual."""

LOWEST_THRESHOLD, HIGHEST_THRESHOLD = 0.25, 0.5
"""Between these lies the likeness below which an intent is unexpected."""

RAREST, RAREST_OF_INTENT = 0.01, 0.1
"""Share of the situations of all stories, and of one intent, that may be less usual than that."""

TOLERANCES = 20
"""Grades of tolerance, as many as Rasa's policy tells apart: 0, 0.05, … 0.95."""

Weights = Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A moment in a story at which the user speaks, or at which the story ends.

    Attributes:
        weights: what is known by name, of unit length.
        intent: what the user says; None at the end of a story.
        story: number of the story.
        opens: whether the user opens the story with it.
    """

    weights: Weights
    intent: str | None
    story: int
    opens: bool = False


def describe(states: Sequence[DialogueState]) -> Weights:
    """Give what is known after these states, the oldest first, as weights of unit length."""
    weights: dict[str, float] = {}
    actions = [s.previous_action for s in states if s.previous_action not in (None, LISTEN)]
    if not actions:
        weights["start"] = 1.0
    for age, action in enumerate(reversed(actions)):
        _raise(weights, f"action:{action}", AGEING**age)
    spoken = [s.intent for s in states if s.intent and s.previous_action == LISTEN]
    for age, intent in enumerate(reversed(spoken)):
        for part in intent.split("+"):
            _raise(weights, f"intent:{part}", INTENT_WEIGHT * AGEING**age)
    if states:
        if states[-1].loop is not None:
            weights[f"loop:{states[-1].loop}"] = 1.0
        for name, features in states[-1].slots:
            for number, value in enumerate(features):
                weights[f"slot:{name}:{number}"] = SLOT_WEIGHT * min(1.0, abs(value))
    length = sum(weight**2 for weight in weights.values()) ** 0.5
    return {name: round(weight / length, 4) for name, weight in sorted(weights.items()) if weight}


def _raise(weights: dict[str, float], name: str, weight: float) -> None:
    weights[name] = max(weight, weights.get(name, 0.0))


def situations(decisions: Iterable[Decision], *, max_history: int | None) -> Iterator[Situation]:
    """Give the situations of stories, but of end-to-end ones, in which intents don't stand.

    Args:
        decisions: of whole stories in order, each with its full history.
        max_history: how many states a situation is described by; None for all.
    """
    for story, (_, group) in enumerate(groupby(decisions, key=lambda each: id(each.dialogue))):
        run = list(group)
        if _is_end_to_end(run):
            continue
        opens = True
        for decision, after in zip(run, (*run[1:], None), strict=True):
            if decision.action != LISTEN:
                continue
            states = decision.history[-max_history:] if max_history else decision.history
            intent = after.history[-1].intent if after else None
            yield Situation(weights=describe(states), intent=intent, story=story, opens=opens)
            opens = False


def _is_end_to_end(run: Sequence[Decision]) -> bool:
    return any(each.is_text or each.history[-1].text is not None for each in run)


Row = tuple[tuple[int, float], ...]
"""A situation by the columns of what is known, with the weights."""


@dataclass(frozen=True, kw_only=True)
class Habits:
    """The situations in which intents are usual, ready to be compared with.

    Attributes:
        names: of what may be known; the place is the column.
        intents: that stories have; the place is the number.
        rows: situations, those of one intent together, in the order of their numbers; after them
            the ends of stories.
        starts: where the rows of each intent begin, and last where the ends of stories do.
        openers: numbers of the intents that open stories.
    """

    names: tuple[str, ...]
    intents: tuple[str, ...]
    rows: tuple[Row, ...]
    starts: tuple[int, ...]
    openers: tuple[int, ...]

    @cached_property
    def matrix(self) -> NDArray[np.float32]:
        """Rows as an array, shape (rows, names)."""
        matrix = np.zeros((len(self.rows), len(self.names)), np.float32)
        for number, row in enumerate(self.rows):
            for column, weight in row:
                matrix[number, column] = weight
        return matrix

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """Name -> column."""
        return {name: number for number, name in enumerate(self.names)}

    def plausibility(self, weights: Weights) -> NDArray[np.float32]:
        """Give for each intent how plausible it is in a situation, 0 to 1."""
        row = np.zeros((1, len(self.names)), np.float32)
        for name, weight in weights.items():
            if name in self.columns:
                row[0, self.columns[name]] = weight
        found: NDArray[np.float32] = self.nearest(row @ self.matrix.T)[0]
        return found

    def nearest(self, alike: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give the likeness to the nearest row of each intent.

        Args:
            alike: likeness to each row, shape (situations, rows).

        Returns:
            Shape (situations, intents).
        """
        first_end = self.starts[-1]
        own = alike[:, :first_end]
        found: NDArray[np.float32] = np.maximum.reduceat(own, self.starts[:-1], axis=1)
        if self.openers and first_end < len(self.rows):
            openers = list(self.openers)
            ends = alike[:, first_end:].max(axis=1, keepdims=True)
            found[:, openers] = np.maximum(found[:, openers], ends)
        return found


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What stories teach about intents.

    Attributes:
        habits: the situations of the stories.
        thresholds: for each intent and each grade of tolerance the likeness below which it is
            unexpected.
    """

    habits: Habits
    thresholds: tuple[tuple[float, ...], ...]


def learn(found: Sequence[Situation], *, seed: int) -> Learned | None:
    """Learn where intents are usual, and how usual is usual; None where stories have no intents."""
    intents = tuple(sorted({each.intent for each in found if each.intent is not None}))
    if not intents:
        return None
    rng = random.Random(seed)
    names = tuple(sorted({name for each in found for name in each.weights}))
    columns = {name: number for number, name in enumerate(names)}
    rows: list[Row] = []
    stories: list[frozenset[int]] = []
    starts: list[int] = []
    for intent in (*intents, None):
        starts.append(len(rows))
        of_row: dict[Row, set[int]] = {}
        for each in found:
            if each.intent == intent:
                row = tuple((columns[name], weight) for name, weight in each.weights.items())
                of_row.setdefault(row, set()).add(each.story)
        kept = list(of_row)
        if len(kept) > MOST_PER_INTENT:
            kept = rng.sample(kept, MOST_PER_INTENT)
        rows.extend(kept)
        stories.extend(frozenset(of_row[row]) for row in kept)
    habits = Habits(
        names=names,
        intents=intents,
        rows=tuple(rows),
        starts=tuple(starts),
        openers=tuple(
            number
            for number, intent in enumerate(intents)
            if any(each.opens and each.intent == intent for each in found)
        ),
    )
    return Learned(habits=habits, thresholds=_thresholds(habits, stories, rng))


def _thresholds(
    habits: Habits, stories: Sequence[frozenset[int]], rng: random.Random
) -> tuple[tuple[float, ...], ...]:
    """Measure how like the situations of other stories those of each intent are.

    A situation that occurs in several stories counts as wholly like.
    """
    sampled = sorted(rng.sample(range(habits.starts[-1]), min(MOST_COMPARED, habits.starts[-1])))
    owners = np.searchsorted(np.array(habits.starts), np.array(sampled), side="right") - 1
    alike = habits.matrix[sampled] @ habits.matrix.T
    for place, row in enumerate(sampled):
        if len(stories[row]) == 1:
            same = [number for number, own in enumerate(stories) if own == stories[row]]
            alike[place, same] = 0
    likeness = habits.nearest(alike)
    own = likeness[np.arange(len(sampled)), owners]
    times = [len(stories[row]) for row in sampled]
    common = float(np.quantile(np.repeat(own, times), RAREST))
    usual = min(HIGHEST_THRESHOLD, max(LOWEST_THRESHOLD, common))
    thresholds = []
    for number in range(len(habits.intents)):
        is_own = owners == number
        lowest = usual
        if is_own.sum() > FEW:
            lowest = min(usual, float(np.quantile(own[is_own], RAREST_OF_INTENT)))
        thresholds.append(grades(lowest, likeness[~is_own, number]))
    return tuple(thresholds)


def grades(lowest: float, others: NDArray[np.float32]) -> tuple[float, ...]:
    """Give for each grade of tolerance the likeness below which an intent is unexpected.

    Args:
        lowest: likeness that the situations of the intent itself have.
        others: likeness of the situations in which something else was said, shape (situations,).
            Tolerance is the share of these in which the intent would be let pass.
    """
    if not len(others):
        return (lowest,) * TOLERANCES
    found = np.quantile(others, 1 - np.arange(TOLERANCES) / TOLERANCES, method="lower")
    # rounded down, lest a likeness worked out once more falls below itself
    return tuple(math.floor(min(lowest, grade) * 10_000) / 10_000 for grade in found.tolist())
