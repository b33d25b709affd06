"""Keeps the time for reminders: each that is due starts a turn of its conversation.

Every reminder to come has a timer of the event loop, so that waiting costs nothing. What is to come
follows from the events alone (`framework.conversation.reminders`); the timers can be set anew from
a store at any time.
"""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections.abc import Awaitable, Callable, Iterable

from framework.conversation.events import Event, ReminderScheduled
from framework.conversation.reminders import Pending, due_at, pending
from framework.conversation.stores.base import TrackerStore
from framework.errors import UsageError

logger = logging.getLogger(__name__)

Remind = Callable[[str, ReminderScheduled], Awaitable[None]]
"""Acts on a reminder of a conversation, unless it is void by then."""


class Reminders:
    """The reminders to come of all conversations that this process took part in.

    Timers belong to the event loop in which the latest events were noted; where another loop takes
    over, so do its timers.
    """

    def __init__(self, remind: Remind, *, clock: Callable[[], float]) -> None:
        """Begin without reminders.

        Args:
            remind: a method; its object isn't kept alive by its reminders.
            clock: seconds since the epoch.
        """
        self._remind = weakref.WeakMethod(remind)
        self._clock = clock
        self._pending: dict[str, Pending] = {}
        self._timers: dict[tuple[str, str], asyncio.TimerHandle] = {}
        self._turns: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def to_come(self, conversation: str) -> tuple[ReminderScheduled, ...]:
        """List the reminders to come of a conversation, in the order of their setting."""
        return tuple(self._pending.get(conversation, {}).values())

    def note(self, conversation: str, events: Iterable[Event]) -> None:
        """Take in what happened: set and stop timers. Call it in the running event loop."""
        self._enter_loop()
        before = self._pending.get(conversation, {})
        after = pending(events, before=before)
        self._keep(conversation, after)
        for name in before.keys() - after.keys():
            self._stop(conversation, name)
        for name, reminder in after.items():
            if before.get(name) != reminder:
                self._set(conversation, reminder)

    async def restore(self, store: TrackerStore) -> None:
        """Set the timers of all conversations of a store; what is overdue is due at once.

        For the start of a process. Where several serve one store, let one of them do it.
        """
        for conversation in await store.conversations():
            self.note(conversation, await store.load(conversation))

    async def check(self) -> None:
        """Act on all that is due by the clock, and wait until that is done.

        Timers do it by themselves while the event loop runs; this is for programs whose loop
        doesn't run all the time, and for tests whose clock isn't the real one.
        """
        now = self._clock()
        due = [
            (conversation, reminder)
            for conversation in self._pending
            for reminder in self.to_come(conversation)
            if _seconds_of(reminder) <= now
        ]
        for conversation, reminder in sorted(due, key=lambda item: _seconds_of(item[1])):
            await self._act(conversation, reminder)

    def close(self) -> None:
        """Stop all timers; call it in the event loop that they belong to."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._pending.clear()

    def _enter_loop(self) -> None:
        loop = asyncio.get_running_loop()
        if loop is self._loop:
            return
        left, self._loop = self._loop, loop
        if left is not None and not left.is_closed():
            for timer in self._timers.values():
                left.call_soon_threadsafe(timer.cancel)
        self._timers.clear()
        for conversation in self._pending:
            for reminder in self.to_come(conversation):
                self._set(conversation, reminder)

    def _set(self, conversation: str, reminder: ReminderScheduled) -> None:
        self._stop(conversation, reminder.name)
        try:
            seconds = due_at(reminder) - self._clock()
        except UsageError as error:
            logger.error("%s (%s)", error, error.hint)
            return
        self._timers[conversation, reminder.name] = asyncio.get_running_loop().call_later(
            max(0.0, seconds), self._ring, conversation, reminder
        )

    def _stop(self, conversation: str, name: str) -> None:
        timer = self._timers.pop((conversation, name), None)
        if timer is not None:
            timer.cancel()

    def _ring(self, conversation: str, reminder: ReminderScheduled) -> None:
        """Act on a reminder, or wait on where the loop's clock ran ahead of ours."""
        if due_at(reminder) > self._clock():
            self._set(conversation, reminder)
            return
        turn = asyncio.get_running_loop().create_task(self._act(conversation, reminder))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)

    async def _act(self, conversation: str, reminder: ReminderScheduled) -> None:
        self._forget(conversation, reminder)
        remind = self._remind()
        if remind is None:
            return
        try:
            await remind(conversation, reminder)
        except Exception:  # nobody waits for this turn, so nobody else would hear of it
            logger.exception(
                "the reminder %r of the conversation %r failed", reminder.name, conversation
            )

    def _forget(self, conversation: str, reminder: ReminderScheduled) -> None:
        self._stop(conversation, reminder.name)
        known = self._pending.get(conversation, {})
        self._keep(conversation, {name: each for name, each in known.items() if each != reminder})

    def _keep(self, conversation: str, to_come: Pending) -> None:
        if to_come:
            self._pending[conversation] = to_come
        else:
            self._pending.pop(conversation, None)


def _seconds_of(reminder: ReminderScheduled) -> float:
    try:
        return due_at(reminder)
    except UsageError:  # said when it was set
        return float("inf")
