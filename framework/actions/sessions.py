"""Default actions that steer the conversation as a whole."""

from __future__ import annotations

from typing import ClassVar

from framework.actions.base import Action, ActionContext
from framework.actions.sayings import say_if_defined
from framework.conversation.events import (
    ActionExecuted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
)
from framework.project.schema import names


class Listen(Action):
    """Waits for the user."""

    name: ClassVar[str] = names.LISTEN

    async def run(self, ctx: ActionContext) -> None:
        """Do nothing: the turn ends here."""


class UnlikelyIntent(Action):
    """Marks that the intent is a surprise, for rules and stories to react."""

    name: ClassVar[str] = names.UNLIKELY_INTENT

    async def run(self, ctx: ActionContext) -> None:
        """Do nothing: the policies are asked again."""


class Restart(Action):
    """Starts the conversation over; says `utter_restart` where the bot has it."""

    name: ClassVar[str] = names.RESTART

    async def run(self, ctx: ActionContext) -> None:
        """Forget all that was said."""
        say_if_defined(ctx, "utter_restart")
        ctx.add(Restarted())


class Back(Action):
    """Takes the last two user messages back; says `utter_back` where the bot has it."""

    name: ClassVar[str] = names.BACK

    async def run(self, ctx: ActionContext) -> None:
        """Undo the wish to go back and the message before it."""
        say_if_defined(ctx, "utter_back")
        ctx.add_all([UserUtteranceReverted(), UserUtteranceReverted()])


class ForgetMe(Action):
    """Forgets the user's profile; says `utter_forget_me` where the bot has it."""

    name: ClassVar[str] = names.FORGET_ME

    async def run(self, ctx: ActionContext) -> None:
        """Empty the slots of the profile; the assistant erases what was kept of them."""
        ctx.add_all(
            SlotSet(name=slot.name, value=slot.initial_value)
            for slot in ctx.domain.slots.values()
            if slot.profile
        )
        say_if_defined(ctx, "utter_forget_me")


class SessionStart(Action):
    """Begins a session, with the slots of the last one where the domain wants that."""

    name: ClassVar[str] = names.SESSION_START

    async def run(self, ctx: ActionContext) -> None:
        """Start over, set the slots that were set again, and listen."""
        ctx.add(SessionStarted())
        if ctx.domain.session.carry_over_slots:
            counted = ctx.tracker.counted_events()
            last = {event.name: event for event in counted if isinstance(event, SlotSet)}
            ctx.add_all(
                SlotSet(name=event.name, value=event.value, metadata=event.metadata)
                for event in last.values()
            )
        ctx.add(ActionExecuted(name=names.LISTEN))


class DeactivateLoop(Action):
    """Leaves the active form."""

    name: ClassVar[str] = names.DEACTIVATE_LOOP

    async def run(self, ctx: ActionContext) -> None:
        """No form is active and no slot is asked for any more."""
        ctx.deactivate_form()
