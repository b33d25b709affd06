"""The contract of actions and what they may touch.

A user subclasses `Action`, names it and writes `run`. `run` may be `async def` or plain `def`. It
reads the conversation through `ctx` and leaves effects in it: replies and events, in order. The
turn applies them after `run` returned; if it raises, none of them is applied.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

from framework.conversation.events import (
    ActiveLoop,
    Event,
    FollowupAction,
    ReminderScheduled,
    SlotSet,
    reminder_name,
)
from framework.conversation.messages import CONTENT
from framework.conversation.tracker import Tracker
from framework.errors import ActionError
from framework.nlu.types import Understanding
from framework.project.schema.domain import REQUESTED_SLOT, Domain, is_response_name


class Say:
    """A wish to say something: a named response of the domain, or text and attachments as given."""

    __slots__ = ("content", "response", "values")

    def __init__(
        self,
        *,
        response: str | None = None,
        content: Mapping[str, Any] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Make the wish.

        Args:
            response: name of a response in the domain, or None.
            content: `text`, `image`, `buttons`, `quick_replies`, `elements`, `attachment`,
                `custom`; laid over the response where both are given.
            values: placeholders beside those of the slots.
        """
        self.response = response
        self.content = dict(content or {})
        self.values = dict(values or {})


Effect = Event | Say


class Perform(Protocol):
    """How an action runs another one by name."""

    def knows(self, action: str) -> bool:
        """Say whether there is an action of that name."""

    async def run(self, action: str, *, tracker: Tracker, channel: str) -> tuple[Event, ...]:
        """Run an action on a tracker and give its events, replies among them."""


class ActionContext:
    """What an action sees and does.

    Attributes:
        tracker: the conversation as it was when the action began.
        domain: the bot's domain.
        channel: name of the channel that replies go to.
        effects: what the action asked for so far, in order.
    """

    def __init__(
        self,
        *,
        tracker: Tracker,
        domain: Domain,
        channel: str = "",
        performer: Perform | None = None,
    ) -> None:
        """Make the context of one run; without a performer it can't run other actions."""
        self.tracker = tracker
        self.domain = domain
        self.channel = channel
        self.effects: list[Effect] = []
        self._performer = performer

    @property
    def slots(self) -> Mapping[str, Any]:
        """Slot values, those set in this run included."""
        changed = {e.name: e.value for e in self.effects if isinstance(e, SlotSet)}
        return MappingProxyType({**self.tracker.slots, **changed})

    @property
    def message(self) -> Understanding | None:
        """The last user message as understood, None before the first."""
        latest = self.tracker.latest_message
        return None if latest is None else latest.understanding

    @property
    def conversation(self) -> str:
        """Id of the conversation."""
        return self.tracker.conversation

    def say(self, text_or_response: str | None = None, /, **content: Any) -> None:
        """Reply with a response of the domain, or with text.

        Args:
            text_or_response: a name in the domain's `responses`, else the words themselves; one
                word that begins with `utter_` is a name in any case, and never said aloud.
            **content: `image`, `buttons`, `custom`, … as in a response; every other keyword is a
                value for `{placeholders}`.

        Raises:
            TypeError: what is to be said is not text.
        """
        for text in (text_or_response, content.get("text")):
            if text is not None and not isinstance(text, str):
                raise TypeError(f"only text can be said, not {type(text).__name__}")
        given = {key: content.pop(key) for key in CONTENT if key in content}
        is_named = text_or_response in self.domain.responses or is_response_name(text_or_response)
        named = text_or_response if is_named else None
        if named is None and text_or_response is not None:
            given["text"] = text_or_response
        self.effects.append(Say(response=named, content=given, values=content))

    def set_slot(self, name: str, value: Any) -> None:
        """Set a slot; None empties it."""
        self.effects.append(SlotSet(name=name, value=value))

    def deactivate_form(self) -> None:
        """Leave the active form."""
        self.effects.append(ActiveLoop(name=None))
        self.set_slot(REQUESTED_SLOT, None)

    def follow_up(self, action: str) -> None:
        """Run this action next, whatever the policies say."""
        self.effects.append(FollowupAction(name=action))

    def remind(
        self,
        intent: str,
        *,
        at: datetime,
        entities: Mapping[str, Any] | None = None,
        name: str | None = None,
        kill_on_user_message: bool = True,
    ) -> None:
        """Act later as if the user had meant something; `events.ReminderCancelled` calls it off.

        Args:
            intent: what is meant then.
            at: when; local time where it names no zone.
            entities: values by the names of their entities.
            name: of the reminder, to cancel or replace it by.
            kill_on_user_message: whether it is void once the user writes anything.
        """
        meant = tuple({"entity": each, "value": value} for each, value in (entities or {}).items())
        self.effects.append(
            ReminderScheduled(
                intent=intent,
                entities=meant,
                trigger_at=at.isoformat(),
                name=name or reminder_name(intent, at.isoformat(), meant),
                kill_on_user_message=kill_on_user_message,
            )
        )

    def add(self, event: Event) -> None:
        """Add any event."""
        self.effects.append(event)

    def add_all(self, events: Iterable[Event]) -> None:
        """Add several events."""
        self.effects.extend(events)

    def knows(self, action: str) -> bool:
        """Say whether the bot has an action, form or response of that name."""
        return self._performer is not None and self._performer.knows(action)

    async def perform(self, action: str, *, tracker: Tracker | None = None) -> tuple[Event, ...]:
        """Run another action and give its events, which take effect only if they are added.

        Args:
            action: its name.
            tracker: the conversation it sees; that of this context if not given.

        Raises:
            ActionRejected: it declines to run.
            ActionError: it is unknown or failed.
        """
        if self._performer is None:
            raise ActionError(f"the action {action!r} can't be run outside of a bot")
        seen = self.tracker if tracker is None else tracker
        return await self._performer.run(action, tracker=seen, channel=self.channel)


class Action(ABC):
    """Something the bot does.

    Attributes:
        name: as listed under `actions:` in the domain.
        time_limit_seconds: how long the bot's own action may take before the turn goes on
            without it; None for no limit. A plain `run` goes on in its thread, unheeded.
    """

    name: ClassVar[str]
    time_limit_seconds: ClassVar[float | None] = 60.0

    @abstractmethod
    def run(self, ctx: ActionContext) -> Any:
        """Do it; may be a coroutine function. Effects go into `ctx`; the result is ignored.

        Raises:
            ActionRejected: to let the policies choose another action.
        """
