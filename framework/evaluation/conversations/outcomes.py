"""What came of playing conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from framework.data.dialogues import Dialogue, PlainStep
from framework.errors import Location
from framework.policies.base import Prediction

FailureKind = Literal["intent", "entities", "action", "reply", "slot"]

CIRCUIT_BREAKER = "circuit breaker tripped"
"""Stands for a prediction where a turn has had too many actions."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A step that went otherwise than written.

    Attributes:
        kind: what differs.
        story: name of the story.
        where: place of the step.
        step: the step as written, in a line.
        expected: what is written.
        predicted: what came.
        prediction: who decided and why, where a policy did.
    """

    kind: FailureKind
    story: str
    where: Location | None
    step: str
    expected: str
    predicted: str
    prediction: Prediction | None = None


@dataclass(frozen=True, kw_only=True)
class StepOutcome:
    """A step of a conversation and what came of it.

    Attributes:
        step: as written; None for the listening that a conversation leaves unsaid.
        failures: none where it went as written.
        actions: how many actions were compared.
        correct: how many of these were as expected.
        warning: what was out of the ordinary without being wrong; may be empty.
    """

    step: PlainStep | None
    failures: tuple[Failure, ...] = ()
    actions: int = 0
    correct: int = 0
    warning: str = ""


@dataclass(frozen=True, kw_only=True)
class StoryOutcome:
    """A conversation and what came of it."""

    dialogue: Dialogue
    steps: tuple[StepOutcome, ...]
    seconds: float = 0.0

    @property
    def failures(self) -> tuple[Failure, ...]:
        """All steps that went wrong, in order."""
        return tuple(failure for step in self.steps for failure in step.failures)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was out of the ordinary."""
        return tuple(step.warning for step in self.steps if step.warning)

    @property
    def passed(self) -> bool:
        """Whether everything went as written."""
        return not self.failures


@dataclass(frozen=True, kw_only=True)
class ConversationsOutcome:
    """All conversations of a run."""

    stories: Sequence[StoryOutcome] = field(default_factory=tuple)

    @property
    def passed(self) -> int:
        """How many went as written from end to end."""
        return sum(story.passed for story in self.stories)

    @property
    def actions(self) -> int:
        """How many actions were compared, listening included."""
        return sum(step.actions for story in self.stories for step in story.steps)

    @property
    def correct_actions(self) -> int:
        """How many actions were as expected."""
        return sum(step.correct for story in self.stories for step in story.steps)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """All steps that went wrong."""
        return tuple(failure for story in self.stories for failure in story.failures)
