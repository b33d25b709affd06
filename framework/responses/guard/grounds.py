"""What a generated reply is made from: a template, slots and passages; users are no ground."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import regex

_TO_THE_BOT = regex.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:instructions?|prompts?|rules?"
    r"|polic(?:y|ies)|templates?|guards?|previous|above|everything)\b"
    r"|\b(?:offer|give|send|grant|tell|promise|pay|refund|show|write|let) me\b|\bsystem prompt\b"
    r"|\byou (?:are now|must (?:say|tell|answer))\b|\b(?:pretend|act as|repeat after|say that)\b"
    r"|(?:忽略|无视|忘记).{0,10}(?:指令|提示|规则|上面|之前)|你现在是|(?:告诉|给|送)我",
    regex.IGNORECASE,
)
"""A slot with such words holds what a user said to the bot, and grounds nothing."""


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What a generated reply may state.

    Attributes:
        template: the reply as the domain words it, filled.
        slots: values by the names of slots; None where there is none.
        passages: texts that were retrieved.
        required: values that must be in the reply.
        alternatives: values that a slot could have, and that only a ground allows.
        heard: what users said, which is no ground: a reply must not be made of it.
        asked: the question that an answer from the passages must be about; empty for other replies.
    """

    template: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)
    passages: tuple[str, ...] = ()
    required: tuple[Any, ...] = ()
    alternatives: Collection[str] = ()
    heard: tuple[str, ...] = ()
    asked: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """All of it as texts."""
        return (self.template, *self.passages, *self.values)

    @property
    def values(self) -> tuple[str, ...]:
        """The single values of the slots, but for what users said to the bot."""
        return tuple(text for text in self._values() if not _TO_THE_BOT.search(text))

    @property
    def said_by_users(self) -> tuple[str, ...]:
        """What users said, also where a slot keeps it."""
        return (*self.heard, *(text for text in self._values() if _TO_THE_BOT.search(text)))

    def _values(self) -> Iterator[str]:
        return (text for value in self.slots.values() for text in flat(value))


def flat(value: Any) -> Iterator[str]:
    """Give the single values of a slot as texts."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from flat(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
