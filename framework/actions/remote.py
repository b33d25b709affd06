"""Custom actions of an action server, by Rasa's protocol.

A request is `POST {next_action, sender_id, tracker, domain, version}`; the answer 200 carries
`events` and `responses`, 400 with an `action_name` means that the action declines to run, 404 that
there is none of that name.
"""

from __future__ import annotations

import json
import os
import ssl
import zlib
from collections.abc import Mapping
from typing import Any, ClassVar

import httpx

from framework.actions.base import Action, ActionContext, Effect, Say
from framework.actions.domain_json import domain_to_json
from framework.conversation.tracker import Tracker
from framework.conversation.wire import event_from_json
from framework.errors import ActionError, ActionRejected, FrameError, UsageError
from framework.project.schema.config import Endpoint
from framework.project.schema.domain import Domain

PROTOCOL_VERSION = "3.6.21"
"""The Rasa version whose protocol this is; servers of the SDK compare it with their own."""

COMPRESS_VARIABLE = "COMPRESS_ACTION_SERVER_REQUEST"
TIMEOUT_SECONDS = 300.0
CONNECT_TIMEOUT_SECONDS = 10.0

_CONTENT = ("text", "image", "buttons", "quick_replies", "elements", "attachment", "custom")
_NOT_VALUES = {*_CONTENT, "response", "template"}


class ActionServer:
    """The service named by `action_endpoint:`."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Take the address and its options.

        Raises:
            UsageError: there is no address, or the certificate file can't be read.
        """
        if not endpoint.url:
            raise UsageError(
                "`action_endpoint` has no `url`",
                where=endpoint.where,
                hint="give the address, for example `url: http://localhost:5055/webhook`",
            )
        options = endpoint.options
        self.url = endpoint.url
        self.is_domain_selective = bool(options.get("enable_selective_domain", False))
        self._headers = {key: str(value) for key, value in (options.get("headers") or {}).items()}
        self._params = _params(options)
        self._auth = _basic_auth(options)
        self._timeout = httpx.Timeout(
            float(options.get("timeout_seconds", TIMEOUT_SECONDS)),
            connect=CONNECT_TIMEOUT_SECONDS,
        )
        self._verify = _certificates(endpoint)

    async def call(self, action: str, *, tracker: Tracker, domain: Domain) -> list[Effect]:
        """Run an action there and give its effects, replies first.

        Raises:
            ActionRejected: it declines to run.
            ActionError: the server can't be reached, doesn't know it, failed or answers nonsense.
        """
        response = await self._post(action, self._body(action, tracker, domain))
        if response.status_code == httpx.codes.BAD_REQUEST:
            raise _rejection(action, response)
        if response.status_code == httpx.codes.NOT_FOUND:
            raise ActionError(
                f"the action server at {self.url} has no action {action!r}",
                hint="check the class's `name()`, and restart the server after changing it",
            )
        if response.is_error:
            raise ActionError(
                f"the action server at {self.url} answered {response.status_code} to {action!r}",
                hint="its own log says why",
            )
        return _effects(action, _object(action, response))

    def _body(self, action: str, tracker: Tracker, domain: Domain) -> dict[str, Any]:
        body = {
            "next_action": action,
            "sender_id": tracker.conversation,
            "tracker": tracker.snapshot_json(events="all"),
            "version": PROTOCOL_VERSION,
        }
        declared = domain.actions.get(action)
        if not self.is_domain_selective or (declared is not None and declared.send_domain):
            body["domain"] = domain_to_json(domain)
        return body

    async def _post(self, action: str, body: Mapping[str, Any]) -> httpx.Response:
        headers = {"Content-Type": "application/json", **self._headers}
        content = json.dumps(body).encode()
        if os.environ.get(COMPRESS_VARIABLE, "").lower() == "true":
            content = zlib.compress(content)
            headers["Content-Encoding"] = "deflate"
        client = httpx.AsyncClient(
            auth=self._auth, timeout=self._timeout, verify=self._verify, trust_env=False
        )
        try:
            async with client:
                return await client.post(
                    self.url, content=content, headers=headers, params=self._params
                )
        except httpx.TimeoutException as error:
            raise ActionError(
                f"the action server at {self.url} took too long to run {action!r}",
                hint="`timeout_seconds:` under `action_endpoint:` sets the limit",
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ActionError(
                f"the action server at {self.url} can't be reached to run {action!r}: {error}",
                hint="start it, or correct `action_endpoint:` in endpoints.yml",
            ) from error


class RemoteAction(Action):
    """One action of an action server."""

    name: ClassVar[str] = "remote"

    def __init__(self, action: str, server: ActionServer) -> None:
        """Make the action of that name."""
        self.action = action
        self.server = server

    async def run(self, ctx: ActionContext) -> None:
        """Run it there."""
        ctx.effects += await self.server.call(self.action, tracker=ctx.tracker, domain=ctx.domain)


def effects_of(responses: list[Any], events: list[Any]) -> list[Effect]:
    """Read what an action of Rasa's SDK gives: its replies come before its events.

    Raises:
        FrameError: an event is not of the form that the protocol wants.
        TypeError: a reply isn't.
    """
    effects: list[Effect] = [_say(response) for response in responses]
    return [*effects, *(event_from_json(event) for event in events)]


def _say(response: Any) -> Say:
    if not isinstance(response, Mapping):
        raise TypeError(f"a response is an object, not {response!r}")
    extra = {key: value for key, value in response.items() if key not in _NOT_VALUES}
    content = {key: response[key] for key in _CONTENT if response.get(key)}
    if extra:
        content["metadata"] = extra
    return Say(response=response.get("response") or None, content=content, values=extra)


def _effects(action: str, answer: Mapping[str, Any]) -> list[Effect]:
    responses, events = answer.get("responses") or [], answer.get("events") or []
    if not isinstance(responses, list) or not isinstance(events, list):
        raise ActionError(f"the action server's answer to {action!r} has no lists of events")
    try:
        return effects_of(responses, events)
    except (FrameError, ValueError, TypeError) as error:
        raise ActionError(f"the action server's answer to {action!r} is wrong: {error}") from error


def _object(action: str, response: httpx.Response) -> Mapping[str, Any]:
    try:
        answer = response.json()
    except ValueError as error:
        raise ActionError(f"the action server's answer to {action!r} is not JSON") from error
    if answer is not None and not isinstance(answer, Mapping):
        raise ActionError(f"the action server's answer to {action!r} is not an object")
    return answer or {}


def _rejection(action: str, response: httpx.Response) -> ActionRejected | ActionError:
    answer = _object(action, response)
    if "action_name" not in answer:
        reason = answer.get("error", "no reason given")
        return ActionError(f"the action server refused the request to run {action!r}: {reason}")
    return ActionRejected(str(answer.get("error") or f"{action!r} declines to run"))


def _params(options: Mapping[str, Any]) -> dict[str, str]:
    params = {key: str(value) for key, value in (options.get("params") or {}).items()}
    token = options.get("token")
    if token:
        params[str(options.get("token_name") or "token")] = str(token)
    return params


def _basic_auth(options: Mapping[str, Any]) -> httpx.BasicAuth | None:
    auth = options.get("basic_auth") or {}
    return httpx.BasicAuth(auth["username"], auth["password"]) if auth else None


def _certificates(endpoint: Endpoint) -> ssl.SSLContext | bool:
    """Read the certificates once; plain http needs none."""
    if not str(endpoint.url).startswith("https"):
        return False
    cafile = endpoint.options.get("cafile")
    try:
        return ssl.create_default_context(cafile=cafile)
    except OSError as error:
        raise UsageError(
            f"the certificate file {cafile!r} can't be read: {error}", where=endpoint.where
        ) from error
