"""Play conversations with a bot whose understanding and decisions are written down beforehand.

talk = Conversation(
domain=domain,
nlu=Meanings({"hello": "greet", "to Rome": ("inform", {"city": "Rome"})}),
policies=Script({"greet": ["utter_greet"], "inform": ["travel_form"]}),
actions=[BookTrip()],
)
assert talk.say("hello") == ["Hi!"]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from framework.actions.base import Action
from framework.assistant.assistant import Assistant
from framework.assistant.engine import Nlu, Policies, Turn
from framework.conversation.events import (
    ActionExecuted,
    ActionExecutionRejected,
    Event,
    Restarted,
    UserUttered,
)
from framework.conversation.messages import BotMessage, UserMessage
from framework.conversation.tracker import Tracker
from framework.nlu import payload
from framework.nlu.types import Entity, IntentScore, Understanding
from framework.policies.base import Prediction, Reason
from framework.project.schema.domain import Domain
from framework.project.schema.names import FALLBACK_INTENT, LISTEN

Meaning = str | tuple[str, Mapping[str, Any]] | Understanding
"""An intent, an intent with values by entity names, or everything."""


def understand(text: str, intent: str, entities: Mapping[str, Any] | None = None) -> Understanding:
    """Make the understanding of a text; an entity's value may be a list of values."""
    found = [
        Entity(entity=name, value=value, start=0, end=len(text), extractor="script")
        for name, given in (entities or {}).items()
        for value in (given if isinstance(given, list) else [given])
    ]
    ranking = (IntentScore(name=intent, confidence=1.0),)
    return Understanding(text=text, ranking=ranking, entities=tuple(found))


class Meanings:
    """Stands for the NLU: understands what is written down, and payloads; else `nlu_fallback`."""

    def __init__(
        self, meanings: Mapping[str, Meaning] | None = None, *, domain: Domain | None = None
    ) -> None:
        """Take the meanings by text; payloads may name the intents of the domain."""
        self._meanings = dict(meanings or {})
        self._domain = domain or Domain()

    def parse(self, text: str, *, metadata: Mapping[str, Any] | None = None) -> Understanding:
        """Look a text up."""
        return replace(self._look_up(text), metadata=dict(metadata or {}))

    def _look_up(self, text: str) -> Understanding:
        meaning = self._meanings.get(text)
        if isinstance(meaning, Understanding):
            return meaning
        if isinstance(meaning, tuple):
            return understand(text, *meaning)
        if meaning is not None:
            return understand(text, meaning)
        return payload.read(text, self._domain) or understand(text, FALLBACK_INTENT)


class Script:
    """Stands for the policies: for each intent, the actions in order, then listening."""

    def __init__(
        self, script: Mapping[str, Sequence[str]] | Callable[[Tracker], str | Prediction]
    ) -> None:
        """Take the actions by intent, or a function that names the next action."""
        self._script = script

    def predict(self, tracker: Tracker, domain: Domain) -> Prediction:
        """Give the next action of the script."""
        chosen = self._script(tracker) if callable(self._script) else self._next(tracker)
        if isinstance(chosen, Prediction):
            return chosen
        reason = Reason(kind="test", text="the script says so")
        return Prediction(action=chosen, confidence=1.0, policy="script", priority=1, reason=reason)

    def _next(self, tracker: Tracker) -> str:
        message = tracker.latest_message
        if message is None or message.understanding.intent is None or callable(self._script):
            return LISTEN
        actions = self._script.get(message.understanding.intent.name, ())
        place = _actions_since_message(tracker)
        return actions[place] if place < len(actions) else LISTEN


class Conversation:
    """A conversation with a bot, for tests.

    Attributes:
        assistant: the bot.
        name: id of the conversation.
    """

    def __init__(
        self,
        *,
        domain: Domain,
        nlu: Nlu | None = None,
        policies: Policies,
        actions: Iterable[Action] = (),
        name: str = "test",
        **options: Any,
    ) -> None:
        """Make a bot and begin a conversation; further options are those of `Assistant`."""
        self.name = name
        self.assistant = Assistant(
            domain=domain,
            pipeline=nlu or Meanings(domain=domain),
            ensemble=policies,
            actions=actions,
            **options,
        )

    def say(self, text: str) -> list[str | None]:
        """Say something and give the texts of the replies."""
        return [reply.text for reply in self.send(text)]

    def send(self, text: str, **details: Any) -> list[BotMessage]:
        """Say something and give the replies; details are those of `UserMessage`."""
        message = UserMessage(text=text, conversation=self.name, **details)
        return self.assistant.handle(message)

    def append(self, *events: Event) -> None:
        """Add events from outside."""
        self.assistant.append(events, conversation=self.name)

    @property
    def tracker(self) -> Tracker:
        """The conversation so far."""
        return self.assistant.tracker(self.name)

    @property
    def slots(self) -> dict[str, Any]:
        """The slots that are set."""
        return {name: value for name, value in self.tracker.slots.items() if value is not None}

    @property
    def turn(self) -> Turn:
        """The last turn with its steps."""
        turn = self.assistant.explain_last(self.name)
        if turn is None:
            raise LookupError("nothing was said yet")
        return turn

    @property
    def actions(self) -> list[str]:
        """What was predicted in the last turn, in order."""
        return [step.action for step in self.turn.steps if step.prediction is not None]


def _actions_since_message(tracker: Tracker) -> int:
    number = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered | Restarted):
            break
        number += isinstance(event, ActionExecuted | ActionExecutionRejected)
    return number
