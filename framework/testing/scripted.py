"""An NLU component and a policy that do as they are told, for tests of everything around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from framework.conversation.events import ActionExecuted, UserUttered
from framework.conversation.tracker import Tracker
from framework.nlu.component import Component
from framework.nlu.types import Entity, IntentScore, Understanding
from framework.policies.base import Policy, Prediction, Reason
from framework.project.schema.domain import Domain
from framework.project.schema.names import LISTEN


class ScriptedNlu(Component):
    """Understands the texts that it was given and nothing else.

        ScriptedNlu(intents={"hello": "greet"}, entities={"two buns": (Entity(...),)})

    A text that isn't among them gets no intent, so a fallback after it applies.
    """

    name = "scripted_nlu"

    def __init__(
        self,
        *,
        intents: Mapping[str, str],
        entities: Mapping[str, Sequence[Entity]] | None = None,
        confidence: float = 1.0,
    ) -> None:
        """Make the component.

        Args:
            intents: intent by text.
            entities: entities by text.
            confidence: of every intent, 0 to 1.
        """
        self.intents = dict(intents)
        self.entities = dict(entities or {})
        self.confidence = confidence

    def process(self, understanding: Understanding) -> Understanding:
        """Add the scripted intent and entities of the text."""
        intent = self.intents.get(understanding.text)
        ranking = (IntentScore(name=intent, confidence=self.confidence),) if intent else ()
        found = tuple(
            replace(entity, extractor=self.name)
            for entity in self.entities.get(understanding.text, ())
        )
        return replace(
            understanding,
            ranking=(*ranking, *understanding.ranking),
            entities=(*understanding.entities, *found),
        )


class ScriptedPolicy(Policy):
    """Follows a script: after each user message the actions listed for its intent, then listens.

    ScriptedPolicy(actions={"greet": ("utter_greet", "utter_help")})
    """

    name = "scripted_policy"

    def __init__(
        self,
        *,
        actions: Mapping[str, Sequence[str]],
        confidence: float = 1.0,
        priority: int = 1,
    ) -> None:
        """Make the policy.

        Args:
            actions: what to do after a message, by intent.
            confidence: of every prediction, 0 to 1.
            priority: breaks ties with other policies.
        """
        self.actions = {intent: tuple(names) for intent, names in actions.items()}
        self.confidence = confidence
        self.priority = priority

    def predict(self, tracker: Tracker, domain: Domain) -> Prediction | None:
        """Give the next action of the script; None for an intent that isn't in it."""
        message = tracker.latest_message
        intent = message.understanding.intent if message is not None else None
        script = self.actions.get(intent.name) if intent else None
        if script is None:
            return None
        done = _actions_since_the_message(tracker)
        action = script[done] if done < len(script) else LISTEN
        return Prediction(
            action=action,
            confidence=self.confidence,
            policy=self.name,
            priority=self.priority,
            reason=Reason(kind="test", text="the script of the test"),
        )


def _actions_since_the_message(tracker: Tracker) -> int:
    count = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        count += isinstance(event, ActionExecuted)
    return count
