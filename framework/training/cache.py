"""What earlier bundles hold, so that nothing is learned twice."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from framework.assistant import bundle
from framework.assistant.bundle import Bundle
from framework.assistant.manifest import PartEntry
from framework.errors import BundleError, UsageError

logger = logging.getLogger(__name__)

_BUNDLES_SEARCHED = 3


class Cache:
    """Parts of earlier bundles by fingerprint."""

    def __init__(self, bundles: Sequence[Bundle] = ()) -> None:
        """Make the cache of some bundles; of equal parts the first bundle's counts."""
        self._parts: dict[str, tuple[Bundle, PartEntry]] = {}
        for found in bundles:
            for part in found.manifest.kept():
                self._parts.setdefault(part.fingerprint, (found, part))

    @classmethod
    def of_folder(cls, folder: Path, *, first: Bundle | None = None) -> Cache:
        """Read the newest bundles of a folder, behind `first`; damaged ones are passed over."""
        found = [] if first is None else [first]
        for path in bundle.newest_first(folder)[:_BUNDLES_SEARCHED]:
            try:
                found.append(bundle.read(path))
            except (BundleError, UsageError) as error:
                logger.warning("nothing is reused from %s: %s", path, error.message)
        return cls(found)

    def earlier(self, folder: str) -> Iterator[Mapping[str, bytes]]:
        """Give what earlier bundles hold in a folder, the newest first, whatever it was made of."""
        for fingerprint, (_, part) in self._parts.items():
            known = self.find(fingerprint) if part.folder == folder else None
            if known is not None:
                yield known[0]

    def find(self, fingerprint: str) -> tuple[Mapping[str, bytes], Mapping[str, float]] | None:
        """Give what a part learned from the same, and its scores; None where it has to learn."""
        if fingerprint not in self._parts:
            return None
        found, part = self._parts[fingerprint]
        try:
            return dict(found.files(part)), part.scores
        except BundleError as error:
            logger.warning("%s is trained again: %s", part.name, error.message)
            return None
