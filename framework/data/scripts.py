"""Scripts that set no spaces between words."""

from __future__ import annotations

UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]"
"""Matches one character of them; a set of the package `regex`."""
