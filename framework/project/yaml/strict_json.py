"""JSON inside the project's texts, without what Python's reader lets pass and no file can hold."""

from __future__ import annotations

import json
from typing import Any, NoReturn


def read_strictly(text: str) -> Any:
    r"""Give the value that a JSON text stands for.

    Raises:
        ValueError: it is no JSON, nested too deep, or holds half of a character (`"\ud83d"`).
    """
    try:
        value = json.loads(text, parse_constant=_refuse)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = ascii(error.object[error.start])
        raise ValueError(f"it holds half of a character: {half}") from error
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
