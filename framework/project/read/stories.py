"""The `stories:` and `rules:` sections."""

from __future__ import annotations

from collections.abc import Iterator

from framework.project.read.steps import StepReader
from framework.project.reader import Reader
from framework.project.schema.stories import LoopStep, Rule, SlotStep, Step, Story
from framework.project.yaml.nodes import MappingNode, Node, describe, is_blank

_STORY_KEYS = ("story", "steps", "metadata")
_RULE_KEYS = (
    "rule",
    "steps",
    "metadata",
    "condition",
    "conversation_start",
    "wait_for_user_input",
)


def read_stories(reader: Reader, node: Node | None, *, is_test: bool = False) -> Iterator[Story]:
    """Read all stories of a file; `is_test` for regression conversations."""
    steps = StepReader(reader, is_test)
    for item, name in _named(reader, node, "story", "stories"):
        what = f"the story {name!r}"
        reader.check_keys(item, _STORY_KEYS, what)
        found = _read_steps(steps, item, what)
        if found:
            yield Story(
                name=name,
                steps=found,
                metadata=reader.metadata(item.get("metadata")),
                where=reader.where(item),
            )


def read_rules(reader: Reader, node: Node | None) -> Iterator[Rule]:
    """Read all rules of a file."""
    steps = StepReader(reader)
    for item, name in _named(reader, node, "rule", "rules"):
        what = f"the rule {name!r}"
        reader.check_keys(item, _RULE_KEYS, what)
        found = _read_steps(steps, item, what)
        if found:
            yield Rule(
                name=name,
                steps=found,
                conditions=_read_conditions(steps, item, what),
                conversation_start=reader.flag(
                    item.get("conversation_start"),
                    f"`conversation_start` of {what}",
                    default=False,
                ),
                wait_for_user_input=reader.flag(
                    item.get("wait_for_user_input"),
                    f"`wait_for_user_input` of {what}",
                    default=True,
                ),
                metadata=reader.metadata(item.get("metadata")),
                where=reader.where(item),
            )


def _named(
    reader: Reader, node: Node | None, kind: str, section: str
) -> Iterator[tuple[MappingNode, str]]:
    for item in reader.sequence(node, f"`{section}:`"):
        if not isinstance(item, MappingNode):
            message = f"each item under `{section}:` must be a mapping, not {describe(item)}"
            reader.error("wrong-type", message, item, hint=f"start it with `- {kind}: …`")
        elif kind not in item:
            keys = _STORY_KEYS if kind == "story" else _RULE_KEYS
            reader.check_keys(item, keys, f"an item under `{section}:`")
            message = f"an item under `{section}:` has no name"
            reader.error("missing-key", message, item, hint=f"add `{kind}: …`")
        elif is_blank(item.get(kind)):
            reader.warning(
                "missing-name",
                f"a {kind} has no name, so it goes by its place",
                item.entries[kind][0],
                hint=f"write a name after `{kind}:`",
            )
            yield item, str(reader.where(item.entries[kind][0]))
        else:
            name = reader.name(item.get(kind), f"the name of a {kind}")
            if name is not None:
                yield item, name


def _read_steps(steps: StepReader, item: MappingNode, what: str) -> tuple[Step, ...]:
    nodes = steps.reader.sequence(item.get("steps"), f"`steps` of {what}")
    if not nodes:
        steps.reader.warning(
            "empty-story", f"{what} has no steps, so it is skipped", item, hint="add `steps:`"
        )
    return tuple(steps.read(nodes))


def _read_conditions(
    steps: StepReader, item: MappingNode, what: str
) -> tuple[SlotStep | LoopStep, ...]:
    conditions: list[SlotStep | LoopStep] = []
    nodes = steps.reader.sequence(item.get("condition"), f"`condition` of {what}")
    for node in nodes:
        for step in steps.read([node]):
            if isinstance(step, SlotStep | LoopStep):
                conditions.append(step)
            else:
                steps.reader.error(
                    "bad-condition",
                    f"a condition of {what} must be `active_loop` or `slot_was_set`",
                    node,
                    hint="move other steps to `steps:`",
                )
    return tuple(conditions)
