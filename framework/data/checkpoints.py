"""What may be wrong with the checkpoints of stories and rules."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Literal

from framework.data.blocks import Graph
from framework.errors import Problem

Kind = Literal["story", "rule"]


def checkpoint_problems(
    graph: Graph, kind: Kind, *, entered: Container[int], sampled: Mapping[int, int]
) -> Iterator[Problem]:
    """Give warnings about the checkpoints of stories or rules.

    Args:
        graph: how the checkpoints join them.
        kind: whether they are stories or rules.
        entered: places of the blocks that some conversation reaches.
        sampled: for each block of whose ways only a sample is learned, how many there are.
    """
    yield from _unused_checkpoints(graph, kind)
    yield from _unreached_checkpoints(graph, kind, entered)
    yield from _loops(graph, kind)
    for place, count in sampled.items():
        name = graph.blocks[place].source.name
        yield Problem(
            id="too-many-ways",
            severity="warning",
            message=f"{count} ways lead through the {kind} {name!r}; "
            f"only a sample of them is learned",
            where=graph.blocks[place].source.where,
            hint="use fewer checkpoints and `or:` steps behind one another",
        )


def _unused_checkpoints(graph: Graph, kind: Kind) -> Iterator[Problem]:
    for place, ends in graph.unused.items():
        for end in ends:
            name = graph.blocks[place].source.name
            yield Problem(
                id="checkpoint-leads-nowhere",
                severity="warning",
                message=f"the {kind} {name!r} ends at the checkpoint {end.name!r}, "
                "with which none begins",
                where=end.where or graph.blocks[place].source.where,
                hint=f"begin another with `checkpoint: {end.name}`, or remove it here",
            )


def _unreached_checkpoints(graph: Graph, kind: Kind, entered: Container[int]) -> Iterator[Problem]:
    for place, block in enumerate(graph.blocks):
        if place not in entered and block.starts:
            start = block.starts[0]
            yield Problem(
                id="checkpoint-not-reached",
                severity="warning",
                message=f"the {kind} {block.source.name!r} begins at the checkpoint "
                f"{start.name!r}, which is never reached; it is not learned",
                where=start.where or block.source.where,
                hint=f"end another {kind} with `checkpoint: {start.name}`",
            )


def _loops(graph: Graph, kind: Kind) -> Iterator[Problem]:
    ending = blocks_that_end(graph)
    for place, to in sorted(graph.closing):
        block = graph.blocks[place]
        names = {start.name for start in graph.blocks[to].starts}
        end = next(end for end in block.ends if end.name in names)
        is_endless = to not in ending
        yield Problem(
            id="endless-checkpoint-loop" if is_endless else "checkpoint-loop",
            severity="warning",
            message=f"the checkpoint {end.name!r} leads from the {kind} "
            f"{block.source.name!r} back to where it was reached from"
            + (", and no way leads out: what leads there is not learned" if is_endless else ""),
            where=end.where or block.source.where,
            hint=f"let a {kind} begin at {end.name!r} that ends without a checkpoint"
            if is_endless
            else "a loop of checkpoints is learned as gone through a few times",
        )


def blocks_that_end(graph: Graph) -> set[int]:
    """Give the blocks from which an end of a conversation can be reached."""
    ending = {place for place, block in enumerate(graph.blocks) if not block.ends}
    ending |= {place for place, unused in graph.unused.items() if unused}
    while True:
        more = {
            place
            for place, following in graph.successors.items()
            if place not in ending and not ending.isdisjoint(following)
        }
        if not more:
            return ending
        ending |= more
