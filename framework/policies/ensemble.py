"""Which of the policies is followed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from framework.conversation.events import (
    ActionExecuted,
    ActionExecutionRejected,
    Event,
    UserFeaturization,
)
from framework.conversation.tracker import Tracker
from framework.policies.base import Policy, Prediction, Reason
from framework.project.schema.domain import Domain
from framework.project.schema.names import LISTEN

logger = logging.getLogger(__name__)


class Ensemble:
    """Asks all policies and follows one.

    A form that goes on comes before everything else; then what follows from the user's text comes
    before what follows from the intent. Among those left the surest policy is followed, among the
    equally sure the one with the highest priority, and among those the first.

    Attributes:
        policies: in the order of the configuration.
    """

    def __init__(self, policies: Sequence[Policy]) -> None:
        """Take the policies, ready to predict."""
        self.policies = tuple(policies)

    def predict(self, tracker: Tracker, domain: Domain) -> Prediction:
        """Say what comes next.

        The events of all predictions and the optional ones of the winner are in its `events`; with
        an unanswered user message there is also one that says whether its text was followed. When
        no policy says anything, the bot listens.
        """
        found = self.predict_each(tracker, domain)
        best = _best(found) or _listening()
        events: list[Event] = [event for prediction in found for event in prediction.events]
        events.extend(best.optional_events)
        if tracker.latest_action == LISTEN:
            events.append(UserFeaturization(use_text=best.is_end_to_end))
        return replace(best, events=tuple(events), optional_events=())

    def predict_each(self, tracker: Tracker, domain: Domain) -> list[Prediction]:
        """Give what each policy says that says anything, a declined action left out."""
        asked = (_ask(policy, tracker, domain) for policy in self.policies)
        found = [prediction for prediction in asked if prediction is not None]
        declined = _declined_action(tracker)
        if declined is None:
            return found
        return [_without(prediction, declined) for prediction in found]


def _ask(policy: Policy, tracker: Tracker, domain: Domain) -> Prediction | None:
    """Ask a policy; one that fails says nothing, and the others decide."""
    try:
        return policy.predict(tracker, domain)
    except Exception:
        logger.exception(
            "the policy %r failed in the conversation %r: the others decide",
            policy.name,
            tracker.conversation,
        )
        return None


def _declined_action(tracker: Tracker) -> str | None:
    """Give the action that has just declined to run."""
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecutionRejected):
            return event.name
        if isinstance(event, ActionExecuted):
            return None
    return None


def _without(prediction: Prediction, action: str) -> Prediction:
    """Give a prediction with the next best action in place of one that declined."""
    if prediction.action != action:
        return prediction
    others = [(name, score) for name, score in prediction.ranking if name != action]
    following, confidence = max(others, key=lambda item: item[1], default=(LISTEN, 0.0))
    return replace(
        prediction,
        action=following,
        confidence=confidence,
        reason=Reason(kind="fallback", text=f"{action!r}, its first choice, has declined to run"),
        ranking=tuple(others),
    )


def _best(predictions: Sequence[Prediction]) -> Prediction | None:
    if any(prediction.is_no_user for prediction in predictions):
        predictions = [prediction for prediction in predictions if prediction.is_no_user]
    elif any(prediction.is_end_to_end for prediction in predictions):
        predictions = [prediction for prediction in predictions if prediction.is_end_to_end]
    return max(predictions, key=lambda found: (found.confidence, found.priority), default=None)


def _listening() -> Prediction:
    return Prediction(
        action=LISTEN,
        confidence=0.0,
        policy="",
        priority=0,
        reason=Reason(kind="fallback", text="no policy says what comes next"),
    )
