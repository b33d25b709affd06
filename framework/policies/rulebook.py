"""Rules as conditions on the last states of a conversation, and which of them apply.

A rule says which action follows when the conversation's last states have the features of its own
states; what it doesn't mention may be anything. Where several apply, the one that says most wins:
the one whose states are longest when written as JSON, which is how Rasa 3.x decides.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from framework.conversation.state import NOT_SET
from framework.errors import Location
from framework.policies.features import Decision
from framework.policies.states import DialogueState
from framework.project.schema.names import LISTEN, SNIPPET

_Place = tuple[str | None, str | None]
"""Action before, and intent of, a rule's last state."""

Key = tuple[DialogueState, ...]
"""The states of a rule, or those of a conversation from which a rule would be made."""


@dataclass(frozen=True, kw_only=True)
class RuleEntry:
    """One step of a rule: in these states, this action follows.

    Attributes:
        states: what must hold of the last states, the oldest first.
        action: what follows.
        written: the states as JSON, whose length decides between rules that apply.
        name: of the rule it was first found in.
        where: place of that rule.
    """

    states: Key
    action: str
    written: str
    name: str
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class LoopEntry:
    """What stories and rules show about a form that was left for something else.

    Attributes:
        states: what must hold of the last states, the oldest first.
        returns: whether the form goes on here, without validating what answered something else;
            otherwise another action follows here, so the form must not be taken for granted.
    """

    states: Key
    returns: bool


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """All rules of a bot, found quickly by the last action and the intent of the last message.

    Attributes:
        rules: in the order of the files.
        loops: what is known about leaving forms.
    """

    rules: tuple[RuleEntry, ...]
    loops: tuple[LoopEntry, ...]
    _rules_after: Mapping[_Place, Sequence[RuleEntry]] = field(init=False, repr=False)
    _loops_after: Mapping[str | None, Sequence[LoopEntry]] = field(init=False, repr=False)
    longest: int = field(init=False)
    knows_texts: bool = field(init=False)

    def __post_init__(self) -> None:
        """Sort the entries by what the last state must be."""
        loops_after = defaultdict(list)
        for loop in self.loops:
            loops_after[loop.states[-1].previous_action].append(loop)
        object.__setattr__(self, "_rules_after", _by_last_state(self.rules))
        object.__setattr__(self, "_loops_after", loops_after)
        entries = [rule.states for rule in self.rules] + [loop.states for loop in self.loops]
        object.__setattr__(self, "longest", max(map(len, entries), default=1))
        object.__setattr__(
            self,
            "knows_texts",
            any(
                states[-1].previous_action == LISTEN and states[-1].intent is None
                for states in entries
            ),
        )

    def without(self, rule: RuleEntry) -> Rulebook:
        """Give the book without a rule."""
        return Rulebook(
            rules=tuple(other for other in self.rules if other is not rule), loops=self.loops
        )

    def best(self, states: Sequence[DialogueState]) -> RuleEntry | None:
        """Give the rule that says most among those that apply, the first of equals."""
        if not states:
            return None
        action, intent = states[-1].previous_action, states[-1].intent
        after = self._rules_after
        rules = after.get((action, intent)) or after.get((action, None), ())
        return next((rule for rule in rules if _applies(rule.states, states)), None)

    def loop_entries(self, states: Sequence[DialogueState]) -> list[LoopEntry]:
        """Give what is known about leaving the form in these states."""
        found = self._loops_after.get(states[-1].previous_action, ()) if states else ()
        return [entry for entry in found if _applies(entry.states, states)]


def _by_last_state(rules: Sequence[RuleEntry]) -> Mapping[_Place, Sequence[RuleEntry]]:
    """Sort rules by what their last state is, those that say most first.

    Rules that leave the intent open stand under every intent.
    """
    found: dict[_Place, list[RuleEntry]] = {}
    intents: dict[str | None, dict[str | None, None]] = defaultdict(dict)
    for rule in rules:
        intents[rule.states[-1].previous_action][rule.states[-1].intent] = None
    for rule in sorted(rules, key=lambda rule: -len(rule.written)):
        action, intent = rule.states[-1].previous_action, rule.states[-1].intent
        for place in intents[action] if intent is None else (intent,):
            found.setdefault((action, place), []).append(rule)
    return found


def learn(of_rules: Iterable[Decision], of_all: Iterable[Decision]) -> Rulebook:
    """Learn the book.

    Args:
        of_rules: the decisions of rules; where two of the same states differ, neither is learned.
        of_all: those of rules and stories, to learn when forms are left.
    """
    found: dict[Key, RuleEntry | None] = {}
    for decision in of_rules:
        states = key_of(decision.history)
        if not states:
            continue
        if states not in found:
            found[states] = _as_rule(states, decision)
        elif (known := found[states]) is not None and known.action != decision.action:
            found[states] = None
    loops: dict[Key, LoopEntry] = {}
    for decision in of_all:
        entry = _as_loop_entry(decision)
        if entry is not None:
            loops[entry.states] = entry
    return Rulebook(
        rules=tuple(rule for rule in found.values() if rule and rule.action != SNIPPET),
        loops=tuple(loops.values()),
    )


def key_of(history: Sequence[DialogueState]) -> Key:
    """Give the states since a rule began."""
    states: list[DialogueState] = []
    for state in reversed(history):
        if state.previous_action == SNIPPET and not state.previous_is_text:
            break
        states.append(state)
    return tuple(reversed(states))


def active_loop(state: DialogueState) -> str | None:
    """Give the active form of a state; None also where a rule says that there is none."""
    return None if state.loop == NOT_SET else state.loop


def _as_rule(states: Key, decision: Decision) -> RuleEntry:
    dialogue = decision.dialogue
    return RuleEntry(
        states=states,
        action=decision.action,
        written=written(states),
        name=dialogue.name if dialogue else "",
        where=dialogue.where if dialogue else None,
    )


def _as_loop_entry(decision: Decision) -> LoopEntry | None:
    last = decision.history[-1]
    loop = active_loop(last)
    if loop is None:
        return None
    states = key_of(_last_two(decision.history))
    if not states:
        return None
    listens = last.previous_action == LISTEN and not last.previous_is_text
    if listens and decision.action == loop:
        return LoopEntry(states=states, returns=True)
    if not listens and decision.action != loop:
        return LoopEntry(states=states, returns=False)
    return None


def _last_two(history: Sequence[DialogueState]) -> Sequence[DialogueState]:
    """Give the last state and, of the one before, only the action that led to it."""
    if len(history) == 1 or history[-2].previous_action is None:
        return history[-1:]
    before = DialogueState(
        previous_action=history[-2].previous_action, previous_is_text=history[-2].previous_is_text
    )
    return before, history[-1]


def _applies(rule: Key, states: Sequence[DialogueState]) -> bool:
    if len(rule) > len(states):
        return False
    return all(map(_fits, reversed(rule), reversed(states)))


def _fits(rule: DialogueState, state: DialogueState) -> bool:
    if rule.previous_action is None or state.previous_action is None:
        return rule.previous_action is None and state.previous_action is None
    return (
        rule.previous_action == state.previous_action
        and rule.previous_is_text == state.previous_is_text
        and (rule.intent is None or rule.intent == state.intent)
        and (not rule.text or rule.text == state.text)
        and (not rule.entities or rule.entities == state.entities)
        and _fits_loop(rule.loop, state.loop)
        and (not rule.slots or _fits_slots(rule, dict(state.slots)))
    )


def _fits_loop(wanted: str | None, loop: str | None) -> bool:
    return wanted is None or wanted == loop or (wanted == NOT_SET and not loop)


def _fits_slots(rule: DialogueState, slots: Mapping[str, tuple[float, ...]]) -> bool:
    return all(slots.get(name, ()) == features for name, features in rule.slots)


def written(states: Key) -> str:
    """Write states as Rasa does: JSON with sorted keys."""
    return json.dumps([_as_json(state) for state in states], sort_keys=True)


def _as_json(state: DialogueState) -> dict[str, Any]:
    user: dict[str, Any] = {}
    if state.intent:
        user["intent"] = state.intent
    if state.text:
        user["text"] = state.text
    if state.entities:
        user["entities"] = state.entities
    result: dict[str, Any] = {"user": user} if user else {}
    if state.slots:
        result["slots"] = {name: features or NOT_SET for name, features in state.slots}
    if state.previous_action is not None:
        key = "action_text" if state.previous_is_text else "action_name"
        result["prev_action"] = {key: state.previous_action}
    if state.loop is not None:
        result["active_loop"] = {"name": state.loop}
    return result
