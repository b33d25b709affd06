"""What forms and the two-stage fallback have in common: they stay active over several turns."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from framework.actions.base import Action, ActionContext
from framework.conversation.events import ActiveLoop, Event
from framework.conversation.tracker import Tracker


class LoopAction(Action):
    """An action that is activated, runs once or more often, and is deactivated when done.

    Attributes:
        loop: name of the loop, which is that of the action.
    """

    def __init__(self, loop: str) -> None:
        """Make the action of one loop."""
        self.loop = loop

    async def run(self, ctx: ActionContext) -> None:
        """Activate the loop if it isn't active, go on with it, deactivate it if that ended it."""
        events: list[Event] = []
        if not self.is_active(ctx.tracker):
            activation = ActiveLoop(name=self.loop)
            events.append(activation)
            events += await self.activate(ctx, ctx.tracker.apply(activation))
        if not self.is_done(ctx, events):
            events += await self.do(ctx, events)
        if self.is_done(ctx, events):
            events.append(ActiveLoop(name=None))
            events += await self.deactivate(ctx, events)
        ctx.add_all(events)

    def is_active(self, tracker: Tracker) -> bool:
        """Say whether this very loop is active."""
        return tracker.active_loop is not None and tracker.active_loop.name == self.loop

    async def activate(self, ctx: ActionContext, tracker: Tracker) -> list[Event]:
        """Give the events of the activation; `tracker` is the conversation with the loop active."""
        return []

    @abstractmethod
    async def do(self, ctx: ActionContext, so_far: Sequence[Event]) -> list[Event]:
        """Give the events of one round, after those given so far."""

    @abstractmethod
    def is_done(self, ctx: ActionContext, so_far: Sequence[Event]) -> bool:
        """Say whether the loop ends with these events."""

    async def deactivate(self, ctx: ActionContext, so_far: Sequence[Event]) -> list[Event]:
        """Give the events of the deactivation."""
        return []
