"""What rules, forms and default intents say comes next, in the order in which they are asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from framework.conversation.tracker import Tracker
from framework.errors import Location
from framework.policies.rulebook import Key, Rulebook, RuleEntry, active_loop
from framework.policies.views import View
from framework.project.schema import names

DEFAULT_ACTIONS = {
    "restart": names.RESTART,
    "back": names.BACK,
    "session_start": names.SESSION_START,
}
"""What follows these intents at any time."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a ruling comes from; equal ones are the same to a conversation.

    Attributes:
        kind: a rule, a form going on, a form that waits for the answer, a default intent, or none
            of them, where no rule applies.
        name: the form or intent.
        states: those of the rule.
    """

    kind: Literal["rule", "form", "form-listens", "default", "none"]
    name: str = ""
    states: Key = ()


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What comes next by rule.

    Attributes:
        action: what comes next; None where no rule applies.
        source: why.
        rule: the rule, where one decided.
        returns_to_form: whether a form goes on after something else, and must not validate.
        is_text: whether it follows from the user's text rather than the intent.
        is_no_user: whether it doesn't depend on what the user said.
    """

    action: str | None
    source: Source
    rule: RuleEntry | None = None
    returns_to_form: bool = False
    is_text: bool = False
    is_no_user: bool = False

    @property
    def where(self) -> Location | None:
        """Place of the rule that decided."""
        return None if self.rule is None else self.rule.where


_NOTHING = Ruling(action=None, source=Source(kind="none"))


def decide(book: Rulebook, tracker: Tracker, view: View) -> Ruling:
    """Say what comes next by rule.

    A rule on the user's very words goes before the default intents, these before a form that
    goes on, and a form before all other rules.

    Args:
        book: the rules.
        tracker: the conversation.
        view: shows everything; the caller's own, so that each turn is seen once.
    """
    by_text = _by_rules(book, tracker, view, use_text=True)
    default = _by_default_intent(tracker)
    if default is not None and by_text.action is None:
        return default
    going_on = _by_form(tracker)
    if going_on is not None:
        return going_on
    if by_text.action is not None:
        return by_text
    by_intent = _by_rules(book, tracker, view, use_text=False)
    if by_text.returns_to_form and not by_intent.returns_to_form:
        return _returning(by_intent)
    return by_intent


def _returning(ruling: Ruling) -> Ruling:
    return Ruling(
        action=ruling.action, source=ruling.source, rule=ruling.rule, returns_to_form=True
    )


def _by_default_intent(tracker: Tracker) -> Ruling | None:
    message = tracker.latest_message
    best = message.understanding.intent if message else None
    if best is None or tracker.latest_action != names.LISTEN or best.name not in DEFAULT_ACTIONS:
        return None
    return Ruling(action=DEFAULT_ACTIONS[best.name], source=Source(kind="default", name=best.name))


def _by_form(tracker: Tracker) -> Ruling | None:
    loop, latest = tracker.active_loop, tracker.latest_action
    if loop is None or loop.rejected or latest is None:
        return None
    if latest == loop.name:
        source = Source(kind="form-listens", name=loop.name)
        return Ruling(action=names.LISTEN, source=source, is_no_user=True)
    source = Source(kind="form", name=loop.name)
    return Ruling(action=loop.name, source=source, is_no_user=True)


def _by_rules(book: Rulebook, tracker: Tracker, view: View, *, use_text: bool) -> Ruling:
    if not book.rules and not book.loops:
        return _NOTHING
    if use_text and (tracker.latest_action != names.LISTEN or not book.knows_texts):
        return _NOTHING
    states = view.states(tracker, max_history=book.longest, use_text=use_text)
    rule = book.best(states)
    source = Source(kind="rule", states=rule.states) if rule else Source(kind="none")
    loop = tracker.active_loop
    known = book.loop_entries(states) if loop else []
    returns = any(entry.returns for entry in known)
    if loop and rule and rule.action == names.LISTEN and active_loop(rule.states[-1]) is None:
        if all(entry.returns for entry in known):
            return Ruling(action=loop.name, source=source, rule=rule, is_text=use_text)
        return Ruling(action=None, source=source, returns_to_form=returns, is_text=use_text)
    return Ruling(
        action=rule.action if rule else None,
        source=source,
        rule=rule,
        returns_to_form=returns,
        is_text=use_text,
    )
