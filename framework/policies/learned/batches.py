"""Sequences -> batches of numbers, varied anew in every epoch.

Three things vary. Dialogues are glued: some of a batch are put after another one, and may inherit
the slots it left behind, so that the model knows stories that don't open a conversation without a
list of glued stories ever being written. Actions that a story begins with are left out, because
policies don't see what a rule alone has done. Features are hidden, so that the model copes with
intents, actions and forms it doesn't know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from framework.policies.learned.sequences import TurnSequence
from framework.policies.learned.vocabulary import KINDS, UNKNOWN, EncodedState, Vocabulary

SLOT_KIND, SET_KIND = KINDS.index("slot"), KINDS.index("set")
NOTHING = -1
"""Label of a place where nothing is to be learned."""


@dataclass(frozen=True, kw_only=True)
class Variation:
    """How much the data varies.

    Attributes:
        glue: share of dialogues put after another one.
        inherit: share of these that inherit its slots.
        skip_opening: share of stories that begin with actions of the bot seen without these.
        hide_value: share of features left out one by one.
        hide_word: share of the words of a text left out one by one.
        hide_kind: share of states in which a kind (the intent, the action before) is unknown.
        hide_setting: share of states in which it isn't told which slots the message has set.
    """

    glue: float = 0.0
    inherit: float = 0.0
    skip_opening: float = 0.0
    hide_value: float = 0.0
    hide_word: float = 0.0
    hide_kind: float = 0.0
    hide_setting: float = 0.0


PLAIN = Variation()


@dataclass(frozen=True, kw_only=True, eq=False)
class EncodedSequence:
    """A sequence in numbers.

    Attributes:
        states: as the model reads them.
        labels: index of what was chosen, or `NOTHING`.
        slots: features of slots that some state has, own or inherited.
        is_start: whether the first state is the start of a dialogue.
        opening: states after the first that no user has said anything in yet.
    """

    states: tuple[EncodedState, ...]
    labels: tuple[int, ...]
    slots: frozenset[int]
    is_start: bool
    opening: int = 0


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One step's data; bags of features are laid end to end.

    Attributes:
        indices: of the features of all states.
        values: of these features.
        offsets: where each state's bag begins, B x T of them.
        texts_BTE: sentence vectors.
        labels_BT: index of what was chosen, or `NOTHING`.
    """

    indices: NDArray[np.int64]
    values: NDArray[np.float32]
    offsets: NDArray[np.int64]
    texts_BTE: NDArray[np.float32]
    labels_BT: NDArray[np.int64]


def encode(
    sequences: Sequence[TurnSequence], vocabulary: Vocabulary
) -> tuple[EncodedSequence, ...]:
    """Turn sequences into numbers; equal states share theirs."""
    known: dict[tuple[object, ...], EncodedState] = {}
    encoded = []
    for sequence in sequences:
        states = []
        for state in sequence.states:
            key = (state, None if state.embedding is None else id(state.embedding))
            if key not in known:
                known[key] = vocabulary.encode(state)
            states.append(known[key])
        labels = tuple(
            NOTHING if label is None else vocabulary.label_index.get(label, NOTHING)
            for label in sequence.labels
        )
        slots = frozenset(
            int(number)
            for state in states
            for number in state.indices[vocabulary.kinds[state.indices] == SLOT_KIND]
        )
        encoded.append(
            EncodedSequence(
                states=tuple(states),
                labels=labels,
                slots=slots,
                is_start=sequence.is_start,
                opening=_opening(sequence),
            )
        )
    return tuple(encoded)


def _opening(sequence: TurnSequence) -> int:
    """Count the states after the start of a dialogue up to the first that a user speaks in."""
    if not sequence.is_start:
        return 0
    silent = takewhile(lambda s: s.intent is None and s.text is None, sequence.states[1:])
    count = sum(1 for _ in silent)
    return count if count + 1 < len(sequence.states) else 0


@dataclass(frozen=True, kw_only=True)
class Draw:
    """What goes into one batch: numbers of sequences, and the seed of their variation."""

    numbers: tuple[int, ...]
    seed: int


def draws(numbers: Sequence[int], *, batches: int, seed: int, epoch: int) -> tuple[Draw, ...]:
    """Divide sequences into batches of almost equal size, at random and anew in each epoch.

    Args:
        numbers: of the sequences.
        batches: how many to make; fewer where there are fewer sequences.
        seed: of the training.
        epoch: number of the epoch.
    """
    rng = np.random.default_rng((seed, epoch))
    parts = np.array_split(rng.permutation(np.array(numbers, np.int64)), batches)
    seeds = rng.integers(2**31, size=batches).tolist()
    return tuple(
        Draw(numbers=tuple(part.tolist()), seed=number)
        for part, number in zip(parts, seeds, strict=True)
        if len(part)
    )


def collate(
    data: Sequence[EncodedSequence],
    draw: Draw,
    vocabulary: Vocabulary,
    variation: Variation = PLAIN,
) -> Batch:
    """Make a batch of the drawn sequences, varied."""
    rng = np.random.default_rng(draw.seed)
    rows = _glue([data[number] for number in draw.numbers], rng, variation)
    length = max(len(row) for row in rows)
    labels_BT = np.full((len(rows), length), NOTHING, np.int64)
    texts_BTE = np.zeros((len(rows), length, vocabulary.embedding_width), np.float32)
    bags: list[EncodedState] = []
    for number, row in enumerate(rows):
        labels_BT[number, : len(row)] = [label for _, label in row]
        for place, (state, _) in enumerate(row):
            if state.embedding is not None and rng.random() >= variation.hide_kind:
                texts_BTE[number, place] = state.embedding
        bags.extend(state for state, _ in row)
        bags.extend([EMPTY] * (length - len(row)))
    return _join(bags, texts_BTE, labels_BT, _Hiding(rng, vocabulary, variation))


EMPTY = EncodedState(indices=np.zeros(0, np.int64), values=np.zeros(0, np.float32))

_Row = list[tuple[EncodedState, int]]


def _glue(
    drawn: Sequence[EncodedSequence], rng: np.random.Generator, variation: Variation
) -> list[_Row]:
    rows: list[_Row] = []
    before: EncodedSequence | None = None
    for sequence in drawn:
        row: _Row = list(zip(sequence.states, sequence.labels, strict=True))
        if sequence.opening and rng.random() < variation.skip_opening:
            row = [(row[0][0], NOTHING), *row[1 + sequence.opening :]]
        is_glued = rng.random() < variation.glue
        inherits = rng.random() < variation.inherit
        if before is not None and is_glued and sequence.is_start:
            inherited = _left_slots(before, sequence) if inherits else EMPTY
            rows[-1].extend((_with_slots(state, inherited), label) for state, label in row[1:])
            before = None
        else:
            rows.append(row)
            before = sequence
    return rows


def _left_slots(before: EncodedSequence, after: EncodedSequence) -> EncodedState:
    last = before.states[-1]
    kept = [
        place
        for place, number in enumerate(last.indices.tolist())
        if number in before.slots and number not in after.slots
    ]
    return EncodedState(indices=last.indices[kept], values=last.values[kept])


def _with_slots(state: EncodedState, slots: EncodedState) -> EncodedState:
    if not len(slots.indices):
        return state
    return EncodedState(
        indices=np.concatenate([state.indices, slots.indices]),
        values=np.concatenate([state.values, slots.values]),
        embedding=state.embedding,
    )


class _Hiding:
    """Leaves features out at random, and puts the unknown value of their kind in their place."""

    def __init__(
        self, rng: np.random.Generator, vocabulary: Vocabulary, variation: Variation
    ) -> None:
        self._rng = rng
        self._kinds = vocabulary.kinds
        self._parts = vocabulary.parts
        self._unknown = np.full(len(KINDS), NOTHING, np.int64)
        for kind, name in UNKNOWN.items():
            self._unknown[KINDS.index(kind)] = vocabulary.index[name]
        self._variation = variation
        self._rates = np.full(len(KINDS), variation.hide_value)
        self._rates[KINDS.index("word")] = variation.hide_word

    def apply(
        self, indices: NDArray[np.int64], values: NDArray[np.float32], bag: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Vary the features of all states; `bag` says which state each belongs to."""
        rate = self._variation.hide_kind
        kinds = self._kinds[indices]
        luck = self._rng.random((int(bag[-1]) + 1 if len(bag) else 0, len(KINDS)))[bag, kinds]
        unknown = self._unknown[kinds]
        is_whole = ~self._parts[indices] & (unknown != NOTHING)
        becomes_unknown = is_whole & (luck < 2 * rate)
        is_hidden = self._parts[indices] & (unknown != NOTHING) & (luck < rate)
        is_hidden |= (kinds == SET_KIND) & (luck < self._variation.hide_setting)
        is_hidden |= ~is_whole & (self._rng.random(len(indices)) < self._rates[kinds])
        return (
            np.where(becomes_unknown, unknown, indices),
            np.where(is_hidden, np.float32(0), values),
        )


def _join(
    bags: Sequence[EncodedState],
    texts_BTE: NDArray[np.float32],
    labels_BT: NDArray[np.int64],
    hiding: _Hiding,
) -> Batch:
    lengths = np.array([len(bag.indices) for bag in bags], np.int64)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)[:-1]])
    indices, values = hiding.apply(
        np.concatenate([bag.indices for bag in bags]),
        np.concatenate([bag.values for bag in bags]),
        np.repeat(np.arange(len(bags)), lengths),
    )
    return Batch(
        indices=indices, values=values, offsets=offsets, texts_BTE=texts_BTE, labels_BT=labels_BT
    )
