"""Trains a tagger, from examples to the files of a bundle; read it top to bottom."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import torch
from tokenizers import Tokenizer

from framework.data.types import Utterance
from framework.errors import MissingExtraError, TrainingError
from framework.learning.memory import release_freed_memory
from framework.learning.progress import Progress
from framework.learning.seed import reproducible
from framework.nlu.bert.at_hand import INSTALL_TFIDF
from framework.nlu.bert.choice import TFIDF, EncoderChoice, read_choice
from framework.nlu.bert.decode import Calibration
from framework.nlu.bert.encoder import default_encoder
from framework.nlu.bert.grams import GramTable
from framework.nlu.bert.labels import Labels
from framework.nlu.bert.settings import TaggerSettings
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
from framework.nlu.bert.training.assess import Assessment, assess, fit_familiarity
from framework.nlu.bert.training.batches import Encoded, distinct, encode
from framework.nlu.bert.training.continuing import (
    FROM_SCRATCH,
    Start,
    adopt_encoder,
    choose_examples,
    digest_of,
    find_start,
    say_in_full,
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
from framework.nlu.bert.words import TextReader
from framework.nlu.component import Files, NluTrainingData
from framework.registry import load_object

if TYPE_CHECKING:
    from framework.nlu.bert.training.tfidf import LinearTeacher


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    """What is there before anything is learned.

    Attributes:
        choice: the encoder as the configuration names it.
        name: of the encoder.
        encoder: loaded, or made of the examples.
        start: the earlier tagger to go on from; None to begin anew.
        pupil: the examples in words and as numbers, and how they are read.
        serialised: the tokenizer as the bundle keeps it.
    """

    choice: EncoderChoice
    name: str
    encoder: Pretrained | GramTable
    start: Start | None
    pupil: Pupil
    serialised: str


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
    with reproducible(data.seed) as generator:
        prepared = _prepare(data, settings)
        pupil, start = prepared.pupil, prepared.start
        lesson = yield from _plan_lesson(prepared, data, settings, generator)
        settings = suit_settings(settings, prepared.choice, examples=len(lesson.everything))
        teacher, lesson = _make_teacher(prepared, lesson, data, settings, generator)
        yield from _teach(teacher, prepared, lesson, seed=data.seed)
        assessed = assess(
            teacher,
            learned=pupil.learned,
            held=pupil.held,
            labels=pupil.labels,
            wanted=settings.precision,
        )
        release_freed_memory()
        if start is not None:
            assessed = replace(assessed, calibration=Calibration(**start.temperatures))
        if pupil.held:
            yield from teacher.review(assessed.scores)
        graph = assessed.graph or teacher.write(precision=assessed.precision)
        familiar = None
        if pupil.held or not prepared.choice.is_own:
            familiar = fit_familiarity(teacher, pupil.labels, assessed, settings)
    return {
        **_files(prepared, assessed),
        GRAPH: graph,
        **({FAMILIARITY: familiar.to_bytes()} if familiar else {}),
    }


def _prepare(data: NluTrainingData, settings: TaggerSettings) -> _Prepared:
    """Load the encoder, and turn examples into numbers."""
    utterances = _choose(data.utterances, settings)
    choice = read_choice(settings.encoder, data.encoder)
    encoder = load_encoder(choice, utterances, data)
    name = choice.name or default_encoder(data.language)
    start = _find_start(encoder, name, utterances, data)
    if choice.lora is not None and isinstance(encoder, Pretrained):
        add_adapters(encoder, choice.lora)
    tokenizer: Tokenizer | TextReader
    tokenizer = encoder.tokenizer if isinstance(encoder, Pretrained) else encoder
    labels = collect_labels(utterances, tokenizer)
    serialised = tokenizer.to_str()
    tokenizer.enable_truncation(longest(encoder))
    examples = encode(utterances, labels, tokenizer)
    variants = Variants(data.variants, settings, labels, tokenizer)
    learned, held = examples, list[Encoded]()
    if start is None:
        least_of_one = 0 if choice.is_own else MIN_OF_ONE_FOR_HELD_OUT
        learned, held = hold_out(examples, seed=data.seed, least_of_one=least_of_one)
    return _Prepared(
        choice=choice,
        name=name,
        encoder=encoder,
        start=start,
        serialised=serialised,
        pupil=Pupil(
            utterances=utterances,
            examples=examples,
            learned=learned,
            held=held,
            variants=variants,
            labels=labels,
            tokenizer=tokenizer,
        ),
    )


def _plan_lesson(
    prepared: _Prepared,
    data: NluTrainingData,
    settings: TaggerSettings,
    generator: torch.Generator,
) -> Generator[Progress, None, Lesson]:
    """Say what is learned from: examples and variants, or what a larger tagger makes of texts."""
    pupil, wanted = prepared.pupil, prepared.choice.distill
    if wanted is not None and prepared.start is None:
        adviser = Adviser(wanted, pupil.utterances, data, settings=settings, generator=generator)
        return (yield from distil(pupil, adviser, wanted, data=data))
    without_held = pupil.variants.without(pupil.held, pupil.examples, pupil.utterances)
    return Lesson(
        first=[*pupil.learned, *without_held],
        everything=[*pupil.examples, *pupil.variants.all],
    )


def _make_teacher(
    prepared: _Prepared,
    lesson: Lesson,
    data: NluTrainingData,
    settings: TaggerSettings,
    generator: torch.Generator,
) -> tuple[Teacher | LinearTeacher, Lesson]:
    """Make what learns, and give the lesson in the form in which it can be learned."""
    encoder, pupil = prepared.encoder, prepared.pupil
    if isinstance(encoder, GramTable):
        lesson = lesson.with_labels()
        linear = _make_linear(encoder, pupil.labels, examples=lesson.everything, seed=data.seed)
        return linear, lesson
    teacher = Teacher(
        encoder,
        pupil.labels,
        settings=settings,
        generator=generator,
        examples=lesson.everything,
        checkpoint=data.checkpoint,
    )
    if not prepared.choice.is_own:
        lesson = _drop_strays(teacher, lesson, pupil.learned, pupil.variants)
    return teacher, lesson


def _teach(
    teacher: Teacher | LinearTeacher, prepared: _Prepared, lesson: Lesson, *, seed: int
) -> Iterator[Progress]:
    start, pupil = prepared.start, prepared.pupil
    if start is None or not isinstance(teacher, Teacher):
        yield from teacher.learn(lesson.first, pupil.held)
    else:
        chosen = choose_examples(start, pupil.utterances, seed=seed)
        yield from teacher.go_on(start, [pupil.examples[place] for place in chosen])


def _files(prepared: _Prepared, assessed: Assessment) -> Files:
    """Give what the bundle keeps beside the graph."""
    utterances = prepared.pupil.utterances
    report = {
        "encoder": prepared.name,
        "examples": len(prepared.pupil.examples),
        "held_out": len(prepared.pupil.held),
        "scores": {name: round(value, 4) for name, value in assessed.scores.items()},
        "temperatures": asdict(assessed.calibration),
        "precision": assessed.precision,
    }
    return {
        TOKENIZER: prepared.serialised.encode(),
        LABELS: prepared.pupil.labels.to_json().encode(),
        REPORT: json.dumps(report, indent=1, sort_keys=True).encode(),
        SEEN: json.dumps(sorted(map(digest_of, utterances))).encode(),
        WORDS: json.dumps(words_of(u.text for u in utterances), ensure_ascii=False).encode(),
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
        if data.earlier is not None:
            say_in_full(FROM_SCRATCH)
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
