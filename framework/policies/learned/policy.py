"""The learned policy: generalises from stories to conversations that no story foresaw."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from framework.conversation.tracker import Tracker
from framework.errors import UsageError
from framework.learning.progress import Progress
from framework.policies.base import (
    Embed,
    Files,
    Policy,
    PolicyTrainingData,
    Prediction,
    Reason,
    checked_history,
)
from framework.policies.features import Decision, decisions, hidden_of
from framework.policies.learned.origins import Origins
from framework.policies.learned.runtime import Facts, TurnScorer
from framework.policies.learned.sequences import TurnSequence, sequences
from framework.policies.learned.sizes import Sizes, Trained
from framework.policies.learned.vocabulary import build
from framework.policies.states import DialogueState
from framework.policies.views import Hidden, View
from framework.project.schema.domain import Domain
from framework.project.schema.names import LISTEN
from framework.registry import load_object

LONGEST_WINDOW = 40
"""States that a decision sees at most; what matters for longer belongs into a slot."""

SMALL_WIDTH, WIDTH = 64, 128
FEW_DECISIONS = 1000
"""Decisions below which the small width suffices."""

RANKED = 5
_FILE = "learned.json"


class LearnedPolicy(Policy):
    """Chooses what a small transformer over the turns of the conversation finds likeliest."""

    name = "learned"
    default_priority = 1
    trainable = True

    def __init__(
        self,
        *,
        priority: int = default_priority,
        max_history: int | None = None,
        epochs: int | None = None,
        width: int | None = None,
        layers: int = 1,
        e2e_confidence_threshold: float = 0.5,
    ) -> None:
        """Make the policy.

        Args:
            priority: breaks ties between policies that are equally sure; the higher wins.
            max_history: how many of the latest states a decision sees; None for those of the
                longest story, at most 40.
            epochs: passes over the stories in training; None for as many as they call for.
            width: numbers that stand for a turn, a multiple of 8; None for 64 or 128 by the
                number of decisions in the stories.
            layers: of the transformer.
            e2e_confidence_threshold: how sure a prediction from the user's words must be to be
                preferred to the one from the intent; 0 to 1.

        Raises:
            UsageError: a setting is out of its range.
        """
        _check(epochs=epochs, layers=layers)
        if width is not None and (width < 8 or width % 8):
            raise UsageError(f"`width` of the policy 'learned' is {width}, not a multiple of 8")
        self.priority = priority
        self.max_history = checked_history(self.name, max_history)
        self.epochs = epochs
        self.width = width
        self.layers = layers
        self.e2e_confidence_threshold = e2e_confidence_threshold
        self._hidden = Hidden()
        self._origins = Origins()
        self._scorer: TurnScorer | None = None
        self._view: View | None = None

    def train(self, data: PolicyTrainingData) -> Iterator[Progress]:
        """Learn from the stories; without any, the policy leaves everything to the others.

        Glued stories are left out: training glues stories on its own, anew in each pass.
        """
        self._scorer = None
        stories = [d for d in data.dialogues if d.kind == "story" and not d.is_augmented]
        found = list(
            decisions(
                stories,
                data.domain,
                view=_view_of(data.domain),
                skip_unlikely_intent=True,
                keep_repeated=True,
            )
        )
        if not found:
            return
        self._hidden = hidden_of(data)
        self._origins = Origins.of(found)
        if data.embed is not None:
            found = _with_vectors(found, data.embed)
        window = self._window(found)
        learned = sequences(found, window=window)
        vocabulary = build(
            dict.fromkeys(state for sequence in learned for state in sequence.states),
            {label for sequence in learned for label in sequence.labels if label is not None},
        )
        sizes = Sizes(
            window=window,
            width=self.width or _width(learned),
            layers=self.layers,
            epochs=self.epochs,
        )
        trained = Trained()
        train = load_object("framework.policies.learned.training:train")  # imports torch
        yield from train(learned, vocabulary, sizes, seed=data.seed, into=trained)
        self._scorer = TurnScorer(trained.graph, Facts(vocabulary=vocabulary, window=window))
        self._view = _view_of(data.domain, self._hidden)

    def _window(self, found: Sequence[Decision]) -> int:
        longest = max(len(decision.history) for decision in found)
        return min(self.max_history or longest, LONGEST_WINDOW)

    def save(self) -> Files:
        """Give the model; no files where there was nothing to learn."""
        if self._scorer is None:
            return {}
        facts = {
            "hidden": self._hidden.to_json(),
            "origins": self._origins.to_json(),
        }
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        return {_FILE: text.encode(), **self._scorer.to_files()}

    def load(self, files: Files, domain: Domain) -> Self:
        """Take the model back."""
        if _FILE not in files:
            return self
        facts = json.loads(files[_FILE])
        self._hidden = Hidden.from_json(facts["hidden"])
        self._origins = Origins.from_json(facts["origins"])
        self._scorer = TurnScorer.from_files(files)
        self._view = _view_of(domain, self._hidden)
        return self

    def predict(self, tracker: Tracker, domain: Domain) -> Prediction | None:
        """Say what is likeliest to come next; None where there were no stories."""
        if self._scorer is None:
            return None
        if self._view is None or self._view.domain is not domain:
            self._view = _view_of(domain, self._hidden)
        states, chances, is_end_to_end = self._best(tracker, self._scorer, self._view)
        order = np.argsort(-chances, kind="stable")[:RANKED]
        ranking = tuple(
            (self._scorer.vocabulary.labels[place].name, float(chances[place])) for place in order
        )
        return Prediction(
            action=ranking[0][0],
            confidence=ranking[0][1],
            policy=self.name,
            priority=self.priority,
            reason=self._reason(states[-1], ranking),
            is_end_to_end=is_end_to_end,
            ranking=ranking,
        )

    def _best(
        self, tracker: Tracker, scorer: TurnScorer, view: View
    ) -> tuple[Sequence[DialogueState], NDArray[np.float32], bool]:
        """Score the conversation seen by its last intent, by its last text, or by the surer one.

        Returns:
            The states scored, the probability of each label, and whether the text decided.
        """
        vocabulary = scorer.vocabulary
        window = scorer.facts.window
        only_texts = vocabulary.sees_texts and not vocabulary.sees_intents
        states = view.states(tracker, max_history=window, use_text=only_texts)
        chances = scorer.score(states)
        if only_texts or not vocabulary.sees_texts or tracker.latest_action != LISTEN:
            return states, chances, only_texts
        read = view.states(tracker, max_history=window, use_text=True)
        if read[-1].text is None:
            return states, chances, False
        chances_read = scorer.score(read)
        surest = float(chances_read.max())
        if surest > max(self.e2e_confidence_threshold, float(chances.max())):
            return read, chances_read, True
        return states, chances, False

    def _reason(self, state: DialogueState, ranking: Sequence[tuple[str, float]]) -> Reason:
        text = f"the model is {ranking[0][1]:.0%} sure"
        if len(ranking) > 1:
            text += f", next best {ranking[1][0]!r} with {ranking[1][1]:.0%}"
        origin = self._origins.find(state, ranking[0][0])
        if origin is None:
            return Reason(kind="learned", text=text)
        return Reason(
            kind="learned", text=f"{text}; as in the story {origin.story!r}", where=origin.where
        )


def _view_of(domain: Domain, hidden: Hidden | None = None) -> View:
    """Show conversations as this policy sees them: with the slots that a message has just set."""
    return View(domain, hidden=hidden, sees_setting=True)


def _check(**settings: int | None) -> None:
    for name, value in settings.items():
        if value is not None and value < 1:
            raise UsageError(f"`{name}` of the policy 'learned' is {value}, not 1 or more")


def _width(learned: Sequence[TurnSequence]) -> int:
    labelled = sum(label is not None for sequence in learned for label in sequence.labels)
    return SMALL_WIDTH if labelled < FEW_DECISIONS else WIDTH


def _with_vectors(found: Sequence[Decision], embed: Embed) -> list[Decision]:
    """Give each state that is seen as text its sentence vector."""
    texts = sorted({s.text for decision in found for s in decision.history if s.text is not None})
    if not texts:
        return list(found)
    vectors = dict(zip(texts, embed(texts), strict=True))
    shown: dict[int, DialogueState] = {}

    def show(state: DialogueState) -> DialogueState:
        if state.text is None:
            return state
        if id(state) not in shown:
            shown[id(state)] = replace(state, embedding=vectors[state.text])
        return shown[id(state)]

    return [replace(each, history=tuple(map(show, each.history))) for each in found]
