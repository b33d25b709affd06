"""Characters made readable, one for one, so that places in a text stay what they are."""

from __future__ import annotations

import regex

_DIGIT = regex.compile(r"[^\P{Nd}0-9]")
_WIDE = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()},
    **{ord(plain) + 0xFEE0: plain for plain in ":.+-/@$%~"},
    0xFFE5: "¥",
    **dict.fromkeys((0x3000, 0xA0, 0x2009, 0x202F, 0x2007), " "),
    **dict.fromkeys((0x2010, 0x2011, 0x2212), "-"),
}
"""Wide forms, spaces and dashes that mean no other than their ASCII ones."""

_IDEOGRAPH = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\u3001-\u303f\uff01-\uff65&&[^\u3007]]", regex.V1
)
_BLANK = "\ufffd"


def readable_digits(text: str) -> str:
    """Put U+FFFD in place of digits that `int` can't read; offsets stay.

    The patterns of the package regex know newer versions of Unicode than Python does, and with them
    the digits of further scripts.
    """
    return _DIGIT.sub(lambda match: match[0] if match[0].isdecimal() else _BLANK, text)


def narrowed(text: str) -> str:
    """Put ASCII in place of wide letters, digits and signs, and of odd spaces; offsets stay."""
    return text.translate(_WIDE)


def without_ideographs(text: str) -> str:
    """Put U+FFFD in place of scripts that write words without spaces; offsets stay.

    What stands in Latin letters or digits among them is then a word of its own.
    """
    return _IDEOGRAPH.sub(_BLANK, text)
