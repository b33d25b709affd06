"""Stories and rules cut at their checkpoints, and the graph that the checkpoints make of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from framework.project.schema.stories import (
    ActionStep,
    BotStep,
    CheckpointStep,
    LoopStep,
    OrStep,
    Rule,
    SlotStep,
    Story,
    UserStep,
)

BlockStep = UserStep | ActionStep | BotStep | SlotStep | LoopStep | OrStep


@dataclass(frozen=True, kw_only=True)
class Block:
    """A part of a story or rule without checkpoints inside.

    Attributes:
        source: the story or rule.
        starts: checkpoints that lead here; empty where the story begins a conversation.
        steps: its steps.
        ends: the checkpoint it leads to; empty where the story ends. A part that leads to several
            is there once for each.
    """

    source: Story | Rule
    starts: tuple[CheckpointStep, ...]
    steps: tuple[BlockStep, ...]
    ends: tuple[CheckpointStep, ...]


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Blocks and how checkpoints join them.

    Attributes:
        blocks: all blocks.
        order: places of the blocks, each behind those that lead to it; edges that close a loop
            are not counted.
        successors: for each block the places of those it leads to.
        closing: edges (from, to) that close a loop.
        unused: for each block its end checkpoints that no block begins with.
    """

    blocks: tuple[Block, ...]
    order: tuple[int, ...]
    successors: Mapping[int, tuple[int, ...]]
    closing: frozenset[tuple[int, int]]
    unused: Mapping[int, tuple[CheckpointStep, ...]]


def cut(source: Story | Rule) -> tuple[Block, ...]:
    """Cut a story or rule at its checkpoints."""
    cutter = _Cutter(source=source)
    for step in source.steps:
        cutter.take(step)
    return cutter.finish()


@dataclass(kw_only=True)
class _Cutter:
    source: Story | Rule
    blocks: list[Block] = field(default_factory=list)
    starts: list[CheckpointStep] = field(default_factory=list)
    steps: list[BlockStep] = field(default_factory=list)
    ends: list[CheckpointStep] = field(default_factory=list)

    def take(self, step: BlockStep | CheckpointStep) -> None:
        if not isinstance(step, CheckpointStep):
            if self.ends:
                self._close()
            self.steps.append(step)
        elif self.steps:
            self.ends.append(step)
        else:
            self.starts.append(step)

    def _close(self) -> None:
        several: list[tuple[CheckpointStep, ...]] = [(end,) for end in self.ends]
        for ends in several or [()]:
            block = Block(
                source=self.source, starts=tuple(self.starts), steps=tuple(self.steps), ends=ends
            )
            self.blocks.append(block)
        self.starts = [CheckpointStep(name=end.name, where=end.where) for end in self.ends]
        self.steps, self.ends = [], []

    def finish(self) -> tuple[Block, ...]:
        if self.steps:
            self._close()
        return tuple(self.blocks)


def connect(sources: Iterable[Story | Rule]) -> Graph:
    """Cut stories or rules and join the parts at their checkpoints."""
    blocks = tuple(block for source in sources for block in cut(source))
    starting: dict[str, list[int]] = defaultdict(list)
    for place, block in enumerate(blocks):
        for name in dict.fromkeys(start.name for start in block.starts):
            starting[name].append(place)
    successors = {
        place: tuple(sorted({to for end in block.ends for to in starting.get(end.name, ())}))
        for place, block in enumerate(blocks)
    }
    order, closing = _sort(successors)
    return Graph(
        blocks=blocks,
        order=order,
        successors=successors,
        closing=closing,
        unused={
            place: tuple(end for end in block.ends if end.name not in starting)
            for place, block in enumerate(blocks)
        },
    )


def _sort(
    successors: Mapping[int, Sequence[int]],
) -> tuple[tuple[int, ...], frozenset[tuple[int, int]]]:
    """Sort depth first, without recursion; edges back into the current path close a loop."""
    done: set[int] = set()
    finished: list[int] = []
    closing: set[tuple[int, int]] = set()
    for root in reversed(list(successors)):
        if root in done:
            continue
        open_now = {root: iter(successors[root])}
        while open_now:
            place = next(reversed(open_now))
            following = next(open_now[place], None)
            if following is None:
                finished.append(place)
                done.add(place)
                del open_now[place]
            elif following in open_now:
                closing.add((place, following))
            elif following not in done:
                open_now[following] = iter(successors[following])
    return tuple(reversed(finished)), frozenset(closing)
