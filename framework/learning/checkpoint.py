"""Where a training keeps what it has reached, so that an interruption loses little of it."""

from __future__ import annotations

from typing import Protocol


class CheckpointStore(Protocol):
    """Keeps states of a training by name, each written whole or not at all."""

    def read(self, name: str) -> bytes | None:
        """Give a state; None where there is none, or where it is damaged."""

    def write(self, name: str, state: bytes) -> None:
        """Keep a state in place of an earlier one of that name."""
