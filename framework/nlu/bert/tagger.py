"""`bert_tagger`: intents and entities by one fine-tuned BERT encoder."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self
from zipfile import BadZipFile

import numpy as np

from framework.errors import BundleError, UsageError
from framework.learning.process import prepare_process
from framework.learning.progress import Progress
from framework.nlu.bert.choice import read_choice
from framework.nlu.bert.decode import Calibration, Decoder
from framework.nlu.bert.familiarity import Familiarity
from framework.nlu.bert.labels import Labels
from framework.nlu.bert.runtime import Reading, Runtime
from framework.nlu.bert.settings import Storage, TaggerSettings, Weighting
from framework.nlu.bert.untrained import UntrainedEncoder
from framework.nlu.component import Component, Files, NluSource, NluTrainingData
from framework.nlu.types import OutOfScope, Understanding
from framework.registry import load_object

_TRAIN = "framework.nlu.bert.training.run:train_tagger"

GRAPH, TOKENIZER, LABELS, REPORT = "model.onnx", "tokenizer.json", "labels.json", "report.json"
SEEN = "seen.json"
"""Digests of the examples learned from, so that a training that goes on knows the new ones."""
WORDS = "words.json"
"""Words of the examples, for which misspelt ones are taken."""
FAMILIARITY = "familiarity.npz"

_Range = tuple[str, Callable[[float], bool]]
_COUNT: _Range = ("1 or more", lambda value: value >= 1)
_ABOVE_0: _Range = ("above 0", lambda value: value > 0)
_0_OR_MORE: _Range = ("0 or more", lambda value: value >= 0)
_SHARE_BELOW_1: _Range = ("from 0 to below 1", lambda value: 0 <= value < 1)
_RANGES = {
    "epochs": _COUNT,
    "batch_size": _COUNT,
    "gradient_accumulation": _COUNT,
    "learning_rate": _ABOVE_0,
    "head_learning_rate": _ABOVE_0,
    "layer_decay": ("from 0 to 1", lambda value: 0 <= value <= 1),
    "weight_decay": _0_OR_MORE,
    "dropout": _SHARE_BELOW_1,
    "label_smoothing": _SHARE_BELOW_1,
    "ranking_length": _0_OR_MORE,
    "threads": _0_OR_MORE,
}


class BertTagger(Component):
    """Finds intents and entities, with their roles and groups, in one pass of the encoder.

    It also leaves the sentence vector, which response selection and the learned policy read.
    """

    name = "bert_tagger"
    trainable = True
    continues = True
    varies = True
    reads: ClassVar[frozenset[NluSource]] = frozenset({"utterances"})
    provides = frozenset({"intent", "entities", "embedding"})

    def __init__(  # noqa: PLR0913, settings are keywords
        self,
        *,
        encoder: str | Mapping[str, Any] | None = None,
        intents: bool = True,
        entities: bool = True,
        epochs: int | None = None,
        batch_size: int | None = None,
        gradient_accumulation: int = 1,
        learning_rate: float = 2e-4,
        head_learning_rate: float = 5e-3,
        layer_decay: float = 0.9,
        weight_decay: float = 0.01,
        dropout: float = 0.1,
        label_smoothing: float = 0.05,
        class_weights: Weighting = "root",
        fast: bool = False,
        precision: Storage = "auto",
        out_of_scope_intents: Sequence[str] = ("out_of_scope", "nlu_fallback"),
        ranking_length: int = 10,
        threads: int = 1,
    ) -> None:
        """Make the component.

        Args:
            encoder: name or folder of a BERT-like model, an encoder without pretrained weights,
                or a mapping of its `name` and settings; None for the project's.
            intents: whether to classify intents.
            entities: whether to find entities.
            epochs: passes over the examples; None for a number that follows from their amount.
            batch_size: examples per step; None for a number that follows from their amount.
            gradient_accumulation: batches whose gradients make one step together, for a large
                batch in little memory.
            learning_rate: of the encoder's last layer.
            head_learning_rate: of the tags, which begin from nothing; intents begin fitted and
                learn by a tenth of it.
            layer_decay: each layer learns by this factor slower than the one above it, 0 to 1; from
                the first to the last by no more in a deeper encoder than in one of six layers.
            weight_decay: pulls weights towards nothing (L2).
            dropout: share of values left out in the layers and before the heads while training, 0
                to 1.
            label_smoothing: share of certainty taken from the right intent, 0 to 1.
            class_weights: how much more an example counts the fewer its intent has: `none`, by the
                `root` of how few, or so that all intents are `balanced`.
            fast: leave the encoder as it is and fit only what is new, in a second or two.
            precision: how weights are stored; `auto` takes `int8` where held-out answers stay the
                same, else `float16`.
            out_of_scope_intents: intents whose examples show what is out of scope.
            ranking_length: intents kept in the ranking; 0 for all.
            threads: threads that one message may use when the bot answers.

        Raises:
            UsageError: a setting is out of its range.
        """
        self._settings = TaggerSettings(
            encoder=encoder,
            intents=intents,
            entities=entities,
            epochs=epochs,
            batch_size=batch_size,
            gradient_accumulation=gradient_accumulation,
            learning_rate=learning_rate,
            head_learning_rate=head_learning_rate,
            layer_decay=layer_decay,
            weight_decay=weight_decay,
            dropout=dropout,
            label_smoothing=label_smoothing,
            class_weights=class_weights,
            fast=fast,
            precision=precision,
            out_of_scope_intents=tuple(out_of_scope_intents),
        )
        _check_ranges(
            {**vars(self._settings), "ranking_length": ranking_length, "threads": threads}
        )
        self._ranking_length = ranking_length
        self._threads = threads
        self._files: Files = {}
        self._runtime: Runtime | None = None
        self._decoder = Decoder(Labels(), Calibration())
        self._familiarity: Familiarity | None = None

    @classmethod
    def untrained(
        cls, settings: Mapping[str, Any], *, encoder: Any, language: str, root: Path
    ) -> UntrainedEncoder | None:
        """Give the pretrained encoder that this component trains; None for one of the project."""
        choice = read_choice(settings.get("encoder"), encoder)
        if choice.is_own:
            return None
        return UntrainedEncoder(choice.name, language=language, root=root)

    def train(self, data: NluTrainingData) -> Iterator[Progress]:
        """Fine-tune the encoder on the examples."""
        prepare_process()
        run: Generator[Progress, None, Files] = load_object(_TRAIN)(data, self._settings)
        self.load((yield from run))

    def save(self) -> Files:
        """Give graph, tokenizer, labels and the report of the training."""
        return self._files

    def load(self, files: Files) -> Self:
        """Take back what `save` gave."""
        try:
            labels = Labels.from_json(files[LABELS].decode())
            temperatures = json.loads(files[REPORT])["temperatures"]
            calibration = Calibration(**temperatures)
            runtime = Runtime(
                files[GRAPH],
                files[TOKENIZER].decode(),
                unit=labels.unit,
                words=json.loads(files.get(WORDS, b"[]")),
                threads=self._threads,
            )
            known = files.get(FAMILIARITY)
            familiarity = Familiarity.from_bytes(known) if known is not None else None
        except (KeyError, TypeError, ValueError, BadZipFile) as error:
            raise BundleError(
                f"the files of {self.name!r} are incomplete ({error})", hint="train the bot again"
            ) from error
        self._files, self._runtime = files, runtime
        self._decoder = Decoder(labels, calibration)
        self._familiarity = familiarity
        return self

    def process(self, understanding: Understanding) -> Understanding:
        """Read one message."""
        return self.process_batch([understanding])[0]

    def process_batch(self, batch: Sequence[Understanding]) -> list[Understanding]:
        """Read several messages together."""
        if self._runtime is None:
            raise UsageError(
                f"the component {self.name!r} is not trained", hint="run `frame train` first"
            )
        readings = self._runtime.read([understanding.text for understanding in batch])
        understood = [
            self._add(understanding, reading)
            for understanding, reading in zip(batch, readings, strict=True)
        ]
        if self._familiarity is None or not readings:
            return understood
        judged = self._familiarity.judge(
            np.stack([reading.embedding for reading in readings]),
            np.stack([reading.intents for reading in readings]),
        )
        return [
            self._judge(understanding, out_of_scope)
            for understanding, out_of_scope in zip(understood, judged, strict=True)
        ]

    def _add(self, understanding: Understanding, reading: Reading) -> Understanding:
        found = self._decoder.entities(
            understanding.text, reading.words, reading.tags, extractor=self.name
        )
        ranking = self._decoder.intents(reading.intents)[: self._ranking_length or None]
        entities = sorted((*understanding.entities, *found), key=lambda e: e.span or (0, 0))
        return replace(
            understanding,
            ranking=ranking or understanding.ranking,
            entities=tuple(entities),
            embedding=reading.embedding,
            tokens=reading.words,
        )

    def _judge(self, understanding: Understanding, out_of_scope: OutOfScope) -> Understanding:
        best = understanding.intent
        if best is not None and best.name in self._settings.out_of_scope_intents:
            return understanding
        return replace(understanding, out_of_scope=out_of_scope)


def _check_ranges(settings: Mapping[str, Any]) -> None:
    """Refuse a setting that is out of its range; None stands for what training works out."""
    for name, (wanted, fits) in _RANGES.items():
        value = settings[name]
        if value is not None and not fits(value):
            raise UsageError(
                f"the setting {name!r} of 'bert_tagger' is {value!r}, expected {wanted}",
                id="bad-setting",
            )
