"""Asks the rules, before every action of a story or rule, what they say there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from framework.conversation.events import ActionExecuted, ActionExecutionRejected, Event
from framework.conversation.stories import Path, Storyteller, is_unpredictable
from framework.conversation.tracker import Tracker
from framework.data.dialogues import Dialogue
from framework.policies.rulebook import Rulebook, key_of
from framework.policies.ruling import Ruling, Source, decide
from framework.policies.views import View
from framework.project.schema.domain import Domain
from framework.project.schema.names import SNIPPET


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A decision, and what the rules say there.

    Attributes:
        tracker: the conversation so far.
        event: what is done.
        ruling: what the rules say.
    """

    tracker: Tracker
    event: ActionExecuted
    ruling: Ruling

    @property
    def action(self) -> str:
        """Name or text of what is done."""
        return self.event.name or self.event.action_text or ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Point:
    """What is known of a dialogue after one of its events.

    Attributes:
        tracker: after the event.
        after_snippet: whether the next action is that after `...`.
        asked: about the event, where it is a decision.
    """

    tracker: Tracker
    after_snippet: bool = True
    asked: Asked | None = None


class Asker:
    """Asks about dialogues one after another.

    Dialogues that checkpoints make begin alike; what one shares with the last isn't asked again
    unless the book has changed.

    Attributes:
        book: the rules that are asked; another may take its place at any time.
    """

    def __init__(self, book: Rulebook, domain: Domain) -> None:
        """Ask the rules of a book about dialogues of a domain."""
        self.book = book
        self._last_book = book
        self._view = View(domain)
        self._teller = Storyteller(domain)
        self._start = Tracker.start("", domain)
        self._path = Path(self._move)
        self._told = Path(self._tell)

    def ask(self, dialogue: Dialogue) -> Iterator[Asked]:
        """Give what is done at each decision of a dialogue, and what the rules say there."""
        if self._last_book is not self.book:
            self._path.forget()
        self._last_book = self.book
        for point in self._path.follow(self._counted(dialogue)):
            if point.asked is not None:
                yield point.asked

    def source_of(self, asked: Asked) -> Source:
        """Give why the rules say so; where none applies, with the states to which none does."""
        source = asked.ruling.source
        if source.kind != "none":
            return source
        return replace(source, states=key_of(self._view.states(asked.tracker)))

    def step_of(self, dialogue: Dialogue, asked: Asked) -> int:
        """Give the number of the step of a dialogue that a decision is from."""
        return self._teller.step_of(dialogue, asked.tracker.events, asked.event)

    def _counted(self, dialogue: Dialogue) -> tuple[Event, ...]:
        """Give the events that count: a collapsed run of a form is no decision of its own."""
        events = self._teller.events(dialogue)
        if not dialogue.has_form:
            return events
        *_, tracker = self._told.follow(events)
        return tracker.counted_events()

    def _tell(self, events: Sequence[Event], place: int, before: Tracker | None) -> Tracker:
        return (before or self._start).apply(events[place])

    def _move(self, events: Sequence[Event], place: int, before: _Point | None) -> _Point:
        event, before = events[place], before or _Point(tracker=self._start)
        tracker, after_snippet, asked = before.tracker, before.after_snippet, None
        if isinstance(event, ActionExecuted):
            if event.name == SNIPPET:
                after_snippet = True
            elif after_snippet or is_unpredictable(events, place):
                after_snippet = False
            else:
                asked = self._ask(tracker, event)
                tracker = asked.tracker
        return _Point(tracker=tracker.apply(event), after_snippet=after_snippet, asked=asked)

    def _ask(self, tracker: Tracker, event: ActionExecuted) -> Asked:
        """Ask the rules; where a form should go on but something else is done, it declined."""
        ruling = decide(self.book, tracker, self._view)
        loop = tracker.active_loop
        if loop is not None and event.name != loop.name and ruling.action == loop.name:
            tracker = tracker.apply(ActionExecutionRejected(name=loop.name))
            ruling = decide(self.book, tracker, self._view)
        return Asked(tracker=tracker, event=event, ruling=ruling)
