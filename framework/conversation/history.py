"""The events of a conversation that count, as policies see them.

Not every event in the log counts: a restart or a new session drops what came before, an undo or a
rewind drops the last action or message, and a form that runs again and again while it is filled
counts as having run once. What is left is a chain of steps, each with the state after it. Chains
share their beginnings, so that undoing is walking back, and two futures of one conversation can
live side by side.
"""

from __future__ import annotations

from typing import Any

from framework.conversation.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    UserFeaturization,
    UserUtteranceReverted,
    UserUttered,
)
from framework.conversation.state import State, advance

_DROPPED_WITH_A_LOOP_RUN = (ActionExecuted, UserUttered, UserFeaturization)


class Step:
    """One event that counts, and the state after it.

    Attributes:
        event: the event; None for the beginning of a conversation.
        before: the step before it; None at the beginning.
        state: after the event.
        last_action: this step or the nearest one before it that is an action.
        last_message: this step or the nearest one before it that is a user message.
        loop: the form whose collapsed runs this step was kept from, if any.
        cache: what later stages computed about the chain up to here; not compared.
    """

    __slots__ = ("before", "cache", "event", "last_action", "last_message", "loop", "state")

    def __init__(
        self, event: Event | None, before: Step | None, state: State, *, loop: str | None = None
    ) -> None:
        """Append an event to a chain."""
        self.event = event
        self.before = before
        self.state = state
        self.loop = loop
        self.cache: dict[Any, Any] = {}
        self.last_action: Step | None = before.last_action if before else None
        self.last_message: Step | None = before.last_message if before else None
        if isinstance(event, ActionExecuted):
            self.last_action = self
        elif isinstance(event, UserUttered):
            self.last_message = self


def begin(initial: State) -> Step:
    """Give the chain without events."""
    return Step(None, None, initial)


def append(step: Step, event: Event, *, loops: frozenset[str], start: Step) -> Step:
    """Give the chain after one more event of the log.

    Args:
        step: the chain so far.
        event: what happened.
        loops: all forms that ever became active in the conversation.
        start: the chain without events.
    """
    if isinstance(event, Restarted | SessionStarted):
        return start
    if isinstance(event, ActionReverted):
        return _drop_back_to(step.last_action, start)
    if isinstance(event, UserUtteranceReverted):
        without_message = _drop_back_to(step.last_message, start)
        return _drop_back_to(without_message.last_action, start)
    if isinstance(event, ActionExecuted) and event.name in loops:
        earlier = _earlier_run(step, event.name)
        if earlier is not None:
            return _collapse(step, earlier, event.name, start)
    return Step(event, step, advance(step.state, event, start.state))


def counted_events(step: Step) -> tuple[Event, ...]:
    """List the events of a chain, the oldest first."""
    events = []
    current: Step | None = step
    while current is not None and current.event is not None:
        events.append(current.event)
        current = current.before
    return tuple(reversed(events))


def _drop_back_to(dropped: Step | None, start: Step) -> Step:
    """Give the chain before a step; without such a step everything is dropped."""
    return start if dropped is None or dropped.before is None else dropped.before


def _earlier_run(step: Step, loop: str) -> Step | None:
    """Find the run of a form that a new run merely continues, or None when it counts anew.

    It counts anew when the form was left in between: it ended, it declined to run, or something
    else answered a user message.
    """
    next_action: str | None = None
    current: Step | None = step
    while current is not None and current.event is not None:
        if current.loop == loop:
            return current
        event = current.event
        if _leaves_loop(event, loop, next_action):
            return None
        if isinstance(event, ActionExecuted):
            if event.name == loop:
                return current
            next_action = event.name
        current = current.before
    return None


def _leaves_loop(event: Event, loop: str, next_action: str | None) -> bool:
    if isinstance(event, ActiveLoop):
        return event.name is None
    if isinstance(event, ActionExecutionRejected):
        return event.name == loop
    return isinstance(event, UserUttered) and next_action not in (None, loop)


def _collapse(step: Step, earlier: Step, loop: str, start: Step) -> Step:
    """Drop messages and actions since an earlier run of a form; keep its slots and the rest."""
    kept = []
    current = step
    while current is not earlier and current.event is not None and current.before is not None:
        if not isinstance(current.event, _DROPPED_WITH_A_LOOP_RUN):
            kept.append(current.event)
        current = current.before
    for event in reversed(kept):
        current = Step(event, current, advance(current.state, event, start.state), loop=loop)
    return current
