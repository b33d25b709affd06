"""The contract of responders: they turn the wish to say something into a message."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from framework.conversation.messages import BotMessage
from framework.conversation.tracker import Tracker
from framework.learning.checkpoint import CheckpointStore
from framework.learning.progress import Progress
from framework.project.schema.domain import Domain
from framework.project.schema.pairs import Pair

INSTEAD = "said_instead"
"""Metadata of a reply that stands for another one: why that one was not said."""

WRITTEN_BY = "written_by"
"""Metadata of a reply whose words are not the bot's author's: whose they are."""

Files = Mapping[str, bytes]
"""What a responder learned, by file name inside its folder of the bundle."""


FOUND = "knowledge"
"""Metadata of an answer from documents: the passages that were found, with their scores."""


class Responder(ABC):
    """Says a named response.

    Attributes:
        name: registered short name.
    """

    name: ClassVar[str]

    @abstractmethod
    async def respond(
        self,
        response: str,
        *,
        tracker: Tracker,
        domain: Domain,
        channel: str,
        values: Mapping[str, Any],
    ) -> BotMessage | None:
        """Give the message for a response, or None where this responder has nothing to say.

        Args:
            response: name of a response (`utter_greet`).
            tracker: the conversation so far.
            domain: the bot's domain.
            channel: name of the channel the reply goes to.
            values: placeholders that go before those of the slots.
        """


@dataclass(frozen=True, kw_only=True)
class ReplyTrainingData:
    """What responders learn from.

    Attributes:
        pairs: questions with their answers.
        seed: everything random follows from it.
        checkpoint: keeps what a long training has reached, and holds what an interrupted one of
            the same had reached; None where neither is wanted.
    """

    pairs: Sequence[Pair]
    seed: int = 0
    checkpoint: CheckpointStore | None = None


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What came of trying to write a reply.

    Attributes:
        text: the reply; None where none is good enough.
        note: how that was decided.
        metadata: of the reply, or of what is said in its place.
    """

    text: str | None = None
    note: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


class TrainedResponder(Responder):
    """Writes replies as it was trained to.

    Settings are the keywords of `__init__`; importing its module imports no torch.

    Attributes:
        trainable: its training costs time.
        serving_settings: settings that training doesn't depend on.
        threshold: confidence from which on a reply is said.
        fallback: response that is said where it can't write a reply that is good enough.
        own: whether it learns from what the project itself says, beside the pairs of files.
    """

    trainable: ClassVar[bool] = True
    serving_settings: ClassVar[frozenset[str]] = frozenset()
    threshold: float
    fallback: str
    own: bool

    @abstractmethod
    def train(self, data: ReplyTrainingData) -> Iterator[Progress]:
        """Learn, yielding progress."""

    @abstractmethod
    def save(self) -> Files:
        """Give what was learned; equal training gives equal bytes."""

    @abstractmethod
    def load(self, files: Files) -> Self:
        """Take back what `save` gave, and return the responder ready to write."""

    @abstractmethod
    def attempt(self, tracker: Tracker) -> Attempt:
        """Try to write the reply to the last message; takes a while and may run in a thread."""

    @abstractmethod
    def write(self, question: str, *, beam: int | None = None) -> tuple[str, float]:
        """Give the reply to a question and its confidence, good enough or not."""
