"""Going on from an earlier bundle, instead of learning everything from the start."""

from __future__ import annotations

import logging
import math
from pathlib import Path

from framework.assistant import bundle
from framework.assistant.bundle import Bundle
from framework.errors import UsageError
from framework.nlu.component import Earlier
from framework.training import fingerprint

logger = logging.getLogger(__name__)

_JOINT = "+"
"""Stands in a fingerprint between that of a full training and that of what came before."""


class Finetune:
    """The bundle from which a training goes on, and for how long."""

    def __init__(self, found: Bundle, *, epoch_fraction: float = 1.0) -> None:
        """Make it of a bundle.

        Args:
            found: the bundle.
            epoch_fraction: share of the usual epochs, above 0.

        Raises:
            UsageError: the share is none.
        """
        if not 0 < epoch_fraction < math.inf:
            raise UsageError(
                f"the share of epochs is {epoch_fraction!r}, expected a number above 0",
                hint="`--epoch-fraction 0.5` goes on for half of the usual epochs",
            )
        self.bundle = found
        self._epoch_fraction = epoch_fraction

    @classmethod
    def open(cls, model: Path | str, *, epoch_fraction: float = 1.0) -> Finetune | None:
        """Read a bundle, or the newest of a folder; None where a folder has none yet.

        Raises:
            UsageError: there is no such file.
            BundleError: it is damaged.
        """
        path = Path(model)
        newest = bundle.latest(path) if path.is_dir() else bundle.find(path)
        if newest is None:
            logger.warning("there is no earlier model in %s, so all is trained in full", path)
            return None
        return cls(bundle.read(newest), epoch_fraction=epoch_fraction)

    def find(self, name: str, wanted: str) -> tuple[str, Earlier | None]:
        """Find what a component learned before.

        Args:
            name: of the component.
            wanted: fingerprint of a full training on what there is now.

        Returns:
            The fingerprint of the training that goes on, and what it goes on from: where the
            bundle's part learned from exactly the same, its own fingerprint and nothing.
        """
        part = next((part for part in self.bundle.manifest.pipeline if part.name == name), None)
        if part is None:
            return wanted, None
        if part.fingerprint.partition(_JOINT)[0] == wanted:
            return part.fingerprint, None
        joined = fingerprint.digest(part.fingerprint, self._epoch_fraction)
        earlier = Earlier(files=self.bundle.files(part), epoch_fraction=self._epoch_fraction)
        return f"{wanted}{_JOINT}{joined[:16]}", earlier
