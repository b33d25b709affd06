"""What a turn needs of a bot, and what comes of it: an engine, steps, and the turn they make."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from framework.actions.runner import ActionRunner
from framework.assistant.profiles import Profiles
from framework.conversation.events import (
    ActionExecutionRejected,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from framework.conversation.messages import BotMessage, UserMessage
from framework.conversation.replies import to_message
from framework.conversation.tracker import Tracker
from framework.errors import ActionError, ActionRejected, UsageError
from framework.nlu.types import Understanding
from framework.policies.base import Prediction
from framework.project.schema import names
from framework.project.schema.domain import Domain

DEFAULT_LIMIT = 10
LIMIT_VARIABLE = "MAX_NUMBER_OF_PREDICTIONS"
"""Environment variable: actions in one turn before it is ended by force; 10 if not set."""


class Nlu(Protocol):
    """What understands messages (`framework.nlu.pipeline.Pipeline`)."""

    def parse(self, text: str, *, metadata: Mapping[str, Any] | None = None) -> Understanding:
        """Understand one message."""


class Observer(Protocol):
    """What adds to a conversation whatever follows from a message without anybody deciding."""

    def notice(self, heard: UserUttered, tracker: Tracker) -> Sequence[Event]:
        """Give the events that follow from a message; the tracker is the one before it."""


class Policies(Protocol):
    """What decides (`framework.policies.ensemble.Ensemble`)."""

    def predict(self, tracker: Tracker, domain: Domain) -> Prediction:
        """Say what comes next; the winner's optional events are among its `events`."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """What a turn needs of a bot.

    Attributes:
        domain: the bot's domain.
        nlu: understands messages.
        policies: decide what comes next.
        runner: runs actions.
        clock: seconds since the epoch.
        limit: actions in one turn before it is ended by force.
        stamp: metadata of every event (`assistant_id`, `model_id`).
        observers: notice every message.
        profiles: what is known of users from earlier; None where nothing is kept.
        language: ISO code of the bot's language.
    """

    domain: Domain
    nlu: Nlu
    policies: Policies
    runner: ActionRunner
    clock: Callable[[], float] = time.time
    limit: int = DEFAULT_LIMIT
    stamp: Mapping[str, Any] = field(default_factory=dict)
    observers: tuple[Observer, ...] = ()
    profiles: Profiles | None = None
    language: str = "en"


def most_actions() -> int:
    """Read from the environment how many actions a turn may have before it is ended by force.

    Raises:
        UsageError: it sets an impossible limit.
    """
    written = os.environ.get(LIMIT_VARIABLE, str(DEFAULT_LIMIT))
    if not written.isdecimal() or int(written) < 1:
        raise UsageError(
            f"the environment variable {LIMIT_VARIABLE} is {written!r}, not a count of actions",
            hint=f"set it to 1 or more, or unset it, which means {DEFAULT_LIMIT}",
        )
    return int(written)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a turn.

    Attributes:
        action: the action that ran; `user` where the message was recorded.
        tracker: the conversation after it.
        events: what it added to the conversation.
        prediction: who chose the action and why; None where no policy was asked.
        error: why the action failed, if it did.
        rejection: why the action declined to run, if it did.
    """

    action: str
    tracker: Tracker
    events: tuple[Event, ...] = ()
    prediction: Prediction | None = None
    error: ActionError | None = None
    rejection: ActionRejected | None = None

    @property
    def replies(self) -> tuple[BotMessage, ...]:
        """What the user is told."""
        conversation = self.tracker.conversation
        said = (event for event in self.events if isinstance(event, BotUttered))
        return tuple(to_message(event, conversation=conversation) for event in said)

    @property
    def slots(self) -> Mapping[str, Any]:
        """The slots that were set, with their values."""
        return {event.name: event.value for event in self.events if isinstance(event, SlotSet)}

    @property
    def is_rejected(self) -> bool:
        """Whether the action declined to run."""
        return any(isinstance(event, ActionExecutionRejected) for event in self.events)

    @property
    def ends_turn(self) -> bool:
        """Whether the user is next."""
        return self.error is not None or self.action in (names.LISTEN, names.SESSION_START)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A message and all that the bot did about it.

    Attributes:
        message: what came in.
        before: the conversation before it.
        steps: at least one.
    """

    message: UserMessage
    before: Tracker
    steps: tuple[Step, ...]

    @property
    def tracker(self) -> Tracker:
        """The conversation after it."""
        return self.steps[-1].tracker

    @property
    def replies(self) -> tuple[BotMessage, ...]:
        """What the user was told."""
        return tuple(reply for step in self.steps for reply in step.replies)
