"""The unexpected-intent policy: notices when a user says what no story leads to expect."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Self

import numpy as np

from framework.conversation.events import ActionExecuted, UserUttered
from framework.conversation.history import Step
from framework.conversation.tracker import Tracker
from framework.data.dialogues import Dialogue
from framework.errors import UsageError
from framework.learning.progress import Progress
from framework.policies.base import (
    Files,
    Policy,
    PolicyTrainingData,
    Prediction,
    Reason,
    checked_history,
)
from framework.policies.features import decisions, hidden_of
from framework.policies.unexpected_contexts import Habits, Learned, describe, learn, situations
from framework.policies.views import Hidden, View
from framework.project.schema.domain import Domain
from framework.project.schema.names import UNLIKELY_INTENT
from framework.project.schema.stories import UserStep

_FILE = "unexpected.json"


class UnexpectedIntentPolicy(Policy):
    """Predicts `action_unlikely_intent` after a message whose intent is unusual where it stands.

    Nothing is said about intents that no story has, and those that a rule answers wherever they
    come.
    """

    name = "unexpected_intent"
    default_priority = 2
    trainable = True

    def __init__(
        self,
        *,
        priority: int = default_priority,
        max_history: int | None = None,
        tolerance: float = 0.0,
        ignore_intents_list: Sequence[str] = (),
    ) -> None:
        """Make the policy.

        Args:
            priority: breaks ties between policies that are equally sure; the higher wins.
            max_history: how many of the latest states tell what is usual; None for all.
            tolerance: share of the situations unusual for an intent in which it is let pass all the
                same; 0 to 1, in steps of 0.05.
            ignore_intents_list: intents that are always expected.

        Raises:
            UsageError: a setting is out of its range.
        """
        if not 0 <= tolerance <= 1:
            raise UsageError(
                f"`tolerance` of the policy 'unexpected_intent' is {tolerance}, not 0 to 1"
            )
        self.priority = priority
        self.max_history = checked_history(self.name, max_history)
        self.tolerance = tolerance
        self.ignored = frozenset(ignore_intents_list)
        self._hidden = Hidden()
        self._always_ruled = frozenset[str]()
        self._learned: Learned | None = None
        self._view: View | None = None

    def train(self, data: PolicyTrainingData) -> Iterator[Progress]:
        """Learn from the stories what users say where."""
        self._hidden = hidden_of(data)
        stories = [d for d in data.dialogues if d.kind == "story" and not d.is_augmented]
        found = decisions(
            stories,
            data.domain,
            view=View(data.domain),
            skip_unlikely_intent=True,
            keep_repeated=True,
        )
        moments = list(situations(found, max_history=self.max_history))
        self._learned = learn(moments, seed=data.seed)
        self._always_ruled = _always_ruled(data.dialogues)
        yield Progress(part="unexpected intents", done=1, total=1)

    def save(self) -> Files:
        """Give what was learned as JSON; no file where stories have no intents."""
        if self._learned is None:
            return {}
        habits = self._learned.habits
        content = {
            "hidden": self._hidden.to_json(),
            "names": habits.names,
            "intents": habits.intents,
            "rows": habits.rows,
            "starts": habits.starts,
            "openers": habits.openers,
            "thresholds": self._learned.thresholds,
            "always_ruled": sorted(self._always_ruled),
        }
        return {_FILE: json.dumps(content, ensure_ascii=False).encode()}

    def load(self, files: Files, domain: Domain) -> Self:
        """Take back what was learned."""
        if _FILE not in files:
            return self
        content = json.loads(files[_FILE])
        self._hidden = Hidden.from_json(content["hidden"])
        habits = Habits(
            names=tuple(content["names"]),
            intents=tuple(content["intents"]),
            rows=tuple(tuple((int(c), float(w)) for c, w in row) for row in content["rows"]),
            starts=tuple(content["starts"]),
            openers=tuple(content["openers"]),
        )
        self._learned = Learned(habits=habits, thresholds=tuple(map(tuple, content["thresholds"])))
        self._always_ruled = frozenset(content["always_ruled"])
        self._view = View(domain, hidden=self._hidden)
        return self

    def predict(self, tracker: Tracker, domain: Domain) -> Prediction | None:
        """Say `action_unlikely_intent` if the message is unusual; None in all other cases."""
        intent = _fresh_intent(tracker)
        if intent is None or intent in self.ignored | self._always_ruled:
            return None
        likelier = self.likelier_than(intent, tracker, domain)
        if likelier is None:
            return None
        return Prediction(
            action=UNLIKELY_INTENT,
            confidence=1.0,
            policy=self.name,
            priority=self.priority,
            reason=Reason(
                kind="learned",
                text=f"no story has {intent!r} in a situation like this; "
                f"usual would be {likelier!r}",
            ),
        )

    def likelier_than(self, intent: str, tracker: Tracker, domain: Domain) -> str | None:
        """Give the intent that is usual where a user has just said something else.

        Args:
            intent: of the last message.
            tracker: the conversation, the message included.
            domain: the bot's domain.

        Returns:
            None if the message is not unusual, or nothing is known of its intent.
        """
        learned = self._learned
        if learned is None or intent not in learned.habits.intents:
            return None
        if self._view is None or self._view.domain is not domain:
            self._view = View(domain, hidden=self._hidden)
        wanted = None if self.max_history is None else self.max_history + 1
        before = self._view.states(tracker, max_history=wanted)[:-1]
        plausibility = learned.habits.plausibility(describe(before))
        number = learned.habits.intents.index(intent)
        grades = learned.thresholds[number]
        threshold = grades[min(int(self.tolerance * len(grades)), len(grades) - 1)]
        likeliest = int(np.argmax(plausibility))
        if plausibility[number] >= min(threshold, plausibility[likeliest]):
            return None
        return learned.habits.intents[likeliest]


def _fresh_intent(tracker: Tracker) -> str | None:
    """Give the intent of the last message if nothing was done since; None for end-to-end ones."""
    step: Step | None = tracker.head
    while step is not None and not isinstance(step.event, ActionExecuted | UserUttered):
        step = step.before
    if step is None or not isinstance(step.event, UserUttered) or step.event.use_text:
        return None
    best = step.event.understanding.intent
    return best.name if best else None


def _always_ruled(dialogues: Iterable[Dialogue]) -> frozenset[str]:
    """Give the intents that a rule answers in any situation."""
    openings = (
        rule.steps[0]
        for rule in dialogues
        if rule.kind == "rule" and rule.steps and not (rule.conditions or rule.conversation_start)
    )
    return frozenset(
        step.intent
        for step in openings
        if isinstance(step, UserStep) and step.intent and not (step.entities or step.annotations)
    )
