"""Failed conversations as a story file again, with what came beside what was written."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString

from framework.data.dialogues import PlainStep
from framework.evaluation.conversations.outcomes import StepOutcome, StoryOutcome
from framework.evaluation.conversations.wording import marked
from framework.project.schema.names import LISTEN
from framework.project.schema.stories import ActionStep, BotStep, LoopStep, SlotStep, UserStep

_HEAD = "Conversations that went otherwise than written; a comment says what came instead.\n"
_NONE = "# Every conversation went as written.\n"


def to_yaml(stories: Iterable[StoryOutcome]) -> str:
    """Write the stories that failed; the result can be read as a test file."""
    failed = [story for story in stories if not story.passed]
    if not failed:
        return _NONE
    document = CommentedMap(version="3.1", stories=[_story(story) for story in failed])
    document.yaml_set_start_comment(_HEAD)
    writer = YAML()
    writer.width = 4096
    writer.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    writer.dump(document, stream)
    return stream.getvalue()


def _story(story: StoryOutcome) -> CommentedMap:
    written = CommentedMap(story=story.dialogue.name)
    if story.dialogue.where is not None:
        written.yaml_add_eol_comment(_comment(str(story.dialogue.where)), "story")
    steps = CommentedSeq()
    for outcome in story.steps:
        step = _step(outcome.step)
        if outcome.step is None and not outcome.failures:
            continue
        if outcome.failures:
            step.yaml_add_eol_comment(_comments(outcome), next(iter(step)))
        steps.append(step)
    written["steps"] = steps
    return written


def _comments(outcome: StepOutcome) -> str:
    notes = (f"predicted: {failure.predicted}" for failure in outcome.failures)
    return _comment("; ".join(notes))


def _comment(text: str) -> str:
    """Keep a comment on one line, so that no text can become YAML."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _step(step: PlainStep | None) -> CommentedMap:
    if step is None:
        return CommentedMap(action=LISTEN)
    if isinstance(step, UserStep):
        return _user_step(step)
    if isinstance(step, ActionStep):
        return CommentedMap(action=step.action, **_expectation(step))
    if isinstance(step, BotStep):
        return CommentedMap(bot=step.text)
    if isinstance(step, LoopStep):
        return CommentedMap(active_loop=step.name)
    return CommentedMap(slot_was_set=_slots(step))


def _user_step(step: UserStep) -> CommentedMap:
    written = CommentedMap()
    if step.intent is not None:
        written["intent"] = step.intent
    if step.text is not None:
        written["user"] = LiteralScalarString(f"{marked(step.text, step.annotations)}\n")
    elif step.entities:
        written["entities"] = [
            {
                key: value
                for key, value in (
                    (entity.entity, entity.value),
                    ("role", entity.role),
                    ("group", entity.group),
                )
                if value is not None or key == entity.entity
            }
            for entity in step.entities
        ]
    written.update(_expectation(step))
    return written


def _expectation(step: UserStep | ActionStep) -> dict[str, Any]:
    if step.expect is None:
        return {}
    replies, slots = list(step.expect.replies), dict(step.expect.slots)
    return {key: value for key, value in (("bot", replies), ("slots", slots)) if value}


def _slots(step: SlotStep) -> list[Any]:
    return [{slot.slot: slot.value} if slot.has_value else slot.slot for slot in step.slots]
