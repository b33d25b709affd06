"""What policies see of a slot: a few numbers that depend on its type and value.

Two conversations whose slots give the same numbers are the same to every policy, so dialogues that
differ in nothing else need not be learned twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sized
from dataclasses import dataclass
from typing import Any, Protocol

from framework.project.schema.domain import OTHER_VALUE, Slot, SlotType


class SlotEncoder(Protocol):
    """Gives the numbers for a value as a class of the bot's own wants them."""

    def __call__(self, value: Any) -> tuple[float, ...]:
        """Give the numbers, all zero for a value that policies need not see."""


@dataclass(frozen=True, kw_only=True)
class CodedSlot(Slot):
    """A slot whose class is at hand.

    Attributes:
        encoder: of the bot's own class; equal texts of it (`repr`) stand for equal numbers.
    """

    encoder: SlotEncoder


def slot_features(slot: Slot, value: Any) -> tuple[float, ...]:
    """Give the numbers for a value, each 0 to 1.

    They are empty for a slot that policies don't see, and all zero for one that isn't set or whose
    value doesn't fit its type. `text` and `list` give (is set), `bool` (is set, value), `float` (is
    set, place within its range), `categorical` one number per value and one for all others. A
    class of the bot's own decides for itself.
    """
    if not slot.influence_conversation:
        return ()
    if isinstance(slot, CodedSlot):
        return slot.encoder(value)
    encode = _ENCODERS.get(slot.type)
    return () if encode is None else encode(slot, value)


def is_featurized(slot: Slot) -> bool:
    """Tell whether policies see the slot at all."""
    is_known = isinstance(slot, CodedSlot) or slot.type in _ENCODERS
    return slot.influence_conversation and is_known


def _encode_text(_: Slot, value: Any) -> tuple[float, ...]:
    return (0.0,) if value is None else (1.0,)


def _encode_list(_: Slot, value: Any) -> tuple[float, ...]:
    return (1.0,) if isinstance(value, Sized) and len(value) > 0 else (0.0,)


def _encode_bool(_: Slot, value: Any) -> tuple[float, ...]:
    truth = _read_truth(value)
    return (0.0, 0.0) if truth is None else (1.0, float(truth))


def _read_truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value == 1
    if not isinstance(value, str):
        return None
    if value.isnumeric():
        return value.isdecimal() and int(value) == 1
    return {"true": True, "false": False}.get(value.strip().lower())


def _encode_float(slot: Slot, value: Any) -> tuple[float, ...]:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return (0.0, 0.0)
    capped = max(slot.min_value, min(slot.max_value, number))
    return (1.0, (capped - slot.min_value) / ((slot.max_value - slot.min_value) or 1.0))


def _encode_categorical(slot: Slot, value: Any) -> tuple[float, ...]:
    values = slot.values if OTHER_VALUE in slot.values else (*slot.values, OTHER_VALUE)
    if value is None:
        return (0.0,) * len(values)
    text = str(value).lower()
    features = [0.0] * len(values)
    features[values.index(text if text in values else OTHER_VALUE)] = 1.0
    return tuple(features)


_ENCODERS: dict[SlotType, Callable[[Slot, Any], tuple[float, ...]]] = {
    "text": _encode_text,
    "list": _encode_list,
    "bool": _encode_bool,
    "float": _encode_float,
    "categorical": _encode_categorical,
}
