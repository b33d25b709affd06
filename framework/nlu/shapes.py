"""Values of a parse result that came from outside, each held to the shape it must have.

All raise a `UsageError` for another shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from framework.errors import UsageError


def confidence_of(data: Mapping[str, Any], *, missing: float) -> float:
    """Give the key `confidence`; `missing` where it is absent."""
    value = data.get("confidence")
    if value is None:
        return missing
    if not isinstance(value, int | float):
        raise misshapen("confidence", "a number", value)
    return float(value)


def token_of(item: Any) -> tuple[int, int]:
    """Give a pair of offsets."""
    pair = list_of(item, "text_tokens")
    if len(pair) != 2 or not all(isinstance(offset, int) for offset in pair):
        raise misshapen("text_tokens", "pairs of start and end", item)
    return pair[0], pair[1]


def offset_of(data: Mapping[str, Any], key: str) -> int | None:
    """Give a character offset; None where it is absent."""
    value = data.get(key)
    if value is not None and not isinstance(value, int):
        raise misshapen(key, "a character offset", value)
    return value


def mapping_of(value: Any, key: str) -> Mapping[str, Any]:
    """Give an object; an empty one for null."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise misshapen(key, "an object", value)
    return value


def list_of(value: Any, key: str) -> Sequence[Any]:
    """Give a list; an empty one for null."""
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise misshapen(key, "a list", value)
    return value


def misshapen(key: str, expected: str, found: object) -> UsageError:
    """Make the error for a value of the wrong shape; `key` says where it stands."""
    return UsageError(
        f"{key!r} of a parse result is {found!r}, expected {expected}", id="misshapen-parse-result"
    )
