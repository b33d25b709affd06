"""Base classes for a bot's own validation of slots.

A method `validate_<slot>(self, value, ctx)` returns the value to keep, or None to ask again; a
method `extract_<slot>(self, ctx)` returns what it found for a slot with a `custom` mapping, or
None. Both may be `async def` or plain `def`; further slots are set with `ctx.set_slot`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from framework.actions.base import Action, ActionContext
from framework.actions.calling import call
from framework.conversation.events import SlotSet
from framework.project.schema import names
from framework.project.schema.domain import REQUESTED_SLOT


class SlotValidation(Action):
    """Validates slots outside of forms, after every user message."""

    name: ClassVar[str] = names.VALIDATE_SLOT_MAPPINGS

    def slots_in_domain(self, ctx: ActionContext) -> tuple[str, ...]:
        """Name the slots that no form's mapping fills."""
        return tuple(
            slot.name
            for slot in ctx.domain.slots.values()
            if not any(
                condition.active_loop
                for mapping in slot.mappings
                for condition in mapping.conditions
            )
        )

    async def required_slots(self, ctx: ActionContext) -> Sequence[str]:
        """Name the slots to extract and validate; override it where that depends on others."""
        return self.slots_in_domain(ctx)

    async def run(self, ctx: ActionContext) -> None:
        """Extract what the `extract_` methods find, then validate all that was just set."""
        candidates = _just_set(ctx)
        for slot in await self._required(ctx):
            method = getattr(self, f"{names.EXTRACT}{_identifier(slot)}", None)
            value = None if method is None else await call(method, ctx)
            if value is not None:
                ctx.set_slot(slot, value)
                candidates[slot] = value
        required = await self._required(ctx)
        for slot, value in candidates.items():
            method = getattr(self, f"{names.VALIDATE}{_identifier(slot)}", None)
            if slot in required:
                ctx.set_slot(slot, value if method is None else await call(method, value, ctx))

    async def _required(self, ctx: ActionContext) -> tuple[str, ...]:
        return tuple(await call(self.required_slots, ctx))


class FormValidation(SlotValidation):
    """Validates the slots of a form; `name` is `validate_` and the form's name."""

    name: ClassVar[str]

    def slots_in_domain(self, ctx: ActionContext) -> tuple[str, ...]:
        """Name the slots that the domain lists for the form."""
        form = ctx.domain.forms.get(self.name.removeprefix(names.VALIDATE))
        return form.required_slots if form else ()

    async def run(self, ctx: ActionContext) -> None:
        """Validate; where `required_slots` differs from the domain's, ask for the next of them."""
        await super().run(ctx)
        required = await self._required(ctx)
        if required != self.slots_in_domain(ctx):
            slots = ctx.slots
            missing = (name for name in required if slots.get(name) is None)
            ctx.set_slot(REQUESTED_SLOT, next(missing, None))


def _just_set(ctx: ActionContext) -> dict[str, object]:
    """Give the slots at the end of the events: those that the message or the form filled."""
    found: list[SlotSet] = []
    for event in reversed(ctx.tracker.events):
        if not isinstance(event, SlotSet):
            break
        found.append(event)
    return {event.name: event.value for event in reversed(found)}


def _identifier(slot: str) -> str:
    return slot.replace("-", "_")
