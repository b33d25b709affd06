"""Rules that leave out what an action does in other rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from framework.conversation.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from framework.conversation.state import NOT_SET
from framework.conversation.stories import story_events
from framework.conversation.tracker import Tracker
from framework.data.dialogues import Dialogue
from framework.data.slot_features import is_featurized
from framework.errors import Problem
from framework.policies.states import DialogueState
from framework.policies.views import View
from framework.project.schema.domain import Domain
from framework.project.schema.names import LISTEN, SNIPPET


class _Effects:
    """What an action does in rules: the slots it sets, and the forms that are then active."""

    def __init__(self) -> None:
        self.slots: dict[str, None] = {}
        self.loops: dict[str | None, None] = {}


def incomplete_rules(rules: Sequence[Dialogue], domain: Domain) -> Iterator[Problem]:
    """Find actions after which a rule doesn't say what other rules say of them."""
    effects = _effects_of_actions(rules, domain)
    view = View(domain)
    found = set()
    for rule in rules:
        for state in _states_to_check(rule, view):
            action = state.previous_action or ""
            for problem in _compare(rule, action, effects[action], state):
                if problem.message not in found:
                    found.add(problem.message)
                    yield problem


def _effects_of_actions(rules: Iterable[Dialogue], domain: Domain) -> dict[str, _Effects]:
    effects: dict[str, _Effects] = defaultdict(_Effects)
    for rule in rules:
        action: str | None = None
        for event in story_events(rule, domain):
            if isinstance(event, ActionExecuted):
                action = event.name or event.action_text
            elif isinstance(event, UserUttered):
                action = None
            elif action and isinstance(event, SlotSet):
                slot = domain.slots.get(event.name)
                if slot is not None and is_featurized(slot):
                    effects[action].slots[event.name] = None
            elif action and isinstance(event, ActiveLoop):
                effects[action].loops[event.name] = None
    return effects


def _states_to_check(rule: Dialogue, view: View) -> Iterator[DialogueState]:
    """Give the states right after the actions of a rule, those next to `...` left out."""
    tracker = Tracker.replay("", view.domain, story_events(rule, view.domain))
    states = view.states(tracker)
    following = [state.previous_action for state in states[1:]] + [LISTEN]
    for state, action in zip(states, following, strict=True):
        is_named = state.previous_action is not None and not state.previous_is_text
        if is_named and SNIPPET not in (state.previous_action, action):
            yield state


def _compare(
    rule: Dialogue, action: str, effects: _Effects, state: DialogueState
) -> Iterator[Problem]:
    missing = effects.slots.keys() - {name for name, _ in state.slots}
    hint = "state it here (`null` where it must not be), or end with `wait_for_user_input: false`"
    if missing:
        names = ", ".join(repr(name) for name in sorted(missing))
        yield Problem(
            id="rule-leaves-out-slot",
            severity="error",
            message=f"the rule {rule.name!r} doesn't say what {action!r} does to {names}, "
            "which it sets in other rules",
            where=rule.where,
            hint=hint,
        )
    if effects.loops and state.loop not in effects.loops:
        names = ", ".join("null" if name == NOT_SET else repr(name) for name in effects.loops)
        yield Problem(
            id="rule-leaves-out-form",
            severity="error",
            message=f"the rule {rule.name!r} doesn't say which form is active after {action!r}, "
            f"which is {names} in other rules",
            where=rule.where,
            hint=hint,
        )
