"""The bytes of a text document -> its text, and what is to be said about its encoding."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

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
_PAGES = {
    **dict.fromkeys(("bs", "cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq"), "cp1250"),
    **dict.fromkeys(("az", "tr"), "cp1254"),
    **dict.fromkeys(("et", "lt", "lv"), "cp1257"),
}
"""The code page of languages in Latin letters where it isn't that of Western Europe."""

_WESTERN = "cp1252"
_OTHER_LETTER = regex.compile(r"[\p{L}--\p{Latin}]", regex.V1)
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


def decode(content: bytes, *, is_html: bool = False, language: str = "en") -> Decoded:
    """Decode a document: as it is marked or declared, as UTF-8, else as its letters suggest.

    Args:
        content: the bytes.
        is_html: whether it may declare its encoding.
        language: ISO code of the bot's language; tells apart encodings that all give letters.
    """
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
        return _guess(content, error.start, language)
    if len(_CONTROL.findall(text[:_SAMPLE_BYTES])) > _MOST_CONTROLS * len(text[:_SAMPLE_BYTES]):
        return Decoded(text=None, fault="it isn't text")
    return Decoded(text=text)


def _strictly(content: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(text=content.decode(encoding), encoding=encoding)
    except (UnicodeError, LookupError):
        return Decoded(text=None, encoding=encoding, fault=f"it isn't {encoding}, as it claims")


def _guess(content: bytes, start: int, language: str) -> Decoded:
    """Guess the encoding of what isn't UTF-8 from byte `start` on."""
    line = content.count(b"\n", 0, start) + 1
    fault = f"the byte 0x{content[start]:02x} at position {start} is not UTF-8"
    if b"\x00" in content[:_SAMPLE_BYTES]:
        return Decoded(text=None, fault="it isn't text")
    around = content[max(0, start - _SAMPLE_BYTES // 2) : start + _SAMPLE_BYTES // 2]
    try:
        found = list(load_object("charset_normalizer:from_bytes")(around))
    except ImportError:
        return Decoded(text=None, line=line, fault=fault)
    if not found:
        return Decoded(text=None, line=line, fault=fault)
    encoding = _likeliest(found, language)
    text = content.decode(encoding, "replace")
    return Decoded(text=text, encoding=encoding, line=line, fault=fault)


def _likeliest(found: Iterable[Any], language: str) -> str:
    """Choose among guesses, the best of which is the first.

    Several code pages of Latin letters fit a text; the language of the bot tells which it has.
    """
    best, *_ = found
    page = _PAGES.get(language[:2], _WESTERN)
    known = {best.encoding, *best.could_be_from_charset, *(one.encoding for one in found)}
    is_latin = not _OTHER_LETTER.search(str(best))
    return page if is_latin and page in known else str(best.encoding)
