"""What an interrupted training leaves for the next one: parts that were finished, and checkpoints.

It lies in a folder beside the bundles until a training succeeds. A file is named by the fingerprint
of its part, so it serves only a training of exactly the same; a damaged one is passed over.
"""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path

from framework.assistant import archive
from framework.errors import BundleError, UsageError
from framework.learning.process import is_main_process

logger = logging.getLogger(__name__)

FOLDER = ".unfinished"
"""Name of the folder inside the folder of bundles."""

WORTH_SECONDS = 1.0
"""Parts that took less are trained again rather than kept."""

_SCORES, _FILES = "scores.json", "files/"


class Unfinished:
    """The folder of an interrupted training."""

    def __init__(self, folder: Path, *, is_taken_up: bool = True) -> None:
        """Make it for a folder of bundles; nothing is written yet.

        Args:
            folder: of the bundles.
            is_taken_up: whether what is there serves; all is forgotten otherwise.
        """
        self._folder = folder / FOLDER
        self._is_taken_up = is_taken_up
        if not is_taken_up:
            self.forget()

    def find(self, fingerprint: str) -> tuple[Mapping[str, bytes], Mapping[str, float]] | None:
        """Give the files and scores of a part that was finished; None where it wasn't."""
        members = _read(self._path(fingerprint, "part")) if self._is_taken_up else None
        if members is None:
            return None
        scores: dict[str, float] = json.loads(members.pop(_SCORES))
        return {name.removeprefix(_FILES): content for name, content in members.items()}, scores

    def keep(
        self, fingerprint: str, files: Mapping[str, bytes], scores: Mapping[str, float]
    ) -> None:
        """Keep a part that is finished; its checkpoints are of no use any more."""
        members = {_FILES + name: content for name, content in files.items()}
        members[_SCORES] = json.dumps(dict(scores)).encode()
        if _write(self._path(fingerprint, "part"), members):
            self._remove(f"{fingerprint}.*.checkpoint")

    def checkpoint(self, fingerprint: str) -> PartCheckpoint:
        """Give the store for the checkpoints of a part."""
        return PartCheckpoint(self._folder, fingerprint, is_taken_up=self._is_taken_up)

    @property
    def is_there(self) -> bool:
        """Whether an interrupted training left anything to go on from."""
        return any(self._folder.glob("*.part")) or any(self._folder.glob("*.checkpoint"))

    def forget(self) -> None:
        """Remove everything, once it is of no use."""
        if not is_main_process():
            return
        self._remove("*.part", "*.checkpoint", ".*.partial")
        if self._folder.is_dir() and not any(self._folder.iterdir()):
            with contextlib.suppress(OSError):  # another training has just begun to write there
                self._folder.rmdir()

    def _path(self, fingerprint: str, suffix: str) -> Path:
        return self._folder / f"{fingerprint}.{suffix}"

    def _remove(self, *patterns: str) -> None:
        for pattern in patterns:
            for path in self._folder.glob(pattern):
                path.unlink(missing_ok=True)


class PartCheckpoint:
    """The checkpoints of one part, each a sealed file."""

    def __init__(self, folder: Path, fingerprint: str, *, is_taken_up: bool = True) -> None:
        """Make the store; nothing is written yet."""
        self._folder = folder
        self._is_taken_up = is_taken_up
        self._fingerprint = fingerprint

    def read(self, name: str) -> Mapping[str, bytes] | None:
        """Give a state; None where there is none, or where it is damaged."""
        return _read(self._path(name)) if self._is_taken_up else None

    def write(self, name: str, state: Mapping[str, bytes]) -> None:
        """Keep a state in place of an earlier one of that name."""
        _write(self._path(name), state)

    def _path(self, name: str) -> Path:
        return self._folder / f"{self._fingerprint}.{name}.checkpoint"


def _read(path: Path) -> dict[str, bytes] | None:
    if not path.is_file():
        return None
    try:
        return {name: archive.read(path, name) for name in archive.check(path)}
    except (BundleError, UsageError) as error:
        logger.warning("an interrupted training can't go on from %s: %s", path, error.message)
        return None


def _write(path: Path, members: Mapping[str, bytes]) -> bool:
    """Write a file, and say whether it worked; a full disk is no reason to stop a training."""
    if not is_main_process():
        return False
    try:
        archive.write(path, members)
    except OSError as error:
        logger.warning("an interruption would lose what was learned so far: %s", error)
        return False
    return True
