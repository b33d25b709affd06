"""The settings under `llm:`; names, types and defaults stand here once."""

from __future__ import annotations

import reprlib
import ssl
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

import regex
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from framework.errors import FrameError, UsageError
from framework.registry import did_you_mean
from framework.responses.generative import sources

WRONG = "llm-settings"
"""Id of the error of a setting that can't be used."""

_WANTED = {"url": "it should be an address such as http://localhost:8000/v1"}
_SUBJECT = regex.compile(r"^(?:Input|String|Tuple)\b")
"""What messages of pydantic speak of."""

_OF_SERVERS = ("api_key_variable", "cafile", "retries")
_OF_FILES = ("gguf_file", "threads", "load_timeout_seconds")


class Fault(NamedTuple):
    """What is wrong with a setting; the key is empty where it is the whole."""

    key: str
    message: str
    hint: str


class Prices(BaseModel):
    """What a million tokens cost, in any currency.

    Attributes:
        input: of the prompt.
        output: of the reply.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: float = Field(ge=0, allow_inf_nan=False)
    output: float = Field(ge=0, allow_inf_nan=False)


class LlmSettings(BaseModel):
    """How a language model is asked.

    Attributes:
        url: base address of an OpenAI-compatible server, up to and with `/v1`.
        model: name of the model there; without `url`, `smollm2`, a GGUF file, or a folder or hub
            name of a Hugging Face model.
        gguf_file: file of that folder or hub name that holds GGUF weights.
        api_key_variable: environment variable that holds the key; none is sent without it.
        cafile: file with the certificates that a server's own is checked by; None takes those that
            come with Python's package certifi.
        timeout_seconds: time for a reply, retries included; then the template is said.
        load_timeout_seconds: time for loading a local model, when it is first needed.
        retries: how often a failed call is repeated.
        threads: of a local model; None leaves it to the library.
        max_tokens: length of a reply.
        context_tokens: length of prompt and reply together.
        max_context_characters: how much of the conversation is sent along.
        context_turns: how many of the last messages are sent along; None sends six, and with
            examples the user's last one alone, as small models repeat what they see.
        max_calls_per_conversation: after so many, templates are said.
        max_tokens_per_conversation: tokens of prompts and replies; None sets no limit.
        max_tokens_per_day: the same for all conversations together.
        max_cost_per_conversation: in the currency of the prices.
        max_cost_per_day: the same for all conversations together.
        prices: what tokens cost.
        temperature: 0 gives the likeliest reply.
        seed: equal seeds give equal replies where the model can.
        stop: texts at which a reply ends.
        examples: whether the prompt shows by examples how to reword and how to answer, as small
            models need; None shows them to local models.
        forbidden: phrases that a reply must not have.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    model: str = Field(min_length=1)
    gguf_file: str | None = Field(default=None, min_length=1)
    api_key_variable: str | None = None
    cafile: str | None = Field(default=None, min_length=1)
    timeout_seconds: float = Field(default=5.0, gt=0, le=600)
    load_timeout_seconds: float = Field(default=60.0, gt=0, le=3600)
    retries: int = Field(default=1, ge=0, le=10)
    threads: int | None = Field(default=None, ge=1, le=1024)
    max_tokens: int = Field(default=120, ge=1)
    context_tokens: int | None = Field(default=None, ge=64)
    max_context_characters: int = Field(default=2000, ge=0)
    context_turns: int | None = Field(default=None, ge=0)
    max_calls_per_conversation: int = Field(default=100, ge=0)
    max_tokens_per_conversation: int | None = Field(default=None, ge=0)
    max_tokens_per_day: int | None = Field(default=None, ge=0)
    max_cost_per_conversation: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    max_cost_per_day: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    prices: Prices | None = None
    temperature: float = Field(default=0.3, ge=0, le=2)
    seed: int | None = Field(default=None, ge=0, lt=2**31)
    stop: tuple[str, ...] = Field(default=(), max_length=4)
    examples: bool | None = None
    forbidden: tuple[str, ...] = ()

    @classmethod
    def read(cls, options: Any) -> Self:
        """Read what stands under `llm:`.

        Raises:
            UsageError: a setting is missing, unknown or wrong; the message says which.
        """
        found = cls.faults(options)
        if found:
            raise UsageError(found[0].message, id=WRONG, hint=found[0].hint)
        return cls.model_validate(_mapping(options))

    @classmethod
    def faults(cls, options: Any, *, root: Path | None = None) -> list[Fault]:
        """List what is wrong with settings.

        Args:
            options: what stands under `llm:`.
            root: folder of the project, where the model is looked for, too; None doesn't look.
        """
        given = _mapping(options)
        if not isinstance(given, Mapping):
            message = f"`llm` must be a mapping, not {options!r}"
            return [Fault("", message, "give `url:` and `model:`, or a local model's name alone")]
        try:
            settings = cls.model_validate(dict(given))
        except ValidationError as error:
            return [_told(one, cls) for one in error.errors()]
        found = [*_misplaced(settings, given), *_unpriced(settings)]
        return found or ([] if root is None else list(_unfound(settings, root)))


def _mapping(options: Any) -> Any:
    """Read `llm: smollm2` as `llm: {model: smollm2}`."""
    return {"model": options} if isinstance(options, str) and options else options


def _told(error: Any, settings: type[LlmSettings]) -> Fault:
    """Say what pydantic found, and what can be done about it."""
    key = str(error["loc"][0])
    *within, last = map(str, error["loc"])
    place = ".".join(("llm", *within))
    if error["type"] == "missing":
        return Fault(key, f"`{place}` has no `{last}`", f"add `{last}: …` to it")
    if error["type"] == "extra_forbidden":
        hint = _unknown(last) if within else _unknown(last, settings.model_fields)
        return Fault(key, f"the key {last!r} is unknown in `{place}`", hint)
    wanted = _WANTED.get(key) or _SUBJECT.sub("it", error["msg"])
    shown = reprlib.repr(error["input"])
    default = settings.model_fields[key].get_default()
    hint = "mend the value" if default is None else f"remove the line for the default, {default}"
    return Fault(key, f"`{last}` of `{place}` is {shown}: {wanted}", hint)


def _unknown(key: str, known: Iterable[str] = Prices.model_fields) -> str:
    if key == "api_key":
        return "a key would be kept in the trained bot; name a variable with `api_key_variable:`"
    return did_you_mean(key, known) or f"remove it; known: {', '.join(known)}"


def _misplaced(settings: LlmSettings, given: Mapping[str, Any]) -> Iterator[Fault]:
    """Find settings that mean nothing with a server, or nothing without one."""
    for key in _OF_FILES if settings.url else _OF_SERVERS:
        if given.get(key) is not None:
            wanted = "has no meaning beside `url`" if settings.url else "needs `url`"
            hint = "a model is either behind a server (`url:`) or on this machine"
            yield Fault(key, f"`{key}` of `llm` {wanted}", hint)
    if settings.url and settings.model.endswith(sources.GGUF):
        message = "`llm` names both a server and a file: `url` and a `model` that is a GGUF file"
        yield Fault("model", message, "remove one of the two; a server knows its models by name")


def _unpriced(settings: LlmSettings) -> Iterator[Fault]:
    for key in ("max_cost_per_conversation", "max_cost_per_day"):
        if getattr(settings, key) is not None and settings.prices is None:
            message = f"`{key}` of `llm` can't be kept without `prices`"
            yield Fault(key, message, "add `prices: {input: …, output: …}`, per million tokens")


def _unfound(settings: LlmSettings, root: Path) -> Iterator[Fault]:
    if settings.url:
        yield from _untrusted(settings, root)
        return
    try:
        sources.find(settings.model, gguf_file=settings.gguf_file, root=root)
    except FrameError as error:
        yield Fault("gguf_file" if settings.gguf_file else "model", error.message, error.hint)


def _untrusted(settings: LlmSettings, root: Path) -> Iterator[Fault]:
    if settings.cafile is not None:
        try:
            certificates(settings.cafile, root=root)
        except UsageError as error:
            yield Fault("cafile", error.message, error.hint)


def certificates(cafile: str, *, root: Path | None = None) -> ssl.SSLContext:
    """Read the certificates by which a server is checked.

    Args:
        cafile: a file with them.
        root: folder that the path is relative to; the working directory if not given.

    Raises:
        UsageError: the file can't be read, or holds none.
    """
    try:
        return ssl.create_default_context(cafile=(root or Path()) / Path(cafile).expanduser())
    except OSError as error:  # what OpenSSL can't read is one, too
        raise UsageError(
            f"the certificates of `cafile` of `llm`, {cafile!r}, can't be read: {error}",
            id=WRONG,
            hint="name a PEM file, relative to the project's folder",
        ) from error
