"""Stories and rules -> straight dialogues: checkpoints joined, alternatives written out.

Every way through the checkpoints from a beginning to an end becomes a dialogue; where checkpoints
form a loop, each edge that closes it is taken once more. Ways that look the same to every policy
are kept once. Where alternatives multiply beyond `MAX_WAYS` at one place, a fixed sample goes on.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from framework.data.blocks import Block, BlockStep, Graph, connect
from framework.data.dialogues import Dialogue, PlainStep
from framework.data.sameness import Sameness, Seen, entity_slots, stated_value
from framework.errors import Location, Problem
from framework.project.schema.domain import Domain
from framework.project.schema.project import Project
from framework.project.schema.stories import CheckpointStep, OrStep, Rule, SlotStep, Story, UserStep

MAX_WAYS = 1000
"""How many ways at most lead on from one place."""


@dataclass(frozen=True, kw_only=True)
class Unfolded:
    """What became of stories and rules.

    Attributes:
        dialogues: those of the stories, then those of the rules.
        problems: warnings: checkpoints that lead nowhere or are never reached, loops, and places
            where only a sample of the ways is learned.
    """

    dialogues: tuple[Dialogue, ...]
    problems: tuple[Problem, ...]


def dialogues(project: Project) -> tuple[Dialogue, ...]:
    """Give all stories and rules of a project as straight dialogues."""
    return unfold(project.stories, project.rules, project.domain).dialogues


def unfold(stories: Sequence[Story], rules: Sequence[Rule], domain: Domain) -> Unfolded:
    """Give stories and rules as straight dialogues, with what was found on the way."""
    of_stories = _Unfolding(graph=connect(stories), domain=domain, kind="story")
    of_rules = _Unfolding(graph=connect(rules), domain=domain, kind="rule")
    return Unfolded(
        dialogues=(*of_stories.run(), *of_rules.run()),
        problems=(*of_stories.problems(), *of_rules.problems()),
    )


@dataclass(frozen=True, kw_only=True)
class _Way:
    """One way through blocks.

    Attributes:
        blocks: the blocks passed.
        steps: their steps.
        seen: equal for ways that look the same to policies.
        slots: what is known of slots, for conditions of checkpoints.
    """

    blocks: tuple[Block, ...] = ()
    steps: tuple[PlainStep, ...] = ()
    seen: Seen
    slots: Mapping[str, Any]


@dataclass(kw_only=True)
class _Unfolding:
    graph: Graph
    domain: Domain
    kind: Literal["story", "rule"]
    ended: list[tuple[_Way, bool]] = field(default_factory=list)
    sampled: dict[int, int] = field(default_factory=dict)
    reached: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.sameness = Sameness(self.domain, is_rule=self.kind == "rule")
        self.places = {id(block): place for place, block in enumerate(self.graph.blocks)}
        self.watched = {
            slot.slot
            for block in self.graph.blocks
            for start in block.starts
            for slot in start.slots
        }

    def run(self) -> Iterator[Dialogue]:
        initial = {
            name: slot.initial_value
            for name, slot in self.domain.slots.items()
            if name in self.watched
        }
        arriving: dict[int, list[_Way]] = {
            place: [_Way(seen=self.sameness.beginning, slots=initial)]
            for place, block in enumerate(self.graph.blocks)
            if not block.starts
        }
        taken: set[tuple[int, int]] = set()
        while arriving:
            returning = self._pass_through(arriving)
            closed_anew = returning.keys() - taken
            taken |= returning.keys()
            if not closed_anew:
                self.ended.extend(self._trapped(returning))
                break
            arriving = defaultdict(list)
            for (_, to), ways in returning.items():
                arriving[to].extend(ways)
        yield from self._dialogues()

    def _pass_through(self, arriving: dict[int, list[_Way]]) -> dict[tuple[int, int], list[_Way]]:
        """Lead ways through all blocks in order; give those that came to the end of a loop."""
        returning: dict[tuple[int, int], list[_Way]] = {}
        for place in self.graph.order:
            ways = self._admitted(place, arriving.pop(place, []))
            if not ways:
                continue
            self.reached.add(place)
            block = self.graph.blocks[place]
            for step in block.steps:
                ways = self._limited(place, self._distinct(self._after(ways, step)))
            ways = [self._passed(way, block) for way in ways]
            if not block.ends or self.graph.unused[place]:
                self.ended.extend((way, bool(block.ends)) for way in ways)
            for to in self.graph.successors[place]:
                if (place, to) in self.graph.closing:
                    returning[place, to] = ways
                else:
                    arriving.setdefault(to, []).extend(ways)
        return returning

    def _admitted(self, place: int, ways: list[_Way]) -> list[_Way]:
        block = self.graph.blocks[place]
        if not block.starts:
            return ways
        passing = [
            way for way in ways if any(_is_open(way, block, start) for start in block.starts)
        ]
        return self._limited(place, self._distinct(passing))

    def _after(self, ways: list[_Way], step: BlockStep) -> Iterator[_Way]:
        for way in ways:
            for alternative in _alternatives(step):
                yield self._extended(way, alternative)

    def _extended(self, way: _Way, step: PlainStep) -> _Way:
        return _Way(
            blocks=way.blocks,
            steps=(*way.steps, step),
            seen=self.sameness.after(way.seen, step),
            slots=self._slots_after(way.slots, step),
        )

    def _slots_after(self, slots: Mapping[str, Any], step: PlainStep) -> Mapping[str, Any]:
        if not self.watched:
            return slots
        changed: dict[str, Any] = {}
        if isinstance(step, SlotStep):
            changed = {item.slot: stated_value(item, self.domain) for item in step.slots}
        elif isinstance(step, UserStep):
            changed = entity_slots(step, self.domain)
        return {name: changed.get(name, value) for name, value in slots.items()}

    @staticmethod
    def _passed(way: _Way, block: Block) -> _Way:
        return _Way(blocks=(*way.blocks, block), steps=way.steps, seen=way.seen, slots=way.slots)

    @staticmethod
    def _distinct(ways: Iterable[_Way]) -> list[_Way]:
        """Keep one of each kind of way; they differ where a condition may tell them apart."""
        found: dict[tuple[Seen, str], _Way] = {}
        for way in ways:
            found.setdefault((way.seen, repr(way.slots)), way)
        return list(found.values())

    def _limited(self, place: int, ways: list[_Way]) -> list[_Way]:
        if len(ways) <= MAX_WAYS:
            return ways
        self.sampled[place] = max(len(ways), self.sampled.get(place, 0))
        chosen = random.Random(place).sample(range(len(ways)), MAX_WAYS)
        return [ways[index] for index in sorted(chosen)]

    def _trapped(self, returning: Mapping[tuple[int, int], list[_Way]]) -> list[tuple[_Way, bool]]:
        """Give the ways that are in a loop without an end, which would be learned nowhere."""
        ending = {place for place, block in enumerate(self.graph.blocks) if not block.ends}
        ending |= {place for place, unused in self.graph.unused.items() if unused}
        while True:
            more = {
                place
                for place, following in self.graph.successors.items()
                if place not in ending and not ending.isdisjoint(following)
            }
            if not more:
                break
            ending |= more
        return [
            (way, True) for (_, to), ways in returning.items() if to not in ending for way in ways
        ]

    def _beginning(self, ended: tuple[_Way, bool]) -> int:
        return self.places[id(ended[0].blocks[0])]

    def _dialogues(self) -> Iterator[Dialogue]:
        seen = set()
        for way, is_open in sorted(self.ended, key=self._beginning):
            dialogue = _as_dialogue(way, kind=self.kind, is_open=is_open)
            key = self.sameness.of(dialogue)
            if key not in seen:
                seen.add(key)
                yield dialogue

    def problems(self) -> Iterator[Problem]:
        yield from self._unused_checkpoints()
        yield from self._unreached_checkpoints()
        yield from self._loops()
        for place, count in self.sampled.items():
            name = self.graph.blocks[place].source.name
            yield Problem(
                id="too-many-ways",
                severity="warning",
                message=f"{count} ways lead through the {self.kind} {name!r}; "
                f"{MAX_WAYS} of them are learned",
                where=self.graph.blocks[place].source.where,
                hint="use fewer checkpoints and `or:` steps behind one another",
            )

    def _unused_checkpoints(self) -> Iterator[Problem]:
        for place, ends in self.graph.unused.items():
            for end in ends:
                name = self.graph.blocks[place].source.name
                yield Problem(
                    id="checkpoint-leads-nowhere",
                    severity="warning",
                    message=f"the {self.kind} {name!r} ends at the checkpoint {end.name!r}, "
                    "with which none begins",
                    where=end.where or self.graph.blocks[place].source.where,
                    hint=f"begin another with `checkpoint: {end.name}`, or remove it here",
                )

    def _unreached_checkpoints(self) -> Iterator[Problem]:
        for place, block in enumerate(self.graph.blocks):
            if place not in self.reached and block.starts:
                start = block.starts[0]
                yield Problem(
                    id="checkpoint-not-reached",
                    severity="warning",
                    message=f"the {self.kind} {block.source.name!r} begins at the checkpoint "
                    f"{start.name!r}, which is never reached; it is not learned",
                    where=start.where or block.source.where,
                    hint=f"end another {self.kind} with `checkpoint: {start.name}`",
                )

    def _loops(self) -> Iterator[Problem]:
        for place, to in sorted(self.graph.closing):
            block = self.graph.blocks[place]
            names = {start.name for start in self.graph.blocks[to].starts}
            end = next(end for end in block.ends if end.name in names)
            yield Problem(
                id="checkpoint-loop",
                severity="warning",
                message=f"the checkpoint {end.name!r} leads from the {self.kind} "
                f"{block.source.name!r} back to where it was reached from",
                where=end.where or block.source.where,
                hint="a loop of checkpoints is learned as gone through twice at most",
            )


def _alternatives(step: BlockStep) -> Iterator[PlainStep]:
    """Give the ways to take a step; of several slots in one alternative each is one of its own."""
    if not isinstance(step, OrStep):
        yield step
        return
    for option in step.options:
        if isinstance(option, SlotStep):
            for slot in option.slots:
                yield SlotStep(slots=(slot,), where=option.where)
        else:
            yield option


def _is_open(way: _Way, block: Block, start: CheckpointStep) -> bool:
    names = {end.name for end in way.blocks[-1].ends} if way.blocks else set()
    return start.name in names and all(
        way.slots.get(slot.slot) == slot.value
        if slot.has_value
        else way.slots.get(slot.slot) is not None
        for slot in start.slots
    )


def _as_dialogue(way: _Way, *, kind: Literal["story", "rule"], is_open: bool) -> Dialogue:
    first, last = way.blocks[0].source, way.blocks[-1].source
    names = tuple(dict.fromkeys(block.source.name for block in way.blocks))
    places: Location | None = first.where
    waits = not is_open
    if isinstance(first, Rule) and isinstance(last, Rule):
        return Dialogue(
            name=" > ".join(names),
            kind=kind,
            steps=way.steps,
            conditions=first.conditions,
            conversation_start=first.conversation_start,
            wait_for_user_input=last.wait_for_user_input and waits,
            where=places,
        )
    return Dialogue(
        name=" > ".join(names),
        kind=kind,
        steps=way.steps,
        wait_for_user_input=waits,
        where=places,
    )
