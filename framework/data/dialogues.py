"""Stories and rules as straight lines of steps: checkpoints joined, alternatives written out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from framework.errors import Location
from framework.project.schema.stories import ActionStep, BotStep, LoopStep, SlotStep, UserStep

PlainStep = UserStep | ActionStep | BotStep | SlotStep | LoopStep


@dataclass(frozen=True, kw_only=True)
class Dialogue:
    """One conversation to learn from.

    Attributes:
        name: of the story or rule; joined with ` > ` where checkpoints join several.
        kind: a story, or a rule.
        steps: straight line, no checkpoints and no alternatives.
        conditions: what must hold before the first step (rules).
        conversation_start: whether it applies only at the start of a session (rules).
        wait_for_user_input: whether the bot listens after the last step.
        is_augmented: whether it was glued from several stories.
        where: place of the first story or of the rule.
    """

    name: str
    kind: Literal["story", "rule"]
    steps: tuple[PlainStep, ...]
    conditions: tuple[SlotStep | LoopStep, ...] = ()
    conversation_start: bool = False
    wait_for_user_input: bool = True
    is_augmented: bool = False
    where: Location | None = None
