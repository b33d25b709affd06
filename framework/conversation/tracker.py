"""A conversation's state: a pure fold of its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, Self, overload

from framework.conversation import history, wire
from framework.conversation.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from framework.conversation.state import Loop, SlotValues, State, advance
from framework.project.schema.domain import Domain
from framework.project.schema.names import SESSION_START

__all__ = ["EventLog", "Loop", "Tracker", "Verbosity"]

Verbosity = Literal["none", "applied", "after_restart", "all"]
"""Which events a snapshot shows: none, those that count, those since a restart, all."""


class EventLog(Sequence[Event]):
    """The first events of a list that only ever grows; trackers share one list."""

    __slots__ = ("_events", "_length")

    def __init__(self, events: list[Event], length: int) -> None:
        """Take the list and how many of its events are seen."""
        self._events = events
        self._length = length

    @overload
    def __getitem__(self, index: int) -> Event: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Event, ...]: ...
    def __getitem__(self, index: int | slice) -> Event | tuple[Event, ...]:
        if isinstance(index, slice):
            return tuple(self._events[place] for place in range(*index.indices(self._length)))
        if not -self._length <= index < self._length:
            raise IndexError(index)
        return self._events[index if index >= 0 else self._length + index]

    def __len__(self) -> int:
        return self._length

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(
            mine == theirs for mine, theirs in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]  # compared by value, like a list

    def __repr__(self) -> str:
        return f"EventLog({self._events[: self._length]!r})"

    def extended(self, event: Event) -> EventLog:
        """Give the log with one more event; the list is copied only where it has grown already."""
        events = self._events
        if len(events) != self._length:
            events = events[: self._length]
        events.append(event)
        return EventLog(events, self._length + 1)


class Tracker:
    """A conversation at one moment; never changes, `apply` gives the next one.

    Attributes:
        conversation: id of the conversation (Rasa's sender id).
        domain: the bot's domain.
        events: everything that happened, the oldest first.
        state: what follows from it.
        head: the events that count, for policies (see `framework.conversation.history`).
    """

    __slots__ = ("_loops", "_start", "conversation", "domain", "events", "head", "state")

    def __init__(self, conversation: str, domain: Domain, start: history.Step) -> None:
        """Make the tracker without events; `start` and `replay` are the doors."""
        self.conversation = conversation
        self.domain = domain
        self.events = EventLog([], 0)
        self.state: State = start.state
        self.head = start
        self._start = start
        self._loops: frozenset[str] = frozenset()

    @classmethod
    def start(cls, conversation: str, domain: Domain) -> Self:
        """Give the tracker of a conversation without events: slots at their initial values."""
        return cls(conversation, domain, history.begin(State(slots=SlotValues.initial(domain))))

    @classmethod
    def replay(cls, conversation: str, domain: Domain, events: Iterable[Event]) -> Self:
        """Give the tracker of a conversation with these events."""
        return cls.start(conversation, domain).extend(events)

    def apply(self, event: Event) -> Self:
        """Give the tracker after one more event, at a cost that doesn't grow with the events."""
        after = type(self)(self.conversation, self.domain, self._start)
        after.events = self.events.extended(event)
        after._loops = self._loops
        if isinstance(event, ActiveLoop) and event.name and event.name not in self._loops:
            after._loops = self._loops | {event.name}
            after.head = self._head_after_new_loop(event, after._loops)
        else:
            after.head = history.append(self.head, event, loops=self._loops, start=self._start)
        if after.head.before is self.head and self.state is self.head.state:
            after.state = after.head.state  # all events count so far: both are the same
        else:
            after.state = self._state_after(event, after.head)
        return after

    def extend(self, events: Iterable[Event]) -> Self:
        """Give the tracker after several more events."""
        tracker = self
        for event in events:
            tracker = tracker.apply(event)
        return tracker

    def _head_after_new_loop(self, event: ActiveLoop, loops: frozenset[str]) -> history.Step:
        """Append a form's first activation; runs of it before count as those of a form, too."""
        runs = sum(
            isinstance(earlier, ActionExecuted) and earlier.name == event.name
            for earlier in self.events
        )
        if runs < 2:
            return history.append(self.head, event, loops=loops, start=self._start)
        head = self._start
        for earlier in (*self.events, event):
            head = history.append(head, earlier, loops=loops, start=self._start)
        return head

    def _state_after(self, event: Event, head: history.Step) -> State:
        initial = self._start.state
        if isinstance(event, Restarted):
            return replace(initial, followup_action=SESSION_START)
        if isinstance(event, SessionStarted):
            return initial
        if isinstance(event, ActionReverted | UserUtteranceReverted):
            return head.state
        return advance(self.state, event, initial)

    @property
    def slots(self) -> Mapping[str, Any]:
        """Values of all slots."""
        return self.state.slots

    @property
    def latest_message(self) -> UserUttered | None:
        """The last user message; None before the first."""
        return self.state.latest_message

    @property
    def latest_action(self) -> str | None:
        """Name of the last action, or the bot text of an end-to-end one."""
        return self.state.latest_action

    @property
    def active_loop(self) -> Loop | None:
        """The active form."""
        return self.state.loop

    @property
    def followup_action(self) -> str | None:
        """The action that comes next whatever the policies say; first of all, listening."""
        return self.state.followup_action

    @property
    def paused(self) -> bool:
        """Whether the bot stays silent."""
        return self.state.paused

    @property
    def latest_input_channel(self) -> str | None:
        """The channel of the last user message, undone ones included."""
        for event in reversed(self.events):
            if isinstance(event, UserUttered):
                return event.input_channel
        return None

    @property
    def last_user_timestamp(self) -> float | None:
        """When the user last said something in this session, in seconds since the epoch."""
        message = self.state.latest_message
        return None if message is None else message.timestamp

    @property
    def is_empty(self) -> bool:
        """Whether no event counts: a session has yet to begin."""
        return self.head.event is None

    def counted_events(self) -> tuple[Event, ...]:
        """List the events that count: nothing undone, nothing of an earlier session."""
        return history.counted_events(self.head)

    def session_events(self, *, most: int | None = None) -> tuple[Event, ...]:
        """List the events since the last restart or session start, undone ones included.

        Args:
            most: how many of the latest to list; None for all.
        """
        return self._events_since((Restarted, SessionStarted), most=most)

    def _events_since(
        self, kinds: tuple[type[Event], ...], *, most: int | None = None
    ) -> tuple[Event, ...]:
        place = len(self.events)
        first = 0 if most is None else max(0, place - most)
        while place > first and not isinstance(self.events[place - 1], kinds):
            place -= 1
        return self.events[place:]

    def _events_shown(self, verbosity: Verbosity) -> Sequence[Event] | None:
        if verbosity == "none":
            return None
        if verbosity == "applied":
            return self.counted_events()
        return self.events if verbosity == "all" else self._events_since((Restarted,))

    def snapshot_json(self, *, events: Verbosity = "none") -> dict[str, Any]:
        """Give the conversation as action servers and the HTTP API get it."""
        shown = self._events_shown(events)
        action = self.state.latest_action
        key = "action_text" if self.state.latest_action_is_text else "action_name"
        return {
            "sender_id": self.conversation,
            "slots": dict(self.slots),
            "latest_message": wire.parse_data(self.latest_message),
            "latest_event_time": self.events[-1].timestamp if self.events else None,
            "followup_action": self.followup_action,
            "paused": self.paused,
            "events": None if shown is None else [wire.event_to_json(event) for event in shown],
            "latest_input_channel": self.latest_input_channel,
            "active_loop": _loop_json(self.active_loop),
            "latest_action": {} if action is None else {key: action},
            "latest_action_name": action,
        }

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tracker):
            return NotImplemented
        return self.conversation == other.conversation and self.events == other.events

    __hash__ = None  # type: ignore[assignment]  # compared by value, like a list

    def __repr__(self) -> str:
        return f"Tracker({self.conversation!r}, {len(self.events)} events)"


def _loop_json(loop: Loop | None) -> dict[str, Any]:
    if loop is None:
        return {}
    trigger = loop.trigger_message
    return {
        "name": loop.name,
        "is_interrupted": loop.is_interrupted,
        "rejected": loop.rejected,
        "trigger_message": None if trigger is None else wire.parse_data(trigger),
    }
