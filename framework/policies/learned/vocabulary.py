"""What the model can tell apart: features of a state, and the actions to choose from.

A state becomes a bag of named features. Names are composed, so that what was never seen as a whole
is still seen in its parts: the intent `affirm+ask_price` shares `affirm` with other intents, the
action `utter_ask_city` shares `ask` and `city` with other actions, an entity with a role shares its
plain name. A name that training didn't meet counts as the unknown one of its kind, or is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from framework.policies.states import DialogueState

KINDS = ("intent", "action", "loop", "word", "entity", "slot", "set")
"""Kinds of features; the place in the list is the kind's number."""

UNKNOWN = {kind: f"{kind}:?" for kind in ("intent", "action", "loop")}
"""Stands for a value that training didn't meet, in the kinds that have one value at a time."""

START = "action:"
"""Feature of the state before the first action."""

PART_MARKS = ("+", "_", "!")
"""Ends of feature names that are parts or properties, beside the feature of the whole name."""

_WORD = re.compile(r"\w+|[^\w\s]")
_NAME_PART = re.compile(r"[^\W_]+")
_RAREST_WORD = 2

Feature = tuple[str, float]


def features(state: DialogueState) -> list[Feature]:
    """Give the named features of a state with their values."""
    return [
        *_user_features(state),
        *((f"slot:{name}:{n}", x) for name, row in state.slots for n, x in enumerate(row) if x),
        *((f"set:{name}", 1.0) for name in state.newly_set),
        *_action_features(state),
        *_loop_features(state),
    ]


def _user_features(state: DialogueState) -> list[Feature]:
    found: list[Feature] = []
    if state.intent is not None:
        found.append((f"intent:{state.intent}", 1.0))
        found.extend((f"intent:{part}+", 1.0) for part in state.intent.split("+"))
    if state.text is not None:
        words = dict.fromkeys(_WORD.findall(state.text.lower()))
        share = len(words) ** -0.5 if words else 0.0
        found.extend((f"word:{word}", share) for word in words)
    names = dict.fromkeys(name for entity in state.entities for name in _entity_names(entity))
    found.extend((f"entity:{name}", 1.0) for name in names)
    return found


def _entity_names(entity: str) -> tuple[str, ...]:
    plain, mark, _ = entity.partition("#")
    return (plain, entity) if mark else (entity,)


def _action_features(state: DialogueState) -> list[Feature]:
    if state.previous_action is None:
        return [(START, 1.0)]
    if state.previous_is_text:
        return [(f"action:{state.previous_action}", 1.0)]
    parts = dict.fromkeys(_NAME_PART.findall(state.previous_action))
    return [
        (f"action:{state.previous_action}", 1.0),
        *((f"action:{part}_", 1.0) for part in parts),
    ]


def _loop_features(state: DialogueState) -> list[Feature]:
    if state.loop is None:
        return []
    found = [(f"loop:{state.loop}", 1.0)]
    if state.loop_rejected:
        found.append(("loop:rejected!", 1.0))
    return found


@dataclass(frozen=True, kw_only=True)
class Label:
    """Something to choose: an action's name, or with `is_text` a bot text."""

    name: str
    is_text: bool = False


@dataclass(frozen=True, kw_only=True)
class EncodedState:
    """A state as the model reads it.

    Attributes:
        indices: of its known features.
        values: of these features.
        embedding: sentence vector of the user's text, shape (E,); None where there is none.
    """

    indices: NDArray[np.int64]
    values: NDArray[np.float32]
    embedding: NDArray[np.float32] | None = None


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The features and labels of one trained model.

    Attributes:
        names: of the features; the place is the index.
        labels: to choose from; the place is the index.
        embedding_width: numbers in a sentence vector; 0 where the stories have no texts.
    """

    names: tuple[str, ...]
    labels: tuple[Label, ...]
    embedding_width: int = 0

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Feature name -> index."""
        return {name: number for number, name in enumerate(self.names)}

    @cached_property
    def label_index(self) -> Mapping[Label, int]:
        """Label -> index."""
        return {label: number for number, label in enumerate(self.labels)}

    @cached_property
    def kinds(self) -> NDArray[np.int64]:
        """Number of each feature's kind, in the order of `names`."""
        return np.array([KINDS.index(name.partition(":")[0]) for name in self.names], np.int64)

    @cached_property
    def parts(self) -> NDArray[np.bool_]:
        """Whether each feature is a part of a name, in the order of `names`."""
        return np.array([name.endswith(PART_MARKS) for name in self.names], np.bool_)

    @property
    def sees_texts(self) -> bool:
        """Whether some state of training was seen as text."""
        return any(name.startswith("word:") for name in self.names)

    @property
    def sees_intents(self) -> bool:
        """Whether some state of training was seen as an intent."""
        return any(name.startswith("intent:") for name in self.names if name != UNKNOWN["intent"])

    def encode(self, state: DialogueState) -> EncodedState:
        """Turn a state into indices and values; unknown names fall back on their kind's unknown."""
        bag: dict[int, float] = {}
        for name, value in features(state):
            number = self.index.get(name)
            if number is None and not name.endswith(PART_MARKS):
                number = self.index.get(UNKNOWN.get(name.partition(":")[0], ""))
            if number is not None:
                bag[number] = value
        return EncodedState(
            indices=np.array(list(bag), np.int64),
            values=np.array(list(bag.values()), np.float32),
            embedding=state.embedding if self.embedding_width else None,
        )


def build(states: Iterable[DialogueState], labels: Iterable[Label]) -> Vocabulary:
    """Collect the features and labels of the training data, sorted by name.

    Words of user texts count from the second state on that has them.

    Args:
        states: of the training data, repetitions removed.
        labels: what was chosen in it.
    """
    counts: dict[str, int] = {}
    width = 0
    for state in states:
        for name, _ in features(state):
            counts[name] = counts.get(name, 0) + 1
        if state.embedding is not None:
            width = len(state.embedding)
    kept = {
        name
        for name, count in counts.items()
        if count >= _RAREST_WORD or not name.startswith("word:")
    }
    ordered = sorted(set(labels), key=lambda label: (label.is_text, label.name))
    return Vocabulary(
        names=tuple(sorted(kept | set(UNKNOWN.values()))),
        labels=tuple(ordered),
        embedding_width=width,
    )


def to_dense(
    states: Sequence[EncodedState], vocabulary: Vocabulary
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Write encoded states as rows of numbers.

    Returns:
        features_TF and sentence vectors_TE (zeros where a state has none).
    """
    features_TF = np.zeros((len(states), len(vocabulary.names)), np.float32)
    texts_TE = np.zeros((len(states), vocabulary.embedding_width), np.float32)
    for row, state in enumerate(states):
        features_TF[row, state.indices] = state.values
        if state.embedding is not None and len(state.embedding) == vocabulary.embedding_width:
            texts_TE[row] = state.embedding
    return features_TF, texts_TE
