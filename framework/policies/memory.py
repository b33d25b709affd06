"""The memory policies: what followed in a story when the conversation was just like this one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Self

from framework.conversation.tracker import Tracker
from framework.learning.progress import Progress
from framework.policies.base import (
    Files,
    Policy,
    PolicyTrainingData,
    Prediction,
    Reason,
    checked_history,
    confidence_of_intent,
)
from framework.policies.features import decisions, hidden_of
from framework.policies.forgetting import shortened
from framework.policies.recollection import Memory, Recollection
from framework.policies.views import Hidden, View
from framework.project.schema.domain import Domain

_FILE = "memory.json"
_HIDDEN_FILE = "hidden.json"


class MemoryPolicy(Policy):
    """Does what followed in a story after the very same history."""

    name = "memory"
    default_priority = 3

    def __init__(
        self,
        *,
        priority: int = default_priority,
        max_history: int | None = None,
        use_nlu_confidence_as_score: bool = False,
    ) -> None:
        """Make the policy.

        Args:
            priority: breaks ties between policies that are equally sure; the higher wins.
            max_history: how many of the latest states are compared; None for all since the
                session began.
            use_nlu_confidence_as_score: whether it is as sure as the NLU was of the intent.

        Raises:
            UsageError: `max_history` is negative.
        """
        self.priority = priority
        self.max_history = checked_history(self.name, max_history)
        self.use_nlu_confidence = use_nlu_confidence_as_score
        self._hidden = Hidden()
        self._view: View | None = None
        self.recollection = Recollection()

    def train(self, data: PolicyTrainingData) -> Iterator[Progress]:
        """Remember the stories as they are written; augmented ones teach nothing new."""
        self._hidden = hidden_of(data)
        stories = [d for d in data.dialogues if d.kind == "story" and not d.is_augmented]
        found = decisions(
            stories, data.domain, view=View(data.domain), max_history=self.max_history
        )
        self.recollection = Recollection()
        self.recollection.learn(found)
        yield Progress(part="memory", done=1, total=1)

    def save(self) -> Files:
        """Give what is remembered as JSON."""
        hidden = self._hidden.to_json()
        return {
            _FILE: self.recollection.to_json(),
            _HIDDEN_FILE: json.dumps(hidden, ensure_ascii=False).encode(),
        }

    def load(self, files: Files, domain: Domain) -> Self:
        """Take back what is remembered."""
        self._hidden = Hidden.from_json(json.loads(files[_HIDDEN_FILE]))
        self.recollection = Recollection.from_json(files[_FILE])
        self._view = View(domain, hidden=self._hidden)
        return self

    def predict(self, tracker: Tracker, domain: Domain) -> Prediction | None:
        """Say what followed in a story; None when no story goes like this conversation."""
        if self._view is None or self._view.domain is not domain:
            self._view = View(domain, hidden=self._hidden)
        memory = self.recall(tracker, self._view)
        if memory is None:
            return None
        return Prediction(
            action=memory.action,
            confidence=self._confidence(tracker),
            policy=self.name,
            priority=self.priority,
            reason=Reason(kind="story", text=f"the story {memory.story!r}", where=memory.where),
        )

    def recall(self, tracker: Tracker, view: View) -> Memory | None:
        """Give what followed this history in a story."""
        if self.max_history is None and view.depth(tracker.head) > self.recollection.deepest:
            return None
        return self.recollection.recall(view.states(tracker, max_history=self.max_history))

    def _confidence(self, tracker: Tracker) -> float:
        return confidence_of_intent(tracker) if self.use_nlu_confidence else 1.0


class AugmentedMemoryPolicy(MemoryPolicy):
    """Remembers as `memory` does, and forgets the oldest turns until a story goes like the rest."""

    name = "augmented_memory"

    def recall(self, tracker: Tracker, view: View) -> Memory | None:
        """Give what followed in a story after this history, or after the end of it."""
        memory = super().recall(tracker, view)
        if memory is not None:
            return memory
        histories = shortened(
            tracker, view, max_history=self.max_history, deepest=self.recollection.deepest
        )
        return next(filter(None, map(self.recollection.recall, histories)), None)
