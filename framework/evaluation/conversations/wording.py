"""Steps of conversations in words, as in the file they come from."""

from __future__ import annotations

import json
from collections.abc import Iterable

from framework.data.dialogues import PlainStep
from framework.nlu.types import Entity
from framework.project.schema.nlu import EntityAnnotation
from framework.project.schema.stories import ActionStep, BotStep, LoopStep, SlotStep, UserStep

Marked = Entity | EntityAnnotation
"""An entity in a text, found or annotated."""


def in_words(step: PlainStep | None) -> str:
    """Give a step in one line."""
    if step is None:
        return "action: action_listen"
    if isinstance(step, UserStep):
        return f"user: {marked(step.text, step.annotations)}" if step.text else user_intent(step)
    if isinstance(step, ActionStep):
        return f"action: {step.action}"
    if isinstance(step, BotStep):
        return f"bot: {step.text}"
    if isinstance(step, LoopStep):
        return f"active_loop: {step.name or 'null'}"
    return in_words_of_slots(step)


def in_words_of_slots(step: SlotStep) -> str:
    """Give a step that sets slots in one line."""
    slots = (
        f"{slot.slot}: {json.dumps(slot.value, ensure_ascii=False, default=str)}"
        if slot.has_value
        else slot.slot
        for slot in step.slots
    )
    return f"slot_was_set: {', '.join(slots)}"


def user_intent(step: UserStep) -> str:
    """Give the intent of a user step in one line."""
    return f"intent: {step.intent}"


def marked(text: str, entities: Iterable[Marked]) -> str:
    """Give a text with its entities marked as in training data.

    One inside another is left out, and one that stands nowhere in the text.
    """
    written, done = "", 0
    spans = [(e.start, e.end, e) for e in entities if e.start is not None and e.end is not None]
    for start, end, entity in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not done <= start < end <= len(text):
            continue
        written += text[done:start] + _mark(text[start:end], entity)
        done = end
    return written + text[done:]


def _mark(words: str, entity: Marked) -> str:
    details = {
        "entity": entity.entity,
        "role": entity.role,
        "group": entity.group,
        "value": None if entity.value in (None, words) else entity.value,
    }
    given = {key: value for key, value in details.items() if value is not None}
    if len(given) == 1:
        return f"[{words}]({entity.entity})"
    return f"[{words}]{json.dumps(given, ensure_ascii=False, default=str)}"
