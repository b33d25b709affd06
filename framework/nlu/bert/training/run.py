"""Trains a tagger, from examples to the files of a bundle; read it top to bottom."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from framework.data.types import Utterance
from framework.errors import MissingExtraError, TrainingError
from framework.learning.memory import release_freed_memory
from framework.learning.onnx import Precision
from framework.learning.progress import Progress
from framework.learning.seed import reproducible
from framework.nlu.bert.at_hand import INSTALL_TFIDF
from framework.nlu.bert.choice import TFIDF, read_choice
from framework.nlu.bert.decode import Calibration
from framework.nlu.bert.encoder import default_encoder
from framework.nlu.bert.familiarity import Familiarity
from framework.nlu.bert.grams import GramTable
from framework.nlu.bert.labels import Labels
from framework.nlu.bert.settings import Storage, TaggerSettings
from framework.nlu.bert.spelling import words_of
from framework.nlu.bert.tagger import (
    FAMILIARITY,
    GRAPH,
    LABELS,
    REPORT,
    SEEN,
    TOKENIZER,
    WORDS,
)
from framework.nlu.bert.training import judge, scope
from framework.nlu.bert.training.batches import Encoded, distinct, encode
from framework.nlu.bert.training.continuing import (
    Start,
    adopt_encoder,
    choose_examples,
    digest_of,
    find_start,
)
from framework.nlu.bert.training.distill import Adviser, Lesson, Pupil, distil
from framework.nlu.bert.training.prepare import (
    add_adapters,
    collect_labels,
    load_encoder,
    longest,
    suit_settings,
)
from framework.nlu.bert.training.pretrained import Pretrained
from framework.nlu.bert.training.recipe import MIN_OF_ONE_FOR_HELD_OUT, hold_out
from framework.nlu.bert.training.teacher import Teacher
from framework.nlu.bert.training.variants import Variants, find_strays
from framework.nlu.component import Files, NluTrainingData
from framework.registry import load_object

if TYPE_CHECKING:
    from framework.nlu.bert.training.tfidf import LinearTeacher

_MOST_JUDGED = 500
"""Examples that tell whether 8 bits are enough, at most."""


@dataclass(frozen=True, kw_only=True)
class _Judged:
    """What the held-out slice told.

    Attributes:
        scores: figures by name; empty where nothing was held out.
        calibration: temperatures.
        precision: how to store the weights.
        graph: the model as it was judged, where it is in that precision and learns no more.
        near: nearness of the held-out examples to the intents; None where nothing was held out.
    """

    scores: Mapping[str, float]
    calibration: Calibration
    precision: Precision
    graph: bytes | None = None
    near: NDArray[np.float32] | None = None


def train_tagger(
    data: NluTrainingData, settings: TaggerSettings
) -> Generator[Progress, None, Files]:
    """Train a tagger.

    Args:
        data: examples, language, encoder and seed.
        settings: of the component.

    Yields:
        Progress; the last ones carry `intent_accuracy` and `entity_f1` where some were held out.

    Returns:
        The files that `BertTagger.load` reads.

    Raises:
        TrainingError: there is nothing to learn from.
        EncoderError: the encoder can't be had.
    """
    utterances = _choose(data.utterances, settings)
    choice = read_choice(settings.encoder, data.encoder)
    with reproducible(data.seed) as generator:
        encoder = load_encoder(choice, utterances, data)
        name = choice.name or default_encoder(data.language)
        start = _find_start(encoder, name, utterances, data)
        if choice.lora is not None and isinstance(encoder, Pretrained):
            add_adapters(encoder, choice.lora)
        tokenizer = encoder.tokenizer if isinstance(encoder, Pretrained) else encoder
        labels = collect_labels(utterances, tokenizer)
        serialised = tokenizer.to_str()
        tokenizer.enable_truncation(longest(encoder))
        examples = encode(utterances, labels, tokenizer)
        variants = Variants(data.variants, settings, labels, tokenizer)
        least_of_one = 0 if choice.is_own else MIN_OF_ONE_FOR_HELD_OUT
        learned, held = hold_out(examples, seed=data.seed, least_of_one=least_of_one)
        if start is not None:
            learned, held = examples, []
        lesson = Lesson(
            first=[*learned, *variants.without(held, examples, utterances)],
            everything=[*examples, *variants.all],
        )
        if choice.distill is not None and start is None:
            pupil = Pupil(
                utterances=utterances,
                examples=examples,
                learned=learned,
                held=held,
                variants=variants,
                labels=labels,
                tokenizer=tokenizer,
            )
            adviser = Adviser(
                choice.distill, utterances, data, settings=settings, generator=generator
            )
            lesson = yield from distil(pupil, adviser, choice.distill, data=data)
        settings = suit_settings(settings, choice, examples=len(lesson.everything))
        teacher: Teacher | LinearTeacher
        if isinstance(encoder, GramTable):
            lesson = lesson.with_labels()
            teacher = _make_linear(encoder, labels, examples=lesson.everything, seed=data.seed)
        else:
            teacher = Teacher(
                encoder,
                labels,
                settings=settings,
                generator=generator,
                examples=lesson.everything,
                checkpoint=data.checkpoint,
            )
        if isinstance(teacher, Teacher) and not choice.is_own:
            lesson = _drop_strays(teacher, lesson, learned, variants)
        if start is None or not isinstance(teacher, Teacher):
            yield from teacher.learn(lesson.first, held)
        else:
            chosen = choose_examples(start, utterances, seed=data.seed)
            yield from teacher.go_on(start, [examples[place] for place in chosen])
        judged = _judge(teacher, (learned, held), labels, wanted=settings.precision)
        release_freed_memory()
        if start is not None:
            judged = replace(judged, calibration=Calibration(**start.temperatures))
        if held:
            yield from teacher.review(judged.scores)
        graph = judged.graph or teacher.write(precision=judged.precision)
        familiar = None
        if held or not choice.is_own:
            familiar = _fit_familiarity(teacher, labels, judged, settings)
    report = {
        "encoder": name,
        "examples": len(examples),
        "held_out": len(held),
        "scores": {name: round(value, 4) for name, value in judged.scores.items()},
        "temperatures": asdict(judged.calibration),
        "precision": judged.precision,
    }
    return {
        GRAPH: graph,
        TOKENIZER: serialised.encode(),
        LABELS: labels.to_json().encode(),
        REPORT: json.dumps(report, indent=1, sort_keys=True).encode(),
        SEEN: json.dumps(sorted(map(digest_of, utterances))).encode(),
        WORDS: json.dumps(words_of(u.text for u in utterances), ensure_ascii=False).encode(),
        **({FAMILIARITY: familiar.to_bytes()} if familiar else {}),
    }


def _choose(utterances: Sequence[Utterance], settings: TaggerSettings) -> list[Utterance]:
    """Take what the settings ask for from each example, and each example once."""
    chosen = list(utterances)
    if not settings.intents:
        chosen = [replace(u, intent=None, response_key=None) for u in chosen]
    if not settings.entities:
        chosen = [replace(u, entities=()) for u in chosen]
    chosen = [u for u in distinct(chosen) if u.intent is not None or settings.entities]
    if not chosen:
        raise TrainingError(
            "there are no examples to learn intents or entities from",
            id="no-examples",
            hint="add some under `nlu:` in data/nlu.yml",
        )
    return chosen


def _find_start(
    encoder: Pretrained | GramTable,
    name: str,
    utterances: Sequence[Utterance],
    data: NluTrainingData,
) -> Start | None:
    """Find what to go on from, and put its weights into the encoder."""
    if isinstance(encoder, GramTable):
        return None
    start = find_start(data.earlier, name, utterances, encoder)
    if start is not None:
        adopt_encoder(encoder, start)
    return start


def _drop_strays(
    teacher: Teacher, lesson: Lesson, learned: Sequence[Encoded], variants: Variants
) -> Lesson:
    """Leave out variants that the encoder, before it learns, finds nearer to other intents."""
    if variants.doubtful:
        lesson = lesson.without(find_strays(variants.doubtful, learned, read=teacher.read))
        teacher.examples = lesson.everything
    return lesson


def _make_linear(
    table: GramTable, labels: Labels, *, examples: Sequence[Encoded], seed: int
) -> LinearTeacher:
    try:
        make = load_object("framework.nlu.bert.training.tfidf:LinearTeacher")
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"the encoder {TFIDF!r} needs scikit-learn ({error})", hint=INSTALL_TFIDF
        ) from error
    teacher: LinearTeacher = make(labels, features=table.size, seed=seed, examples=examples)
    return teacher


def _judge(
    teacher: Teacher | LinearTeacher,
    parts: tuple[Sequence[Encoded], Sequence[Encoded]],
    labels: Labels,
    *,
    wanted: Storage,
) -> _Judged:
    """Score the held-out slice, calibrate on it, and see whether 8 bits lose anything.

    Where nothing is held out, confidences are calibrated on the examples learned from, each left
    out in turn, and these tell whether 8 bits are enough.
    """
    learned, held = parts
    logits = teacher.read(held)
    sample = scope.take_sample(learned, labels.bases, read=teacher.read)
    by_others = None
    if teacher.foretold is not None and teacher.sharpness is not None:
        by_others = scope.judge_by_others(
            sample, count=len(labels.intents), sharpness=teacher.sharpness
        )
    judged = _Judged(
        scores=judge.figures(held, logits, labels) if held else {},
        calibration=judge.calibrate(
            held, logits, labels, left_out=by_others, foretold=teacher.foretold
        ),
        precision="float16" if wanted == "auto" else wanted,
        near=_nearness_of_held(teacher, held, sample, labels),
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


def _nearness_of_held(
    teacher: Teacher | LinearTeacher,
    held: Sequence[Encoded],
    learned: scope.Sample,
    labels: Labels,
) -> NDArray[np.float32] | None:
    unseen = scope.take_sample(held, labels.bases, read=teacher.read)
    if not len(unseen.labels) or not len(learned.labels):
        return None
    return scope.nearness_of_held(unseen, learned, count=len(set(labels.bases)))


def _fit_familiarity(
    teacher: Teacher | LinearTeacher, labels: Labels, judged: _Judged, settings: TaggerSettings
) -> Familiarity | None:
    """Fit the out-of-scope score on the trained model."""
    sample = scope.take_sample(teacher.examples, labels.bases, read=teacher.read)
    return scope.fit_familiarity(
        sample,
        sorted(set(labels.bases)),
        beyond=settings.out_of_scope_intents,
        held=judged.near,
    )
