"""`seq2seq`: replies written by a generator that was trained on the project's own pairs."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal, Self

import numpy as np

from framework.conversation.messages import REASONS, BotMessage
from framework.conversation.tracker import Tracker
from framework.errors import UsageError
from framework.learning.progress import Progress
from framework.nlu.payload import PREFIX
from framework.project.schema.domain import Domain
from framework.registry import load_object
from framework.responses.base import (
    WRITTEN_BY,
    Attempt,
    Files,
    ReplyTrainingData,
    TrainedResponder,
)

CONFIDENCE = "confidence"
"""Metadata of a generated reply: how likely it is right, 0 to 1."""


class Seq2seqResponder(TrainedResponder):
    """Writes replies, and leaves it to others where it isn't sure of them."""

    name: ClassVar[str] = "seq2seq"
    serving_settings: ClassVar[frozenset[str]] = frozenset(
        (
            *("threshold", "fallback", "responses"),
            *("beam", "length_penalty", "top_k", "top_p", "temperature", "max_tokens"),
        )
    )

    def __init__(  # noqa: PLR0913  # its keywords are its settings
        self,
        *,
        data: str | list[str] | None = None,
        own: bool | None = None,
        network: Literal["gru", "lstm", "transformer"] = "gru",
        width: int | None = None,
        layers: int = 1,
        dropout: float = 0.2,
        vocabulary: int = 3000,
        epochs: int | None = None,
        patience: int = 4,
        held_out: float = 0.1,
        teacher_forcing: float = 0.8,
        learning_rate: float = 2e-3,
        threshold: float = 0.5,
        fallback: str = "utter_default",
        responses: list[str] | None = None,
        beam: int = 4,
        length_penalty: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        temperature: float = 1.0,
        max_tokens: int = 100,
    ) -> None:
        """Make the responder.

        Args:
            data: files or folders of questions and answers.
            own: learn from the project's own examples, responses and stories; None where there is
                no `data`.
            network: kind of the layers.
            width: numbers that stand for a word piece, a multiple of 8; None for 128 or 192 by the
                number of pairs.
            layers: of the encoder, and as many of the decoder.
            dropout: share of numbers left out in training.
            vocabulary: word pieces at most.
            epochs: passes over the pairs at most; None for as many as they call for.
            patience: looks at the replies without a gain before training stops, of about ten in
                all; 0 goes through to the end.
            held_out: share of the questions held out to measure on; from 50 questions on.
            teacher_forcing: share of the right pieces that the decoder is shown at the end of
                training; all of them at its beginning.
            learning_rate: at its peak.
            threshold: confidence from which on a reply is said.
            fallback: response that is said below it.
            responses: responses of the domain in whose place a reply is said.
            beam: replies followed at once; 1 takes the likeliest piece each time.
            length_penalty: 0 prefers short replies, 1 judges by the mean of all pieces.
            top_k: draw from that many likeliest pieces; 0 for all.
            top_p: draw from the likeliest pieces of that total probability; 1 for all.
            temperature: of drawing.
            max_tokens: word pieces of a reply at most.

        Raises:
            UsageError: a setting is out of its range.
        """
        _check_counts(epochs=epochs, layers=layers, beam=beam, max_tokens=max_tokens)
        _check_counts(least=0, patience=patience, top_k=top_k)
        _check_counts(least=20, vocabulary=vocabulary)
        _check_shares(threshold=threshold, held_out=held_out, teacher_forcing=teacher_forcing)
        _check_shares(dropout=dropout, top_p=top_p)
        _check_positive(learning_rate=learning_rate, temperature=temperature, top_p=top_p)
        if width is not None and (width < 8 or width % 8):
            raise UsageError(f"`width` of `seq2seq` is {width}, not a multiple of 8")
        if not 0 <= held_out <= 0.5 or dropout > 0.9:
            wrong = "held_out" if held_out > 0.5 else "dropout"
            raise UsageError(f"`{wrong}` of `seq2seq` leaves too little to learn from")
        self.own = data is None if own is None else own
        self.threshold = threshold
        self.fallback = fallback
        self.responses = frozenset(responses or ())
        self._recipe = {
            "network": network,
            "width": width,
            "layers": layers,
            "dropout": dropout,
            "vocabulary": vocabulary,
            "epochs": epochs,
            "patience": patience,
            "held_out": held_out,
            "teacher_forcing": teacher_forcing,
            "learning_rate": learning_rate,
        }
        self._decoding = {
            "beam": beam,
            "length_penalty": length_penalty,
            "top_k": top_k,
            "top_p": top_p,
            "temperature": temperature,
            "most": max_tokens,
        }
        self._files: Files = {}
        self._generator: Any = None

    def train(self, data: ReplyTrainingData) -> Iterator[Progress]:
        """Learn from the pairs."""
        sizes = load_object("framework.responses.seq2seq.sizes")
        train = load_object("framework.responses.seq2seq.training.run:train")  # imports torch
        trained = sizes.Trained()
        recipe = sizes.Recipe(**self._recipe)
        yield from train(data.pairs, recipe, seed=data.seed, into=trained, store=data.checkpoint)
        self._files = trained.files

    def save(self) -> Files:
        """Give the graphs, the word pieces and what confidence is made of."""
        return self._files

    def load(self, files: Files) -> Self:
        """Take the model back."""
        kind = load_object("framework.responses.seq2seq.generator:TrainedGenerator")
        self._generator = kind.from_files(files)
        return self

    def write(self, question: str, *, beam: int | None = None, draw: int = 0) -> tuple[str, float]:
        """Give the reply to a question and its confidence, whatever the threshold.

        Args:
            question: what the user says.
            beam: in place of the setting, and then without drawing.
            draw: seed, where the settings say that replies are drawn.
        """
        settings = dict(self._decoding)
        if beam is not None:
            settings |= {"beam": beam, "top_k": 0, "top_p": 1.0}
        decoding = load_object("framework.responses.seq2seq.decoding:Decoding")(**settings)
        reply = self._generator.answer(question, decoding, lot=np.random.default_rng(draw))
        return reply.text, reply.confidence

    def attempt(self, tracker: Tracker) -> Attempt:
        """Give the reply to the last message, or why there is none."""
        latest = tracker.latest_message
        question = latest.text if latest is not None and latest.text else ""
        if not question.strip() or question.startswith(PREFIX):
            return Attempt(note="the generator was given no words to answer")
        place = f"{tracker.conversation}/{len(tracker.events)}"
        text, confidence = self.write(question, draw=zlib.crc32(place.encode()))
        sure = (
            f"the generator is {confidence:.0%} sure of its reply, threshold {self.threshold:.0%}"
        )
        if not text or confidence < self.threshold:
            return Attempt(note=sure, metadata={CONFIDENCE: round(confidence, 4)})
        known = {WRITTEN_BY: self.name, CONFIDENCE: round(confidence, 4), REASONS: [sure]}
        return Attempt(text=text, note=sure, metadata=known)

    async def respond(
        self,
        response: str,
        *,
        tracker: Tracker,
        domain: Domain,
        channel: str,
        values: Mapping[str, Any],
    ) -> BotMessage | None:
        """Give a reply in the place of a response that `responses:` lists, where it is sure."""
        if response not in self.responses:
            return None
        attempt = await asyncio.to_thread(self.attempt, tracker)
        if attempt.text is None:
            return None
        metadata = {**attempt.metadata, "utter_action": response}
        return BotMessage(conversation=tracker.conversation, text=attempt.text, metadata=metadata)


def _check_counts(*, least: int = 1, **settings: int | None) -> None:
    for name, value in settings.items():
        if value is not None and value < least:
            raise UsageError(f"`{name}` of `seq2seq` is {value}, not {least} or more")


def _check_shares(**settings: float) -> None:
    for name, value in settings.items():
        if not 0 <= value <= 1:
            raise UsageError(f"`{name}` of `seq2seq` is {value:g}, not from 0 to 1")


def _check_positive(**settings: float) -> None:
    for name, value in settings.items():
        if not value > 0:
            raise UsageError(f"`{name}` of `seq2seq` is {value:g}, not above 0")
