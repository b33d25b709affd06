"""Training examples that the model believes to be labelled wrongly.

Out-of-fold predictions are held against the labels by confident learning (Northcutt, Jiang, Chuang
2021, "Confident Learning: Estimating Uncertainty in Dataset Labels"): an example is a suspect where
some other intent is at least as sure as that intent is on its own examples, and surer than the
label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from framework.data.types import Utterance
from framework.errors import Location
from framework.nlu.types import Understanding
from framework.project.schema.names import FALLBACK_INTENT

_FEWEST = 2
"""An intent with fewer examples can't be learned without the one that is held out."""


@dataclass(frozen=True, kw_only=True)
class Suspect:
    """An example whose label looks wrong.

    Attributes:
        text: the words.
        where: its place.
        label: the intent it stands under.
        believed: the intent that the model takes it for.
        label_confidence: of the label, 0 to 1.
        believed_confidence: of the other, 0 to 1.
    """

    text: str
    where: Location | None
    label: str
    believed: str
    label_confidence: float
    believed_confidence: float


def find_suspects(
    utterances: Sequence[Utterance], understandings: Sequence[Understanding]
) -> tuple[Suspect, ...]:
    """Find examples that look mislabelled, the most doubtful first.

    Args:
        utterances: labelled examples.
        understandings: what pipelines that haven't learned from them make of them, in their order.
    """
    labelled = [
        (utterance, utterance.intent, _confidences(found))
        for utterance, found in zip(utterances, understandings, strict=True)
        if utterance.intent is not None
    ]
    usual = _usual_confidences([(label, found) for _, label, found in labelled])
    suspects = []
    for utterance, label, found in labelled:
        sure = {name: value for name, value in found.items() if value >= usual.get(name, 1.0)}
        believed = max(sure, key=lambda name: sure[name], default=label)
        own = found.get(label, 0.0)
        if label in usual and believed != label and sure[believed] > own:
            suspects.append(
                Suspect(
                    text=utterance.text,
                    where=utterance.where,
                    label=label,
                    believed=believed,
                    label_confidence=own,
                    believed_confidence=sure[believed],
                )
            )
    return tuple(
        sorted(suspects, key=lambda item: item.label_confidence - item.believed_confidence)
    )


def _usual_confidences(labelled: Sequence[tuple[str, Mapping[str, float]]]) -> dict[str, float]:
    """Give the mean confidence of each intent on its own examples."""
    own: dict[str, list[float]] = defaultdict(list)
    for label, found in labelled:
        own[label].append(found.get(label, 0.0))
    return {
        label: sum(values) / len(values) for label, values in own.items() if len(values) >= _FEWEST
    }


def _confidences(understanding: Understanding) -> dict[str, float]:
    ranking = understanding.ranking
    return {item.name: item.confidence for item in ranking if item.name != FALLBACK_INTENT}
