"""A language model behind an OpenAI-compatible server, asked by `POST /chat/completions`."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Sequence

import httpx

from framework.errors import FrameError
from framework.responses.generative.settings import LlmSettings

MOST_CHARACTERS_PER_TOKEN = 16
"""A reply longer than this for each token it may have is cut off: the server ignores its limit."""

_PAUSE_SECONDS = 0.2
_WORTH_RETRYING = frozenset({408, 429, 500, 502, 503, 504})


class ModelError(FrameError):
    """The model gave no reply; the message says why, for the record."""

    id = "llm"


class Endpoint:
    """One model of one server; replies are streamed, so that an endless one is cut off."""

    def __init__(self, settings: LlmSettings) -> None:
        """Take the settings; nothing is called yet."""
        self._settings = settings
        self._url = f"{settings.url.rstrip('/')}/chat/completions"

    async def complete(self, messages: Sequence[dict[str, str]]) -> str:
        """Give the model's reply.

        Raises:
            ModelError: the server can't be reached, refuses, takes too long or answers nonsense.
        """
        seconds = self._settings.timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._complete(messages)
        except TimeoutError as error:
            raise ModelError(f"the language model took longer than {seconds:g} s") from error

    async def _complete(self, messages: Sequence[dict[str, str]]) -> str:
        for attempt in range(self._settings.retries + 1):
            try:
                return await self._call(messages)
            except httpx.HTTPStatusError as error:
                status = error.response.status_code
                fault = ModelError(f"the language model's server answered {status}")
                if status not in _WORTH_RETRYING or attempt == self._settings.retries:
                    raise fault from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                if attempt == self._settings.retries:
                    raise ModelError(f"the language model can't be reached: {error}") from error
            await asyncio.sleep(_PAUSE_SECONDS * 2**attempt)
        raise ModelError("the language model was not asked")

    async def _call(self, messages: Sequence[dict[str, str]]) -> str:
        settings = self._settings
        body = {
            "model": settings.model,
            "messages": list(messages),
            "max_tokens": settings.max_tokens,
            "temperature": settings.temperature,
            "stream": True,
        }
        client = httpx.AsyncClient(timeout=settings.timeout_seconds, trust_env=False)
        async with (
            client,
            client.stream("POST", self._url, json=body, headers=self._headers()) as response,
        ):
            response.raise_for_status()
            most = settings.max_tokens * MOST_CHARACTERS_PER_TOKEN
            text = ""
            async for piece in _pieces(response):
                text += piece
                if len(text) > most:
                    raise ModelError("the language model doesn't stop")
            return text.strip()

    def _headers(self) -> dict[str, str]:
        variable = self._settings.api_key_variable
        if variable is None:
            return {}
        key = os.environ.get(variable)
        if not key:
            raise ModelError(f"the environment variable {variable!r} holds no key")
        return {"Authorization": f"Bearer {key}"}


async def _pieces(response: httpx.Response) -> AsyncIterator[str]:
    """Give the pieces of a streamed reply; a server that doesn't stream gives one."""
    if "text/event-stream" not in response.headers.get("content-type", ""):
        yield _content(await _limited(response), "message")
        return
    async for line in response.aiter_lines():
        data = line.removeprefix("data:").strip()
        if line.startswith("data:") and data != "[DONE]":
            yield _content(data, "delta")


async def _limited(response: httpx.Response) -> str:
    content = b""
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > 1_000_000:
            raise ModelError("the language model's server answers without end")
    return content.decode("utf-8", "replace")


def _content(data: str, key: str) -> str:
    try:
        choices = json.loads(data)["choices"]
        text = choices[0][key].get("content") if choices else ""
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelError("the language model's server answers nonsense") from error
    if text is not None and not isinstance(text, str):
        raise ModelError("the language model's server answers nonsense")
    return text or ""
