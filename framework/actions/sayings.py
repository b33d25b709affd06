"""Actions that only say something: responses, retrieval responses, end-to-end bot texts."""

from __future__ import annotations

import logging
from typing import ClassVar

from framework.actions.base import Action, ActionContext, Say
from framework.project.schema.domain import RESPONSE_PREFIX

logger = logging.getLogger(__name__)


class SayResponse(Action):
    """Says a response of the domain."""

    name: ClassVar[str] = "utter"

    def __init__(self, response: str) -> None:
        """Make the action of one response."""
        self.response = response

    async def run(self, ctx: ActionContext) -> None:
        """Say it."""
        ctx.effects.append(Say(response=self.response))


class SaySelected(Action):
    """Says the answer that the response selector chose for a retrieval intent."""

    name: ClassVar[str] = "utter_selected"

    def __init__(self, intent: str) -> None:
        """Make the action of one retrieval intent."""
        self.intent = intent

    async def run(self, ctx: ActionContext) -> None:
        """Say the best answer of the intent's own selector, else of the shared one."""
        ranking = ctx.message.responses_for(self.intent) if ctx.message else ()
        if ranking:
            ctx.effects.append(Say(response=f"{RESPONSE_PREFIX}{ranking[0].key}"))
        else:
            logger.error(
                "no response selector chose an answer for the intent %r: a payload names one as"
                " `/%s/<key>`, and other messages need the component `response_selector`",
                self.intent,
                self.intent,
            )


class SayText(Action):
    """Says a bot text of an end-to-end story."""

    name: ClassVar[str] = "utter_text"

    def __init__(self, text: str) -> None:
        """Make the action of one text."""
        self.text = text

    async def run(self, ctx: ActionContext) -> None:
        """Say it as it stands."""
        ctx.effects.append(Say(content={"text": self.text}))


def say_if_defined(ctx: ActionContext, response: str) -> None:
    """Say a response that a bot may have or not."""
    if response in ctx.domain.responses:
        ctx.effects.append(Say(response=response))
