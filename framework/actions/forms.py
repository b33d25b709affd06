"""Forms: loops that ask for slots until all of them are filled.

A form is activated by being predicted. It takes what is known already, asks for the first empty
slot, and is predicted again after the user's answer, which it validates. When the answer fills
nothing, it declines to run, and the policies choose something else before they return to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from framework.actions.base import ActionContext
from framework.actions.extraction import without_overruled
from framework.actions.loops import LoopAction
from framework.conversation.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    Restarted,
    SlotSet,
    UserUttered,
)
from framework.conversation.tracker import Tracker
from framework.errors import ActionRejected
from framework.project.schema import names
from framework.project.schema.domain import REQUESTED_SLOT, Form
from framework.project.schema.names import asking_names


class FormAction(LoopAction):
    """Runs one form of the domain."""

    name: ClassVar[str] = "form"

    def __init__(self, form: Form) -> None:
        """Make the action of a form."""
        super().__init__(form.name)
        self.form = form

    async def activate(self, ctx: ActionContext, tracker: Tracker) -> list[Event]:
        """Extract slots anew, now that the form is active, and validate those already filled."""
        extracted = await ctx.perform(names.EXTRACT_SLOTS, tracker=tracker)
        tracker = tracker.extend(extracted)
        prefilled = {
            slot: tracker.slots[slot]
            for slot in self.form.required_slots
            if tracker.slots.get(slot) is not None
        }
        validated = await self._validate(prefilled, ctx, tracker)
        return [*validated, *without_overruled(extracted, validated)]

    async def do(self, ctx: ActionContext, so_far: Sequence[Event]) -> list[Event]:
        """Validate what the user said, unless the activation did, and ask for the next slot."""
        events: list[Event] = []
        if all(isinstance(event, ActiveLoop) for event in so_far):
            events += await self._validate_message(ctx)
        if not _is_rejected(events):
            events += await self._request_next_slot(ctx, [*so_far, *events])
        return events

    def is_done(self, ctx: ActionContext, so_far: Sequence[Event]) -> bool:
        """Say whether nothing is left to ask for, or validation ended the form."""
        if _is_rejected(so_far):
            return False
        backwards = list(reversed(so_far))
        requested = next((event for event in backwards if _is_request(event)), None)
        loop = next((event for event in backwards if isinstance(event, ActiveLoop)), None)
        asks_nothing = isinstance(requested, SlotSet) and requested.value is None
        return asks_nothing or (loop is not None and loop.name is None)

    async def _validate_message(self, ctx: ActionContext) -> list[Event]:
        """Validate what the last message filled, or nothing where the form was interrupted."""
        loop = ctx.tracker.active_loop
        answers = ctx.tracker.latest_action == names.LISTEN
        if loop is not None and (not answers or loop.is_interrupted):
            return await self._validate({}, ctx, ctx.tracker)
        candidates = self._candidates(ctx.tracker)
        events = await self._validate(candidates, ctx, ctx.tracker)
        filled = any(isinstance(event, SlotSet) and not _is_request(event) for event in events)
        requested = self._requested_slot(ctx.tracker)
        if requested and not candidates and not filled and not _is_rejected(events):
            raise ActionRejected(
                f"the message fills no slot of the form {self.loop!r}, which asks for {requested!r}"
            )
        return events

    def _candidates(self, tracker: Tracker) -> dict[str, Any]:
        """Give the slots of the form that were set since the last user message."""
        wanted = {*self.form.required_slots, self._requested_slot(tracker)}
        events: list[SlotSet] = []
        for event in reversed(tracker.events):
            if isinstance(event, Restarted | UserUttered):
                break
            if isinstance(event, SlotSet) and event.name in wanted:
                events.append(event)
        return {event.name: event.value for event in reversed(events)}

    async def _validate(
        self, candidates: Mapping[str, Any], ctx: ActionContext, tracker: Tracker
    ) -> list[Event]:
        action = f"{names.VALIDATE}{self.loop}"
        if not ctx.knows(action):
            return []
        slots = [SlotSet(name=name, value=value) for name, value in candidates.items()]
        return list(await ctx.perform(action, tracker=self._after(slots, tracker)))

    async def _request_next_slot(self, ctx: ActionContext, so_far: Sequence[Event]) -> list[Event]:
        if self.is_done(ctx, so_far):
            return [SlotSet(name=REQUESTED_SLOT, value=None)]
        tracker = self._after(so_far, ctx.tracker)
        chosen = next((event for event in so_far if _is_request(event)), None)
        slot = chosen.value if isinstance(chosen, SlotSet) else None
        if slot:
            return await self._ask(slot, ctx, tracker)
        slot = next(
            (name for name in self.form.required_slots if tracker.slots.get(name) is None), None
        )
        request = SlotSet(name=REQUESTED_SLOT, value=slot)
        return [request, *(await self._ask(slot, ctx, tracker) if slot else ())]

    async def _ask(self, slot: str, ctx: ActionContext, tracker: Tracker) -> list[Event]:
        """Run the action or response that asks for a slot, where the bot has one."""
        for action in asking_names(self.loop, slot):
            if ctx.knows(action):
                return list(await ctx.perform(action, tracker=tracker))
        return []

    def _requested_slot(self, tracker: Tracker) -> str | None:
        """Give the slot that this form, not another one before it, asked for."""
        return tracker.slots.get(REQUESTED_SLOT) if self.is_active(tracker) else None

    def _after(self, events: Iterable[Event], tracker: Tracker) -> Tracker:
        """Give the tracker as if the form had run; validation takes the slots at its end."""
        requested = SlotSet(name=REQUESTED_SLOT, value=self._requested_slot(tracker))
        return tracker.extend([requested, ActionExecuted(name=self.loop), *events])


def _is_request(event: Event) -> bool:
    return isinstance(event, SlotSet) and event.name == REQUESTED_SLOT


def _is_rejected(events: Iterable[Event]) -> bool:
    return any(isinstance(event, ActionExecutionRejected) for event in events)
