"""What a trained tagger is worth: figures, temperatures, 8 bits or more, what lies out of scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framework.learning.onnx import Precision
from framework.nlu.bert.decode import Calibration
from framework.nlu.bert.familiarity import Familiarity
from framework.nlu.bert.labels import Labels
from framework.nlu.bert.settings import Storage, TaggerSettings
from framework.nlu.bert.training import judge, scope
from framework.nlu.bert.training.batches import Encoded
from framework.nlu.bert.training.teacher import Teacher

if TYPE_CHECKING:
    from framework.nlu.bert.training.tfidf import LinearTeacher

_MOST_JUDGED = 500
"""Examples that tell whether 8 bits are enough, at most."""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What the held-out slice told.

    Attributes:
        scores: figures by name; empty where nothing was held out.
        calibration: temperatures.
        precision: how to store the weights.
        graph: the model as it was judged, where it is in that precision and learns no more.
        unseen: what the model says of the held-out examples; None where nothing was held out.
    """

    scores: Mapping[str, float]
    calibration: Calibration
    precision: Precision
    graph: bytes | None = None
    unseen: scope.Unseen | None = None


def assess(
    teacher: Teacher | LinearTeacher,
    *,
    learned: Sequence[Encoded],
    held: Sequence[Encoded],
    labels: Labels,
    wanted: Storage,
) -> Assessment:
    """Score the held-out slice, calibrate on it, and see whether 8 bits lose anything.

    Where nothing is held out, confidences are calibrated on the examples learned from, each left
    out in turn, and these tell whether 8 bits are enough.

    Args:
        teacher: has learned from `learned`.
        learned: examples.
        held: others, which may be none.
        labels: what can be answered.
        wanted: how the weights are to be stored; `auto` leaves it to what 8 bits lose.
    """
    logits = teacher.read(held)
    sample = scope.take_sample(learned, labels.bases, read=teacher.read)
    by_others = None
    if teacher.foretold is not None and teacher.sharpness is not None:
        by_others = scope.judge_by_others(
            sample, count=len(labels.intents), sharpness=teacher.sharpness
        )
    judged = Assessment(
        scores=judge.figures(held, logits, labels) if held else {},
        calibration=judge.calibrate(
            held, logits, labels, left_out=by_others, foretold=teacher.foretold
        ),
        precision="float16" if wanted == "auto" else wanted,
        unseen=_judge_held(teacher, held, sample, labels),
    )
    if wanted != "auto":
        return judged
    checked = held or learned[:_MOST_JUDGED]
    reference = judge.figures(checked, teacher.read(checked), labels)
    graph = teacher.write(precision="int8")
    rounded = judge.figures(checked, judge.run_graph(graph, checked), labels)
    if not judge.is_as_good(reference, rounded):
        return judged
    # where examples were held out they are learned as well, and the model is written anew
    return replace(judged, precision="int8", graph=None if held else graph)


def fit_familiarity(
    teacher: Teacher | LinearTeacher,
    labels: Labels,
    assessed: Assessment,
    settings: TaggerSettings,
) -> Familiarity | None:
    """Fit the out-of-scope score on the trained model.

    Logits count where there was enough to hold some out: those learned from few examples tell less
    than nearness does, and encoders without pretrained weights are sure of anything.
    """
    by_logits = assessed.unseen is not None and teacher.is_pretrained
    sample = scope.take_sample(teacher.examples, labels.bases, read=teacher.read)
    return scope.fit_familiarity(
        sample,
        sorted(set(labels.bases)),
        beyond=settings.out_of_scope_intents,
        held=assessed.unseen,
        energy_weight=scope.ENERGY_WEIGHT if by_logits else 0.0,
    )


def _judge_held(
    teacher: Teacher | LinearTeacher,
    held: Sequence[Encoded],
    learned: scope.Sample,
    labels: Labels,
) -> scope.Unseen | None:
    unseen = scope.take_sample(held, labels.bases, read=teacher.read)
    if not len(unseen.labels) or not len(learned.labels):
        return None
    return scope.judge_held(unseen, learned, count=len(set(labels.bases)))
