"""What language models may be used for: calls, tokens and money, by conversation and by day."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from framework.conversation.events import BotUttered
from framework.conversation.tracker import Tracker
from framework.responses.generative.base import Usage
from framework.responses.generative.settings import LlmSettings

USE = "llm_use"
"""Metadata of a reply for which a model was asked: the tokens, and what they cost."""

_CONVERSATIONS = 10_000
_SECONDS_OF_A_DAY = 86_400
_MILLION = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What was used up."""

    calls: int = 0
    tokens: int = 0
    cost: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        """Add up."""
        return Spent(
            calls=self.calls + other.calls,
            tokens=self.tokens + other.tokens,
            cost=self.cost + other.cost,
        )


class Budget:
    """Counts what models are used for, and says when it is enough.

    What a conversation used stands in its replies' metadata, too, so that a limit outlives the
    process; days are those of UTC, and begin anew with the process.
    """

    def __init__(self, settings: LlmSettings, *, clock: Callable[[], float] = time.time) -> None:
        """Take the limits and prices; the clock gives seconds since the epoch."""
        self._settings = settings
        self._clock = clock
        self._conversations: OrderedDict[str, Spent] = OrderedDict()
        self._day, self._today = 0, Spent()

    def refusal(self, tracker: Tracker) -> str | None:
        """Say why no model may be asked now; None where one may."""
        of_day = self._of_today()
        of_conversation = _larger(_recorded(tracker), self._of(tracker.conversation))
        return next(self._exceeded(of_conversation, of_day), None)

    def add(self, conversation: str, usage: Usage) -> dict[str, Any]:
        """Count one call, and give what a reply's metadata says of it."""
        cost = self._cost(usage)
        spent = Spent(calls=1, tokens=usage.tokens, cost=cost)
        self._today = self._of_today() + spent
        self._conversations[conversation] = self._of(conversation) + spent
        self._conversations.move_to_end(conversation)
        while len(self._conversations) > _CONVERSATIONS:
            self._conversations.popitem(last=False)
        told = {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens}
        return told if self._settings.prices is None else {**told, "cost": cost}

    def _exceeded(self, conversation: Spent, day: Spent) -> Iterator[str]:
        settings = self._settings
        limits: tuple[tuple[str, str, float, float | None], ...] = (
            ("conversation", "calls", conversation.calls, settings.max_calls_per_conversation),
            ("conversation", "tokens", conversation.tokens, settings.max_tokens_per_conversation),
            ("conversation", "money", conversation.cost, settings.max_cost_per_conversation),
            ("day", "tokens", day.tokens, settings.max_tokens_per_day),
            ("day", "money", day.cost, settings.max_cost_per_day),
        )
        for who, what, used, limit in limits:
            if limit is not None and used >= limit:
                yield f"the {who} has used up its {what} for the language model ({limit:g})"

    def _cost(self, usage: Usage) -> float:
        prices = self._settings.prices
        if prices is None:
            return 0.0
        paid = usage.input_tokens * prices.input + usage.output_tokens * prices.output
        return paid / _MILLION

    def _of(self, conversation: str) -> Spent:
        return self._conversations.get(conversation, Spent())

    def _of_today(self) -> Spent:
        day = int(self._clock() // _SECONDS_OF_A_DAY)
        if day != self._day:
            self._day, self._today = day, Spent()
        return self._today


def _recorded(tracker: Tracker) -> Spent:
    spent = Spent()
    for event in tracker.events:
        use = event.metadata.get(USE) if isinstance(event, BotUttered) else None
        if isinstance(use, Mapping):
            tokens = _number(use, "input_tokens") + _number(use, "output_tokens")
            spent += Spent(calls=1, tokens=int(tokens), cost=_number(use, "cost"))
    return spent


def _number(use: Mapping[str, Any], key: str) -> float:
    """Give a number of an event's metadata, which may come from outside."""
    value = use.get(key)
    return value if isinstance(value, int | float) and 0 <= value < math.inf else 0


def _larger(one: Spent, other: Spent) -> Spent:
    return Spent(
        calls=max(one.calls, other.calls),
        tokens=max(one.tokens, other.tokens),
        cost=max(one.cost, other.cost),
    )
