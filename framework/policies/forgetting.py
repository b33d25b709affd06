"""A conversation as it would look, had it begun later: what came before is forgotten.

Slots have their initial values again, no form is active and nothing was said, until it happens
after the new beginning. States are worked out one by one as they are asked for, because most
shortened histories turn out to be unknown after one or two of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from framework.conversation.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    Event,
    SlotSet,
    UserUttered,
)
from framework.conversation.history import Step
from framework.conversation.state import SlotValues, State
from framework.conversation.tracker import Tracker
from framework.policies.states import DialogueState
from framework.policies.views import Hidden, View
from framework.project.schema.names import LISTEN, UNLIKELY_INTENT

_NO_ACTION: tuple[str | None, bool] = (None, False)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Turn:
    """An action, what happened until the next one, and the state at that moment.

    Attributes:
        events: those after the action that change slots, forms or the message.
        after: the state before the next action, or now.
        hides: whether the next action belongs to a turn that is hidden.
    """

    events: tuple[Event, ...]
    after: State
    hides: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Glimpse:
    """What of a moment is needed to see it: of the turn with this number, this is shown."""

    number: int
    message: UserUttered | None
    loop: str | None
    action: tuple[str | None, bool]


def shortened(
    tracker: Tracker, view: View, *, max_history: int | None, deepest: int
) -> Iterator[Iterator[DialogueState]]:
    """Give the histories of a conversation that begins with each of its actions, oldest first.

    Args:
        tracker: the conversation.
        view: how states are seen, with what is hidden.
        max_history: how many of the latest states are compared; None for all.
        deepest: how many states the longest remembered history has.
    """
    turns = _turns(tracker.head, max_history=max_history, deepest=deepest)
    initial = SlotValues.initial(tracker.domain)
    for first in range(len(turns)):
        glimpses: Iterable[_Glimpse] = _visible(turns[first:])
        if max_history:
            glimpses = list(glimpses)[-max_history:]
        yield _states(glimpses, turns[first:], view, initial)


def _turns(head: Step, *, max_history: int | None, deepest: int) -> list[_Turn]:
    """Give the turns that a remembered history may begin with, the oldest first."""
    turns: list[_Turn] = []
    events: list[Event] = []
    current, after, hides = head, head.state, False
    while current.event is not None and current.before is not None:
        if isinstance(current.event, ActionExecuted):
            turns.append(_Turn(events=tuple(reversed(events)), after=after, hides=hides))
            if _is_enough(turns, current.event, max_history=max_history, deepest=deepest):
                break
            events, after, hides = [], current.before.state, current.event.hide_rule_turn
        elif isinstance(current.event, SlotSet | AllSlotsReset | ActiveLoop | UserUttered):
            events.append(current.event)
        current = current.before
    return turns[::-1]


def _is_enough(
    turns: Sequence[_Turn], action: ActionExecuted, *, max_history: int | None, deepest: int
) -> bool:
    """Tell whether no remembered history begins before an action; hidden turns count little."""
    if max_history is not None:
        return len(turns) > max_history and action.name == LISTEN
    return len(turns) > 2 * deepest + 10


def _visible(turns: Sequence[_Turn]) -> Iterator[_Glimpse]:
    """Give what is shown of each moment, the beginning first; hidden ones are left out."""
    yield _Glimpse(number=0, message=None, loop=None, action=_NO_ACTION)
    loop: str | None = None
    message: UserUttered | None = None
    shown, is_hidden, heard = _NO_ACTION, False, False
    for number, turn in enumerate(turns, start=1):
        state = turn.after
        for event in turn.events:
            if isinstance(event, ActiveLoop):
                loop = event.name
            heard = heard or isinstance(event, UserUttered)
        action = (state.latest_action, state.latest_action_is_text)
        if not is_hidden:
            shown = action
        if not state.followup_action and action[0] != loop:
            is_hidden = turn.hides
        if is_hidden:
            continue
        if action == (LISTEN, False):
            message = state.latest_message if heard else None
        if shown[0] != UNLIKELY_INTENT:
            yield _Glimpse(number=number, message=message, loop=loop, action=shown)


def _states(
    glimpses: Iterable[_Glimpse], turns: Sequence[_Turn], view: View, slots: SlotValues
) -> Iterator[DialogueState]:
    """Give what is seen; slots are set as far as the state that is asked for."""
    hidden = view.hidden or Hidden()
    initial, done = slots, 0
    for glimpse in glimpses:
        for turn in turns[done : glimpse.number]:
            for event in turn.events:
                if isinstance(event, SlotSet):
                    slots = slots.with_value(event.name, event.value)
                elif isinstance(event, AllSlotsReset):
                    slots = initial
        done = glimpse.number
        intent, text, entities = view.sight.see_message(glimpse.message)
        seen = view.sight.see_slots(slots)
        if hidden.slots:
            seen = tuple(item for item in seen if item[0] not in hidden.slots)
        state = DialogueState(
            intent=intent,
            text=text,
            entities=entities,
            slots=seen,
            previous_action=glimpse.action[0],
            previous_is_text=glimpse.action[1],
            loop=None if glimpse.loop in hidden.loops else glimpse.loop,
        )
        is_last = glimpse.number == len(turns)
        yield view.answerable(state, glimpse.message, use_text=False) if is_last else state
