"""A language model behind an OpenAI-compatible server, asked by `POST /chat/completions`."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from framework.responses.generative.base import ChatModel, ModelError, Piece, Request
from framework.responses.generative.settings import LlmSettings
from framework.responses.generative.sse import pieces

CONTEXT_TOKENS = 4096
"""What a server's model is taken to hold where the settings don't say."""

_PAUSE_SECONDS = 0.2
_WORTH_RETRYING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_TOO_MODERN = frozenset({400, 422})


class Endpoint(ChatModel):
    """One model of one server; replies are streamed, so that an endless one is cut off."""

    def __init__(self, settings: LlmSettings) -> None:
        """Take where the server is; nothing is sent before the first request."""
        self._settings = settings
        self._url = f"{(settings.url or '').rstrip('/')}/chat/completions"
        self._takes_extras = True
        # read once, as that takes longer than many a call; plain http needs none
        self._certificates = (
            httpx.create_ssl_context(trust_env=False) if self._url.startswith("https") else False
        )
        self.context_tokens = settings.context_tokens or CONTEXT_TOKENS

    async def stream(self, request: Request) -> AsyncGenerator[Piece, None]:
        """Give the reply piece by piece; a call that fails before its first piece is repeated."""
        deadline = time.monotonic() + self._settings.timeout_seconds
        for left in range(self._settings.retries, -1, -1):
            said = False
            try:
                async with aclosing(self._call(request)) as answer:
                    async for piece in answer:
                        said = True
                        yield piece
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                if said or not left or not _is_worth_retrying(error):
                    raise _fault(error) from error
                attempt = self._settings.retries - left
                await _pause(error, attempt, seconds_left=deadline - time.monotonic())
            else:
                return

    async def _call(self, request: Request) -> AsyncGenerator[Piece, None]:
        async with (
            httpx.AsyncClient(
                timeout=self._settings.timeout_seconds,
                verify=self._certificates,
                trust_env=False,
            ) as client,
            client.stream(
                "POST", self._url, json=self._body(request), headers=self._headers()
            ) as response,
        ):
            if response.status_code not in _TOO_MODERN or not self._takes_extras:
                response.raise_for_status()
                async with aclosing(pieces(response)) as answer:
                    async for piece in answer:
                        yield piece
                return
        self._takes_extras = False  # an older server may refuse what only newer ones know
        async with aclosing(self._call(request)) as answer:
            async for piece in answer:
                yield piece

    def _body(self, request: Request) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._settings.model,
            "messages": [dict(message) for message in request.messages],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "stream": True,
        }
        if request.stop:
            body["stop"] = list(request.stop)
        if request.seed is not None and self._takes_extras:
            body["seed"] = request.seed
        if self._takes_extras:
            body["stream_options"] = {"include_usage": True}
        return body

    def _headers(self) -> Mapping[str, str]:
        variable = self._settings.api_key_variable
        if variable is None:
            return {}
        key = os.environ.get(variable)
        if not key:
            raise ModelError(f"the environment variable {variable!r} holds no key")
        if not key.isascii() or not key.isprintable():
            raise ModelError(f"the environment variable {variable!r} holds no usable key")
        return {"Authorization": f"Bearer {key}"}


def _is_worth_retrying(error: Exception) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in _WORTH_RETRYING
    return isinstance(error, httpx.TransportError) and not isinstance(
        error, httpx.UnsupportedProtocol
    )


def _fault(error: Exception) -> ModelError:
    if isinstance(error, httpx.HTTPStatusError):
        return ModelError(f"the language model's server answered {error.response.status_code}")
    told = str(error) or type(error).__name__
    return ModelError(f"the language model can't be reached: {told}")


async def _pause(error: Exception, attempt: int, *, seconds_left: float) -> None:
    """Wait before the next attempt, as long as the server asks for if that is in time."""
    wished = _retry_after(error)
    seconds = max(_PAUSE_SECONDS * 2**attempt, wished)
    if wished > seconds_left:
        status = error.response.status_code if isinstance(error, httpx.HTTPStatusError) else ""
        raise ModelError(
            f"the language model's server answered {status} and asks to wait {wished:g} s"
        ) from error
    await asyncio.sleep(seconds)


def _retry_after(error: Exception) -> float:
    """Read `Retry-After`: seconds, or a date."""
    if not isinstance(error, httpx.HTTPStatusError):
        return 0.0
    told = error.response.headers.get("retry-after", "")
    try:
        return max(0.0, float(told))
    except ValueError:
        pass
    try:
        then = parsedate_to_datetime(told)
    except (TypeError, ValueError):
        return 0.0
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())
