"""Servers of language models: one with a real model, and those that fail in all manners."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

from framework.responses.generative.base import ChatModel, Request
from tests.responses.generative.stand_ins import Server


class ModelServer(Server):
    """An OpenAI-compatible server that streams what a real model writes."""

    def __init__(self, model: ChatModel, *, max_tokens: int) -> None:
        super().__init__(lambda messages: messages)
        self._model = model
        self._max_tokens = max_tokens
        self.first_seconds: list[float] = []

    def say(self, handler: Any, text: Any) -> None:
        """Stream the answer to the messages, which stand for the text."""
        asyncio.run(self._say(handler, text))

    async def _say(self, handler: Any, messages: Any) -> None:
        asked = {**self.requests[-1], "messages": messages}
        request = Request(
            messages=messages,
            max_tokens=asked.get("max_tokens", self._max_tokens),
            temperature=asked.get("temperature", 0),
            seed=asked.get("seed"),
        )
        started, is_first = time.monotonic(), True
        async with contextlib.aclosing(self._model.stream(request)) as stream:
            async for piece in stream:
                if piece.text and is_first:
                    self.first_seconds.append(time.monotonic() - started)
                    is_first = False
                choice = {"delta": {"content": piece.text}, "finish_reason": piece.finish}
                handler.wfile.write(f"data: {json.dumps({'choices': [choice]})}\n\n".encode())
                handler.wfile.flush()
        handler.wfile.write(b"data: [DONE]\n\n")


@contextlib.contextmanager
def faulty_servers() -> Iterator[dict[str, str]]:
    """Start servers that fail in different manners; give their addresses."""
    event = json.dumps({"choices": [{"delta": {"content": "The bike is free for 99 years. "}}]})
    kinds: dict[str, dict[str, Any]] = {
        "hangs before it answers": {"raw": b"", "pause_seconds": 60.0},
        "fails: 500": {"answers": [(500, {})] * 1000},
        "answers a web page": {"raw": b"<!doctype html><title>Welcome</title>", "streams": False},
        "streams bytes that mean nothing": {"raw": b"data: \xff\xfe\x00{]\n\n"},
        "stops in the middle of an event": {"raw": b'data: {"choices": [{"delta": {"con'},
        "makes things up": {"raw": f"data: {event}\n\ndata: [DONE]\n\n".encode()},
        "never ends": {"raw": f"data: {event.replace('. ', ' ')}\n\n".encode(), "endless": True},
        "says nothing": {"raw": b"data: [DONE]\n\n"},
    }
    started = {}
    for name, settings in kinds.items():
        server = started[name] = Server()
        for key, value in settings.items():
            setattr(server, key, value)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        refusing = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
    yield {"refuses connections": refusing, **{name: one.url for name, one in started.items()}}
    for server in started.values():
        server.http.server_close()
