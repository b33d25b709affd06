"""Plays test conversations against the policies, as `rasa test` does.

The conversation goes as written, whatever is predicted: after a wrong prediction the right action
is taken to have run, after a misunderstanding the right intent to have been understood, and each
is counted where it happens. No action runs; the slots that actions would set stand in the test.
A form that is predicted although something else is written is taken to have declined, and the
policies are asked again. `action_unlikely_intent` out of the blue is a warning.

One thing differs from Rasa: what a right prediction brings along (a rule's turn that learned
policies must not see, the decision between text and intent) is kept, as it is when the bot serves.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from framework.assistant.engine import DEFAULT_LIMIT, Policies
from framework.conversation.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    SlotSet,
)
from framework.conversation.tracker import Tracker
from framework.data.dialogues import Dialogue, PlainStep
from framework.data.sameness import slots_of, stated_value
from framework.evaluation.conversations.messages import meant, meant_and_found, named
from framework.evaluation.conversations.outcomes import (
    CIRCUIT_BREAKER,
    Failure,
    StepOutcome,
    StoryOutcome,
)
from framework.evaluation.conversations.wording import in_words
from framework.nlu.types import Understanding
from framework.policies.base import Prediction
from framework.project.schema import names
from framework.project.schema.domain import Domain
from framework.project.schema.stories import ActionStep, BotStep, LoopStep, SlotStep, UserStep

NO_FAILURES: tuple[Failure, ...] = ()
_NOT_COUNTED = (names.LISTEN, names.SESSION_START)


@dataclass(frozen=True, kw_only=True)
class Player:
    """Plays conversations against policies.

    Attributes:
        domain: the bot's domain.
        policies: what decides.
        understood: what the NLU makes of the texts; a text that is missing counts as understood
            as annotated.
        limit: actions in one turn before the circuit breaker trips.
    """

    domain: Domain
    policies: Policies
    understood: Mapping[str, Understanding]
    limit: int = DEFAULT_LIMIT

    def play(self, dialogue: Dialogue) -> StoryOutcome:
        """Play one conversation."""
        started = time.perf_counter()
        game = _Game(player=self, story=dialogue.name)
        steps = tuple(game.run(dialogue))
        return StoryOutcome(dialogue=dialogue, steps=steps, seconds=time.perf_counter() - started)


class _Game:
    """One conversation while it is played."""

    def __init__(self, *, player: Player, story: str) -> None:
        self._player = player
        self._story = story
        start = Tracker.start(f"test {story}", player.domain)
        self._tracker = start.apply(ActionExecuted(name=names.LISTEN))

    def run(self, dialogue: Dialogue) -> Iterator[StepOutcome]:
        for step in dialogue.steps:
            if isinstance(step, UserStep):
                yield from self._listen(before=step)
            yield self._step(step)
        if dialogue.wait_for_user_input:
            yield from self._listen(before=None)

    def _step(self, step: PlainStep) -> StepOutcome:
        match step:
            case UserStep():
                return self._hear(step)
            case ActionStep():
                return self._expect(step.action, step)
            case BotStep():
                return self._expect(step.text, step)
            case LoopStep():
                self._apply(ActiveLoop(name=step.name))
            case SlotStep():
                for slot in step.slots:
                    value = stated_value(slot, self._player.domain)
                    self._apply(SlotSet(name=slot.slot, value=value))
        return StepOutcome(step=step)

    def _listen(self, *, before: UserStep | None) -> Iterator[StepOutcome]:
        """Expect that the bot listens, unless it does already."""
        events = self._tracker.events
        last = events[-1] if len(events) else None
        if not (isinstance(last, ActionExecuted) and last.name == names.LISTEN):
            outcome = self._expect(names.LISTEN, None)
            where = before.where if before else None
            failures = tuple(replace(f, where=f.where or where) for f in outcome.failures)
            yield replace(outcome, failures=failures)

    def _hear(self, step: UserStep) -> StepOutcome:
        domain = self._player.domain
        found = self._player.understood.get(step.text) if step.text is not None else None
        if found is None:
            event, failures = replace(meant(step, domain), use_text=False), NO_FAILURES
        else:
            event, failures = meant_and_found(step, found, domain, story=self._story)
        self._apply(event)
        for name, value in slots_of(event.understanding.entities, domain).items():
            self._apply(SlotSet(name=name, value=value))
        return StepOutcome(step=step, failures=failures)

    def _expect(self, expected: str, step: ActionStep | BotStep | None) -> StepOutcome:
        """Ask the policies, compare, and go on as written."""
        predicted, prediction = self._predict(expected)
        warning = ""
        if predicted == names.UNLIKELY_INTENT != expected:
            warning = f"{names.UNLIKELY_INTENT} before {expected!r}"
            self._apply(_executed(predicted, prediction, is_text=False))
            predicted, prediction = self._predict(expected)
        is_right = predicted == expected
        right = prediction if is_right else None
        for event in right.events if right else ():
            self._apply(event)
        self._apply(_executed(expected, right, is_text=isinstance(step, BotStep)))
        failures = () if is_right else (self._failure(expected, predicted, step, prediction),)
        return StepOutcome(
            step=step, failures=failures, actions=1, correct=int(is_right), warning=warning
        )

    def _predict(self, expected: str) -> tuple[str, Prediction | None]:
        if self._is_limit_reached():
            return CIRCUIT_BREAKER, None
        prediction = self._ask()
        predicted = self._named(prediction.action, expected)
        loop = self._tracker.active_loop
        is_form = loop is not None and loop.name == predicted in self._player.domain.forms
        if predicted != expected and loop is not None and is_form:
            self._apply(ActionExecutionRejected(name=loop.name))
            prediction = self._ask()
            predicted = self._named(prediction.action, expected)
        return predicted, prediction

    def _ask(self) -> Prediction:
        return self._player.policies.predict(self._tracker, self._player.domain)

    def _named(self, predicted: str, expected: str) -> str:
        message = self._tracker.latest_message
        return named(predicted, expected, message.understanding if message else None)

    def _is_limit_reached(self) -> bool:
        count = 0
        for event in reversed(self._tracker.events):
            if isinstance(event, ActionExecuted):
                if event.name in _NOT_COUNTED:
                    break
                count += 1
        return count >= self._player.limit

    def _failure(
        self,
        expected: str,
        predicted: str,
        step: ActionStep | BotStep | None,
        prediction: Prediction | None,
    ) -> Failure:
        return Failure(
            kind="action",
            story=self._story,
            where=step.where if step else None,
            step=in_words(step),
            expected=expected,
            predicted=predicted,
            prediction=prediction,
        )

    def _apply(self, event: Event) -> None:
        self._tracker = self._tracker.apply(event)


def _executed(name: str, prediction: Prediction | None, *, is_text: bool) -> ActionExecuted:
    return ActionExecuted(
        name=None if is_text else name,
        action_text=name if is_text else None,
        policy=prediction.policy if prediction else None,
        confidence=prediction.confidence if prediction else None,
        hide_rule_turn=prediction.hide_rule_turn if prediction else False,
    )


def texts_of(dialogues: Sequence[Dialogue], *, unannotated_only: bool = False) -> tuple[str, ...]:
    """List the texts that the NLU has to understand, each once.

    Args:
        dialogues: the conversations.
        unannotated_only: leave out those whose intent is annotated.
    """
    steps = (step for dialogue in dialogues for step in dialogue.steps)
    return tuple(
        dict.fromkeys(
            step.text
            for step in steps
            if isinstance(step, UserStep)
            and step.text is not None
            and not (unannotated_only and step.intent is not None)
        )
    )
