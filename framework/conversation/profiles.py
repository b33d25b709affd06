"""Profiles: what is kept of a user from one conversation to the next, and where.

Only slots that the domain marks with `profile: true` ever get here. A store keeps values by user
and slot, and erases all of a user's at once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Literal, get_args

from framework.errors import UsageError
from framework.registry import did_you_mean

WRONG = "profile-settings"
"""Id of the error of a setting that can't be used."""

Kind = Literal["sqlite", "memory"]


class ProfileSettings:
    """Keeps the profiles of users: the slots marked `profile: true`, across conversations."""

    def __init__(
        self,
        *,
        type: str = "sqlite",  # Rasa's key for the kind of a store
        path: str = "profiles.sqlite",
        user_key: str | None = None,
        expires_days: float | None = None,
    ) -> None:
        """Take the settings.

        Args:
            type: `sqlite`, or `memory`, which ends with the process.
            path: the file of `sqlite`, from the folder in which the bot runs.
            user_key: key of a message's metadata that names the user; None for the conversation's
                id.
            expires_days: days without a change after which a profile is erased; None for never.

        Raises:
            UsageError: a setting can't be used.
        """
        kinds = get_args(Kind)
        if type not in kinds:
            raise UsageError(
                f"there is no profile store of type {type!r}",
                id=WRONG,
                hint=did_you_mean(type, kinds) or f"known: {', '.join(kinds)}",
            )
        if expires_days is not None and expires_days <= 0:
            message = f"`expires_days` is {expires_days}, expected more than 0"
            raise UsageError(message, id=WRONG, hint="leave it out to keep profiles for good")
        self.type = type
        self.path = path
        self.user_key = user_key
        self.expires_days = expires_days


class ProfileStore(ABC):
    """Keeps profiles by user."""

    @abstractmethod
    async def load(self, user: str) -> Mapping[str, Any]:
        """Give the values of a user by slot; none for an unknown one.

        Raises:
            UsageError: the store can't be used.
        """

    @abstractmethod
    async def save(self, user: str, changes: Mapping[str, Any]) -> None:
        """Change values of a user; None takes a value away.

        Raises:
            UsageError: the store can't be used.
        """

    @abstractmethod
    async def erase(self, user: str) -> None:
        """Forget all values of a user.

        Raises:
            UsageError: the store can't be used.
        """


class MemoryProfiles(ProfileStore):
    """Keeps profiles until the process ends."""

    def __init__(self) -> None:
        """Make an empty store."""
        self._values: dict[str, dict[str, Any]] = {}

    async def load(self, user: str) -> Mapping[str, Any]:
        """Give the values of a user by slot."""
        return dict(self._values.get(user, {}))

    async def save(self, user: str, changes: Mapping[str, Any]) -> None:
        """Change values of a user."""
        values = {**self._values.get(user, {}), **changes}
        self._values[user] = {name: value for name, value in values.items() if value is not None}

    async def erase(self, user: str) -> None:
        """Forget all values of a user."""
        self._values.pop(user, None)
