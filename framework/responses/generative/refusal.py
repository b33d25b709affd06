"""What a server says where it doesn't answer: its status, its words, and what it doesn't take."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

import httpx
import regex

from framework.responses.generative.sse import MOST_BYTES, words_of

_UNSUPPORTED = regex.compile(
    r"unsupported|not\s+support|does\s?n.t\s+support|unknown|unrecogni[sz]ed|unexpected|not\s+permitted"
    r"|not\s+allowed|extra",
    regex.I,
)


_ALWAYS = ("model", "messages", "stream")
"""Parameters without which nothing can be asked."""


class Refusal(httpx.HTTPStatusError):
    """An answer of a server that is none; as text it is the status with the server's words.

    Attributes:
        told: the server's words; empty where it has none that can be read.
        parameter: what they are about, where the server says so.
    """

    def __init__(self, response: httpx.Response, *, told: str = "", parameter: str = "") -> None:
        """Take the answer, and what it says."""
        self.told, self.parameter = told, parameter
        words = f": {told}" if told else ""
        super().__init__(
            f"{response.status_code}{words}", request=response.request, response=response
        )

    def unsupported_among(self, names: Collection[str]) -> frozenset[str]:
        """Name the parameters that the server says it doesn't take."""
        if not _UNSUPPORTED.search(self.told):
            return frozenset()
        if self.parameter in names:
            return frozenset({self.parameter})
        words = regex.findall(r"\w+", self.told)
        return frozenset(name for name in names if name in words and name not in _ALWAYS)


async def refusal(response: httpx.Response) -> Refusal:
    """Read why a server doesn't answer, from what OpenAI's, vLLM's, Ollama's and others write."""
    content = b""
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MOST_BYTES:
            return Refusal(response)
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return Refusal(response)
    error = found.get("error", found) if isinstance(found, Mapping) else found
    parameter = error.get("param") if isinstance(error, Mapping) else None
    return Refusal(
        response,
        told=words_of(error),
        parameter=parameter if isinstance(parameter, str) else "",
    )
