"""Plain YAML scalars -> values: the YAML 1.2 rules of Rasa's reader.

`yes`, `no`, `on`, `off` and times stay texts; numbers may have underscores; dates stay texts, since
everything in a project must survive JSON.
"""

from __future__ import annotations

import os
import re

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_INTEGER = re.compile(r"([-+]?)(?:0b([01_]+)|0o([0-7_]+)|0x([0-9a-fA-F_]+)|([0-9_]+))")
_FLOAT = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?"
    r"|[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?)"
)
_BASES = (2, 8, 16, 10)
_NUMBER_STARTS = frozenset("+-.0123456789")
_MAX_DIGITS = 400
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def resolve(text: str) -> str | bool | int | float | None:
    """Give the value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_STARTS and len(text) <= _MAX_DIGITS:
        return _number(text)
    return text


def _number(text: str) -> str | int | float:
    whole = _INTEGER.fullmatch(text)
    if whole is not None:
        return _integer(whole, text)
    if _FLOAT.fullmatch(text) is not None:
        return float(text.replace("_", ""))
    return text


def _integer(match: re.Match[str], text: str) -> str | int:
    sign, *forms = match.groups()
    for base, digits in zip(_BASES, forms, strict=True):
        bare = (digits or "").replace("_", "")
        if bare:
            return int(sign + bare, base)
    return text


def expand(text: str) -> tuple[str, tuple[str, ...]]:
    """Put environment variables in the place of `${NAME}`.

    Returns:
        the text, and the names that the environment doesn't have; those stay as written.
    """
    missing: list[str] = []

    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if name not in os.environ:
            missing.append(name)
            return match[0]
        return os.environ[name]

    return _VARIABLE.sub(replace, text), tuple(missing)
