"""Where a training keeps what it has reached, so that an interruption loses little of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class CheckpointStore(Protocol):
    """Keeps states of a training by name, each written whole or not at all.

    A state comes in parts by name, each made when it is asked for, since all together need as much
    memory as the training itself. `write` takes them all before it returns: they change afterwards.
    """

    def read(self, name: str) -> Mapping[str, bytes] | None:
        """Give a state; None where there is none, or where it is damaged."""

    def write(self, name: str, state: Mapping[str, bytes]) -> None:
        """Keep a state in place of an earlier one of that name."""
