"""Which joints between blocks were passed before: tells when another round brings nothing new.

A joint is a checkpoint, the way back that closes a loop, what leads on beside that way, or the end
of an `or:` step. Rasa 3.x goes through all blocks again until the joints that are still open, or
were reached again, are those of the round before; this counts them as Rasa does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable

from framework.data.blocks import Graph

Joint = Hashable


class Joints:
    """Follows the rounds through a graph.

    Attributes:
        entered: places of the blocks that were ever entered.
    """

    def __init__(self, graph: Graph) -> None:
        """Start before the first round."""
        self._graph = graph
        self._passed: set[Joint] = set()
        self._again: set[Joint] = set()
        self._leading_to: dict[int, set[Joint]] = defaultdict(set)
        self.entered: set[int] = set()

    def begin_round(self) -> None:
        """Go through all blocks once more."""
        self._again = set()

    @property
    def open(self) -> set[Joint]:
        """The joints reached again in this round, and the ways back that wait for the next."""
        return self._again | ({("back", edge) for edge in self._graph.closing} - self._passed)

    def enter(self, place: int) -> None:
        """Note that a block is entered, by all joints that were left for it."""
        self.entered.add(place)
        self._passed |= self._leading_to[place]

    def leave(self, place: int, to: int) -> None:
        """Note that a block leads to another one."""
        joint = self._joint(place, to)
        self._reach(joint)
        self._leading_to[to].add(joint)

    def pass_alternatives(self, place: int, index: int) -> None:
        """Note that an `or:` step of a block is passed."""
        joint = ("or", place, index)
        self._reach(joint)
        self._passed.add(joint)

    def _reach(self, joint: Joint) -> None:
        if joint in self._passed:
            self._again.add(joint)

    def _joint(self, place: int, to: int) -> Joint:
        if (place, to) in self._graph.closing:
            return "back", (place, to)
        names = self._names(place, to)
        for edge in self._graph.closing:
            if edge[0] == place and names & self._names(*edge):
                return "beside", edge
        return tuple(sorted(names))

    def _names(self, place: int, to: int) -> set[str]:
        blocks = self._graph.blocks
        return {end.name for end in blocks[place].ends} & {
            start.name for start in blocks[to].starts
        }
