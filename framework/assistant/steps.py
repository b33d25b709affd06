"""The steps that a turn is made of: record, fill slots, decide, act.

Each takes the tracker before it and gives a `Step` with the tracker after it. Whatever an action
does, a step is all or nothing: a failing action leaves no effects but an apology.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from framework.actions import names
from framework.actions.base import Say
from framework.actions.runner import FAILED, ActionRunner
from framework.assistant.profiles import Profiles
from framework.conversation.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    FollowupAction,
    SlotSet,
    UserUttered,
)
from framework.conversation.messages import BotMessage, UserMessage
from framework.conversation.replies import to_message
from framework.conversation.tracker import Tracker
from framework.errors import ActionError, ActionRejected
from framework.nlu.types import Understanding
from framework.policies.base import Prediction, Reason
from framework.project.schema.domain import REQUESTED_SLOT, Domain

logger = logging.getLogger(__name__)

FOLLOWUP = "followup_action"
"""Stands for the policy where an action asked for the next one."""

APOLOGY = "Sorry, something went wrong. Please try again."
APOLOGY_RESPONSE = "utter_default"


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
    """

    domain: Domain
    nlu: Nlu
    policies: Policies
    runner: ActionRunner
    clock: Callable[[], float] = time.time
    limit: int = 10
    stamp: Mapping[str, Any] = field(default_factory=dict)
    observers: tuple[Observer, ...] = ()
    profiles: Profiles | None = None


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


def record(
    engine: Engine, message: UserMessage, understanding: Understanding, tracker: Tracker
) -> Step:
    """Add the user's message to the conversation."""
    event = UserUttered(
        text=understanding.text,
        understanding=understanding,
        input_channel=message.channel or None,
        message_id=message.message_id,
        metadata=message.metadata,
    )
    noticed = (found for one in engine.observers for found in one.notice(event, tracker))
    left = _left_loop(engine, tracker)
    return _applied(engine, "user", [*left, event, *noticed], tracker)


async def fill_slots(engine: Engine, tracker: Tracker, *, channel: str) -> Step:
    """Fill slots from the last message; a failure is logged and fills none."""
    action = names.EXTRACT_SLOTS
    events: tuple[Event, ...] = ()
    try:
        events = await engine.runner.run(action, tracker=tracker, channel=channel)
    except (ActionError, ActionRejected) as error:
        log_failure(action, error, tracker)
    return _applied(engine, action, events, tracker)


def decide(engine: Engine, tracker: Tracker) -> Prediction:
    """Say what comes next: what an action asked for, else what the policies want."""
    action = tracker.followup_action
    if action is None:
        return engine.policies.predict(tracker, engine.domain)
    if not engine.runner.knows(action):
        logger.error("the follow-up action %r doesn't exist: the policies decide", action)
        return engine.policies.predict(tracker, engine.domain)
    reason = Reason(kind="followup", text="an action asked for it")
    return Prediction(action=action, confidence=1.0, policy=FOLLOWUP, priority=0, reason=reason)


async def act(engine: Engine, prediction: Prediction, tracker: Tracker, *, channel: str) -> Step:
    """Run the action that was decided on."""
    action = prediction.action
    error: ActionError | None = None
    try:
        events = await engine.runner.run(
            action, tracker=tracker.extend(prediction.events), channel=channel
        )
    except ActionRejected as rejection:
        logger.debug("%s", rejection)
        step = _applied(engine, action, rejected(prediction), tracker)
        return replace(step, prediction=prediction, rejection=rejection)
    except ActionError as failure:
        log_failure(action, failure, tracker)
        error, events = failure, await apologise(engine, tracker, channel=channel)
    if engine.profiles is not None:
        events = await engine.profiles.restored(events, tracker)
    if any(isinstance(event, ActionExecutionRejected) for event in events):
        events = (*events, *_without_followup(prediction))
    else:
        events = (*executed(prediction, engine.domain), *events)
    step = _applied(engine, action, events, tracker)
    step = await _fill_again(engine, step, channel=channel)
    return replace(step, prediction=prediction, error=error)


def executed(prediction: Prediction, domain: Domain) -> tuple[Event, ...]:
    """Give the events by which a conversation remembers that an action was chosen and run."""
    is_text = prediction.action in domain.e2e_actions
    done = ActionExecuted(
        name=None if is_text else prediction.action,
        action_text=prediction.action if is_text else None,
        policy=prediction.policy,
        confidence=prediction.confidence,
        hide_rule_turn=prediction.hide_rule_turn,
    )
    return (*prediction.events, done)


def rejected(prediction: Prediction) -> tuple[Event, ...]:
    """Give the events by which a conversation remembers that an action declined to run."""
    declined = ActionExecutionRejected(
        name=prediction.action, policy=prediction.policy, confidence=prediction.confidence
    )
    return (declined, *_without_followup(prediction))


async def stop(engine: Engine, tracker: Tracker, *, channel: str, is_silent: bool) -> Step:
    """End a turn that doesn't end by itself; a user who was told nothing gets an apology."""
    logger.warning(
        "the conversation %r got %d actions in one turn: it is ended by force",
        tracker.conversation,
        engine.limit,
    )
    events: tuple[Event, ...] = (ActionExecuted(name=names.LISTEN),)
    if is_silent:
        events = await apologise(engine, tracker, channel=channel)
    return _applied(engine, names.LISTEN, events, tracker)


async def apologise(engine: Engine, tracker: Tracker, *, channel: str) -> tuple[Event, ...]:
    """Give the reply to an error, and listen."""
    is_defined = APOLOGY_RESPONSE in engine.domain.responses
    wish = Say(response=APOLOGY_RESPONSE) if is_defined else Say(content={"text": APOLOGY})
    said = await engine.runner.say(wish, tracker=tracker, channel=channel)
    return (*([said] if said else ()), ActionExecuted(name=names.LISTEN))


def log_failure(action: str, error: Exception, tracker: Tracker) -> None:
    """Log why an action failed, with the traceback where the bot's own code raised."""
    logger.error(
        "the action %r failed in the conversation %r: %s%s",
        action,
        tracker.conversation,
        error,
        f" ({error.hint})" if isinstance(error, ActionError) and error.hint else "",
        exc_info=error.__cause__ if getattr(error, "id", "") == FAILED else None,
    )


def stamped(engine: Engine, events: Iterable[Event]) -> tuple[Event, ...]:
    """Give the events with their time, unless they have one, and the bot's metadata."""
    now = engine.clock()
    return tuple(
        replace(
            event,
            timestamp=event.timestamp or now,
            metadata={**event.metadata, **engine.stamp},
        )
        for event in events
    )


def _applied(engine: Engine, action: str, events: Iterable[Event], tracker: Tracker) -> Step:
    added = stamped(engine, events)
    _log_unknown_slots(engine, action, added)
    return Step(action=action, tracker=tracker.extend(added), events=added)


def _log_unknown_slots(engine: Engine, action: str, events: Iterable[Event]) -> None:
    for event in events:
        if isinstance(event, SlotSet) and event.name not in engine.domain.slots:
            logger.error(
                "%r sets the slot %r, which is not in the domain: it is ignored", action, event.name
            )


async def _fill_again(engine: Engine, step: Step, *, channel: str) -> Step:
    """Fill slots from a message that an action put into the conversation."""
    if not any(isinstance(event, UserUttered) for event in step.events):
        return step
    filled = await fill_slots(engine, step.tracker, channel=channel)
    return replace(step, tracker=filled.tracker, events=(*step.events, *filled.events))


def _left_loop(engine: Engine, tracker: Tracker) -> tuple[Event, ...]:
    """Leave a form that the bot doesn't have: it was renamed, or an event from outside began it."""
    loop = tracker.active_loop
    if loop is None or engine.runner.knows(loop.name):
        return ()
    logger.warning(
        "the conversation %r is in the form %r, which the bot doesn't have: it is left",
        tracker.conversation,
        loop.name,
    )
    asks = REQUESTED_SLOT in engine.domain.slots
    return (ActiveLoop(name=None), *([SlotSet(name=REQUESTED_SLOT, value=None)] if asks else ()))


def _without_followup(prediction: Prediction) -> tuple[Event, ...]:
    return (FollowupAction(name=None),) if prediction.policy == FOLLOWUP else ()
