"""Stories and rules -> straight dialogues: checkpoints joined, alternatives written out.

Every way through the checkpoints from a beginning to an end becomes a dialogue. A loop of
checkpoints is gone through until nothing new is reached, as Rasa 3.x does: once or twice more; a
way that never leaves a loop is not learned. Ways that look the same to every policy are kept once.
Where alternatives multiply beyond `MAX_WAYS` at one place, a fixed sample goes on.

Who asks only what may happen within some states (`window`) gets far fewer: where ways come to be
alike in these, the shortest goes on and the others end.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from framework.data.blocks import Block, BlockStep, Graph, connect
from framework.data.checkpoints import blocks_that_end, checkpoint_problems
from framework.data.dialogues import Dialogue, PlainStep
from framework.data.joints import Joint, Joints
from framework.data.sameness import Sameness, Seen, entity_slots, stated_value
from framework.errors import Problem
from framework.project.schema.domain import Domain
from framework.project.schema.project import Project
from framework.project.schema.stories import CheckpointStep, OrStep, Rule, SlotStep, Story, UserStep

MAX_ROUNDS = 10
"""How often loops of checkpoints are gone through at most."""

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


def unfold(
    stories: Sequence[Story], rules: Sequence[Rule], domain: Domain, *, window: int | None = None
) -> Unfolded:
    """Give stories and rules as straight dialogues, with what was found on the way.

    Args:
        stories: the stories.
        rules: the rules.
        domain: the bot's domain.
        window: how many of the latest states count, so that every sequence of that many states
            that the stories have is in some dialogue; None for whole dialogues.
    """
    of_stories = _Unfolding(graph=connect(stories), domain=domain, kind="story", window=window)
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
        recent: equal for ways that look the same lately; None where whole ways are asked for.
        slots: what is known of slots, for conditions of checkpoints.
        count: how many ways this one stands for.
    """

    blocks: tuple[Block, ...] = ()
    steps: tuple[PlainStep, ...] = ()
    seen: Seen
    recent: Seen | None = None
    slots: Mapping[str, Any]
    count: int = 1


@dataclass(kw_only=True)
class _Unfolding:
    graph: Graph
    domain: Domain
    kind: Literal["story", "rule"]
    window: int | None = None
    ended: list[tuple[_Way, bool]] = field(default_factory=list)
    sampled: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.joints = Joints(self.graph)
        is_rule = self.kind == "rule"
        self.sameness = Sameness(self.domain, is_rule=is_rule)
        self.lately: Sameness | None = None
        if self.window is not None:
            self.lately = Sameness(self.domain, is_rule=is_rule, window=self.window)
        self.places = {id(block): place for place, block in enumerate(self.graph.blocks)}
        self.leading_out = blocks_that_end(self.graph)
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
        recent = self.lately.beginning if self.lately else None
        beginning = _Way(seen=self.sameness.beginning, recent=recent, slots=initial)
        arriving: dict[int, list[_Way]] = {
            place: [beginning] for place, block in enumerate(self.graph.blocks) if not block.starts
        }
        before: set[Joint] = set()
        for _ in range(MAX_ROUNDS):
            self.joints.begin_round()
            returning = self._pass_through(arriving)
            open_joints = self.joints.open
            if open_joints == before or not returning:
                break
            before = open_joints
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
            self.joints.enter(place)
            block = self.graph.blocks[place]
            for index, step in enumerate(block.steps):
                ways = self._limited(place, self._distinct(place, self._after(ways, step), block))
                if isinstance(step, OrStep) and len(step.options) > 1:
                    self.joints.pass_alternatives(place, index)
            ways = [self._passed(way, block) for way in ways]
            if not block.ends or self.graph.unused[place]:
                self.ended.extend((way, bool(block.ends)) for way in ways)
            for to in self.graph.successors[place]:
                self.joints.leave(place, to)
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
        return self._limited(place, self._distinct(place, passing))

    def _after(self, ways: list[_Way], step: BlockStep) -> Iterator[_Way]:
        alternatives = tuple(_alternatives(step))
        for way in ways:
            for alternative in alternatives:
                yield self._extended(way, alternative)

    def _extended(self, way: _Way, step: PlainStep) -> _Way:
        return _Way(
            blocks=way.blocks,
            steps=(*way.steps, step),
            seen=self.sameness.after(way.seen, step),
            recent=self.lately.after(way.recent, step) if self.lately and way.recent else None,
            slots=self._slots_after(way.slots, step),
            count=way.count,
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
        return replace(way, blocks=(*way.blocks, block))

    def _distinct(self, place: int, ways: Iterable[_Way], block: Block | None = None) -> list[_Way]:
        """Keep one of each kind of way; they differ where a condition may tell them apart.

        Args:
            place: of the block that they have come to.
            ways: that came there.
            block: the one they are in, once they have begun it.
        """
        found: dict[tuple[Seen, str], _Way] = {}
        for way in ways:
            key = way.recent or way.seen, repr(way.slots)
            other = found.setdefault(key, way)
            if other.seen != way.seen:
                longer, shorter = sorted((other, way), key=lambda each: -len(each.steps))
                found[key] = replace(shorter, count=way.count + other.count)
                if place in self.leading_out:
                    self.ended.append((self._passed(longer, block) if block else longer, True))
        return list(found.values())

    def _limited(self, place: int, ways: list[_Way]) -> list[_Way]:
        count = sum(way.count for way in ways)
        if count > MAX_WAYS:
            self.sampled[place] = max(count, self.sampled.get(place, 0))
        if len(ways) <= MAX_WAYS:
            return ways
        chosen = random.Random(place).sample(range(len(ways)), MAX_WAYS)
        return [ways[index] for index in sorted(chosen)]

    def _beginning(self, ended: tuple[_Way, bool]) -> int:
        return self.places[id(ended[0].blocks[0])]

    def problems(self) -> Iterator[Problem]:
        return checkpoint_problems(
            self.graph, self.kind, entered=self.joints.entered, sampled=self.sampled
        )

    def _dialogues(self) -> Iterator[Dialogue]:
        seen = set()
        for way, is_open in sorted(self.ended, key=self._beginning):
            dialogue = _as_dialogue(way, kind=self.kind, is_open=is_open)
            alike = self.sameness.of(dialogue, known=None if dialogue.conditions else way.seen)
            # ways that were cut short are alike although their stories are not
            key = alike, dialogue.name if self.window is not None else ""
            if key not in seen:
                seen.add(key)
                yield dialogue


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
    joined = tuple((block.source.name, len(block.steps)) for block in way.blocks)
    waits = not is_open
    dialogue = Dialogue(
        name=" > ".join(names),
        kind=kind,
        steps=way.steps,
        wait_for_user_input=waits,
        where=first.where,
        parts=joined if len(names) > 1 else (),
    )
    if isinstance(first, Rule) and isinstance(last, Rule):
        return replace(
            dialogue,
            conditions=first.conditions,
            conversation_start=first.conversation_start,
            wait_for_user_input=last.wait_for_user_input and waits,
        )
    return dialogue
