"""Runs action classes of Rasa's SDK in this process, so that their `actions.py` needs no server.

The package `rasa_sdk` is not a requirement; it is used where a bot's own code uses it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from framework.actions.base import Action, ActionContext
from framework.actions.calling import call
from framework.actions.domain_json import domain_to_json
from framework.actions.remote import effects_of
from framework.errors import ActionRejected
from framework.registry import load_object

_ACTION = "rasa_sdk.interfaces:Action"
_TRACKER = "rasa_sdk.interfaces:Tracker"
_DISPATCHER = "rasa_sdk.executor:CollectingDispatcher"
_REJECTION = "rasa_sdk.interfaces:ActionExecutionRejection"


class SdkAction(Action):
    """An action class of the SDK behind the interface of `Action`."""

    name: ClassVar[str] = "sdk"

    def __init__(self, action: Any) -> None:
        """Take an instance of a subclass of `rasa_sdk.Action`."""
        self.action = action

    @property
    def rasa_name(self) -> str:
        """The name that its method `name` gives; empty for a base class of other actions."""
        try:
            return str(self.action.name())
        except NotImplementedError:
            return ""

    async def run(self, ctx: ActionContext) -> None:
        """Run it with the SDK's own tracker, dispatcher and domain."""
        tracker = load_object(_TRACKER).from_dict(ctx.tracker.snapshot_json(events="all"))
        dispatcher = load_object(_DISPATCHER)()
        try:
            events = await call(self.action.run, dispatcher, tracker, domain_to_json(ctx.domain))
        except load_object(_REJECTION) as rejection:
            raise ActionRejected(str(rejection)) from rejection
        ctx.effects += effects_of(dispatcher.messages, list(events or ()))


def sdk_base() -> type[Any] | None:
    """Give the base class of the SDK's actions, None where the SDK isn't installed."""
    try:
        base: type[Any] = load_object(_ACTION)
    except ImportError:
        return None
    return base
