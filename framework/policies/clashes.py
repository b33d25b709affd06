"""Where rules, or a rule and a story, are at odds, as problems of the project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from framework.conversation.events import Event
from framework.data.dialogues import Dialogue
from framework.errors import Location, Problem
from framework.policies.retelling import retell


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What a rule, or a form or default intent by itself, says to some states."""

    action: str
    name: str
    where: Location | None
    kind: Literal["rule", "form", "default"]


@dataclass(frozen=True, kw_only=True)
class Clash:
    """A story or rule that goes on otherwise than some rules say.

    Attributes:
        dialogue: the story or rule, or several that checkpoints join.
        step: number of its step with which it goes on, or after which it listens.
        action: what it goes on with.
        says: what the rules say.
        events: the conversation so far.
    """

    dialogue: Dialogue
    step: int
    action: str
    says: tuple[Saying, ...]
    events: Sequence[Event]

    @property
    def name(self) -> str:
        """The story or rule that the step is from."""
        return self.dialogue.part_of(self.step)

    @property
    def where(self) -> Location | None:
        """Place of the step."""
        return self.dialogue.steps[self.step].where or self.dialogue.where


def problems_of(clashes: Iterable[Clash]) -> Iterator[Problem]:
    """Give each contradiction once, with the shortest conversation that shows it."""
    shortest: dict[tuple[object, ...], Clash] = {}
    for clash in clashes:
        key = _key(clash)
        if key not in shortest or len(clash.events) < len(shortest[key].events):
            shortest[key] = clash
    for clash in shortest.values():
        yield _as_problem(clash)


def _key(clash: Clash) -> tuple[object, ...]:
    """Give what makes two clashes the same: the same two things at odds, whoever is first."""
    saying = clash.says[0]
    ours = (clash.dialogue.kind, clash.name, clash.action)
    theirs = (saying.kind, saying.name, saying.action)
    return tuple(sorted((ours, theirs)))


def _as_problem(clash: Clash) -> Problem:
    saying = clash.says[0]
    kind = clash.dialogue.kind
    whose = {
        "rule": f"the rule {saying.name!r}",
        "form": f"the active form {saying.name!r}",
        "default": f"the default intent {saying.name!r}",
    }[saying.kind]
    there = f" ({saying.where})" if saying.where else ""
    more = f" and {len(clash.says) - 1} more" if len(clash.says) > 1 else ""
    example = retell(clash.events)
    return Problem(
        id=f"rule-contradicts-{kind}",
        severity="error",
        message=f"the {kind} {clash.name!r} goes on with {clash.action!r} "
        f"where {whose}{there}{more} says {saying.action!r}",
        where=clash.where,
        hint=f"after this conversation they differ: {example}. "
        "Make them say the same, or tell them apart by a condition",
    )
