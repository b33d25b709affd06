"""Digits that patterns know and Python doesn't."""

from __future__ import annotations

import regex

_DIGIT = regex.compile(r"[^\P{Nd}0-9]")


def readable_digits(text: str) -> str:
    """Put U+FFFD in place of digits that `int` can't read; offsets stay.

    The patterns of the package regex know newer versions of Unicode than Python does, and with them
    the digits of further scripts.
    """
    return _DIGIT.sub(lambda match: match[0] if match[0].isdecimal() else "\ufffd", text)
