"""Histories of dialogue states and the action that followed each, found step by step.

Histories with a common beginning share it, so that what is kept grows with the number of
decisions, not with their length.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from framework.errors import Location
from framework.policies.features import Decision
from framework.policies.state_json import read_states, states_json
from framework.policies.states import DialogueState


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What followed a history, and the story that says so."""

    action: str
    story: str
    where: Location | None = None


class Recollection:
    """All remembered histories.

    Attributes:
        deepest: number of states of the longest history.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self._numbers: dict[DialogueState, int] = {}
        self._next: dict[tuple[int, int], int] = {}
        self._memories: dict[int, Memory | None] = {}
        self.deepest = 0

    def __len__(self) -> int:
        return sum(memory is not None for memory in self._memories.values())

    def learn(self, decisions: Iterable[Decision]) -> None:
        """Remember decisions; a history after which two actions follow is remembered as neither."""
        for decision in decisions:
            if not decision.history:
                continue
            place = 0
            for state in decision.history:
                number = self._numbers.setdefault(state, len(self._numbers))
                place = self._next.setdefault((place, number), len(self._next) + 1)
            self._remember(place, decision)

    def _remember(self, place: int, decision: Decision) -> None:
        known = self._memories.get(place)
        if place in self._memories and (known is None or known.action != decision.action):
            self._memories[place] = None
            return
        self.deepest = max(self.deepest, len(decision.history))
        if known is None:
            dialogue = decision.dialogue
            self._memories[place] = Memory(
                action=decision.action,
                story=dialogue.name if dialogue else "",
                where=dialogue.where if dialogue else None,
            )

    def recall(self, history: Iterable[DialogueState]) -> Memory | None:
        """Give what followed this very history; no further state is asked for than is known."""
        place: int | None = 0
        for state in history:
            number = self._numbers.get(state)
            place = None if number is None or place is None else self._next.get((place, number))
            if place is None:
                return None
        return self._memories.get(place) if place is not None else None

    def to_json(self) -> bytes:
        """Give everything as JSON."""
        stories: dict[tuple[str, Location | None], int] = {}
        memories: list[list[Any]] = []
        for place, memory in self._memories.items():
            if memory is None:
                memories.append([place])
            else:
                story = stories.setdefault((memory.story, memory.where), len(stories))
                memories.append([place, memory.action, story])
        content = {
            "states": states_json(self._numbers),
            "next": [[*edge] for edge in self._next],
            "memories": memories,
            "stories": [
                {"name": name, "where": None if where is None else asdict(where)}
                for name, where in stories
            ],
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Recollection:
        """Take back what `to_json` gave."""
        data = json.loads(content)
        states = read_states(data["states"])
        made = cls()
        made._numbers = {state: number for number, state in enumerate(states)}
        depths = {0: 0}
        for place, (before, number) in enumerate(data["next"], start=1):
            made._next[before, number] = place
            depths[place] = depths[before] + 1
        stories = [_read_story(item) for item in data["stories"]]
        for place, *rest in data["memories"]:
            made._memories[place] = _read_memory(rest, stories)
            made.deepest = max(made.deepest, depths[place])
        return made


def _read_story(item: dict[str, Any]) -> tuple[str, Location | None]:
    return item["name"], None if item["where"] is None else Location(**item["where"])


def _read_memory(
    rest: Sequence[Any], stories: Sequence[tuple[str, Location | None]]
) -> Memory | None:
    if not rest:
        return None
    action, story = rest
    return Memory(action=action, story=stories[story][0], where=stories[story][1])
