"""The settings under `llm:`; names, types and defaults stand here once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from framework.errors import UsageError
from framework.registry import did_you_mean

WRONG = "llm-settings"
"""Id of the error of a setting that can't be used."""


class LlmSettings(BaseModel):
    """How a language model is asked.

    Attributes:
        url: base address of an OpenAI-compatible server, up to and with `/v1`.
        model: name of the model there.
        api_key_variable: environment variable that holds the key; none is sent without it.
        timeout_seconds: time for a reply, retries included; then the template is said.
        retries: how often a failed call is repeated.
        max_tokens: length of a reply.
        max_context_characters: how much of the conversation is sent along.
        context_turns: how many of the last messages are sent along.
        max_calls_per_conversation: after so many, templates are said.
        temperature: 0 gives the likeliest reply.
        forbidden: phrases that a reply must not have.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(pattern=r"^https?://\S+$")
    model: str = Field(min_length=1)
    api_key_variable: str | None = None
    timeout_seconds: float = Field(default=5.0, gt=0, le=600)
    retries: int = Field(default=1, ge=0, le=10)
    max_tokens: int = Field(default=120, ge=1)
    max_context_characters: int = Field(default=2000, ge=0)
    context_turns: int = Field(default=6, ge=0)
    max_calls_per_conversation: int = Field(default=100, ge=0)
    temperature: float = Field(default=0.3, ge=0, le=2)
    forbidden: tuple[str, ...] = ()

    @classmethod
    def read(cls, options: Any) -> Self:
        """Read what stands under `llm:`.

        Raises:
            UsageError: a setting is missing, unknown or wrong; the message says which.
        """
        found = cls.faults(options)
        if found:
            _, message, hint = found[0]
            raise UsageError(message, id=WRONG, hint=hint)
        return cls.model_validate(dict(options))

    @classmethod
    def faults(cls, options: Any) -> list[tuple[str, str, str]]:
        """List what is wrong with settings: the key, empty for the whole; a message; a hint."""
        if not isinstance(options, Mapping):
            message = f"`llm` must be a mapping, not {options!r}"
            return [("", message, "give `url:` and `model:`")]
        try:
            cls.model_validate(dict(options))
        except ValidationError as error:
            keys = [str(one["loc"][0]) for one in error.errors()]
            told = zip(keys, error.errors(), strict=True)
            return [(key, f"`{key}` of `llm`: {one['msg']}", _hint(key, cls)) for key, one in told]
        return []


def _hint(key: str, settings: type[LlmSettings]) -> str:
    if key == "api_key":
        return "a key would be kept in the trained bot; name a variable with `api_key_variable:`"
    known = settings.model_fields
    return did_you_mean(key, known) if key not in known else ""
