"""The bytes of a text document -> its text, and what is to be said about its encoding."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import regex

from framework.registry import load_object

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = regex.compile(
    rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", regex.I
)
_SAMPLE_BYTES = 200_000
_MOST_CONTROLS = 0.01
_CONTROL = regex.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """A text and how it was encoded.

    Attributes:
        text: None where it can't be told what the bytes mean.
        encoding: what was taken.
        line: of the first byte that isn't UTF-8, 1-based; 0 where there is none or none expected.
        fault: what that byte is, or why there is no text; empty where all is well.
    """

    text: str | None
    encoding: str = "utf-8"
    line: int = 0
    fault: str = ""


def decode(content: bytes, *, is_html: bool = False) -> Decoded:
    """Decode a document: as it is marked or declared, as UTF-8, else as its letters suggest."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding)
    declared = _DECLARED.search(content, endpos=2048) if is_html else None
    if declared is not None:
        found = _strictly(content, declared[1].decode("ascii"))
        if found.text is not None:
            return found
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _guess(content, error.start)
    if len(_CONTROL.findall(text[:_SAMPLE_BYTES])) > _MOST_CONTROLS * len(text[:_SAMPLE_BYTES]):
        return Decoded(text=None, fault="it isn't text")
    return Decoded(text=text)


def _strictly(content: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(text=content.decode(encoding), encoding=encoding)
    except (UnicodeError, LookupError):
        return Decoded(text=None, encoding=encoding, fault=f"it isn't {encoding}, as it claims")


def _guess(content: bytes, start: int) -> Decoded:
    """Guess the encoding of what isn't UTF-8 from byte `start` on."""
    line = content.count(b"\n", 0, start) + 1
    fault = f"the byte 0x{content[start]:02x} at position {start} is not UTF-8"
    if b"\x00" in content[:_SAMPLE_BYTES]:
        return Decoded(text=None, fault="it isn't text")
    around = content[max(0, start - _SAMPLE_BYTES // 2) : start + _SAMPLE_BYTES // 2]
    try:
        best = load_object("charset_normalizer:from_bytes")(around).best()
    except ImportError:
        return Decoded(text=None, line=line, fault=fault)
    if best is None:
        return Decoded(text=None, line=line, fault=fault)
    text = content.decode(best.encoding, "replace")
    return Decoded(text=text, encoding=best.encoding, line=line, fault=fault)
