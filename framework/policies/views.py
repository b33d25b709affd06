"""What policies see of the moments before each action; what only rules do can be hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from framework.conversation.events import ActionExecuted, UserUttered
from framework.conversation.history import Step
from framework.conversation.state import State
from framework.conversation.tracker import Tracker
from framework.policies.states import DialogueState, Sight
from framework.project.schema.domain import Domain
from framework.project.schema.names import LISTEN, UNLIKELY_INTENT


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """What learned policies must not see, because stories never speak of it.

    Attributes:
        slots: slots that only rules use.
        loops: forms that only rules use.
    """

    slots: frozenset[str] = frozenset()
    loops: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, list[str]]:
        """Give the names as JSON values, the same for the same names."""
        return {"loops": sorted(self.loops), "slots": sorted(self.slots)}

    @classmethod
    def from_json(cls, content: Mapping[str, Sequence[str]]) -> Self:
        """Take back what `to_json` gave."""
        return cls(slots=frozenset(content["slots"]), loops=frozenset(content["loops"]))


class _Moment:
    """What is seen before one action: a chain of states, and what the next ones depend on."""

    __slots__ = ("before", "depth", "is_hidden", "shown_action", "state")

    def __init__(
        self,
        *,
        state: DialogueState,
        before: _Moment | None,
        shown_action: tuple[str | None, bool],
        is_hidden: bool,
    ) -> None:
        self.state = state
        self.before = before
        self.shown_action = shown_action
        self.is_hidden = is_hidden
        self.depth: int = 1 + (before.depth if before else 0)


class View:
    """One way of seeing conversations; policies keep theirs, so that each turn is seen once.

    Attributes:
        domain: the bot's domain.
        hidden: what isn't seen; with it, turns that only rules know are skipped, too. None shows
            everything, as rules need it.
        sight: how each moment is seen.
    """

    def __init__(
        self,
        domain: Domain,
        *,
        hidden: Hidden | None = None,
        given_slots_only: bool = False,
        sees_rejection: bool = False,
        sees_setting: bool = False,
    ) -> None:
        """Make the view; `Sight` says what the keywords after `hidden` mean."""
        self.domain = domain
        self.hidden = hidden
        self.sight = Sight(
            domain,
            given_slots_only=given_slots_only,
            sees_rejection=sees_rejection,
            sees_setting=sees_setting,
        )

    def states(
        self, tracker: Tracker, *, max_history: int | None = None, use_text: bool = False
    ) -> tuple[DialogueState, ...]:
        """Give the states before each action and now, the oldest first.

        Args:
            tracker: the conversation.
            max_history: how many of the latest states are wanted; None for all.
            use_text: whether the last user message, if it is still unanswered, is seen as text
                instead of intent and entities.
        """
        found: list[DialogueState] = []
        current = _last_visible(self._now(tracker.head))
        while current is not None and (not max_history or len(found) < max_history):
            if self.hidden is None or current.state.previous_action != UNLIKELY_INTENT:
                found.append(current.state)
            current = current.before
        if found:
            found[0] = self.answerable(found[0], tracker.latest_message, use_text=use_text)
        return tuple(reversed(found))

    def depth(self, head: Step) -> int:
        """Count the states that are seen up to a step of a conversation."""
        return self._now(head).depth

    @staticmethod
    def answerable(
        state: DialogueState, message: UserUttered | None, *, use_text: bool
    ) -> DialogueState:
        """See an unanswered message, if the latest state has one, as text or as intent alone."""
        if state.previous_action != LISTEN or state.previous_is_text:
            return state
        if not use_text:
            return replace(state, text=None, embedding=None) if state.text is not None else state
        text = state.text if message is None or message.use_text is False else message.text
        vector = message.understanding.embedding if message is not None and text else None
        return replace(state, intent=None, entities=(), text=text, embedding=vector)

    def _now(self, head: Step) -> _Moment:
        """Give what is seen now; what was seen before earlier actions is kept with them."""
        moment: _Moment | None = head.cache.get(self)
        if moment is None:
            moment = self._next(self._before_last_action(head), head.state, hide=False)
            head.cache[self] = moment
        return moment

    def _before_last_action(self, head: Step) -> _Moment | None:
        unseen: list[Step] = []
        action = head.last_action
        while action is not None and (self, ActionExecuted) not in action.cache:
            unseen.append(action)
            action = action.before.last_action if action.before else None
        moment: _Moment | None = action.cache[self, ActionExecuted] if action else None
        for step in reversed(unseen):
            if step.before is not None and isinstance(step.event, ActionExecuted):
                moment = self._before(step.before, moment, hide=step.event.hide_rule_turn)
                step.cache[self, ActionExecuted] = moment
        return moment

    def _before(self, step: Step, earlier: _Moment | None, *, hide: bool) -> _Moment:
        """Give what was seen when an action was chosen; known where `_now` was asked then."""
        known: _Moment | None = step.cache.get(self) if self.hidden is None else None
        return known or self._next(earlier, step.state, hide=hide)

    def _next(self, before: _Moment | None, state: State, *, hide: bool) -> _Moment:
        """Give what is seen at a moment, after what was seen at the one before.

        Args:
            before: the moment before the last action; None at the start.
            state: of the conversation at this moment.
            hide: whether the next action belongs to a turn that only rules know.
        """
        action = (state.latest_action, state.latest_action_is_text)
        if self.hidden is None:
            return _Moment(
                state=self.sight.see(state), before=before, shown_action=action, is_hidden=False
            )
        was_hidden = before is not None and before.is_hidden
        shown = before.shown_action if before is not None and was_hidden else action
        loop = None if state.loop is None else state.loop.name
        is_hidden = hide if not state.followup_action and action[0] != loop else was_hidden
        last = _last_visible(before)
        if is_hidden:
            return _HiddenMoment(before=last, shown_action=shown)
        seen = self._as_shown(self.sight.see(state), self.hidden, last, shown)
        return _Moment(state=seen, before=last, shown_action=shown, is_hidden=False)

    @staticmethod
    def _as_shown(
        state: DialogueState, hidden: Hidden, last: _Moment | None, shown: tuple[str | None, bool]
    ) -> DialogueState:
        """Make a state what it would be, had the hidden turns not been."""
        changes: dict[str, object] = {}
        if hidden.slots and any(name in hidden.slots for name, _ in state.slots):
            changes["slots"] = tuple(item for item in state.slots if item[0] not in hidden.slots)
            changes["newly_set"] = tuple(n for n in state.newly_set if n not in hidden.slots)
        if state.loop in hidden.loops:
            changes |= {"loop": None, "loop_rejected": False}
        is_answering = state.previous_action != LISTEN or state.previous_is_text
        if last is not None and is_answering:
            earlier = last.state
            changes |= {
                "intent": earlier.intent,
                "text": earlier.text,
                "embedding": earlier.embedding,
                "entities": earlier.entities,
            }
        if shown[0] is not None:
            changes |= {"previous_action": shown[0], "previous_is_text": shown[1]}
        return replace(state, **changes) if changes else state  # type: ignore[arg-type]


class _HiddenMoment(_Moment):
    """A moment that is not seen; it stands behind the last one that is."""

    __slots__ = ()

    def __init__(self, *, before: _Moment | None, shown_action: tuple[str | None, bool]) -> None:
        state = before.state if before else DialogueState()
        super().__init__(state=state, before=before, shown_action=shown_action, is_hidden=True)
        self.depth = before.depth if before else 0


def _last_visible(moment: _Moment | None) -> _Moment | None:
    return moment.before if moment is not None and moment.is_hidden else moment
