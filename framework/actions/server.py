"""Custom actions of an action server, by Rasa's protocol.

A request is `POST {next_action, sender_id, tracker, domain, version}`; the answer 200 carries
`events` and `responses`, 400 with an `action_name` means that the action declines to run, 404 that
there is none of that name.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping
from typing import Any

import httpx

from framework.actions.base import Effect
from framework.actions.domain_json import domain_to_json
from framework.actions.remote import effects_of
from framework.conversation.tracker import Tracker
from framework.errors import ActionError, ActionRejected, FrameError
from framework.project.schema.config import Endpoint
from framework.project.schema.domain import Domain
from framework.project.service import Service

PROTOCOL_VERSION = "3.6.21"
"""The Rasa version whose protocol this is; servers of the SDK compare it with their own."""

COMPRESS_VARIABLE = "COMPRESS_ACTION_SERVER_REQUEST"
TIMEOUT_SECONDS = 300.0


class ActionServer:
    """The service named by `action_endpoint:`."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Take the address and its options.

        Raises:
            UsageError: there is no address, or the certificate file can't be read.
        """
        self._service = Service(
            endpoint,
            name="action_endpoint",
            example="http://localhost:5055/webhook",
            timeout_seconds=TIMEOUT_SECONDS,
        )
        self.url = self._service.url
        self.is_domain_selective = bool(endpoint.options.get("enable_selective_domain", False))

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
        headers = {"Content-Type": "application/json"}
        content = json.dumps(body).encode()
        if os.environ.get(COMPRESS_VARIABLE, "").lower() == "true":
            content = zlib.compress(content)
            headers["Content-Encoding"] = "deflate"
        try:
            return await self._service.post(content, headers=headers)
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
