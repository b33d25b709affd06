"""The memory policies: what followed in a story when the conversation was just like this one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Self

from framework.conversation.events import ActionExecuted, Event
from framework.conversation.history import Step
from framework.conversation.state import ACTION_LISTEN
from framework.conversation.tracker import Tracker
from framework.learning.progress import Progress
from framework.policies.base import Files, Policy, PolicyTrainingData, Prediction, Reason
from framework.policies.features import decisions, find_hidden
from framework.policies.recollection import Memory, Recollection
from framework.policies.states import Hidden, View
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
        """
        self.priority = priority
        self.max_history = max_history or None
        self.use_nlu_confidence = use_nlu_confidence_as_score
        self._hidden = Hidden()
        self._view: View | None = None
        self.recollection = Recollection()

    def train(self, data: PolicyTrainingData) -> Iterator[Progress]:
        """Remember the stories as they are written; augmented ones teach nothing new."""
        self._hidden = Hidden()
        if data.hides_rules:
            self._hidden = find_hidden(data.dialogues, data.domain)
        stories = [d for d in data.dialogues if d.kind == "story" and not d.is_augmented]
        found = decisions(
            stories, data.domain, view=View(data.domain), max_history=self.max_history
        )
        self.recollection = Recollection()
        self.recollection.learn(found)
        yield Progress(part="memory", done=1, total=1)

    def save(self) -> Files:
        """Give what is remembered as JSON."""
        hidden = {"loops": sorted(self._hidden.loops), "slots": sorted(self._hidden.slots)}
        return {
            _FILE: self.recollection.to_json(),
            _HIDDEN_FILE: json.dumps(hidden, ensure_ascii=False).encode(),
        }

    def load(self, files: Files, domain: Domain) -> Self:
        """Take back what is remembered."""
        hidden = json.loads(files[_HIDDEN_FILE])
        self._hidden = Hidden(slots=frozenset(hidden["slots"]), loops=frozenset(hidden["loops"]))
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
        message = tracker.latest_message
        best = message.understanding.intent if message else None
        return best.confidence if self.use_nlu_confidence and best else 1.0


class AugmentedMemoryPolicy(MemoryPolicy):
    """Remembers as `memory` does, and forgets the oldest turns until a story goes like the rest."""

    name = "augmented_memory"

    def recall(self, tracker: Tracker, view: View) -> Memory | None:
        """Give what followed in a story after this history, or after the end of it."""
        memory = super().recall(tracker, view)
        if memory is not None:
            return memory
        for shorter in self._shortened(tracker, view):
            states = view.states(shorter, max_history=self.max_history)
            memory = self.recollection.recall(states)
            if memory is not None:
                return memory
        return None

    def _shortened(self, tracker: Tracker, view: View) -> Iterator[Tracker]:
        """Give the conversation as if it had begun with an action, from the oldest to the latest.

        Slots, forms and messages from before that action are forgotten.
        """
        beginnings = list(self._beginnings(tracker, view))
        for beginning in reversed(beginnings):
            events = _events_since(beginning, tracker.head)
            yield tracker.replay(tracker.conversation, tracker.domain, events)

    def _beginnings(self, tracker: Tracker, view: View) -> Iterator[Step]:
        """Walk back over the actions that a remembered history may begin with."""
        depth = view.depth(tracker.head)
        count = 0
        action = tracker.head.last_action
        while action is not None and isinstance(action.event, ActionExecuted) and action.before:
            yield action
            count += 1
            if self._is_far_enough(count, action.event, depth - view.depth_before(action)):
                return
            action = action.before.last_action

    def _is_far_enough(self, count: int, action: ActionExecuted, seen: int) -> bool:
        if self.max_history is None:
            return seen > self.recollection.deepest
        return count > self.max_history and action.name == ACTION_LISTEN


def _events_since(beginning: Step, head: Step) -> list[Event]:
    events: list[Event] = []
    current: Step | None = head
    while current is not None and current.event is not None:
        events.append(current.event)
        if current is beginning:
            break
        current = current.before
    return events[::-1]
