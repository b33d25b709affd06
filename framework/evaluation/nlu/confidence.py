"""What confidences are worth: reliability, risk against coverage, a threshold for the fallback.

A confidence is that of the best intent that isn't `nlu_fallback`; the bot acts on it where it
reaches the threshold. Messages labelled `nlu_fallback` are out of scope: acting on them is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from framework.data.types import Utterance
from framework.nlu.types import Understanding
from framework.project.schema.names import FALLBACK_INTENT

FALSE_ACCEPT = 0.05
"""Share of wrong intents among those acted on that is wanted when nobody says otherwise."""

_BINS = 10


@dataclass(frozen=True, kw_only=True)
class Certainty:
    """How sure a prediction was, 0 to 1, and whether it was right."""

    confidence: float
    is_right: bool


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Predictions of similar confidence.

    Attributes:
        low: least confidence, exclusive.
        high: greatest confidence.
        count: how many there are.
        confidence: their mean confidence.
        accuracy: share of right ones.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, kw_only=True)
class OperatingPoint:
    """What a threshold would do.

    Attributes:
        threshold: confidence from which the bot acts.
        coverage: share of messages it would act on, 0 to 1.
        risk: share of wrong intents among those, 0 to 1.
    """

    threshold: float
    coverage: float
    risk: float


@dataclass(frozen=True, kw_only=True)
class ConfidenceReport:
    """What the confidences of a test are worth.

    Attributes:
        bins: of equal width, those without predictions left out.
        curve: every threshold that changes something, from the strictest on.
        false_accept: share of wrong intents among those acted on that is wanted.
        suggestion: the threshold that keeps to it and acts on most; None where none does.
    """

    bins: tuple[Bin, ...] = ()
    curve: tuple[OperatingPoint, ...] = ()
    false_accept: float = FALSE_ACCEPT
    suggestion: OperatingPoint | None = None

    @property
    def area(self) -> float:
        """The mean risk over all coverages, 0 to 1: the less, the better errors are told apart."""
        before, total = 0.0, 0.0
        for point in self.curve:
            total += (point.coverage - before) * point.risk
            before = point.coverage
        return total


def judge_confidences(
    utterances: Sequence[Utterance],
    understandings: Sequence[Understanding],
    *,
    false_accept: float = FALSE_ACCEPT,
) -> ConfidenceReport:
    """Judge the confidences of labelled examples; those without an intent are left out."""
    found = certainties(utterances, understandings)
    curve = risk_coverage(found)
    return ConfidenceReport(
        bins=reliability(found),
        curve=curve,
        false_accept=false_accept,
        suggestion=suggest(curve, false_accept=false_accept),
    )


def certainties(
    utterances: Sequence[Utterance], understandings: Sequence[Understanding]
) -> tuple[Certainty, ...]:
    """Give how sure the bot was of each labelled message, the fallback taken off."""
    found = []
    for utterance, understanding in zip(utterances, understandings, strict=True):
        ranking = [item for item in understanding.ranking if item.name != FALLBACK_INTENT]
        if utterance.intent is not None and ranking:
            best = ranking[0]
            is_right = best.name == utterance.intent
            found.append(Certainty(confidence=best.confidence, is_right=is_right))
    return tuple(found)


def reliability(found: Sequence[Certainty], *, bins: int = _BINS) -> tuple[Bin, ...]:
    """Group predictions by confidence (the reliability diagram of Guo et al. 2017)."""
    groups: dict[int, list[Certainty]] = {}
    for item in found:
        place = min(max(int(-(-item.confidence * bins // 1)) - 1, 0), bins - 1)
        groups.setdefault(place, []).append(item)
    return tuple(
        Bin(
            low=place / bins,
            high=(place + 1) / bins,
            count=len(group),
            confidence=sum(item.confidence for item in group) / len(group),
            accuracy=sum(item.is_right for item in group) / len(group),
        )
        for place, group in sorted(groups.items())
    )


def risk_coverage(found: Sequence[Certainty]) -> tuple[OperatingPoint, ...]:
    """Give every distinct threshold with its coverage and risk (El-Yaniv and Wiener 2010).

    A threshold stands halfway between the least confidence acted on and the next one below.
    """
    ordered = sorted(found, key=lambda item: -item.confidence)
    points, wrong = [], 0
    for place, item in enumerate(ordered, start=1):
        wrong += not item.is_right
        below = ordered[place].confidence if place < len(ordered) else 0.0
        if place < len(ordered) and below == item.confidence:
            continue
        threshold = 0.0
        if place < len(ordered):
            halfway = (item.confidence + below) / 2
            threshold = halfway if halfway > below else item.confidence
        points.append(
            OperatingPoint(threshold=threshold, coverage=place / len(ordered), risk=wrong / place)
        )
    return tuple(points)


def suggest(curve: Sequence[OperatingPoint], *, false_accept: float) -> OperatingPoint | None:
    """Give the point of greatest coverage whose risk is within bounds."""
    within = [point for point in curve if point.risk <= false_accept]
    return max(within, key=lambda point: point.coverage, default=None)
