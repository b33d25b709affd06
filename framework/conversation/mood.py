"""Watches the mood of conversations: fills a slot, and marks when one turns negative."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from framework.conversation.events import ActiveLoop, Event, MoodTurned, SlotSet, UserUttered
from framework.conversation.tracker import Tracker
from framework.errors import UsageError
from framework.nlu.sentiment import sentiment_of

NEGATIVE, RECOVERED = "negative", "recovered"
CONVERSATION, TOPIC = "conversation", "topic"
LONGEST = 1000
"""Events of a session that are looked at, the latest."""

_WRONG = "mood-settings"


@dataclass(frozen=True, kw_only=True)
class Course:
    """How the mood of a conversation, or of one of its topics, went so far.

    Attributes:
        average: of the scores, the latest weighing most; -1 to 1.
        messages: how many were heard.
        is_negative: whether it turned negative and has not recovered.
    """

    average: float = 0.0
    messages: int = 0
    is_negative: bool = False


class MoodMonitor:
    """Follows the sentiment of user messages through a conversation.

    It needs the component `sentiment`. The mood of the whole conversation, and of each topic in it
    (the active form, else the intent), is the exponential average of the messages' scores.
    """

    def __init__(
        self,
        *,
        slot: str | None = None,
        alert_slot: str | None = None,
        threshold: float = -0.4,
        recovery: float = 0.0,
        smoothing: float = 0.4,
        min_messages: int = 2,
    ) -> None:
        """Make the monitor.

        Args:
            slot: gets the sentiment of each message: the label, or the score if it is a `float`.
            alert_slot: gets `true` when the conversation turns negative, `false` when it recovers.
            threshold: average, -1 to 1, at or below which a mood is negative.
            recovery: average, -1 to 1, at or above which a negative mood has recovered.
            smoothing: weight of the latest message in the average, above 0 to 1.
            min_messages: fewest messages after which a mood can turn.

        Raises:
            UsageError: a setting is out of its range.
        """
        if not -1 <= threshold < recovery <= 1:
            raise UsageError(
                f"`threshold` {threshold} must lie below `recovery` {recovery}, both from -1 to 1",
                id=_WRONG,
            )
        if not 0 < smoothing <= 1:
            raise UsageError(f"`smoothing` is {smoothing}, expected above 0 to 1", id=_WRONG)
        if min_messages < 1:
            raise UsageError(f"`min_messages` is {min_messages}, expected at least 1", id=_WRONG)
        self.slot = slot
        self.alert_slot = alert_slot
        self.threshold = threshold
        self.recovery = recovery
        self.smoothing = smoothing
        self.min_messages = min_messages

    def notice(self, heard: UserUttered, tracker: Tracker) -> tuple[Event, ...]:
        """Give what follows from a message for the mood.

        Args:
            heard: the message.
            tracker: the conversation before it.
        """
        found = sentiment_of(heard.understanding)
        if found is None:
            return ()
        events: list[Event] = []
        slot = tracker.domain.slots.get(self.slot or "")
        if slot is not None:
            value = found.score if slot.type == "float" else found.label
            events.append(SlotSet(name=slot.name, value=value))
        events += self._turns(heard, tracker)
        return tuple(events)

    def _turns(self, heard: UserUttered, tracker: Tracker) -> Iterator[Event]:
        """Give the turns of the conversation's mood and of its topic's."""
        earlier = list(_scored(tracker.session_events(most=LONGEST)))
        loop = tracker.active_loop.name if tracker.active_loop else None
        now = (_score(heard), _topic(heard, loop))
        for scope, topic in ((CONVERSATION, None), (TOPIC, now[1])):
            if scope == TOPIC and topic is None:
                continue
            scores = [score for score, about in earlier if topic in (None, about)]
            before = self.course(scores)
            after = self._next(before, now[0])
            if after.is_negative == before.is_negative:
                continue
            yield MoodTurned(
                mood=NEGATIVE if after.is_negative else RECOVERED,
                scope=scope,
                topic=topic,
                average=after.average,
            )
            if scope == CONVERSATION and self.alert_slot in tracker.domain.slots:
                yield SlotSet(name=str(self.alert_slot), value=after.is_negative)

    def course(self, scores: Iterable[float]) -> Course:
        """Give the course of a mood after scores, the oldest first."""
        course = Course()
        for score in scores:
            course = self._next(course, score)
        return course

    def _next(self, course: Course, score: float) -> Course:
        average = self.smoothing * score + (1 - self.smoothing) * course.average
        after = replace(course, average=average, messages=course.messages + 1)
        if course.is_negative:
            return replace(after, is_negative=average < self.recovery)
        is_low = average <= self.threshold and after.messages >= self.min_messages
        return replace(after, is_negative=is_low)


def _scored(events: Iterable[Event]) -> Iterator[tuple[float, str | None]]:
    """Give score and topic of each message that has a sentiment."""
    loop: str | None = None
    for event in events:
        if isinstance(event, ActiveLoop):
            loop = event.name
        elif isinstance(event, UserUttered) and sentiment_of(event.understanding) is not None:
            yield _score(event), _topic(event, loop)


def _score(heard: UserUttered) -> float:
    found = sentiment_of(heard.understanding)
    return found.score if found else 0.0


def _topic(heard: UserUttered, loop: str | None) -> str | None:
    intent = heard.understanding.intent
    return loop or (intent.name if intent else None)
