"""The contract of language models: a request in, pieces of text out, whatever runs the model."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass

import regex

from framework.errors import FrameError

Message = Mapping[str, str]
"""`role` and `content`, as in the OpenAI API."""

CUT_OFF = "length"
"""Why a reply ended: it had as many tokens as it may have."""

WITHHELD = "content_filter"
"""Why a reply ended: the server keeps the rest of it back."""

_TOKENS_OF_A_MESSAGE = 8
_SIGN_BY_SIGN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{So}]")


class ModelError(FrameError):
    """The model gave no reply; the message says why, for the record."""

    id = "llm"


class UnusedModelError(ModelError):
    """The model wasn't at work, so nothing was used up: out of reach, or its server refuses."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a model is asked.

    Attributes:
        messages: the prompt, as a chat.
        max_tokens: length of the reply.
        temperature: 0 gives the likeliest reply.
        stop: texts at which the reply ends; they aren't part of it.
        seed: equal seeds give equal replies where the model can; None leaves it open.
    """

    messages: Sequence[Message]
    max_tokens: int
    temperature: float = 0.0
    stop: tuple[str, ...] = ()
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class Usage:
    """How many tokens a call took."""

    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def tokens(self) -> int:
        """Both together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        """Add up two calls."""
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of a reply as it comes.

    Attributes:
        text: the next words; may be empty.
        finish: why the reply ends here (`stop`, `length`); None where it goes on.
        usage: tokens of the whole call, where the model counts them.
    """

    text: str = ""
    finish: str | None = None
    usage: Usage | None = None


class ChatModel(ABC):
    """A language model.

    Attributes:
        context_tokens: how long prompt and reply may be together.
    """

    context_tokens: int

    async def prepare(self) -> None:  # noqa: B027  # most are ready at once
        """Get ready for the first request, where that takes long.

        Raises:
            ModelError: the model can't be used.
        """

    @abstractmethod
    def stream(self, request: Request) -> AsyncGenerator[Piece, None]:
        """Give the reply piece by piece; a caller who stops listening stops the model.

        Raises:
            ModelError: the model can't be asked, or answers nonsense.
        """

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        """Say how many tokens a prompt has; an estimate that is rather too high."""
        return sum(_TOKENS_OF_A_MESSAGE + estimate(one["content"]) for one in messages)


def estimate(text: str) -> int:
    """Guess how many tokens a text has: a token for three letters, or for one sign of Chinese."""
    signs = len(_SIGN_BY_SIGN.findall(text))
    return signs + -(-(len(text) - signs) // 3)
