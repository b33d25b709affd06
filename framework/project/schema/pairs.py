"""Questions with their answers, which a generator learns from or is held against."""

from __future__ import annotations

from dataclasses import dataclass

from framework.errors import Location


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Something said and what is answered.

    Attributes:
        question: what a user says.
        answer: what the bot says then.
        where: its place.
    """

    question: str
    answer: str
    where: Location | None = None
