"""The default actions, which every bot has; a bot's own action of the same name goes before."""

from __future__ import annotations

from framework.actions.base import Action
from framework.actions.extraction import ExtractSlots
from framework.actions.fallbacks import (
    AskAffirmation,
    AskRephrase,
    DefaultFallback,
    RevertFallbackEvents,
    TwoStageFallback,
)
from framework.actions.knowledge import AnswerFromKnowledge, Answers
from framework.actions.sessions import (
    Back,
    DeactivateLoop,
    ForgetMe,
    Listen,
    Restart,
    SessionStart,
    UnlikelyIntent,
)

DEFAULT_ACTIONS: tuple[type[Action], ...] = (
    Listen,
    Restart,
    SessionStart,
    DefaultFallback,
    DeactivateLoop,
    RevertFallbackEvents,
    AskAffirmation,
    AskRephrase,
    UnlikelyIntent,
    Back,
    ForgetMe,
    ExtractSlots,
)


def default_actions(*, answers: Answers | None = None) -> dict[str, Action]:
    """Give one of each default action by its name; `answers` knows the bot's documents."""
    loop = TwoStageFallback()
    knowledge = AnswerFromKnowledge(answers)
    plain = {action.name: action() for action in DEFAULT_ACTIONS}
    return {loop.loop: loop, knowledge.name: knowledge, **plain}
