"""What the NLU makes of a message; each component adds to it and passes it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHARED_SELECTOR = "default"
"""Name of the response selector that serves all retrieval intents."""


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A found entity.

    Attributes:
        entity: the entity's name.
        value: canonical value.
        start: first character in the original text; None where it stands nowhere in it: another
            system named the entity, or a component concluded it from the message as a whole.
        end: character offset after the last one, or None like `start`.
        role: its role, if any.
        group: its group, if any.
        confidence: 0 to 1; None where the extractor has none.
        extractor: registered name of the component that found it.
        processors: names of the components that changed its value.
        additional: further keys of the wire format (Duckling's `additional_info`).
    """

    entity: str
    value: Any
    start: int | None = None
    end: int | None = None
    role: str | None = None
    group: str | None = None
    confidence: float | None = None
    extractor: str = ""
    processors: tuple[str, ...] = ()
    additional: Mapping[str, Any] = field(default_factory=dict)

    @property
    def span(self) -> tuple[int, int] | None:
        """Start and end; None where it stands nowhere in the text."""
        return None if self.start is None or self.end is None else (self.start, self.end)


@dataclass(frozen=True, kw_only=True)
class IntentScore:
    """An intent with its confidence, 0 to 1."""

    name: str
    confidence: float


@dataclass(frozen=True, kw_only=True)
class OutOfScope:
    """How surely a message is none that the bot has an intent for.

    Attributes:
        confidence: 0 to 1; above 0.5 it is likelier so than not, if both are equally frequent.
        limit: confidence above which a message is more unusual than practically every example was
            when it was left out.
    """

    confidence: float
    limit: float

    @property
    def is_likely(self) -> bool:
        """Whether the message is likelier to be out of scope than not."""
        return self.confidence > 0.5


@dataclass(frozen=True, kw_only=True)
class RankedResponse:
    """A retrieval response (`faq/ask_name`) with its confidence, 0 to 1.

    Attributes:
        key: the full label.
        confidence: 0 to 1.
        responses: its variations as the domain has them; only the best of a ranking carries them.
    """

    key: str
    confidence: float
    responses: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Understanding:
    """What is known about a message so far.

    Attributes:
        text: the original text.
        ranking: intents by falling confidence; the first is the intent. Empty before a classifier.
        entities: in the order of the components that found them, each component's by start.
        out_of_scope: how surely it is out of scope; None where nothing tells, or where the best
            intent is one for what is out of scope.
        selections: ranking of retrieval responses by selector: an intent, or `SHARED_SELECTOR`.
        retrieval_intents: all base intents that have retrieval responses, known to a selector.
        embedding: sentence vector of the encoder, shape (D,), where one ran; not compared.
        tokens: (start, end) characters of the words.
        metadata: of the message.
        additional: further keys of the parse JSON, from components that find something else.
    """

    text: str
    ranking: tuple[IntentScore, ...] = ()
    entities: tuple[Entity, ...] = ()
    out_of_scope: OutOfScope | None = None
    selections: Mapping[str, tuple[RankedResponse, ...]] = field(default_factory=dict)
    retrieval_intents: tuple[str, ...] = ()
    embedding: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    tokens: tuple[tuple[int, int], ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    additional: Mapping[str, Any] = field(default_factory=dict)

    @property
    def intent(self) -> IntentScore | None:
        """The best intent, None when nothing classified the message."""
        return self.ranking[0] if self.ranking else None

    def responses_for(self, intent: str) -> tuple[RankedResponse, ...]:
        """Give the ranking of a retrieval intent's own selector, else of the shared one."""
        return self.selections.get(intent) or self.selections.get(SHARED_SELECTOR) or ()
