"""How a service of `endpoints.yml` is called: address, credentials, certificates, time limit."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from typing import Any

import httpx

from framework.errors import UsageError
from framework.project.schema.config import Endpoint

CONNECT_TIMEOUT_SECONDS = 10.0


class Service:
    """A service that takes JSON by POST.

    Attributes:
        url: its address.
    """

    def __init__(
        self, endpoint: Endpoint, *, name: str, example: str, timeout_seconds: float
    ) -> None:
        """Take the address and its options.

        Args:
            endpoint: as `endpoints.yml` gives it.
            name: its key there, for errors.
            example: an address as it may look, for errors.
            timeout_seconds: how long an answer may take, unless `timeout_seconds:` says so.

        Raises:
            UsageError: there is no address, or an option can't be used.
        """
        if not endpoint.url:
            raise UsageError(
                f"`{name}` has no `url`",
                where=endpoint.where,
                hint=f"give the address, for example `url: {example}`",
            )
        limit = _seconds(endpoint, name, default=timeout_seconds)
        self.url = endpoint.url
        self._headers = _texts(endpoint, name, "headers")
        self._params = {**_texts(endpoint, name, "params"), **_token(endpoint.options)}
        self._auth = _basic_auth(endpoint, name)
        self._limit = limit
        self._timeout = httpx.Timeout(limit, connect=min(CONNECT_TIMEOUT_SECONDS, limit))
        self._verify = _certificates(endpoint)

    async def post(self, content: bytes, *, headers: Mapping[str, str]) -> httpx.Response:
        """Send a body and give the answer, whatever its status.

        Raises:
            httpx.TimeoutException: it took too long.
            httpx.HTTPError, httpx.InvalidURL: it can't be reached.
        """
        client = httpx.AsyncClient(
            auth=self._auth, timeout=self._timeout, verify=self._verify, trust_env=False
        )
        try:
            async with asyncio.timeout(self._limit), client:  # httpx limits single reads only
                return await client.post(
                    self.url,
                    content=content,
                    headers={**headers, **self._headers},
                    params=self._params,
                )
        except TimeoutError as error:
            raise httpx.ReadTimeout(f"no answer in {self._limit:g} s") from error


def _seconds(endpoint: Endpoint, name: str, *, default: float) -> float:
    given = endpoint.options.get("timeout_seconds", default)
    try:
        seconds = float(given)
    except (TypeError, ValueError):
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise UsageError(
            f"`timeout_seconds` of `{name}` must be a number above 0, not {given!r}",
            where=endpoint.where,
            hint=f"remove the line for the default, {default:g}",
        )
    return seconds


def _texts(endpoint: Endpoint, name: str, option: str) -> dict[str, str]:
    given = endpoint.options.get(option) or {}
    if not isinstance(given, Mapping):
        raise UsageError(
            f"`{option}` of `{name}` must be a mapping, not {given!r}",
            where=endpoint.where,
            hint=f"write `name: value` lines below `{option}:`",
        )
    return {key: str(value) for key, value in given.items()}


def _token(options: Mapping[str, Any]) -> dict[str, str]:
    token = options.get("token")
    return {str(options.get("token_name") or "token"): str(token)} if token else {}


def _basic_auth(endpoint: Endpoint, name: str) -> httpx.BasicAuth | None:
    given = endpoint.options.get("basic_auth")
    if not given:
        return None
    keys = ("username", "password")
    if not isinstance(given, Mapping) or any(given.get(key) is None for key in keys):
        raise UsageError(  # without what stands there, which is a secret
            f"`basic_auth` of `{name}` needs `username` and `password`",
            where=endpoint.where,
            hint="write both below `basic_auth:`",
        )
    return httpx.BasicAuth(*(str(given[key]) for key in keys))


def _certificates(endpoint: Endpoint) -> ssl.SSLContext | bool:
    """Read the certificates once; plain http needs none."""
    if not str(endpoint.url).startswith("https"):
        return False
    cafile = endpoint.options.get("cafile")
    try:
        return ssl.create_default_context(cafile=cafile)
    except OSError as error:
        raise UsageError(
            f"the certificate file {cafile!r} can't be read: {error}",
            where=endpoint.where,
            hint="give the path of a file in PEM format",
        ) from error
