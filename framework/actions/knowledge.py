"""`action_answer_from_knowledge`: answers the last message from the project's documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from framework.actions.base import Action, ActionContext, Say
from framework.conversation.tracker import Tracker
from framework.errors import ActionError
from framework.nlu.types import Understanding
from framework.project.schema import names


class Answer(Protocol):
    """What came of looking for an answer (`framework.responses.knowledge.answers`)."""

    @property
    def is_found(self) -> bool:
        """Whether there is one."""

    @property
    def text(self) -> str:
        """What to say where the domain has no response for it."""

    @property
    def values(self) -> Mapping[str, Any]:
        """For placeholders of that response."""

    @property
    def metadata(self) -> Mapping[str, Any]:
        """Of the reply."""


class Answers(Protocol):
    """What knows the documents."""

    async def answer(self, message: Understanding, *, tracker: Tracker) -> Answer:
        """Answer the question that a message is."""


class AnswerFromKnowledge(Action):
    """Quotes the passage that answers the last message, or says that there is none.

    The domain may word both: `utter_knowledge_answer` with `{answer}` and `{source}`, and
    `utter_no_answer`.
    """

    name: ClassVar[str] = names.ANSWER_FROM_KNOWLEDGE

    def __init__(self, answers: Answers | None = None) -> None:
        """Take what knows the documents; None for a bot that has none."""
        self._answers = answers

    async def run(self, ctx: ActionContext) -> None:
        """Look for an answer and say it."""
        if self._answers is None or ctx.message is None:
            missing = "documents" if self._answers is None else "message"
            raise ActionError(f"{self.name!r} has no {missing} to answer from")
        answer = await self._answers.answer(ctx.message, tracker=ctx.tracker)
        response = names.KNOWLEDGE_ANSWER if answer.is_found else names.NO_ANSWER
        metadata = {"utter_action": response, **answer.metadata}
        if response in ctx.domain.responses:
            content = {"metadata": dict(answer.metadata)}
            ctx.effects.append(Say(response=response, content=content, values=answer.values))
        else:
            ctx.effects.append(Say(content={"text": answer.text, "metadata": metadata}))
