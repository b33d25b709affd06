"""Profiles kept in an SQLite file, which several processes may share."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from framework.conversation.profiles import ProfileStore
from framework.errors import Location, UsageError

SECONDS_A_DAY = 24 * 60 * 60
BUSY_SECONDS = 5.0
"""How long another process may hold the file."""

_TABLE = """\
CREATE TABLE IF NOT EXISTS profile (
    user TEXT NOT NULL, slot TEXT NOT NULL, value TEXT NOT NULL, changed REAL NOT NULL,
    PRIMARY KEY (user, slot)
)"""
_PUT = "INSERT OR REPLACE INTO profile (user, slot, value, changed) VALUES (?, ?, ?, ?)"


class SqliteProfiles(ProfileStore):
    """Keeps profiles in a file that only its owner may read; what is erased is overwritten."""

    def __init__(
        self,
        path: Path | str,
        *,
        expires_days: float | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the file, which is made when the first value is kept.

        Args:
            path: the file.
            expires_days: days without a change after which a profile is erased; None for never.
            clock: gives seconds since the epoch.

        Raises:
            UsageError: the file can't be used.
        """
        self.path = Path(path)
        self._expires_days = expires_days
        self._clock = clock
        if not self.path.parent.is_dir():
            raise UsageError(
                f"profiles can't be kept in {str(self.path)!r}: its folder doesn't exist",
                id="profile-store",
                where=Location(file=str(self.path)),
                hint="make the folder, or give another `path` under `profile_store`",
            )
        self._load("")

    async def load(self, user: str) -> Mapping[str, Any]:
        """Give the values of a user by slot; an expired profile is erased."""
        return await asyncio.to_thread(self._load, user)

    async def save(self, user: str, changes: Mapping[str, Any]) -> None:
        """Change values of a user, all or none."""
        await asyncio.to_thread(self._save, user, changes)

    async def erase(self, user: str) -> None:
        """Forget all values of a user."""
        await asyncio.to_thread(self._erase, user)

    def _load(self, user: str) -> dict[str, Any]:
        if not self.path.exists():
            return {}
        with self._opened() as database:
            query = "SELECT slot, value, changed FROM profile WHERE user = ?"
            rows = database.execute(query, (user,)).fetchall()
            if rows and self._is_old(max(changed for _, _, changed in rows)):
                database.execute("DELETE FROM profile WHERE user = ?", (user,))
                return {}
        return {slot: json.loads(value) for slot, value, _ in rows}

    def _is_old(self, changed: float) -> bool:
        if self._expires_days is None:
            return False
        return self._clock() - changed > self._expires_days * SECONDS_A_DAY

    def _save(self, user: str, changes: Mapping[str, Any]) -> None:
        if not self.path.exists():
            self.path.touch(mode=0o600)
        with self._opened() as database:
            for slot, value in changes.items():
                if value is None:
                    query = "DELETE FROM profile WHERE user = ? AND slot = ?"
                    database.execute(query, (user, slot))
                else:
                    row = (user, slot, json.dumps(value, ensure_ascii=False), self._clock())
                    database.execute(_PUT, row)

    def _erase(self, user: str) -> None:
        if self.path.exists():
            with self._opened() as database:
                database.execute("DELETE FROM profile WHERE user = ?", (user,))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction."""
        try:
            with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS)) as database:
                database.execute("PRAGMA secure_delete = ON")
                database.execute(_TABLE)
                with database:
                    yield database
        except (sqlite3.Error, ValueError) as error:
            raise UsageError(
                f"profiles can't be kept in {str(self.path)!r}: {error}",
                id="profile-store",
                where=Location(file=str(self.path)),
                hint="give another `path` under `profile_store`",
            ) from error
