"""A trained bot, ready to answer."""

from __future__ import annotations

import time
import weakref
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from framework.actions.base import Action
from framework.actions.knowledge import Answers
from framework.actions.runner import ActionRunner
from framework.assistant import loading
from framework.assistant.blocking import BackgroundLoop
from framework.assistant.chat import ChatAction
from framework.assistant.conversations import Conversations
from framework.assistant.engine import (
    Engine,
    Nlu,
    Observer,
    Policies,
    Step,
    Turn,
    most_actions,
)
from framework.assistant.external import Entities, external
from framework.assistant.profiles import own_profiles
from framework.assistant.receivers import Receive, Receivers
from framework.assistant.reminders import Reminders
from framework.assistant.responders import own_responder
from framework.assistant.steps import stamped
from framework.assistant.turn import take_turn
from framework.conversation.events import ActionExecuted, Event, ReminderScheduled, SlotSet
from framework.conversation.messages import BotMessage, UserMessage
from framework.conversation.reminders import REMINDER, is_pending
from framework.conversation.stores.base import TrackerStore
from framework.conversation.stores.memory import MemoryStore
from framework.conversation.tracker import Tracker
from framework.nlu.types import Understanding
from framework.project.schema.config import Endpoints
from framework.project.schema.domain import Domain
from framework.project.schema.names import FORGET_ME, LISTEN
from framework.registry import load_object
from framework.responses.base import Responder, TrainedResponder
from framework.responses.knowledge.answers import NoKnowledge
from framework.responses.templates import Templates
from framework.responses.voice import Voice

_ACTION_SERVER = "framework.actions.server:ActionServer"
"""Imported only for a bot that names one: its HTTP client takes a while to load."""


class Assistant:
    """A bot that understands messages, decides and answers.

    Conversations don't disturb each other; messages of one conversation are answered one after
    the other, in the order of arrival.

    Attributes:
        domain: the bot's domain.
        engine: what its turns are made with.
        generator: writes replies as it was trained to; None where the bot has none.
        store: where conversations are kept.
        profiles: what is kept of users from one conversation to the next.
        reminders: keeps the time for what the bot says on its own.
    """

    def __init__(  # noqa: PLR0913  # these are the bot's parts
        self,
        *,
        pipeline: Nlu,
        ensemble: Policies,
        domain: Domain,
        actions: Iterable[Action] | Mapping[str, Action] = (),
        endpoints: Endpoints | None = None,
        responders: Sequence[Responder] = (),
        store: TrackerStore | None = None,
        seed: int = 0,
        clock: Callable[[], float] = time.time,
        stamp: Mapping[str, Any] | None = None,
        knowledge: Answers | None = None,
        llm: Any = None,
        language: str = "en",
        observers: Sequence[Observer] = (),
        generator: TrainedResponder | None = None,
    ) -> None:
        """Put a bot together from its parts.

        Args:
            pipeline: understands messages.
            ensemble: decides what comes next.
            domain: the bot's domain.
            actions: the bot's own actions; a mapping gives them other names than their own.
            endpoints: services; `action_endpoint` runs custom actions, `nlg` writes replies.
            responders: asked for a response before the domain's own variations.
            store: keeps conversations; in memory if not given.
            seed: decides between variations of a response.
            clock: gives seconds since the epoch.
            stamp: metadata of every event.
            knowledge: answers from the bot's documents; None where it has none.
            llm: the settings under `llm:`; None where no language model is used.
            language: ISO code of the bot's language.
            observers: notice every message.
            generator: writes replies as it was trained to; says them by `action_chat`.

        Raises:
            UsageError: the environment sets an impossible limit of actions in a turn.
        """
        service = endpoints.services.get("action_endpoint") if endpoints else None
        templates = Templates(seed=seed, language=language)
        last = own_responder(endpoints, llm=llm, templates=templates, language=language)
        trained = [generator] if generator else []
        voice = Voice(domain=domain, responders=[*responders, *trained, last])
        own = dict(actions) if isinstance(actions, Mapping) else {a.name: a for a in actions}
        if generator is not None:
            own.setdefault(ChatAction.name, ChatAction(generator))
        runner = ActionRunner(
            domain=domain,
            speaker=voice,
            own=own,
            server=load_object(_ACTION_SERVER)(service) if service else None,
            answers=knowledge or NoKnowledge(language),
        )
        self.domain = domain
        self.generator = generator
        self.store = store or MemoryStore()
        self.profiles = own_profiles(endpoints, domain)
        self.engine = Engine(
            domain=domain,
            nlu=pipeline,
            policies=ensemble,
            runner=runner,
            clock=clock,
            limit=most_actions(),
            stamp=stamp or {},
            observers=tuple(observers),
            profiles=self.profiles,
            language=language,
        )
        self.reminders = Reminders(self._remind, clock=clock)
        self._receivers = Receivers()
        self._conversations = Conversations(
            domain, store=self.store, profiles=self.profiles, reminders=self.reminders
        )
        self._loop = BackgroundLoop()
        weakref.finalize(self, self._loop.close)

    @classmethod
    def load(
        cls,
        bundle: Path | str,
        *,
        code: Path | str | None = None,
        endpoints: Endpoints | None = None,
        seed: int = 0,
    ) -> Self:
        """Load a trained bot.

        Args:
            bundle: the model file, or a folder, which stands for its newest.
            code: folder of the bot's own Python: actions, components, policies.
            endpoints: services around the bot.
            seed: decides between variations of a response.

        Raises:
            UsageError: there is no such file, or it names a part that nobody provides.
            BundleError: it is damaged, altered, or written by a newer Frame.
            ProjectError: the bot's own Python can't be imported.
        """
        parts = loading.load(bundle, code=code)
        return cls(
            pipeline=parts.pipeline,
            ensemble=parts.ensemble,
            domain=parts.domain,
            actions=parts.actions,
            endpoints=endpoints,
            seed=seed,
            stamp=parts.stamp,
            knowledge=parts.knowledge,
            llm=parts.llm,
            language=parts.language,
            observers=parts.observers,
            generator=parts.generator,
        )

    def handle(
        self, text: str | UserMessage, *, conversation: str = "default", channel: str = "cmdline"
    ) -> list[BotMessage]:
        """Answer a message; `ahandle` for callers that are not asynchronous."""
        return self._loop.run(self.ahandle(text, conversation=conversation, channel=channel))

    async def ahandle(
        self, text: str | UserMessage, *, conversation: str = "default", channel: str = "cmdline"
    ) -> list[BotMessage]:
        """Answer a message and give the replies.

        Args:
            text: the words, a payload `/intent{"entity": "value"}`, or a whole message, which
                says itself whom it is from.
            conversation: id of the conversation.
            channel: name of the channel it came through.
        """
        message = text
        if not isinstance(message, UserMessage):
            message = UserMessage(text=message, conversation=conversation, channel=channel)
        return [reply async for step in self.steps(message) for reply in step.replies]

    async def steps(self, message: UserMessage) -> AsyncIterator[Step]:
        """Answer a message step by step, for callers that pass replies on as they come."""
        async with self._conversations.hold(message.conversation) as before:
            steps = take_turn(self.engine, message, before)
            async for step in self._conversations.keep(message, before, steps):
                yield step

    def trigger(
        self, intent: str, *, conversation: str, entities: Entities | None = None
    ) -> list[BotMessage]:
        """Act as if the user had meant something; `atrigger` for synchronous callers."""
        return self._loop.run(self.atrigger(intent, conversation=conversation, entities=entities))

    async def atrigger(
        self, intent: str, *, conversation: str, entities: Entities | None = None
    ) -> list[BotMessage]:
        """Act as if the user had meant something, because another system calls.

        Args:
            intent: what is meant.
            conversation: id of the conversation.
            entities: values by the names of their entities, or entities as Rasa writes them.
        """
        async with self._conversations.hold(conversation) as before:
            steps = self._pretend(intent, before, entities=entities or {})
            return [reply async for step in steps for reply in step.replies]

    def receive(self, receiver: Receive) -> None:
        """Have what the bot says on its own passed on: replies that no message waits for.

        Args:
            receiver: takes one reply at a time, which says itself whom it is for; may be a
                coroutine function. Callers of `handle` are called back in another thread.
        """
        self._receivers.add(receiver)

    def parse(self, text: str) -> Understanding:
        """Understand a text without answering it."""
        return self.engine.nlu.parse(text.strip())

    def tracker(self, conversation: str = "default") -> Tracker:
        """Give the state of a conversation."""
        return self._loop.run(self._conversations.tracker(conversation))

    def append(self, events: Iterable[Event], *, conversation: str = "default") -> Tracker:
        """Add events from outside; `aappend` for synchronous callers."""
        return self._loop.run(self.aappend(events, conversation=conversation))

    async def aappend(self, events: Iterable[Event], *, conversation: str = "default") -> Tracker:
        """Add events from outside to a conversation: slots, a pause, a resumption."""
        async with self._conversations.hold(conversation) as before:
            after = before.extend(stamped(self.engine, events))
            await self._conversations.save(before, after)
            return after

    def forget(self, conversation: str) -> None:
        """Forget the profile of a conversation's user; `aforget` for synchronous callers."""
        self._loop.run(self.aforget(conversation))

    async def aforget(self, conversation: str) -> None:
        """Forget the profile of a conversation's user, as the user can by `action_forget_me`."""
        async with self._conversations.hold(conversation) as before:
            forgotten = await self.engine.runner.run(
                FORGET_ME, tracker=before, channel=before.latest_input_channel or ""
            )
            unsaid = [event for event in forgotten if isinstance(event, SlotSet)]
            events = [ActionExecuted(name=FORGET_ME), *unsaid, ActionExecuted(name=LISTEN)]
            await self._conversations.save(before, before.extend(stamped(self.engine, events)))

    def explain_last(self, conversation: str = "default") -> Turn | None:
        """Give the last turn of a conversation with all its steps; None before the first."""
        return self._conversations.last_turn(conversation)

    async def close(self) -> None:
        """Stop the reminders' timers and let go of the store's connections."""
        self.reminders.close()
        await self.store.close()

    async def _remind(self, conversation: str, reminder: ReminderScheduled) -> None:
        """Take the turn of a reminder that is due, unless something made it void."""
        async with self._conversations.hold(conversation) as before:
            if not is_pending(before, reminder):
                return
            metadata = {REMINDER: reminder.name}
            steps = self._pretend(
                reminder.intent, before, entities=reminder.entities, metadata=metadata
            )
            replies = [reply async for step in steps for reply in step.replies]
        for reply in replies:  # the conversation is free again: a receiver may go on with it
            await self._receivers.pass_on(reply)

    def _pretend(
        self,
        intent: str,
        before: Tracker,
        *,
        entities: Entities,
        metadata: Mapping[str, Any] | None = None,
    ) -> AsyncIterator[Step]:
        message, meant = external(intent, before, entities=entities, metadata=metadata)
        steps = take_turn(self.engine, message, before, understanding=meant)
        return self._conversations.keep(message, before, steps)
