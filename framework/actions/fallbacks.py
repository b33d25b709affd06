"""Default actions for when the bot doesn't understand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import ClassVar

from framework.actions.base import Action, ActionContext, Say
from framework.actions.loops import LoopAction
from framework.actions.sayings import say_if_defined
from framework.conversation.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    Restarted,
    UserUtteranceReverted,
    UserUttered,
)
from framework.conversation.slots import latest_intent
from framework.conversation.tracker import Tracker
from framework.errors import ActionError
from framework.project.schema import names


class DefaultFallback(Action):
    """Says `utter_default` where the bot has it, and takes the last message back."""

    name: ClassVar[str] = names.DEFAULT_FALLBACK

    async def run(self, ctx: ActionContext) -> None:
        """Go back to where the conversation was before the message."""
        say_if_defined(ctx, "utter_default")
        ctx.add(UserUtteranceReverted())


class AskAffirmation(Action):
    """Asks whether the likeliest intent was meant."""

    name: ClassVar[str] = names.ASK_AFFIRMATION

    async def run(self, ctx: ActionContext) -> None:
        """Offer the intent, or the one below `nlu_fallback`, with a yes and a no button."""
        ranking = ctx.message.ranking if ctx.message else ()
        if not ranking:
            raise ActionError(f"{self.name!r} has no message whose intent it could ask about")
        is_fallback = ranking[0].name == names.FALLBACK_INTENT and len(ranking) > 1
        intent = ranking[1 if is_fallback else 0].name
        buttons = [
            {"title": "Yes", "payload": f"/{intent}"},
            {"title": "No", "payload": f"/{names.OUT_OF_SCOPE_INTENT}"},
        ]
        content = {
            "text": f"Did you mean '{intent}'?",
            "buttons": buttons,
            "metadata": {"utter_action": self.name},
        }
        ctx.effects.append(Say(content=content))


class AskRephrase(Action):
    """Says `utter_ask_rephrase` where the bot has it."""

    name: ClassVar[str] = names.ASK_REPHRASE

    async def run(self, ctx: ActionContext) -> None:
        """Ask for other words."""
        say_if_defined(ctx, "utter_ask_rephrase")


class RevertFallbackEvents(Action):
    """Takes back what was said while the bot made sure that it understood."""

    name: ClassVar[str] = names.REVERT_FALLBACK_EVENTS

    async def run(self, ctx: ActionContext) -> None:
        """Replace the detour by the message that was meant."""
        message = ctx.tracker.latest_message
        asked = _actions_before(ctx.tracker)
        if message is None or not asked:
            return
        if asked[0] == names.ASK_REPHRASE:
            ctx.add_all([*_undo(messages=3), _again(message)])
        elif asked[0] == names.ASK_AFFIRMATION:
            ctx.add_all(_undo(messages=2))
            if asked[1:] == [names.ASK_REPHRASE]:
                ctx.add_all(_undo(messages=3))
            ctx.add(_affirmed(message))


class TwoStageFallback(LoopAction):
    """Asks for affirmation, then for other words, then for affirmation again, then gives up."""

    name: ClassVar[str] = names.TWO_STAGE_FALLBACK

    def __init__(self) -> None:
        """Make the loop."""
        super().__init__(names.TWO_STAGE_FALLBACK)

    async def do(self, ctx: ActionContext, so_far: Sequence[Event]) -> list[Event]:
        """Ask whether the intent was meant, or for other words."""
        is_new = any(isinstance(event, ActiveLoop) for event in so_far)
        is_unclear = latest_intent(ctx.tracker) == names.FALLBACK_INTENT
        asks = names.ASK_AFFIRMATION if is_new or is_unclear else names.ASK_REPHRASE
        return list(await ctx.perform(asks))

    def is_done(self, ctx: ActionContext, so_far: Sequence[Event]) -> bool:
        """Say whether the user made themself clear, or there is no hope."""
        unclear = (names.FALLBACK_INTENT, names.OUT_OF_SCOPE_INTENT)
        return latest_intent(ctx.tracker) not in unclear or _is_hopeless(ctx.tracker)

    async def deactivate(self, ctx: ActionContext, so_far: Sequence[Event]) -> list[Event]:
        """Fall back, or go on as if the clear message had come at once."""
        if _is_hopeless(ctx.tracker):
            return list(await ctx.perform(names.DEFAULT_FALLBACK))
        message = ctx.tracker.latest_message
        if message is None:
            return []
        return [
            UserUtteranceReverted(),
            ActionExecuted(name=names.LISTEN),
            _affirmed(message),
        ]


def _is_hopeless(tracker: Tracker) -> bool:
    unclear, denied = names.FALLBACK_INTENT, names.OUT_OF_SCOPE_INTENT
    return _last_intents(tracker, 2) == [unclear, unclear] or _last_intents(tracker, 3) == [
        denied,
        unclear,
        denied,
    ]


def _last_intents(tracker: Tracker, number: int) -> list[str | None]:
    """Give the intents of the last messages, the latest first; a rewind takes a place."""
    places: list[Event] = []
    for event in reversed(tracker.events):
        if isinstance(event, Restarted) or len(places) == number:
            break
        if isinstance(event, UserUttered | UserUtteranceReverted):
            places.append(event)
    messages = (event for event in places if isinstance(event, UserUttered))
    return [
        message.understanding.intent.name if message.understanding.intent else None
        for message in messages
    ]


def _actions_before(tracker: Tracker) -> list[str | None]:
    """Give the last two actions that count, the latest first, listening left out."""
    actions = (
        event.name
        for event in reversed(tracker.counted_events())
        if isinstance(event, ActionExecuted) and event.name != names.LISTEN
    )
    return list(islice(actions, 2))


def _undo(*, messages: int) -> list[Event]:
    return [*[UserUtteranceReverted()] * messages, ActionExecuted(name=names.LISTEN)]


def _again(message: UserUttered) -> UserUttered:
    return replace(message, timestamp=0.0)


def _affirmed(message: UserUttered) -> UserUttered:
    """Give the message again, its intent now certain."""
    understanding = message.understanding
    if understanding.intent is None:
        return _again(message)
    certain = replace(understanding.intent, confidence=1.0)
    ranking = (certain, *understanding.ranking[1:])
    return replace(_again(message), understanding=replace(understanding, ranking=ranking))
