"""Dialogue states as JSON, for the files in which policies keep what they learned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from framework.policies.states import DialogueState

_EMPTY = DialogueState()
_NAMES = tuple(field.name for field in fields(DialogueState) if field.compare)


def states_json(states: Iterable[DialogueState]) -> list[dict[str, Any]]:
    """Give states as objects that leave out what is as in the empty state."""
    return [
        {name: value for name in _NAMES if (value := getattr(state, name)) != getattr(_EMPTY, name)}
        for state in states
    ]


def read_states(items: Iterable[Mapping[str, Any]]) -> tuple[DialogueState, ...]:
    """Take back what `states_json` gave, after a round trip through JSON."""
    return tuple(_read_state(item) for item in items)


def _read_state(item: Mapping[str, Any]) -> DialogueState:
    slots = tuple((name, tuple(features)) for name, features in item.get("slots", ()))
    names = {name: tuple(item.get(name, ())) for name in ("entities", "newly_set")}
    return DialogueState(**{**item, **names, "slots": slots})
