"""One step of a story, a rule or a regression conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from framework.project.read.user_messages import read_entities, read_intent, read_words
from framework.project.reader import Reader
from framework.project.schema.stories import (
    ActionStep,
    BotStep,
    CheckpointStep,
    Expectation,
    LoopStep,
    OrStep,
    SlotStep,
    SlotValue,
    Step,
    UserStep,
)
from framework.project.yaml.nodes import (
    MappingNode,
    Node,
    SequenceNode,
    describe,
    is_blank,
    is_null,
    plain,
)

_STEP_HINT = "write `- intent: …` for what the user says, `- action: …` for what the bot does"
_EXPECTATIONS = ("bot", "slots")


@dataclass(frozen=True)
class StepReader:
    """Reads steps of one file.

    Attributes:
        reader: of the file.
        is_test: whether it holds regression conversations, which may name full retrieval intents
            and state what must be said and hold.
    """

    reader: Reader
    is_test: bool = False

    def read(self, nodes: list[Node]) -> Iterator[Step]:
        """Read steps in order, leaving out what can't be used."""
        for node in nodes:
            step = self._step(node)
            if step is not None:
                yield step

    def _step(self, node: Node) -> Step | None:
        if not isinstance(node, MappingNode):
            message = f"a step must be a mapping such as `intent: greet`, not {describe(node)}"
            self.reader.error("wrong-type", message, node, hint=_STEP_HINT)
            return None
        entries = node.entries
        for keys, read in _STEPS:
            if any(key in entries for key in keys):
                return read(self, node)
        if list(entries) == ["entities"]:
            self.reader.warning(
                "empty-step",
                "a step holds `entities` without an intent, so it is skipped",
                node,
                hint="write `entities:` without a dash, below the `- intent:` it belongs to",
            )
        elif "metadata" not in entries:
            self.reader.check_keys(node, _ALL_KEYS, "a step")
            if not entries:
                self.reader.error("empty-step", "a step is empty", node, hint=_STEP_HINT)
        return None

    def _user(self, node: MappingNode) -> UserStep | None:
        self._check_keys(node, ("intent", "user", "entities"), expects=True)
        intent = read_intent(self.reader, node, keeps_full=self.is_test)
        markup, payload = read_words(self.reader, node)
        if intent is None and markup is None:
            if not is_null(node.get("intent")) or "user" in node:
                return None
            self.reader.error(
                "empty-step", "the intent of a user step is empty", node, hint=_STEP_HINT
            )
            return None
        entities = tuple(read_entities(self.reader, node)) if markup is None else payload
        if markup is not None and "entities" in node:
            self.reader.warning(
                "ignored-entities",
                "where a user step has text, its entities are those marked in the text",
                node.entries["entities"][0],
                hint="mark them like [Paris](city), and remove `entities:`",
            )
        return UserStep(
            intent=intent,
            text=None if markup is None else markup.text,
            entities=entities,
            annotations=() if markup is None else markup.entities,
            expect=self._expect(node),
            where=self.reader.where(node),
        )

    def _or(self, node: MappingNode) -> OrStep | None:
        self._check_keys(node, ("or",))
        options: list[UserStep | SlotStep] = []
        for item in self.reader.sequence(node.get("or"), "`or:`"):
            if isinstance(item, MappingNode) and ("intent" in item or "user" in item):
                option = self._user(item)
                options += [option] if option is not None else []
            elif isinstance(item, MappingNode) and "slot_was_set" in item:
                self._check_keys(item, ("slot_was_set",))
                slots = self._slot_values(item)
                options += [SlotStep(slots=(slot,), where=slot.where) for slot in slots]
            else:
                self.reader.error(
                    "bad-or",
                    "`or:` takes steps with `intent:` or with `slot_was_set:`",
                    item,
                    hint="write the other stories out, or join them by a checkpoint",
                )
        if not options:
            self.reader.error(
                "bad-or",
                "`or:` has no alternatives",
                node,
                hint="list two or more below it: `- intent: affirm`",
            )
            return None
        return OrStep(options=tuple(options), where=self.reader.where(node))

    def _action(self, node: MappingNode) -> ActionStep | None:
        self._check_keys(node, ("action",), expects=True)
        if is_blank(node.get("action")):
            self.reader.warning(
                "empty-step",
                "a step names no action, so it is skipped",
                node,
                hint="write `- action: …`, or remove the step",
            )
            return None
        name = self.reader.name(node.get("action"), "the action of a step")
        if name is None:
            return None
        where = self.reader.where(node)
        return ActionStep(action=name, expect=self._expect(node), where=where)

    def _bot(self, node: MappingNode) -> BotStep | None:
        self._check_keys(node, ("bot",))
        text = self.reader.text(node.get("bot"), "the text of a bot step")
        return None if text is None else BotStep(text=text, where=self.reader.where(node))

    def _checkpoint(self, node: MappingNode) -> CheckpointStep | None:
        self._check_keys(node, ("checkpoint", "slot_was_set"))
        name = self.reader.name(node.get("checkpoint"), "the name of a checkpoint")
        if name is None:
            return None
        slots = tuple(self._slot_values(node))
        return CheckpointStep(name=name, slots=slots, where=self.reader.where(node))

    def _slots(self, node: MappingNode) -> SlotStep | None:
        self._check_keys(node, ("slot_was_set",))
        slots = tuple(self._slot_values(node))
        if not slots:
            self.reader.warning(
                "empty-step",
                "`slot_was_set` names no slot",
                node,
                hint="list slots below it: `- name: value`",
            )
            return None
        return SlotStep(slots=slots, where=self.reader.where(node))

    def _slot_values(self, node: MappingNode) -> Iterator[SlotValue]:
        value = node.get("slot_was_set")
        for item in self.reader.sequence(value, "`slot_was_set`"):
            if isinstance(item, MappingNode):
                for key, given in item.items():
                    where = self.reader.where(key)
                    yield SlotValue(slot=key.text, value=plain(given), where=where)
            elif isinstance(item, SequenceNode):
                message = "a slot must be a name or `name: value`, not a list"
                self.reader.error("wrong-type", message, item, hint="write `- name: value`")
            else:
                name = self.reader.name(item, "a slot in `slot_was_set`")
                if name is not None:
                    yield SlotValue(slot=name, has_value=False, where=self.reader.where(item))

    def _loop(self, node: MappingNode) -> LoopStep | None:
        self._check_keys(node, ("active_loop",))
        value = node.get("active_loop")
        where = self.reader.where(node)
        if is_null(value):
            return LoopStep(name=None, where=where)
        name = self.reader.name(value, "`active_loop`")
        return None if name is None else LoopStep(name=name, where=where)

    def _check_keys(
        self, node: MappingNode, keys: tuple[str, ...], *, expects: bool = False
    ) -> None:
        if len(node.entries) > 1 or keys[0] not in node.entries:
            known = (*keys, *_EXPECTATIONS) if expects else keys
            self.reader.check_keys(node, known, f"a step with `{keys[0]}`")

    def _expect(self, node: MappingNode) -> Expectation | None:
        if not any(key in node.entries for key in _EXPECTATIONS):
            return None
        if not self.is_test:
            key = next(key for key in _EXPECTATIONS if key in node.entries)
            self.reader.warning(
                "ignored-key",
                f"`{key}:` inside a step is checked in tests only, not learned from",
                node.entries[key][0],
                hint="make it a step of its own, or move the conversation to `stories/`",
            )
            return None
        slots = self.reader.section(node.get("slots"), "`slots` of a step")
        replies = self.reader.names(node.get("bot"), "`bot` of a step")
        values: dict[str, Any] = {} if slots is None else plain(slots)
        return Expectation(replies=replies, slots=values)


_STEPS: tuple[tuple[tuple[str, ...], Callable[[StepReader, MappingNode], Step | None]], ...] = (
    (("intent", "user"), StepReader._user),
    (("or",), StepReader._or),
    (("action",), StepReader._action),
    (("bot",), StepReader._bot),
    (("checkpoint",), StepReader._checkpoint),
    (("slot_was_set",), StepReader._slots),
    (("active_loop",), StepReader._loop),
)
_ALL_KEYS = (*(key for keys, _ in _STEPS for key in keys), "metadata")
