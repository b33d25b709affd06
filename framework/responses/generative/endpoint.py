"""A language model behind an OpenAI-compatible server, asked by `POST /chat/completions`."""

from __future__ import annotations

import asyncio
import os
import ssl
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from framework.responses.generative.base import (
    ChatModel,
    ModelError,
    Piece,
    Request,
    UnusedModelError,
)
from framework.responses.generative.refusal import Refusal, refusal
from framework.responses.generative.settings import LlmSettings, certificates
from framework.responses.generative.sse import pieces

CONTEXT_TOKENS = 4096
"""What a server's model is taken to hold where the settings don't say."""

_PAUSE_SECONDS = 0.2
_WORTH_RETRYING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
_TOO_MODERN = frozenset({400, 422})

_EXTRAS = ("stream_options", "seed")
"""Parameters that older servers refuse, some without a word about them."""

_OTHER_NAMES = {"max_tokens": "max_completion_tokens"}
"""What newer models call a parameter by whose old name they refuse it."""


class Endpoint(ChatModel):
    """One model of one server; replies are streamed, so that an endless one is cut off."""

    def __init__(self, settings: LlmSettings) -> None:
        """Take where the server is; nothing is sent before the first request."""
        self._settings = settings
        self._url = f"{(settings.url or '').rstrip('/')}/chat/completions"
        self._refused: frozenset[str] = frozenset()
        # read once, as that takes longer than many a call; plain http needs none
        self._certificates = self._url.startswith("https") and _trusted(settings)
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
        body = self._body(request)
        async with (
            httpx.AsyncClient(
                timeout=self._settings.timeout_seconds,
                verify=self._certificates,
                trust_env=False,
            ) as client,
            client.stream("POST", self._url, json=body, headers=self._headers()) as response,
        ):
            if not response.is_success:
                refused = await refusal(response)
            else:
                async with aclosing(pieces(response)) as answer:
                    async for piece in answer:
                        yield piece
                return
        self._adapt(refused, sent=body)
        async with aclosing(self._call(request)) as answer:
            async for piece in answer:
                yield piece

    def _adapt(self, refused: Refusal, *, sent: Mapping[str, Any]) -> None:
        """Leave out what the server refuses from now on.

        Raises:
            Refusal: there is nothing to leave out.
        """
        if refused.response.status_code not in _TOO_MODERN:
            raise refused
        named = refused.unsupported_among(sent)
        extras = frozenset(name for name in _EXTRAS if name in sent)
        if not (named or extras):
            raise refused
        self._refused |= named or extras

    def _body(self, request: Request) -> dict[str, Any]:
        every: dict[str, Any] = {
            "model": self._settings.model,
            "messages": [dict(message) for message in request.messages],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "stream": True,
            "stop": list(request.stop) or None,
            "seed": request.seed,
            "stream_options": {"include_usage": True},
        }
        known = {name: value for name, value in every.items() if name not in self._refused}
        for name, other in _OTHER_NAMES.items():
            if name in self._refused and other not in self._refused:
                known[other] = every[name]
        return {name: value for name, value in known.items() if value is not None}

    def _headers(self) -> Mapping[str, str]:
        variable = self._settings.api_key_variable
        if variable is None:
            return {}
        key = os.environ.get(variable)
        if not key:
            raise UnusedModelError(f"the environment variable {variable!r} holds no key")
        if not key.isascii() or not key.isprintable():
            raise UnusedModelError(f"the environment variable {variable!r} holds no usable key")
        return {"Authorization": f"Bearer {key}"}


def _trusted(settings: LlmSettings) -> ssl.SSLContext:
    if settings.cafile is None:
        return httpx.create_ssl_context(trust_env=False)
    return certificates(settings.cafile)


def _is_worth_retrying(error: Exception) -> bool:
    if isinstance(error, Refusal):
        return error.response.status_code in _WORTH_RETRYING
    return isinstance(error, httpx.TransportError) and not isinstance(
        error, httpx.UnsupportedProtocol
    )


def _fault(error: Exception) -> ModelError:
    if isinstance(error, Refusal):
        return UnusedModelError(f"the language model's server answered {error}")
    told = str(error) or type(error).__name__
    is_unreached = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.InvalidURL)
    kind = UnusedModelError if is_unreached else ModelError
    advice = "; `cafile` of `llm` names certificates to trust" if _UNTRUSTED in told else ""
    return kind(f"the language model can't be reached: {told}{advice}")


async def _pause(error: Exception, attempt: int, *, seconds_left: float) -> None:
    """Wait before the next attempt, as long as the server asks for if that is in time."""
    wished = _retry_after(error)
    seconds = max(_PAUSE_SECONDS * 2**attempt, wished)
    if wished > seconds_left:
        if wished:
            raise UnusedModelError(
                f"the language model's server answered {error} and asks to wait {wished:g} s"
            ) from error
        raise _fault(error) from error
    await asyncio.sleep(seconds)


def _retry_after(error: Exception) -> float:
    """Read `Retry-After`: seconds, or a date."""
    if not isinstance(error, Refusal):
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
