"""Decisions -> sequences: whole dialogues, so that one pass of the model gives all decisions.

Decisions whose histories grow by one state each belong to one dialogue and become one sequence.
Attention reaches back no further than the window, so that a long dialogue can be cut into pieces
which overlap by a window and still give the same decisions: memory stays bounded by the piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from framework.policies.features import Decision
from framework.policies.learned.vocabulary import Label
from framework.policies.states import DialogueState

PIECE_STATES = 128
"""States of a piece beyond those it shares with the piece before."""


@dataclass(frozen=True, kw_only=True)
class TurnSequence:
    """States in order, with what was chosen at some of them.

    Attributes:
        states: oldest first.
        labels: what was chosen in each state; None where nothing is to be learned.
        is_start: whether the first state is the start of a dialogue.
    """

    states: tuple[DialogueState, ...]
    labels: tuple[Label | None, ...]
    is_start: bool = True


def sequences(decisions: Sequence[Decision], *, window: int) -> tuple[TurnSequence, ...]:
    """Join decisions into sequences, each different sequence once.

    Args:
        decisions: those of one dialogue stand together, in order.
        window: how many states a decision may depend on, its own included.
    """
    found: dict[TurnSequence, None] = {}
    for dialogue in _dialogues(decisions):
        for piece in _pieces(dialogue, window=window):
            found.setdefault(piece)
    return tuple(found)


def _dialogues(decisions: Sequence[Decision]) -> Iterator[TurnSequence]:
    run: list[Decision] = []
    for decision in decisions:
        if run and not _continues(run[-1], decision):
            yield _join(run)
            run = []
        run.append(decision)
    if run:
        yield _join(run)


def _continues(before: Decision, after: Decision) -> bool:
    length = len(before.history)
    return len(after.history) > length and after.history[:length] == before.history


def _join(run: Sequence[Decision]) -> TurnSequence:
    states = run[-1].history
    labels: list[Label | None] = [None] * len(states)
    for decision in run:
        label = Label(name=decision.action, is_text=decision.is_text)
        labels[len(decision.history) - 1] = label
    return TurnSequence(states=states, labels=tuple(labels))


def _pieces(dialogue: TurnSequence, *, window: int) -> Iterator[TurnSequence]:
    if len(dialogue.states) <= PIECE_STATES + window:
        yield dialogue
        return
    for start in range(0, len(dialogue.states), PIECE_STATES):
        end = start + PIECE_STATES
        first = max(0, start - window + 1)
        shared: tuple[Label | None, ...] = (None,) * (start - first)
        yield TurnSequence(
            states=dialogue.states[first:end],
            labels=shared + dialogue.labels[start:end],
            is_start=first == 0,
        )
