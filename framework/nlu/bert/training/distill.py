"""A larger tagger is trained first; a smaller one then learns to answer as that one does.

The larger one sees exactly the examples that the smaller one sees: while some are held out, it
hasn't learned them either when it is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from framework.data.mix import mix
from framework.data.types import Utterance
from framework.errors import TrainingError
from framework.learning.checkpoint import CheckpointStore
from framework.learning.progress import Progress
from framework.learning.seed import available_threads
from framework.nlu import bio
from framework.nlu.bert.choice import Distillation, read_choice
from framework.nlu.bert.labels import Labels
from framework.nlu.bert.runtime import Graph, Reading
from framework.nlu.bert.settings import TaggerSettings
from framework.nlu.bert.training.advice import fit_to_words
from framework.nlu.bert.training.batches import IGNORED, Encoded, encode
from framework.nlu.bert.training.prepare import (
    add_adapters,
    collect_labels,
    load_encoder,
    longest,
    suit_settings,
)
from framework.nlu.bert.training.pretrained import Pretrained
from framework.nlu.bert.training.teacher import Teacher
from framework.nlu.bert.training.variants import Variants
from framework.nlu.bert.words import TextReader, read_pieces
from framework.nlu.component import NluTrainingData

PART = "larger encoder"

MOST_TEXTS = 8000
"""Texts that the larger tagger is asked about, the examples not counted, at most."""

TEXTS_PER_EXAMPLE = 10


@dataclass(frozen=True, kw_only=True)
class Pupil:
    """What the smaller tagger reads.

    Attributes:
        utterances: the examples, in words.
        examples: the same as numbers.
        learned: those of them that are not held out.
        held: those that are.
        variants: of the examples.
        labels: what can be answered.
        tokenizer: of the smaller tagger.
    """

    utterances: Sequence[Utterance]
    examples: Sequence[Encoded]
    learned: Sequence[Encoded]
    held: Sequence[Encoded]
    variants: Variants
    labels: Labels
    tokenizer: Tokenizer | TextReader


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What the smaller tagger learns from, with the larger one's answers.

    Attributes:
        first: while some examples are held out.
        everything: at last.
    """

    first: list[Encoded]
    everything: list[Encoded]

    def without(self, left_out: Collection[int]) -> Lesson:
        """Leave out the examples whose `id` is among these."""
        return Lesson(
            first=[example for example in self.first if id(example) not in left_out],
            everything=[example for example in self.everything if id(example) not in left_out],
        )

    def with_labels(self) -> Lesson:
        """Take the likeliest answers as labels, for a model that can't learn how likely each is."""
        return Lesson(first=[*map(harden, self.first)], everything=[*map(harden, self.everything)])


class Adviser:
    """A larger tagger, which is asked what it makes of texts."""

    def __init__(
        self,
        wanted: Distillation,
        utterances: Sequence[Utterance],
        data: NluTrainingData,
        *,
        settings: TaggerSettings,
        generator: torch.Generator,
    ) -> None:
        """Make it, untrained.

        Args:
            wanted: names its encoder.
            utterances: all examples.
            data: language, seed, variants, and where checkpoints are kept.
            settings: of the component; passes and batch size are those of the smaller tagger.
            generator: shuffles.

        Raises:
            EncoderError: the encoder can't be had.
        """
        choice = read_choice(wanted.encoder)
        encoder = load_encoder(choice, utterances, data)
        settings = replace(settings, epochs=None, batch_size=None, fast=False)
        settings = suit_settings(settings, choice, examples=len(utterances))
        if not isinstance(encoder, Pretrained):
            raise TrainingError(f"nothing can be learned from {choice.name!r}")
        if choice.lora is not None:
            add_adapters(encoder, choice.lora)
        self._labels = collect_labels(utterances, encoder.tokenizer)
        self._tokenizer = encoder.tokenizer
        self._tokenizer.enable_truncation(longest(encoder))
        examples = encode(utterances, self._labels, self._tokenizer)
        variants = Variants(data.variants, settings, self._labels, self._tokenizer)
        self._utterances, self._examples, self._variants = utterances, examples, variants
        self._held: list[Encoded] = []
        self._teacher = Teacher(
            encoder,
            self._labels,
            settings=settings,
            generator=generator,
            examples=[*examples, *variants.all],
            checkpoint=_Apart(data.checkpoint) if data.checkpoint is not None else None,
        )

    def learn(self, is_learned: Sequence[bool]) -> Iterator[Progress]:
        """Learn from the examples that aren't held out from the smaller tagger."""
        split = list(zip(self._examples, is_learned, strict=True))
        self._held = [example for example, chosen in split if not chosen]
        learned = [example for example, chosen in split if chosen]
        learned += self._variants.without(self._held, self._examples, self._utterances)
        yield from map(_as_preparation, self._teacher.learn(learned, self._held))

    def review(self) -> Iterator[Progress]:
        """Learn from everything."""
        if self._held:
            yield from map(_as_preparation, self._teacher.review({}))

    def ask(self, texts: Sequence[str]) -> list[Reading]:
        """Say what it makes of texts."""
        graph = Graph(self._teacher.write(precision="float32"), threads=available_threads())
        return graph.run(read_pieces(self._tokenizer, texts, unit=self._labels.unit))


def distil(
    pupil: Pupil, adviser: Adviser, wanted: Distillation, *, data: NluTrainingData
) -> Generator[Progress, None, Lesson]:
    """Train the larger tagger, and ask it about the examples and about texts made of them.

    Args:
        pupil: what the smaller tagger reads.
        adviser: the larger tagger, untrained.
        wanted: how it is asked.
        data: seed and folder of the project.

    Raises:
        TrainingError: the file of texts can't be read.
    """
    seen = set(map(id, pupil.learned))
    is_learned = [id(example) in seen for example in pupil.examples]
    texts = [utterance.text for utterance in pupil.utterances]
    known = [text for text, chosen in zip(texts, is_learned, strict=True) if chosen]
    others = find_texts(known, wanted, data)
    examples = [*pupil.examples, *_without_labels(others, pupil)]
    yield from adviser.learn(is_learned)
    advised = _advise(examples, adviser.ask([*texts, *others]), wanted)
    is_shown = [*is_learned, *(True for _ in others)]
    first = [example for example, shown in zip(advised, is_shown, strict=True) if shown]
    first += pupil.variants.without(pupil.held, pupil.examples, pupil.utterances)
    yield from adviser.review()
    if pupil.held:
        advised[: len(texts)] = _advise(pupil.examples, adviser.ask(texts), wanted)
    return Lesson(first=first, everything=[*advised, *pupil.variants.all])


def find_texts(known: Sequence[str], wanted: Distillation, data: NluTrainingData) -> list[str]:
    """Give the project's unlabelled messages, and texts made of them and of the examples.

    Raises:
        TrainingError: the file of messages can't be read.
    """
    given: list[str] = []
    if wanted.texts is not None:
        given = read_lines(data.root / Path(wanted.texts).expanduser(), shown=wanted.texts)
    count = min(MOST_TEXTS, TEXTS_PER_EXAMPLE * len(known)) - len(given)
    return [*given[:MOST_TEXTS], *mix([*known, *given], max(0, count), seed=data.seed)]


def harden(example: Encoded) -> Encoded:
    """Take what the larger tagger finds likeliest as the labels of a text that has none."""
    advice = example.advice
    if advice is None or example.intent != IGNORED or (example.tags != IGNORED).any():
        return example
    tags = np.where(advice.is_known, advice.tags.argmax(axis=1), bio.OUTSIDE)
    return replace(example, intent=int(advice.intents.argmax()), tags=tags)


def read_lines(path: Path, *, shown: str) -> list[str]:
    """Read the lines of a text file, each once, empty ones left out.

    Raises:
        TrainingError: it can't be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(
            f"the texts in {shown!r} can't be read ({error})",
            id="unlabelled-texts",
            hint="`texts:` of `distill` takes a file in UTF-8 with a message on each line",
        ) from error
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _without_labels(texts: Sequence[str], pupil: Pupil) -> list[Encoded]:
    pieces = read_pieces(pupil.tokenizer, texts, unit=pupil.labels.unit) if texts else []
    return [
        Encoded(pieces=cut, intent=IGNORED, tags=np.full(len(cut.words), IGNORED, dtype=np.int64))
        for cut in pieces
    ]


def _advise(
    examples: Sequence[Encoded], readings: Sequence[Reading], wanted: Distillation
) -> list[Encoded]:
    return [
        replace(e, advice=fit_to_words(reading, e.pieces, temperature=wanted.temperature))
        for e, reading in zip(examples, readings, strict=True)
    ]


def _as_preparation(progress: Progress) -> Progress:
    """Show how far the larger tagger is, but not its figures, which aren't those of the bot."""
    return replace(progress, part=PART, scores={})


class _Apart:
    """Keeps the checkpoints of the larger tagger beside those of the smaller one."""

    def __init__(self, store: CheckpointStore) -> None:
        self._store = store

    def read(self, name: str) -> Mapping[str, bytes] | None:
        return self._store.read(f"larger-{name}")

    def write(self, name: str, state: Mapping[str, bytes]) -> None:
        self._store.write(f"larger-{name}", state)
