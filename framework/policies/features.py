"""What policies see of a conversation: one state before each decision."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class DialogueState:
    """What is known when the next action is chosen.

    Attributes:
        intent: of the last user message; None where it is seen as text, or there is none.
        text: of the last user message, where it is seen as text (end-to-end).
        entities: sorted names seen by featurisation: `city`, `city#from` (role), `city#1` (group).
        slots: (name, features) of the slots that are set and influence the conversation, sorted.
        previous_action: the last action's name or bot text; None at the start.
        previous_is_text: whether `previous_action` is a bot text.
        loop: the active form.
        loop_rejected: whether it declined to run since the last user message.
        embedding: sentence vector of `text`, shape (D,), where the encoder gave one.
    """

    intent: str | None = None
    text: str | None = None
    entities: tuple[str, ...] = ()
    slots: tuple[tuple[str, tuple[float, ...]], ...] = ()
    previous_action: str | None = None
    previous_is_text: bool = False
    loop: str | None = None
    loop_rejected: bool = False
    embedding: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision of a training dialogue.

    Attributes:
        history: states from the start of the dialogue up to this decision, oldest first.
        action: what was done: an action's name, or a bot text.
        is_text: whether `action` is a bot text.
    """

    history: tuple[DialogueState, ...]
    action: str
    is_text: bool = False
