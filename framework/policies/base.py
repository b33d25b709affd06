"""The contract of policies, and what they answer.

A policy sees a tracker and says which action should come next, how sure it is and why. Settings
are the keywords of `__init__`; `train` is a generator of `Progress`; `save` and `load` move what
was learned as named bytes. Importing a policy's module imports neither torch nor transformers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

from framework.conversation.events import Event
from framework.conversation.tracker import Tracker
from framework.data.dialogues import Dialogue
from framework.errors import Location, UsageError
from framework.learning.progress import Progress
from framework.project.schema.domain import Domain

Files = Mapping[str, bytes]
"""What a policy keeps, by file name inside its folder of the bundle."""

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts -> sentence vectors, shape (number of texts, D); the trained encoder's."""


@dataclass(frozen=True, kw_only=True)
class PolicyTrainingData:
    """What policies learn from.

    Attributes:
        dialogues: stories and rules, checkpoints joined; augmented ones are marked.
        domain: the bot's domain.
        embed: the trained encoder, for end-to-end steps; None where the pipeline has none.
        seed: everything random follows from it.
        hides_rules: whether what only rules speak of is hidden from all policies but the rules:
            there is a rule policy, and it looks for contradictions.
    """

    dialogues: Sequence[Dialogue]
    domain: Domain
    embed: Embed | None = None
    seed: int = 0
    hides_rules: bool = True


ReasonKind = Literal["rule", "story", "form", "learned", "followup", "fallback", "default", "test"]


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why an action was chosen.

    Attributes:
        kind: what decided.
        text: in words: the rule's or story's name, the form, the model and its runner-up.
        where: place of the rule or story.
    """

    kind: ReasonKind
    text: str
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """What a policy wants to happen next.

    Attributes:
        action: name of the action, or the bot text of an end-to-end action.
        confidence: 0 to 1.
        policy: registered name of the policy.
        priority: breaks ties between equal confidences; higher wins.
        reason: why.
        events: applied after the action whether or not this prediction wins the ensemble
            ("mandatory" events) - `optional_events` only when it wins.
        optional_events: applied only when this prediction is the one followed.
        is_end_to_end: whether it comes from the user's text rather than the intent.
        is_no_user: whether it doesn't depend on the last user message (a form going on).
        hide_rule_turn: whether learned policies must not see the turn.
        ranking: best actions with confidences, for explanations; may be empty.
    """

    action: str
    confidence: float
    policy: str
    priority: int
    reason: Reason
    events: tuple[Event, ...] = ()
    optional_events: tuple[Event, ...] = ()
    is_end_to_end: bool = False
    is_no_user: bool = False
    hide_rule_turn: bool = False
    ranking: tuple[tuple[str, float], ...] = ()


class Policy(ABC):
    """Chooses the next action.

    Attributes:
        name: registered short name.
        default_priority: priority when the configuration gives none.
        trainable: whether `train` costs time; such a part is shown in the table of parts.
    """

    name: ClassVar[str]
    default_priority: ClassVar[int] = 1
    trainable: ClassVar[bool] = False

    def train(self, data: PolicyTrainingData) -> Iterator[Progress]:
        """Learn from stories and rules, yielding progress; the default learns nothing."""
        yield from ()

    def save(self) -> Files:
        """Give what was learned, as named bytes; equal training gives equal bytes."""
        return {}

    def load(self, files: Files, domain: Domain) -> Self:
        """Take back what `save` gave, and return the policy ready to predict."""
        return self

    @abstractmethod
    def predict(self, tracker: Tracker, domain: Domain) -> Prediction | None:
        """Say what comes next, or None to leave it to the others."""


def checked_history(policy: str, max_history: int | None) -> int | None:
    """Give how many states a policy looks back on; 0 is no limit, as in Rasa, and None the same.

    Raises:
        UsageError: the number is negative.
    """
    if max_history is not None and max_history < 0:
        raise UsageError(
            f"`max_history` of the policy {policy!r} is {max_history}, not 0 or more",
            hint="give a number of states, or remove the line to see all",
        )
    return max_history or None


def confidence_of_intent(tracker: Tracker) -> float:
    """Give how sure the NLU was of the last message's intent, 0 to 1; 1 where there is none."""
    message = tracker.latest_message
    best = message.understanding.intent if message else None
    return best.confidence if best else 1.0
