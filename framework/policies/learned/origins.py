"""Which story a prediction comes nearest to, for explanations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from framework.errors import Location
from framework.policies.features import Decision
from framework.policies.states import DialogueState

Situation = tuple[str | None, str | None, str]
"""The intent, the action before and the action after."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """A story in which an action was chosen."""

    story: str
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class Origins:
    """The first story of each situation: an intent, the action before, what was done then."""

    _stories: Mapping[Situation, Origin] = field(default_factory=dict)

    @classmethod
    def of(cls, decisions: Iterable[Decision]) -> Origins:
        """Note where the decisions of stories are from."""
        stories: dict[Situation, Origin] = {}
        for decision in decisions:
            if decision.dialogue is None:
                continue
            situation = _situation(decision.history[-1], decision.action)
            origin = Origin(story=decision.dialogue.name, where=decision.dialogue.where)
            stories.setdefault(situation, origin)
            stories.setdefault((None, *situation[1:]), origin)
        return cls(_stories=stories)

    def find(self, state: DialogueState, action: str) -> Origin | None:
        """Give a story in which the action followed, after the same intent if there is one."""
        situation = _situation(state, action)
        return self._stories.get(situation) or self._stories.get((None, *situation[1:]))

    def to_json(self) -> list[dict[str, Any]]:
        """Give the stories as JSON values."""
        return [
            {
                "situation": situation,
                "story": origin.story,
                "where": None if origin.where is None else asdict(origin.where),
            }
            for situation, origin in self._stories.items()
        ]

    @classmethod
    def from_json(cls, items: Sequence[Mapping[str, Any]]) -> Origins:
        """Take back what `to_json` gave."""
        stories = {}
        for item in items:
            intent, before, after = item["situation"]
            where = None if item["where"] is None else Location(**item["where"])
            stories[intent, before, after] = Origin(story=item["story"], where=where)
        return cls(_stories=stories)


def _situation(state: DialogueState, action: str) -> Situation:
    return (state.intent or state.text, state.previous_action, action)
