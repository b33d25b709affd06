"""Stories, rules and regression conversations, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from framework.errors import Location, Problem
from framework.project.schema.nlu import EntityAnnotation


@dataclass(frozen=True, kw_only=True)
class StepEntity:
    """An entity of a user step. `value` is None where the step names the entity only."""

    entity: str
    value: Any = None
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What a regression conversation states about the replies and slots after a step.

    Attributes:
        replies: `bot:`, acceptable texts, each plain or `/regex/`; empty states nothing.
        slots: `slots:`, values that must hold.
    """

    replies: tuple[str, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class UserStep:
    """What the user says.

    Attributes:
        intent: the label; None for an end-to-end step that has only text.
        text: the words with annotations removed; None when only the intent is given.
        entities: those listed under `entities:`.
        annotations: those marked in the text.
        expect: checked by `frame test --run-actions`.
        where: its place.
    """

    intent: str | None = None
    text: str | None = None
    entities: tuple[StepEntity, ...] = ()
    annotations: tuple[EntityAnnotation, ...] = ()
    expect: Expectation | None = None
    where: Location | None = None

    @property
    def is_example(self) -> bool:
        """Whether it says what a text means: words, no payload, and their intent."""
        return bool(self.intent and self.text) and not str(self.text).startswith("/")


@dataclass(frozen=True, kw_only=True)
class ActionStep:
    """An action, form or response that the bot runs."""

    action: str
    expect: Expectation | None = None
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class BotStep:
    """What the bot says, in an end-to-end story."""

    text: str
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class SlotValue:
    """A slot in a `slot_was_set`. `has_value` is False for a bare name (which means: is set)."""

    slot: str
    value: Any = None
    has_value: bool = True
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class SlotStep:
    """Slots that were set."""

    slots: tuple[SlotValue, ...]
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class LoopStep:
    """A form becomes active, or with None no form is."""

    name: str | None
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class CheckpointStep:
    """A named joint between stories, with slots that must hold to pass it."""

    name: str
    slots: tuple[SlotValue, ...] = ()
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class OrStep:
    """Alternatives: user steps, or slot steps."""

    options: tuple[UserStep | SlotStep, ...]
    where: Location | None = None


Step = UserStep | ActionStep | BotStep | SlotStep | LoopStep | CheckpointStep | OrStep


@dataclass(frozen=True, kw_only=True)
class Story:
    """A conversation to learn from, or in a test file one to be held to.

    Attributes:
        name: as written.
        steps: in order.
        metadata: passed through.
        where: its place.
    """

    name: str
    steps: tuple[Step, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A short conversation that is always to be followed.

    Attributes:
        name: as written.
        steps: in order.
        conditions: loops and slots that must hold before the first step.
        conversation_start: whether it applies only at the start of a session.
        wait_for_user_input: whether the bot listens after the last step.
        metadata: passed through.
        where: its place.
    """

    name: str
    steps: tuple[Step, ...]
    conditions: tuple[SlotStep | LoopStep, ...] = ()
    conversation_start: bool = False
    wait_for_user_input: bool = True
    metadata: Mapping[str, Any] = field(default_factory=dict)
    where: Location | None = None


def long_rule(name: str, messages: Sequence[Location | None]) -> Problem | None:
    """Give what is wrong with a rule that has several user messages, each at its place."""
    if len(messages) < 2:
        return None
    return Problem(
        id="long-rule",
        severity="error",
        message=f"the rule {name!r} has {len(messages)} user messages, but a rule may have one",
        where=messages[1],
        hint="make it a story, or set `restrict_rules: false` on the rule policy",
    )
