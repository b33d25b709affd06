"""The steps that a turn is made of: record, fill slots, decide, act.

Each takes the tracker before it and gives a `Step` with the tracker after it. Whatever an action
does, a step is all or nothing: a failing action leaves no effects but an apology.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from framework.actions.base import Say
from framework.actions.runner import FAILED
from framework.assistant.apology import apology
from framework.assistant.engine import Engine, Step
from framework.conversation.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    FollowupAction,
    SlotSet,
    UserUttered,
)
from framework.conversation.languages import language_of
from framework.conversation.messages import UserMessage
from framework.conversation.tracker import Tracker
from framework.errors import ActionError, ActionRejected
from framework.nlu.types import Understanding
from framework.policies.base import Prediction, Reason
from framework.project.schema import names
from framework.project.schema.domain import REQUESTED_SLOT, Domain

logger = logging.getLogger(__name__)

FOLLOWUP = "followup_action"
"""Stands for the policy where an action asked for the next one."""

APOLOGY_RESPONSE = "utter_default"


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
    prediction = replace(prediction, events=stamped(engine, prediction.events))
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
    language = language_of(tracker, default=engine.language)
    words = {"text": apology(language)}
    wish = Say(response=APOLOGY_RESPONSE) if is_defined else Say(content=words)
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
