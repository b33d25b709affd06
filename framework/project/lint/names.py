"""What the project declares and what it uses, collected once for all checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from framework.errors import Location, UsageError
from framework.project.reading import Reading
from framework.project.schema.domain import Domain
from framework.project.schema.names import (
    CHAT,
    DEFAULT_ACTIONS,
    KNOWLEDGE_ANSWER,
    RECOMMEND,
    SNIPPET,
)
from framework.project.schema.recommend import SECTION, RecommendSettings
from framework.project.schema.stories import (
    ActionStep,
    CheckpointStep,
    LoopStep,
    OrStep,
    Rule,
    SlotStep,
    SlotValue,
    Step,
    Story,
    UserStep,
)

GIVEN_VALUES = {
    KNOWLEDGE_ANSWER: ("answer", "source", "file", "passage", "confidence"),
}
"""Placeholders that default actions fill, by the response they say."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """A name that a story or rule uses.

    Attributes:
        name: what is named.
        by: who names it, for messages: "the story 'book a table'".
        where: its place.
        is_test: whether a regression conversation names it.
    """

    name: str
    by: str
    where: Location | None
    is_test: bool = False


@dataclass(frozen=True, kw_only=True)
class Dialog:
    """A story, rule or regression conversation with all its steps, alternatives included."""

    by: str
    steps: tuple[Step, ...]
    is_rule: bool = False
    is_test: bool = False


class Names:
    """Everything that is declared or used, by kind."""

    def __init__(self, reading: Reading) -> None:
        """Collect from what was read; the expensive parts on demand."""
        self.reading = reading
        self.project = reading.project
        self.domain: Domain = reading.project.domain
        self.findings = reading.findings

    @cached_property
    def labelled(self) -> dict[str, Location | None]:
        """Base intents that have examples, with the place of the first one."""
        found: dict[str, Location | None] = {}
        for example in self.project.nlu.examples:
            found.setdefault(example.intent.split("/", 1)[0], example.where)
        return found

    @cached_property
    def labels(self) -> dict[str, Location | None]:
        """Full labels of examples (`faq/ask_name`), with the place of the first one."""
        found: dict[str, Location | None] = {}
        for example in self.project.nlu.examples:
            found.setdefault(example.intent, example.where)
        return found

    @cached_property
    def annotated(self) -> dict[str, Location | None]:
        """Entities marked in examples, with the place of the first one."""
        found: dict[str, Location | None] = {}
        for example in self.project.nlu.examples:
            for entity in example.entities:
                found.setdefault(entity.entity, example.where)
        return found

    @cached_property
    def recommend(self) -> RecommendSettings | None:
        """The settings under `recommend:`; None without any that can be used."""
        given = self.project.config.extras.get(SECTION)
        try:
            return RecommendSettings(**given) if isinstance(given, Mapping) else None
        except (TypeError, UsageError):
            return None  # reported where the configuration is read

    @cached_property
    def actions(self) -> frozenset[str]:
        """Every name that an `action:` step may give."""
        return frozenset(
            (
                *self.domain.actions,
                *self.domain.responses,
                *(name.split("/", 1)[0] for name in self.domain.responses),
                *self.domain.forms,
                *self.domain.e2e_actions,
                *self.default_actions,
                *([RECOMMEND] if SECTION in self.project.config.extras else []),
            )
        )

    @cached_property
    def default_actions(self) -> tuple[str, ...]:
        """Actions that the bot has without its own code."""
        has_generator = self.project.config.seq2seq is not None
        return (*DEFAULT_ACTIONS, SNIPPET, *([CHAT] if has_generator else []))

    @cached_property
    def dialogs(self) -> tuple[Dialog, ...]:
        """Stories, rules (conditions first) and regression conversations."""
        stories = (_dialog(story, "story") for story in self.project.stories)
        rules = (_dialog(rule, "rule") for rule in self.project.rules)
        tests = (_dialog(story, "story", is_test=True) for story in self.reading.tests)
        return (*stories, *rules, *tests)

    @cached_property
    def used_intents(self) -> tuple[Use, ...]:
        """Intents of user steps."""
        return tuple(self._uses(UserStep))

    @cached_property
    def used_actions(self) -> tuple[Use, ...]:
        """Actions of action steps."""
        return tuple(self._uses(ActionStep))

    @cached_property
    def used_loops(self) -> tuple[Use, ...]:
        """Forms of `active_loop` steps."""
        return tuple(self._uses(LoopStep))

    @cached_property
    def used_slots(self) -> tuple[tuple[SlotValue, Use], ...]:
        """Slots of `slot_was_set`, of steps, conditions and checkpoints."""
        found: list[tuple[SlotValue, Use]] = []
        for dialog in self.dialogs:
            for step in dialog.steps:
                if isinstance(step, SlotStep | CheckpointStep):
                    for slot in step.slots:
                        use = Use(
                            name=slot.slot, by=dialog.by, where=slot.where, is_test=dialog.is_test
                        )
                        found.append((slot, use))
        return tuple(found)

    @cached_property
    def learned(self) -> frozenset[str]:
        """Names of intents, actions and forms that stories and rules (not tests) use."""
        uses = (*self.used_intents, *self.used_actions, *self.used_loops)
        return frozenset(use.name for use in uses if not use.is_test)

    @cached_property
    def told(self) -> frozenset[str]:
        """Base intents of which stories or rules (not tests) hold the words of a user."""
        steps = (step for dialog in self.dialogs if not dialog.is_test for step in dialog.steps)
        users = (step for step in steps if isinstance(step, UserStep) and step.is_example)
        return frozenset(str(step.intent).split("/", 1)[0] for step in users)

    def _uses(self, kind: type[Step]) -> Iterator[Use]:
        for dialog in self.dialogs:
            for step in dialog.steps:
                name = _name(step) if isinstance(step, kind) else None
                if name is not None:
                    where = step.where
                    yield Use(name=name, by=dialog.by, where=where, is_test=dialog.is_test)


def first_uses(uses: Iterable[Use]) -> Iterator[tuple[Use, int]]:
    """Give each name once: its first use, and how many there are in all.

    A name that stories or rules use is given with such a use, before those of tests.
    """
    by_name: dict[str, list[Use]] = {}
    for use in uses:
        by_name.setdefault(use.name, []).append(use)
    for found in by_name.values():
        yield min(found, key=lambda use: use.is_test), len(found)


def more(count: int) -> str:
    """Say that there are further places, where there are."""
    others = count - 1
    return "" if others < 1 else f" (and {others} more {'place' if others == 1 else 'places'})"


def _dialog(story: Story | Rule, kind: str, *, is_test: bool = False) -> Dialog:
    conditions = story.conditions if isinstance(story, Rule) else ()
    return Dialog(
        by=f"the {'test' if is_test else kind} {story.name!r}",
        steps=tuple(_flatten((*conditions, *story.steps))),
        is_rule=isinstance(story, Rule),
        is_test=is_test,
    )


def _flatten(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, OrStep):
            yield from step.options
        else:
            yield step


def _name(step: Step) -> str | None:
    if isinstance(step, UserStep):
        return None if step.intent is None else step.intent.split("/", 1)[0]
    if isinstance(step, ActionStep):
        return step.action
    return step.name if isinstance(step, LoopStep) else None
