"""`action_extract_slots`: fills slots after every user message."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import ClassVar

from framework.actions.base import Action, ActionContext
from framework.conversation.events import BotUttered, Event, SlotSet
from framework.conversation.slots import extract
from framework.conversation.tracker import Tracker
from framework.errors import ActionError, ActionRejected
from framework.project.schema import names

logger = logging.getLogger(__name__)


class ExtractSlots(Action):
    """Sets slots by their mappings, with the custom actions that some of them name.

    What was found is then shown to `action_validate_slot_mappings`, where the bot has it: a slot
    that it sets to None was not valid.
    """

    name: ClassVar[str] = names.EXTRACT_SLOTS

    async def run(self, ctx: ActionContext) -> None:
        """Extract, then validate."""
        found: list[Event] = []
        for item in extract(ctx.tracker, ctx.domain):
            if isinstance(item, SlotSet):
                found.append(item)
            else:
                found += await _run_custom(item.action, ctx, ctx.tracker)
        ctx.add_all(await _validate(found, ctx))


async def _validate(found: list[Event], ctx: ActionContext) -> list[Event]:
    if not ctx.knows(names.VALIDATE_SLOT_MAPPINGS):
        return found
    candidates = [event for event in found if isinstance(event, SlotSet)]
    said = [event for event in found if not isinstance(event, SlotSet)]
    tracker = ctx.tracker.extend(candidates)
    validated = await _run_custom(names.VALIDATE_SLOT_MAPPINGS, ctx, tracker)
    return [*said, *validated, *without_overruled(candidates, validated)]


def without_overruled(candidates: Iterable[Event], validated: Iterable[Event]) -> list[SlotSet]:
    """Give the slots that were extracted and that validation said nothing about."""
    decided = {event.name for event in validated if isinstance(event, SlotSet)}
    return [e for e in candidates if isinstance(e, SlotSet) and e.name not in decided]


async def _run_custom(action: str, ctx: ActionContext, tracker: Tracker) -> list[Event]:
    """Run an action for its slots and replies; what else it gives, and its failure, is logged."""
    try:
        events = await ctx.perform(action, tracker=tracker)
    except (ActionError, ActionRejected) as error:
        logger.warning(
            "the action %r filled no slots in the conversation %r: %s",
            action,
            ctx.conversation,
            error,
        )
        return []
    allowed: list[Event] = [event for event in events if isinstance(event, SlotSet | BotUttered)]
    if len(allowed) < len(events):
        logger.info("the action %r fills slots: its other events are left out", action)
    return allowed
