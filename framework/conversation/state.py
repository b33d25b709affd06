"""What one event does to the state of a conversation: a pure step from state to state.

Undoing and starting over (`rewind`, `undo`, `restart`, `session_started`) need the events before
and are the work of `framework.conversation.history` and `framework.conversation.tracker`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from framework.conversation.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    AllSlotsReset,
    ConversationPaused,
    ConversationResumed,
    EntitiesAdded,
    Event,
    FollowupAction,
    LoopInterrupted,
    SlotSet,
    UserFeaturization,
    UserUttered,
)
from framework.project.schema.domain import Domain
from framework.project.schema.names import LISTEN

NOT_SET = "should_not_be_set"
"""Value of a slot, and name of a loop, of which a rule says that it must not be set."""


class SlotValues(Mapping[str, Any]):
    """The values of all slots at one moment; setting one gives a new mapping.

    Attributes:
        given: names of the slots that were set since they had their initial values.
        cache: what later stages computed from these values; not compared.
    """

    __slots__ = ("_lists", "_values", "cache", "given")

    def __init__(
        self, values: dict[str, Any], *, lists: frozenset[str], given: frozenset[str]
    ) -> None:
        """Take the values; `lists` names the slots that hold lists."""
        self._values = values
        self._lists = lists
        self.given = given
        self.cache: dict[Any, Any] = {}

    @classmethod
    def initial(cls, domain: Domain) -> SlotValues:
        """Give every slot of the domain its initial value."""
        lists = frozenset(slot.name for slot in domain.slots.values() if slot.type == "list")
        values = {
            slot.name: _as_list(slot.initial_value) if slot.name in lists else slot.initial_value
            for slot in domain.slots.values()
        }
        return cls(values, lists=lists, given=frozenset())

    def with_value(self, name: str, value: Any) -> SlotValues:
        """Give the values after a slot was set; a slot that the domain lacks is ignored."""
        if name not in self._values:
            return self
        stored = _as_list(value) if name in self._lists else value
        given = self.given if name in self.given else self.given | {name}
        return SlotValues({**self._values, name: stored}, lists=self._lists, given=given)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"SlotValues({self._values!r})"


def _as_list(value: Any) -> Any:
    return [value] if value and not isinstance(value, list) else value


@dataclass(frozen=True, kw_only=True, slots=True)
class Loop:
    """The active form.

    Attributes:
        name: the form.
        is_interrupted: whether it was left for another action and skips validation once.
        rejected: whether it declined to run since the last user message.
        trigger_message: the user message that activated it.
    """

    name: str
    is_interrupted: bool = False
    rejected: bool = False
    trigger_message: UserUttered | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """Everything that later stages read of a conversation, at one moment.

    Attributes:
        slots: values of all slots.
        newly_set: names of the slots that were set since the last action.
        latest_message: the last user message; None before the first.
        latest_action: name of the last action, or the bot text of an end-to-end one.
        latest_action_is_text: whether `latest_action` is a bot text.
        loop: the active form.
        is_loop_denied: whether a rule says here that no form is active.
        followup_action: the action that comes next whatever the policies say.
        paused: whether the bot stays silent.
    """

    slots: SlotValues
    newly_set: frozenset[str] = frozenset()
    latest_message: UserUttered | None = None
    latest_action: str | None = None
    latest_action_is_text: bool = False
    loop: Loop | None = None
    is_loop_denied: bool = False
    followup_action: str | None = LISTEN
    paused: bool = False


def advance(state: State, event: Event, initial: State) -> State:
    """Give the state after an event.

    Args:
        state: before the event.
        event: any but those that undo or start over, which leave the state as it is.
        initial: of a conversation without events.
    """
    step = _STEPS.get(type(event))
    return state if step is None else step(state, event, initial)


def _hear(state: State, event: UserUttered, _: State) -> State:
    return replace(state, latest_message=event, followup_action=None)


def _act(state: State, event: ActionExecuted, _: State) -> State:
    loop = state.loop
    if loop is not None:
        rejected = loop.rejected and event.name != loop.name
        if loop.is_interrupted or rejected != loop.rejected:
            loop = replace(loop, is_interrupted=False, rejected=rejected)
    return replace(
        state,
        newly_set=frozenset(),
        latest_action=event.name or event.action_text,
        latest_action_is_text=not event.name,
        loop=loop,
        followup_action=None,
    )


def _set_slot(state: State, event: SlotSet, _: State) -> State:
    slots = state.slots.with_value(event.name, event.value)
    return replace(state, slots=slots, newly_set=state.newly_set | {event.name})


def _reset_slots(state: State, event: AllSlotsReset, initial: State) -> State:
    return replace(state, slots=initial.slots, newly_set=frozenset())


def _follow_up(state: State, event: FollowupAction, _: State) -> State:
    return replace(state, followup_action=event.name)


def _pause(state: State, event: ConversationPaused, _: State) -> State:
    return replace(state, paused=True)


def _resume(state: State, event: ConversationResumed, _: State) -> State:
    return replace(state, paused=False)


def _change_loop(state: State, event: ActiveLoop, _: State) -> State:
    if event.name is None or event.name == NOT_SET:
        return replace(state, loop=None, is_loop_denied=event.name is not None)
    loop = Loop(name=event.name, trigger_message=state.latest_message)
    return replace(state, loop=loop, is_loop_denied=False)


def _interrupt_loop(state: State, event: LoopInterrupted, _: State) -> State:
    if state.loop is None:
        return state
    return replace(state, loop=replace(state.loop, is_interrupted=event.is_interrupted))


def _reject_loop(state: State, event: ActionExecutionRejected, _: State) -> State:
    if state.loop is None or state.loop.name != event.name:
        return state
    return replace(state, loop=replace(state.loop, rejected=True))


def _is_about_latest_message(state: State) -> bool:
    """Whether nothing was done yet about the last user message: it follows a listening."""
    return state.latest_message is not None and state.latest_action == LISTEN


def _add_entities(state: State, event: EntitiesAdded, _: State) -> State:
    message = state.latest_message
    if message is None or not _is_about_latest_message(state):
        return state
    known = message.understanding.entities
    new = tuple(entity for entity in event.entities if entity not in known)
    understanding = replace(message.understanding, entities=known + new)
    return replace(state, latest_message=replace(message, understanding=understanding))


def _featurize(state: State, event: UserFeaturization, _: State) -> State:
    message = state.latest_message
    if message is None or not _is_about_latest_message(state):
        return state
    if message.use_text == event.use_text:
        return state
    return replace(state, latest_message=replace(message, use_text=event.use_text))


_STEPS: dict[type[Event], Callable[[State, Any, State], State]] = {
    UserUttered: _hear,
    ActionExecuted: _act,
    SlotSet: _set_slot,
    AllSlotsReset: _reset_slots,
    FollowupAction: _follow_up,
    ConversationPaused: _pause,
    ConversationResumed: _resume,
    ActiveLoop: _change_loop,
    LoopInterrupted: _interrupt_loop,
    ActionExecutionRejected: _reject_loop,
    EntitiesAdded: _add_entities,
    UserFeaturization: _featurize,
}
