"""Asks a language model for one reply, and lets nothing through that the guard objects to.

A reply is held until all of it is judged: what it must state may come last, and what was shown
can't be taken back. It is judged sentence by sentence as it comes, so that a model that makes
something up is stopped at once.
"""

# ruff: noqa: RUF001  # the signs that end sentences look alike

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakValueDictionary

import regex

from framework.conversation.tracker import Tracker
from framework.responses.generative import prompt
from framework.responses.generative.base import (
    CUT_OFF,
    WITHHELD,
    ChatModel,
    Message,
    ModelError,
    Request,
    UnusedModelError,
    Usage,
    estimate,
)
from framework.responses.generative.budget import Budget
from framework.responses.generative.models import make_model
from framework.responses.generative.settings import LlmSettings
from framework.responses.guard import verdict
from framework.responses.guard.grounds import Grounds
from framework.responses.guard.verdict import Limits

MOST_CHARACTERS_PER_TOKEN = 16
"""A reply longer than this for each token it may have is cut off: the server ignores its limit."""

CONTEXT_TURNS = 6
"""Messages that are sent along where the settings don't say how many."""

_THOUGHTS = regex.compile(r"^\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", regex.S)
_SENTENCE_END = regex.compile(r"""[.!?…][)"'’”]*(?=\s)|[。！？][」』”）]*|\n""")
_QUOTED = regex.compile(r"""(?s)"([^"]*)"|“([^”]*)”|'([^']*)'""")

_WRITERS: WeakValueDictionary[str, Writer] = WeakValueDictionary()
_LOCK = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of asking.

    Attributes:
        text: the reply; empty where there is none to use.
        reason: why there is none; empty where there is.
        is_refused: whether the guard refused it; the reason quotes the conversation then.
        use: tokens and cost, for the reply's metadata; None where no model was asked.
    """

    text: str = ""
    reason: str = ""
    is_refused: bool = False
    use: dict[str, Any] | None = None

    @property
    def logged(self) -> str:
        """The reason without the words of the conversation that a refusal quotes."""
        return "the guard objects" if self.is_refused else self.reason


@dataclass
class _Draft:
    """A reply while it comes, and what it is judged by."""

    grounds: Grounds
    limits: Limits
    text: str = ""
    asked: Sequence[Message] = ()
    finish: str | None = None
    usage: Usage | None = None
    faults: tuple[str, ...] = field(default=())

    def use(self) -> Usage:
        """Say how many tokens it took: as counted, else estimated."""
        if self.usage is not None:
            return self.usage
        asked = sum(estimate(message["content"]) for message in self.asked)
        return Usage(input_tokens=asked, output_tokens=estimate(self.text))


class Writer:
    """Writes replies with the language model that settings name."""

    def __init__(
        self,
        settings: LlmSettings,
        *,
        model: ChatModel | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the settings; `model` stands for the one that they name."""
        self.settings = settings
        self._model = model or make_model(settings)
        self._budget = Budget(settings, clock=clock)

    async def write(
        self,
        task: prompt.Task,
        *,
        tracker: Tracker,
        required: Sequence[Any] = (),
        alternatives: Sequence[str] = (),
        known: dict[str, Any] | None = None,
    ) -> Outcome:
        """Write one reply.

        Args:
            task: what to write.
            tracker: the conversation so far.
            required: values that the reply must state.
            alternatives: values that it may state only where the task does.
            known: values beside those of the task that it may state.
        """
        refusal = self._budget.refusal(tracker)
        if refusal is not None:
            return Outcome(reason=refusal)
        settings = self.settings
        shows = settings.url is None if settings.examples is None else settings.examples
        task = replace(task, shows_examples=shows)
        turns = CONTEXT_TURNS if settings.context_turns is None else settings.context_turns
        said = prompt.recent(tracker, turns=turns, characters=settings.max_context_characters)
        by_user = [one for one in said if one["from"] == "user"]
        is_free = task.instructions is not None and not task.passages
        own = task.instructions if is_free else None
        grounds = Grounds(
            template="\n".join(filter(None, (task.reply, own, task.nothing))),
            slots={**task.facts, **(known or {})},
            passages=task.passages,
            required=tuple(required),
            alternatives=tuple(alternatives),
            heard=tuple(one["text"] for one in by_user),
            asked=by_user[-1]["text"] if by_user and task.passages else "",
        )
        if shows and settings.context_turns is None:
            said = by_user[-1:]
        limits = Limits(language=task.language, forbidden=self.settings.forbidden, is_free=is_free)
        draft = _Draft(grounds=grounds, limits=limits)
        reason = await self._ask(task, said, draft)
        use = self._budget.add(tracker.conversation, draft.use()) if draft.asked else None
        if reason or draft.faults:
            told = f"the language model's reply is not used: {'; '.join(draft.faults)}"
            return Outcome(reason=reason or told, is_refused=bool(draft.faults), use=use)
        return Outcome(text=draft.text, use=use)

    async def _ask(self, task: prompt.Task, said: list[dict[str, str]], draft: _Draft) -> str:
        """Fill the draft, and say why that failed; empty where it didn't."""
        seconds = self.settings.timeout_seconds
        try:
            await self._model.prepare()
            verdict.prepare(task.language)
            async with asyncio.timeout(seconds):
                asked = await self._fitting(task, said)
                draft.asked = asked
                await self._read(asked, draft)
            if not draft.faults:
                draft.text = _finished(draft)
        except UnusedModelError as error:
            draft.asked = ()
            return error.message
        except ModelError as error:
            return error.message
        except TimeoutError:
            return f"the language model took longer than {seconds:g} s"
        if not draft.faults:
            draft.faults = verdict.faults(draft.text, grounds=draft.grounds, limits=draft.limits)
        return ""

    async def _fitting(self, task: prompt.Task, said: list[dict[str, str]]) -> list[Message]:
        """Give the prompt, without the oldest turns and the last passages where it is too long."""
        most = self._model.context_tokens - self.settings.max_tokens
        shorter = [(task, said[start:]) for start in range(len(said) + 1)]
        shorter += [
            (replace(task, passages=task.passages[:count]), [])
            for count in range(len(task.passages) - 1, 0, -1)
        ]
        for one, turns in shorter:
            messages = prompt.messages(one, conversation=turns)
            if await self._model.count_tokens(messages) <= most:
                return messages
        raise ModelError(
            f"the prompt is longer than the language model's context of"
            f" {self._model.context_tokens} tokens, {self.settings.max_tokens} of them for a reply"
        )

    async def _read(self, asked: Sequence[Message], draft: _Draft) -> None:
        """Listen until the reply ends, or says what the guard objects to."""
        settings = self.settings
        most = settings.max_tokens * MOST_CHARACTERS_PER_TOKEN
        request = Request(
            messages=asked,
            max_tokens=settings.max_tokens,
            temperature=settings.temperature,
            stop=settings.stop,
            seed=settings.seed,
        )
        judged = 0
        async with aclosing(self._model.stream(request)) as stream:
            async for piece in stream:
                draft.text += piece.text
                draft.finish = piece.finish or draft.finish
                draft.usage = piece.usage or draft.usage
                if len(draft.text) > most:
                    raise ModelError("the language model doesn't stop")
                end = _last_end(draft.text)
                if end > judged:
                    judged = end
                    draft.faults = verdict.faults_so_far(
                        _without_thoughts(draft.text[:end]),
                        grounds=draft.grounds,
                        limits=draft.limits,
                    )
                if draft.faults or _stops(draft, settings.stop):
                    return


def shared_writer(options: Any) -> Writer:
    """Give the writer of settings: equal settings share one, its model and its budget.

    Raises:
        UsageError: a setting is missing, unknown or wrong.
    """
    settings = LlmSettings.read(options)
    key = settings.model_dump_json()
    with _LOCK:
        writer = _WRITERS.get(key) or Writer(settings)
        _WRITERS[key] = writer
    return writer


def _stops(draft: _Draft, stop: Sequence[str]) -> bool:
    """Cut the draft at the first text that ends a reply, and say whether there is one."""
    places = [place for text in stop if text and (place := draft.text.find(text)) >= 0]
    if places:
        draft.text = draft.text[: min(places)]
    return bool(places)


def _last_end(text: str) -> int:
    return max((match.end() for match in _SENTENCE_END.finditer(text)), default=0)


def _without_thoughts(text: str) -> str:
    return _THOUGHTS.sub("", text)


def _finished(draft: _Draft) -> str:
    """Give the reply without what a model thinks aloud, without quotes, in whole sentences."""
    if draft.finish == WITHHELD:
        raise ModelError("the language model's server keeps its reply back")
    text = _joined(_without_thoughts(draft.text)).strip()
    if draft.finish == CUT_OFF:
        text = text[: _last_end(f"{text} ")].strip()
        if not text:
            raise ModelError("the language model's reply has no end within its tokens")
    if text.startswith("{"):
        text = _reply_in(text)
    quoted = _QUOTED.fullmatch(text)
    return next(filter(None, quoted.groups()), "").strip() if quoted else text


def _joined(text: str) -> str:
    """Join the halves of signs that came in two pieces; a half alone is U+FFFD, as in a decoder."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _reply_in(text: str) -> str:
    """Give the reply that a model wrote in the form in which it was asked: as JSON."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    said = found.get("reply") if isinstance(found, dict) else None
    return said if isinstance(said, str) else text
