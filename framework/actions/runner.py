"""Finds an action by its name and runs it, all or nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from framework.actions.base import Action, ActionContext, Effect, Say
from framework.actions.builtin import default_actions
from framework.actions.calling import call
from framework.actions.forms import FormAction
from framework.actions.knowledge import Answers
from framework.actions.remote import RemoteAction, Server
from framework.actions.sayings import SayResponse, SaySelected, SayText
from framework.conversation.events import BotUttered, Event
from framework.conversation.tracker import Tracker
from framework.errors import ActionError, ActionRejected, FrameError
from framework.project.schema.domain import RESPONSE_PREFIX, Domain
from framework.registry import did_you_mean

logger = logging.getLogger(__name__)

FAILED = "action-failed"
"""Id of the error of an action whose own code raised."""


class Speaker(Protocol):
    """What turns the wish to say something into a reply (`framework.responses.voice.Voice`)."""

    async def say(
        self,
        response: str | None,
        *,
        content: Any,
        values: Any,
        tracker: Tracker,
        channel: str,
    ) -> BotUttered | None:
        """Give the reply, None where there is nothing to say."""


class ActionRunner:
    """All actions of a bot.

    A name means, in this order: the bot's own Python, a listed action of the action server, a
    default action, a response, an end-to-end bot text, a form, any action of the action server.
    """

    def __init__(
        self,
        *,
        domain: Domain,
        speaker: Speaker,
        own: Mapping[str, Action] | None = None,
        server: Server | None = None,
        answers: Answers | None = None,
    ) -> None:
        """Gather the actions.

        Args:
            domain: the bot's domain.
            speaker: says what actions wish to say.
            own: the bot's own actions by name.
            server: the action server, if there is one.
            answers: knows the bot's documents, if it has any.
        """
        self.domain = domain
        self.speaker = speaker
        self.server = server
        self._own = dict(own or {})
        self._default = default_actions(answers=answers)
        mappings = (mapping for slot in domain.slots.values() for mapping in slot.mappings)
        self._of_mappings = frozenset(mapping.action for mapping in mappings if mapping.action)

    def knows(self, action: str) -> bool:
        """Say whether the bot has an action, form or response of that name."""
        return (
            action in self._own
            or action in self._default
            or action in self.domain.actions
            or action in self.domain.forms
            or action in self.domain.e2e_actions
            or self._saying(action) is not None
        )

    def find(self, action: str) -> Action:
        """Give the action of a name.

        Raises:
            ActionError: there is none, or nothing that could run it.
        """
        if action in self._own:
            return self._own[action]
        is_listed = action in self.domain.actions or action in self._of_mappings
        if is_listed and self.server is not None and not action.startswith(RESPONSE_PREFIX):
            return RemoteAction(action, self.server)
        found = self._default.get(action) or self._saying(action)
        if found is not None:
            return found
        if action in self.domain.forms:
            return FormAction(self.domain.forms[action])
        raise self._missing(action)

    async def run(self, action: str, *, tracker: Tracker, channel: str) -> tuple[Event, ...]:
        """Run an action and give its events, replies among them; the tracker doesn't change.

        Raises:
            ActionRejected: it declines to run.
            ActionError: it is unknown or failed; then none of its effects count.
        """
        found = self.find(action)
        ctx = ActionContext(tracker=tracker, domain=self.domain, channel=channel, performer=self)
        limit = found.time_limit_seconds if action in self._own else None
        try:
            async with asyncio.timeout(limit) as waiting:
                _report_returned(await call(found.run, ctx), action)
            return await self._resolve(ctx.effects, tracker=tracker, channel=channel)
        except (ActionRejected, ActionError):
            raise
        except TimeoutError as error:
            if not waiting.expired():
                raise ActionError(f"TimeoutError: {error}", id=FAILED) from error
            raise ActionError(
                f"it took longer than {limit:g} seconds",
                hint="give its class another `time_limit_seconds`",
            ) from error
        except FrameError as error:
            raise ActionError(error.message, id=FAILED, hint=error.hint) from error
        except (Exception, SystemExit) as error:
            kind = type(error).__name__
            raise ActionError(f"{kind}: {error}", id=FAILED) from error

    async def say(self, wish: Say, *, tracker: Tracker, channel: str) -> BotUttered | None:
        """Give the reply that a wish to say something comes to, None where it is nothing."""
        return await self.speaker.say(
            wish.response,
            content=wish.content,
            values=wish.values,
            tracker=tracker,
            channel=channel,
        )

    async def _resolve(
        self, effects: Iterable[Effect], *, tracker: Tracker, channel: str
    ) -> tuple[Event, ...]:
        """Turn wishes to say something into replies; they see the slots set before them."""
        events: list[Event] = []
        for effect in effects:
            event: Event | None
            if isinstance(effect, Say):
                event = await self.say(effect, tracker=tracker, channel=channel)
            else:
                event = _checked(effect)
            if event is not None:
                events.append(event)
                tracker = tracker.apply(event)
        return tuple(events)

    def _saying(self, action: str) -> Action | None:
        if action in self.domain.e2e_actions:
            return SayText(action)
        if not action.startswith(RESPONSE_PREFIX):
            return None
        intent = self.domain.intents.get(action.removeprefix(RESPONSE_PREFIX))
        if intent is not None and intent.is_retrieval:
            return SaySelected(intent.name)
        is_known = action in self.domain.responses or action in self.domain.actions
        return SayResponse(action) if is_known else None

    def _missing(self, action: str) -> ActionError:
        if action in self.domain.actions:
            return ActionError(
                f"nothing runs the custom action {action!r}",
                hint="put its class into `actions/`, or set `action_endpoint:` in endpoints.yml",
            )
        known = [*self._own, *self._default, *self.domain.responses, *self.domain.forms]
        return ActionError(
            f"there is no action, form or response {action!r}", hint=did_you_mean(action, known)
        )


def _report_returned(given: Any, action: str) -> None:
    """Say that what an action returns is lost, as the events are that Rasa's actions return."""
    if given is not None:
        logger.warning(
            "the action %r returns %s, which has no effect: say and set what it means by `ctx`",
            action,
            type(given).__name__,
        )


def _checked(effect: Any) -> Event:
    if not isinstance(effect, Event):
        raise ActionError(f"an action's effects are events and replies, not {effect!r}")
    return effect
