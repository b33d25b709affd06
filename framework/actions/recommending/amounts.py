"""The number that a user means: `30`, `30 euros`, `thirty`, `一百五十元`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from framework.nlu.values.chinese.numerals import find_numerals, simplified
from framework.nlu.values.numbers import find_numbers


def number_of(value: Any) -> float | None:
    """Read a slot or an entity as a number; None where it states none, or several.

    A mapping is an amount as Duckling gives it: `{"value": 30, "unit": "EUR"}`.
    """
    if isinstance(value, Mapping):
        return number_of(value.get("value"))
    if isinstance(value, list | tuple) and len(value) == 1:
        return number_of(value[0])
    if isinstance(value, str):
        value = _number_in(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _number_in(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        pass
    found = [*find_numbers(text), *find_numerals(simplified(text))]
    return found[0].value if len(found) == 1 else None
