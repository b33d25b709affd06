"""The keys of an event that comes from outside, each read with the shape it must have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from framework.errors import UsageError
from framework.nlu.types import Entity
from framework.nlu.wire import entity_from_json


class EventFields:
    """One event as it came in.

    Attributes:
        kind: the value of its key `event`.
        timestamp: its time, in seconds since the epoch.
        metadata: its metadata.
    """

    def __init__(self, data: Mapping[str, Any], *, now: float) -> None:
        """Take the event; `now` is the time of one that carries none.

        Raises:
            UsageError: it is no object, or has no kind.
        """
        if not isinstance(data, Mapping) or not isinstance(data.get("event"), str):
            raise UsageError(
                f"an event is {data!r}, expected an object with the key 'event'",
                id="misshapen-event",
            )
        self._data = data
        self.kind: str = data["event"]
        timestamp = self.optional_number("timestamp")
        self.timestamp = now if timestamp is None else timestamp
        self.metadata = self.mapping("metadata")

    def common(self) -> dict[str, Any]:
        """Give what every event has, as keywords."""
        return {"timestamp": self.timestamp, "metadata": self.metadata}

    def get(self, key: str) -> Any:
        """Give whatever a key holds; None when it is absent."""
        return self._data.get(key)

    def text(self, key: str) -> str:
        """Give a text that must be there."""
        value = self._data.get(key)
        if not isinstance(value, str):
            raise self.misshapen(key, "a text")
        return value

    def optional_text(self, key: str) -> str | None:
        """Give a text, or None."""
        return None if self._data.get(key) is None else self.text(key)

    def optional_number(self, key: str) -> float | None:
        """Give a number, or None."""
        value = self._data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.misshapen(key, "a number")
        return float(value)

    def flag(self, key: str, *, missing: bool) -> bool:
        """Give true or false."""
        value = self._data.get(key)
        if value is None:
            return missing
        if not isinstance(value, bool):
            raise self.misshapen(key, "true or false")
        return value

    def mapping(self, key: str) -> dict[str, Any]:
        """Give an object; an empty one when the key is absent."""
        value = self._data.get(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise self.misshapen(key, "an object")
        return dict(value)

    def entities(self, key: str) -> tuple[Entity, ...]:
        """Give entities as the NLU finds them."""
        return tuple(entity_from_json(item) for item in self.entity_mappings(key) or ())

    def entity_mappings(self, key: str) -> tuple[Mapping[str, Any], ...] | None:
        """Give entities as objects, or None; an object of names and values will do."""
        value = self._data.get(key)
        if value is None:
            return None
        if isinstance(value, Mapping):
            return tuple({"entity": name, "value": item} for name, item in value.items())
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise self.misshapen(key, "a list of entities")
        if not all(isinstance(item, Mapping) for item in value):
            raise self.misshapen(key, "a list of entities")
        return tuple(value)

    def misshapen(self, key: str, expected: str) -> UsageError:
        """Make the error for a key of the wrong shape."""
        return UsageError(
            f"{key!r} of the event {self.kind!r} is {self._data.get(key)!r}, expected {expected}",
            id="misshapen-event",
        )
