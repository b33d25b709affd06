"""Stories and rules as straight lines of steps: checkpoints joined, alternatives written out."""

from __future__ import annotations

from collections.abc import Iterable
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
        parts: names of the stories or rules that checkpoints join, each with the number of steps
            it has; empty where nothing is joined.
    """

    name: str
    kind: Literal["story", "rule"]
    steps: tuple[PlainStep, ...]
    conditions: tuple[SlotStep | LoopStep, ...] = ()
    conversation_start: bool = False
    wait_for_user_input: bool = True
    is_augmented: bool = False
    where: Location | None = None
    parts: tuple[tuple[str, int], ...] = ()

    @property
    def has_form(self) -> bool:
        """Whether a step says that a form begins or ends."""
        return any(isinstance(step, LoopStep) for step in self.steps)

    def part_of(self, step: int) -> str:
        """Give the name of the story or rule that a step is from, counted from 0."""
        for name, count in self.parts:
            if step < count:
                return name
            step -= count
        return self.name


def by_beginnings(dialogues: Iterable[Dialogue]) -> list[Dialogue]:
    """Put those side by side that begin with the same steps, else in the order as given."""
    ranks: dict[int, int] = {}
    found = list(dialogues)
    keys = [[ranks.setdefault(id(step), len(ranks)) for step in told.steps] for told in found]
    return [found[place] for place in sorted(range(len(found)), key=keys.__getitem__)]
