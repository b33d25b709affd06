"""A conversation in one line, for messages about it."""

from __future__ import annotations

from collections.abc import Iterable

from framework.conversation.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from framework.conversation.state import NOT_SET
from framework.project.schema.names import LISTEN, SNIPPET


def retell(events: Iterable[Event]) -> str:
    """Give messages, actions, forms and slots in order: `greet → utter_greet → …`."""
    parts = [part for event in events if (part := _retell_event(event))]
    return " → ".join(parts) or "(the beginning)"


def _retell_event(event: Event) -> str:
    if isinstance(event, UserUttered):
        best = event.understanding.intent
        names = [entity.entity for entity in event.understanding.entities]
        said = f"user: {best.name}" if best else f"user: {event.text!r}"
        return f"{said} with {', '.join(names)}" if names else said
    if isinstance(event, ActionExecuted):
        if event.name in (LISTEN, SNIPPET):
            return "" if event.name == LISTEN else SNIPPET
        return event.name or repr(event.action_text)
    if isinstance(event, ActiveLoop):
        return "no active form" if event.name in (None, NOT_SET) else f"form {event.name} active"
    if isinstance(event, SlotSet):
        is_unset = event.value is None or event.value == NOT_SET
        return f"slot {event.name} {'not set' if is_unset else f'= {event.value!r}'}"
    return ""
