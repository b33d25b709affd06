"""What the bot remembers of a user beyond a conversation: restored when a session starts."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from framework.conversation.events import (
    ActionExecuted,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from framework.conversation.profile_file import SqliteProfiles
from framework.conversation.profiles import MemoryProfiles, ProfileSettings, ProfileStore
from framework.conversation.tracker import Tracker
from framework.errors import UsageError
from framework.project.schema.config import PROFILE_STORE, Endpoints
from framework.project.schema.domain import Domain
from framework.project.schema.names import FORGET_ME

logger = logging.getLogger(__name__)


class Profiles:
    """The profiles of a bot's users.

    A store that fails is logged and leaves the conversation as it is without a profile.

    Attributes:
        store: keeps the values.
        slots: names of the slots that are kept.
    """

    def __init__(
        self, store: ProfileStore, *, slots: Iterable[str], user_key: str | None = None
    ) -> None:
        """Take the store and what is kept.

        Args:
            store: keeps the values.
            slots: names of the slots that are kept.
            user_key: key of a message's metadata that names the user; None for the conversation's
                id.
        """
        self.store = store
        self.slots = frozenset(slots)
        self._user_key = user_key

    def user(self, tracker: Tracker, metadata: Mapping[str, Any] | None = None) -> str:
        """Say whose conversation it is: as this or the last message says, else by its id."""
        if self._user_key is None:
            return tracker.conversation
        if metadata is None:
            metadata = _latest_metadata(tracker)
        named = metadata.get(self._user_key)
        return str(named) if named not in (None, "") else tracker.conversation

    async def restored(
        self,
        events: Sequence[Event],
        tracker: Tracker,
        *,
        metadata: Mapping[str, Any] | None = None,
    ) -> tuple[Event, ...]:
        """Add the user's profile to the events that begin a session; others stay as they are.

        What an action of the bot's own sets anew goes before the profile, which goes before what
        the last session left.

        Args:
            events: what the action that begins the session gave.
            tracker: the conversation before them.
            metadata: of the message that begins it, where it isn't recorded yet.
        """
        if not self.slots or not any(isinstance(event, SessionStarted) for event in events):
            return tuple(events)
        try:
            known = await self.store.load(self.user(tracker, metadata))
        except UsageError as error:
            logger.error("a profile could not be read: %s", error.message)
            return tuple(events)
        fresh = {
            event.name
            for event in events
            if isinstance(event, SlotSet) and event.value != tracker.slots.get(event.name)
        }
        slots = [
            SlotSet(name=name, value=value)
            for name, value in known.items()
            if name in self.slots and name not in fresh
        ]
        place = len(events)
        while place and isinstance(events[place - 1], ActionExecuted):
            place -= 1
        return (*events[:place], *slots, *events[place:])

    async def learn(self, before: Tracker, after: Tracker) -> None:
        """Keep what a turn changed in the slots of the profile, and forget where it was asked."""
        new = after.events[len(before.events) :]
        named = {event.name for event in new if isinstance(event, SlotSet)} & self.slots
        changes = {
            name: after.slots[name]
            for name in named
            if after.slots[name] != before.slots.get(name) and _can_be_kept(name, after.slots[name])
        }
        is_forgotten = any(
            isinstance(event, ActionExecuted) and event.name == FORGET_ME for event in new
        )
        user = self.user(after)
        try:
            if is_forgotten:
                await self.store.erase(user)
            elif changes:
                await self.store.save(user, changes)
        except UsageError as error:
            logger.error("a profile could not be changed: %s", error.message)


def own_profiles(endpoints: Endpoints | None, domain: Domain) -> Profiles:
    """Make the profiles of a bot as `profile_store:` says; in memory where nothing does.

    Raises:
        UsageError: the settings or the store can't be used.
    """
    service = endpoints.services.get(PROFILE_STORE) if endpoints else None
    settings = ProfileSettings(**({"type": "memory"} if service is None else service.options))
    slots = [slot.name for slot in domain.slots.values() if slot.profile]
    store: ProfileStore = MemoryProfiles()
    if settings.type == "sqlite" and slots:
        store = SqliteProfiles(settings.path, expires_days=settings.expires_days)
    return Profiles(store, slots=slots, user_key=settings.user_key)


def _latest_metadata(tracker: Tracker) -> Mapping[str, Any]:
    heard = (event for event in reversed(tracker.events) if isinstance(event, UserUttered))
    return next((event.metadata for event in heard), {})


def _can_be_kept(name: str, value: Any) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        logger.warning("the slot %r is not kept in the profile: its value is no JSON", name)
        return False
    return True
