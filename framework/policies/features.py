"""Stories and rules -> decisions to learn from: what is seen before each, and what is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from framework.conversation.events import ActionExecuted, ActionExecutionRejected, Event
from framework.conversation.state import NOT_SET
from framework.conversation.stories import (
    Path,
    Storyteller,
    is_unpredictable,
)
from framework.conversation.tracker import Tracker
from framework.data.dialogues import Dialogue
from framework.policies.base import PolicyTrainingData
from framework.policies.states import DialogueState
from framework.policies.views import Hidden, View
from framework.project.schema.domain import Domain
from framework.project.schema.names import LISTEN, UNLIKELY_INTENT


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision of a training dialogue.

    Attributes:
        history: states from the start of the dialogue up to this decision, oldest first.
        action: what was done: an action's name, or a bot text.
        is_text: whether `action` is a bot text.
        dialogue: the dialogue it is from.
    """

    history: tuple[DialogueState, ...]
    action: str
    is_text: bool = False
    dialogue: Dialogue | None = None


def decisions(
    dialogues: Iterable[Dialogue],
    domain: Domain,
    *,
    view: View | None = None,
    max_history: int | None = None,
    skip_unlikely_intent: bool = False,
    keep_repeated: bool = False,
) -> Iterator[Decision]:
    """Give every decision to be learned from dialogues, in their order.

    Args:
        dialogues: what to learn from.
        domain: the bot's domain.
        view: how states are seen; None shows all there is, rejections included.
        max_history: how many states a decision sees at most; None for all.
        skip_unlikely_intent: whether to leave out the turns of `action_unlikely_intent`.
        keep_repeated: whether to give a decision again that an equal one stands for already.
    """
    reader = _Reader(view or View(domain, sees_rejection=True), skip_unlikely=skip_unlikely_intent)
    seen: set[tuple[tuple[int, ...], str]] = set()
    for dialogue in dialogues:
        for numbers, decision in reader.read(dialogue):
            key = (numbers[-max_history:] if max_history else numbers), decision.action
            if not keep_repeated and key in seen:
                continue
            seen.add(key)
            history = decision.history
            yield Decision(
                history=history[-max_history:] if max_history else history,
                action=decision.action,
                is_text=decision.is_text,
                dialogue=dialogue,
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Point:
    """What is known of a dialogue after one of its events.

    Attributes:
        tracker: after the event.
        history: the states before each action so far.
        numbers: of these states; equal ones have the same.
        decision: what was decided with this event, where that can be learned.
    """

    tracker: Tracker
    history: tuple[DialogueState, ...] = ()
    numbers: tuple[int, ...] = ()
    decision: Decision | None = None


class _Reader:
    """Reads dialogues one after another; what one begins with like the last is read once."""

    def __init__(self, view: View, *, skip_unlikely: bool) -> None:
        self._view = view
        self._skip_unlikely = skip_unlikely
        self._teller = Storyteller(view.domain)
        self._start = _Point(tracker=Tracker.start("", view.domain))
        self._numbers: dict[DialogueState, int] = {}
        self._path = Path(self._move)

    def read(self, dialogue: Dialogue) -> Iterator[tuple[tuple[int, ...], Decision]]:
        """Give the decisions of a dialogue, each with the numbers of its states."""
        for point in self._path.follow(self._teller.events(dialogue)):
            if point.decision is not None:
                yield point.numbers, point.decision

    def _move(self, events: Sequence[Event], place: int, before: _Point | None) -> _Point:
        event, before = events[place], before or self._start
        tracker, history, numbers = before.tracker, before.history, before.numbers
        decision = None
        if isinstance(event, ActionExecuted):
            tracker = _as_rejected(tracker, event)
            state = self._view.sight.see(tracker.head.state)
            if not (self._skip_unlikely and state.previous_action == UNLIKELY_INTENT):
                history = (*history, state)
                numbers = (*numbers, self._numbers.setdefault(state, len(self._numbers)))
            is_skipped = self._skip_unlikely and event.name == UNLIKELY_INTENT
            if not is_skipped and not is_unpredictable(events, place):
                action = event.name or event.action_text or ""
                decision = Decision(history=history, action=action, is_text=not event.name)
        return _Point(
            tracker=tracker.apply(event), history=history, numbers=numbers, decision=decision
        )


def _as_rejected(tracker: Tracker, action: ActionExecuted) -> Tracker:
    """Note that the form declined, where something else than the form answers a message."""
    loop = tracker.active_loop
    if loop is None or action.name == loop.name or tracker.latest_action != LISTEN:
        return tracker
    return tracker.apply(ActionExecutionRejected(name=loop.name))


def find_hidden(dialogues: Iterable[Dialogue], domain: Domain) -> Hidden:
    """Find the slots and forms that only rules speak of."""
    of_rules = _Used(View(domain, given_slots_only=True))
    of_stories = _Used(View(domain))
    for dialogue in dialogues:
        (of_rules if dialogue.kind == "rule" else of_stories).add(dialogue)
    return Hidden(
        slots=frozenset(of_rules.slots - of_stories.slots),
        loops=frozenset(of_rules.loops - of_stories.loops - {NOT_SET}),
    )


def hidden_of(data: PolicyTrainingData) -> Hidden:
    """Give what policies other than the rules must not see, as the training data has it."""
    return find_hidden(data.dialogues, data.domain) if data.hides_rules else Hidden()


class _Used:
    """The slots and forms seen at decisions."""

    def __init__(self, view: View) -> None:
        self.slots: set[str] = set()
        self.loops: set[str] = set()
        self._reader = _Reader(view, skip_unlikely=False)

    def add(self, dialogue: Dialogue) -> None:
        found = [decision for _, decision in self._reader.read(dialogue)]
        for state in found[-1].history if found else ():
            self.slots.update(name for name, _ in state.slots)
            if state.loop:
                self.loops.add(state.loop)
