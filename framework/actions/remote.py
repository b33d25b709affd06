"""Actions that run elsewhere: the wish to run one, and what came back as effects.

The client itself is `framework.actions.server`, loaded only where a bot names an action server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from framework.actions.base import Action, ActionContext, Effect, Say
from framework.conversation.messages import CONTENT
from framework.conversation.tracker import Tracker
from framework.conversation.wire import event_from_json
from framework.project.schema.domain import Domain

_NOT_VALUES = {*CONTENT, "response", "template"}


class Server(Protocol):
    """Runs actions elsewhere (`framework.actions.server.ActionServer`)."""

    async def call(self, action: str, *, tracker: Tracker, domain: Domain) -> list[Effect]:
        """Run an action and give its effects, replies first."""


class RemoteAction(Action):
    """One action of an action server."""

    name: ClassVar[str] = "remote"

    def __init__(self, action: str, server: Server) -> None:
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
    content = {key: response[key] for key in CONTENT if response.get(key)}
    if "text" in content:
        content["text"] = str(content["text"])  # a bare number is common
    if extra:
        content["metadata"] = extra
    return Say(response=response.get("response") or None, content=content, values=extra)
