"""Which labels are taken for one another most often, with the messages that show it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from framework.evaluation.nlu.report import Judgement, LabelReport


@dataclass(frozen=True, kw_only=True)
class ConfusedPair:
    """Two labels that are taken for one another, whichever was meant.

    Attributes:
        labels: in alphabetical order.
        messages: in which it happened, the surest mistake first.
    """

    labels: tuple[str, str]
    messages: tuple[Judgement, ...]


def confused_pairs(report: LabelReport) -> tuple[ConfusedPair, ...]:
    """Give the pairs, those confused most often first."""
    found: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for item in report.errors:
        first, second = sorted((item.expected, item.predicted))
        found[first, second].append(item)
    return tuple(
        ConfusedPair(
            labels=labels, messages=tuple(sorted(messages, key=lambda item: -item.confidence))
        )
        for labels, messages in sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    )
