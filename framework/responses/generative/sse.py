"""What an OpenAI-compatible server answers: server-sent events or one document, never too much."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, cast

import httpx

from framework.responses.generative.base import ModelError, Piece, Usage

MOST_BYTES = 1_000_000
"""Of one answer, and of one event in a stream."""

_DONE = "[DONE]"
_LONGEST_WORDS = 200


async def pieces(response: httpx.Response) -> AsyncGenerator[Piece, None]:
    """Give the pieces of a streamed reply; a server that doesn't stream gives one.

    Whoever stops listening closes the generator, and with it all that reads from the connection.

    Raises:
        ModelError: the answer is none, has no end, or breaks off before it.
    """
    if "text/event-stream" not in response.headers.get("content-type", ""):
        yield _piece(_text(await _whole(response)), "message")
        return
    is_whole = False
    async with aclosing(_lines(response)) as lines:
        async for line in lines:
            if not line.startswith(b"data:"):
                continue
            data = _text(line).removeprefix("data:").strip()
            if data == _DONE:
                return
            piece = _piece(data, "delta")
            is_whole = is_whole or piece.finish is not None
            yield piece
    if not is_whole:  # a connection that is closed halfway looks like the end of the body
        raise ModelError("the language model's server breaks off its reply")


async def _whole(response: httpx.Response) -> bytes:
    content = b""
    async with aclosing(_chunks(response)) as chunks:
        async for chunk in chunks:
            content += chunk
            if len(content) > MOST_BYTES:
                raise ModelError("the language model's server answers without end")
    return content


async def _lines(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    rest = b""
    async with aclosing(_chunks(response)) as chunks:
        async for chunk in chunks:
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield line.rstrip(b"\r")
            if len(rest) > MOST_BYTES:
                raise ModelError("the language model's server answers without end")
    if rest:
        yield rest


def _chunks(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    return cast("AsyncGenerator[bytes, None]", response.aiter_bytes())  # as httpx makes it


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _piece(data: str, key: str) -> Piece:
    """Read one chunk of a reply (`delta`), or a whole one (`message`)."""
    try:
        found = json.loads(data)
        if isinstance(found, dict) and found.get("error"):
            words = words_of(found["error"])
            told = f": {words}" if words else ""
            raise ModelError(f"the language model's server reports an error{told}")
        choices = found["choices"]
        choice = choices[0] if choices else {}
        part = choice.get(key) or {}
        text, finish = part.get("content"), choice.get("finish_reason")
        usage = found.get("usage")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError("the language model's server answers nonsense") from error
    if (text is not None and not isinstance(text, str)) or (choices and key not in choice):
        raise ModelError("the language model's server answers nonsense")
    return Piece(
        text=text or "",
        finish=finish if isinstance(finish, str) else None,
        usage=_usage(usage) if isinstance(usage, Mapping) else None,
    )


def _usage(counted: Mapping[str, Any]) -> Usage | None:
    numbers = [counted.get(key) for key in ("prompt_tokens", "completion_tokens")]
    whole = [number for number in numbers if isinstance(number, int) and number >= 0]
    return Usage(input_tokens=whole[0], output_tokens=whole[1]) if len(whole) == 2 else None


def words_of(error: Any) -> str:
    """Give a server's words about an error on one line, cut where they are long."""
    if isinstance(error, list):
        error = error[0] if error else None
    if isinstance(error, Mapping):
        keys = ("message", "msg", "detail", "error")
        return next(filter(None, (words_of(error.get(key)) for key in keys)), "")
    if not isinstance(error, str):
        return ""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in error).split())
    return line if len(line) <= _LONGEST_WORDS else f"{line[:_LONGEST_WORDS]}…"
