"""Plays test conversations with the whole bot: its actions run, its replies and slots are checked.

Here the conversation goes as the bot takes it. A user step is answered by a whole turn, whose
actions are compared one by one with those written; after the first that differs, the rest of the
turn is not compared. `bot:` and `slots:` under an action are about that action, under a user step
about the whole turn. Slots and loops among the steps stand for the work of actions, which is done
here by the actions themselves; before the first user step they set the scene.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from framework.assistant.engine import Engine, Step
from framework.assistant.sessions import begin_session
from framework.assistant.turn import take_turn
from framework.conversation.events import ActiveLoop, Event, SlotSet
from framework.conversation.messages import UserMessage
from framework.conversation.tracker import Tracker
from framework.data.dialogues import Dialogue, PlainStep
from framework.data.sameness import stated_value
from framework.errors import Location, UsageError
from framework.evaluation.conversations.messages import meant, meant_and_found, named
from framework.evaluation.conversations.outcomes import (
    Failure,
    FailureKind,
    StepOutcome,
    StoryOutcome,
)
from framework.evaluation.conversations.wording import in_words
from framework.nlu.types import Understanding
from framework.project.schema import names
from framework.project.schema.stories import (
    ActionStep,
    BotStep,
    Expectation,
    LoopStep,
    SlotStep,
    UserStep,
)

CHANNEL = "test"
NOTHING = "nothing more"


@dataclass(frozen=True, kw_only=True)
class LivePlayer:
    """Plays conversations with a bot.

    Attributes:
        engine: the bot's parts.
        given_intents: whether the annotated intents and entities are taken as understood.
    """

    engine: Engine
    given_intents: bool = False

    async def play(self, dialogue: Dialogue) -> StoryOutcome:
        """Play one conversation."""
        started = time.perf_counter()
        opening, turns = _in_turns(dialogue)
        tracker = Tracker.start(f"test {dialogue.name}", self.engine.domain)
        if turns:
            session = await begin_session(self.engine, _message(turns[0][0], tracker), tracker)
            tracker = session.tracker if session else tracker
        tracker = tracker.extend(self._scene(opening))
        outcomes = [StepOutcome(step=step) for step in opening]
        for user, answer in turns:
            turn = await self._turn(user, tracker)
            tracker = turn[-1].tracker
            outcomes += _Comparison(
                story=dialogue.name, turn=turn, engine=self.engine, given=self.given_intents
            ).compare(user, answer)
        return StoryOutcome(
            dialogue=dialogue, steps=tuple(outcomes), seconds=time.perf_counter() - started
        )

    async def _turn(self, user: UserStep, tracker: Tracker) -> list[Step]:
        is_given = user.text is None or (self.given_intents and user.intent is not None)
        understanding = meant(user, self.engine.domain).understanding if is_given else None
        steps = take_turn(
            self.engine, _message(user, tracker), tracker, understanding=understanding
        )
        return [step async for step in steps]

    def _scene(self, opening: Sequence[PlainStep]) -> Iterator[Event]:
        for step in opening:
            if isinstance(step, SlotStep):
                for slot in step.slots:
                    value = stated_value(slot, self.engine.domain)
                    yield SlotSet(name=slot.slot, value=value)
            elif isinstance(step, LoopStep):
                yield ActiveLoop(name=step.name)


class _Comparison:
    """One turn of the bot beside what is written."""

    def __init__(self, *, story: str, turn: Sequence[Step], engine: Engine, given: bool) -> None:
        self._story = story
        self._turn = turn
        self._engine = engine
        self._given = given
        self._ran = [step for step in turn if step.prediction is not None and not step.is_rejected]

    def compare(self, user: UserStep, answer: Sequence[PlainStep]) -> Iterator[StepOutcome]:
        """Give the outcome of each step, and of the listening at the end."""
        yield self._heard(user)
        is_lost = False
        for step in (*answer, None):
            if isinstance(step, SlotStep | LoopStep | UserStep):
                yield StepOutcome(step=step)
                continue
            outcome = StepOutcome(step=step, actions=1) if is_lost else self._next(step)
            is_lost = is_lost or not outcome.correct
            yield outcome

    def _heard(self, user: UserStep) -> StepOutcome:
        failures: tuple[Failure, ...] = ()
        found = self._understanding()
        if found is not None and user.text is not None and not self._given:
            _, failures = meant_and_found(user, found, self._engine.domain, story=self._story)
        if user.expect is not None:
            replies = [reply.text or "" for step in self._turn for reply in step.replies]
            failures += self._unmet(user.expect, user, replies, self._turn[-1])
        return StepOutcome(step=user, failures=failures)

    def _understanding(self) -> Understanding | None:
        heard = next((step for step in self._turn if step.action == "user"), None)
        message = heard.tracker.latest_message if heard else None
        return message.understanding if message else None

    def _next(self, step: ActionStep | BotStep | None) -> StepOutcome:
        """Compare the next action that ran; one that only says it is surprised is passed over."""
        expected = _expected(step)
        warning = ""
        ran = self._ran.pop(0) if self._ran else None
        if ran and ran.action == names.UNLIKELY_INTENT != expected:
            warning = f"{names.UNLIKELY_INTENT} before {expected!r}"
            ran = self._ran.pop(0) if self._ran else None
        predicted = named(ran.action, expected, self._understanding()) if ran else NOTHING
        if ran is None or predicted != expected:
            failure = self._failure("action", step, expected=expected, predicted=predicted, ran=ran)
            return StepOutcome(step=step, failures=(failure,), actions=1, warning=warning)
        if ran.error is not None:
            predicted = f"{expected} failed: {ran.error.message}"
            failure = self._failure("action", step, expected=expected, predicted=predicted, ran=ran)
            return StepOutcome(step=step, failures=(failure,), actions=1, warning=warning)
        failures: tuple[Failure, ...] = ()
        if isinstance(step, ActionStep) and step.expect is not None:
            replies = [reply.text or "" for reply in ran.replies]
            failures = self._unmet(step.expect, step, replies, ran)
        return StepOutcome(step=step, failures=failures, actions=1, correct=1, warning=warning)

    def _unmet(
        self, expect: Expectation, step: UserStep | ActionStep, replies: list[str], after: Step
    ) -> tuple[Failure, ...]:
        failures: list[Failure] = []
        said = [_says(want, text, step.where) for want in expect.replies for text in replies]
        if expect.replies and not any(said):
            expected = " or ".join(map(_quoted, expect.replies))
            predicted = ", ".join(map(_quoted, replies)) or "no reply"
            failures.append(
                self._failure("reply", step, expected=expected, predicted=predicted, ran=after)
            )
        for name, value in expect.slots.items():
            actual = after.tracker.slots.get(name)
            if actual != value:
                expected, predicted = f"{name}: {_quoted(value)}", f"{name}: {_quoted(actual)}"
                failures.append(
                    self._failure("slot", step, expected=expected, predicted=predicted, ran=after)
                )
        return tuple(failures)

    def _failure(
        self,
        kind: FailureKind,
        step: UserStep | ActionStep | BotStep | None,
        *,
        expected: str,
        predicted: str,
        ran: Step | None,
    ) -> Failure:
        return Failure(
            kind=kind,
            story=self._story,
            where=step.where if step else None,
            step=in_words(step),
            expected=expected,
            predicted=predicted,
            prediction=ran.prediction if ran else None,
        )


def _in_turns(
    dialogue: Dialogue,
) -> tuple[list[PlainStep], list[tuple[UserStep, list[PlainStep]]]]:
    """Split a conversation into what stands before the first user step, and turns."""
    opening: list[PlainStep] = []
    turns: list[tuple[UserStep, list[PlainStep]]] = []
    for step in dialogue.steps:
        if isinstance(step, UserStep):
            turns.append((step, []))
        elif turns:
            turns[-1][1].append(step)
        else:
            opening.append(step)
    return opening, turns


def _message(user: UserStep, tracker: Tracker) -> UserMessage:
    text = user.text if user.text is not None else f"/{user.intent}"
    return UserMessage(text=text, conversation=tracker.conversation, channel=CHANNEL)


def _expected(step: ActionStep | BotStep | None) -> str:
    if step is None:
        return names.LISTEN
    return step.action if isinstance(step, ActionStep) else step.text


def _says(want: str, said: str, where: Location | None) -> bool:
    """Tell whether a reply is what a test wants: the text itself, or a match of `/…/`."""
    if not (len(want) > 1 and want.startswith("/") and want.endswith("/")):
        return want.strip() == said.strip()
    try:
        return re.search(want[1:-1], said) is not None
    except re.error as error:
        raise UsageError(
            f"the regular expression {want} can't be read: {error}",
            id="invalid-regex",
            where=where,
            hint="escape characters meant literally by a backslash",
        ) from error


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
