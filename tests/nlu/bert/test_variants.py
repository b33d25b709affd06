"""Variants of examples that are held out are not learned from meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from framework.data.types import Utterance
from framework.data.vary import Variant
from framework.nlu.bert.encoder import find_encoder
from framework.nlu.bert.labels import collect
from framework.nlu.bert.tagger import LABELS, BertTagger
from framework.nlu.bert.training.batches import Encoded, encode
from framework.nlu.bert.training.judge import Logits
from framework.nlu.bert.training.pretrained import load_pretrained
from framework.nlu.bert.training.variants import Variants, find_strays
from framework.nlu.bert.words import Pieces
from framework.nlu.component import NluTrainingData
from framework.testing.encoder import write_tiny_encoder

EXAMPLES = [Utterance(text=f"{word} there", intent=word) for word in ("hello", "thanks")]
VARIANTS = [
    Variant(
        source=example.text, utterance=Utterance(text=f"{example.text}!", intent=example.intent)
    )
    for example in EXAMPLES
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny_encoder(tmp_path_factory.mktemp("encoder")))


def train(folder: str, variants: list[Variant], **settings: object) -> BertTagger:
    tagger = BertTagger(epochs=2, **settings)  # type: ignore[arg-type]
    for _ in tagger.train(NluTrainingData(utterances=EXAMPLES, variants=variants, encoder=folder)):
        pass
    return tagger


def test_variants_of_held_out_examples_stay_out(folder: str):
    tokenizer = load_pretrained(find_encoder(folder), texts=[]).tokenizer
    labels = collect(EXAMPLES)
    examples = encode(EXAMPLES, labels, tokenizer)
    variants = Variants(VARIANTS, BertTagger()._settings, labels, tokenizer)

    assert variants.without([], examples, EXAMPLES) == variants.all
    assert variants.without(examples[:1], examples, EXAMPLES) == variants.all[1:]


def test_a_tagger_learns_from_variants(folder: str):
    plain, varied = train(folder, []), train(folder, VARIANTS)

    assert plain.save() != varied.save()
    assert plain.save()[LABELS] == varied.save()[LABELS]


def test_variants_leave_out_what_the_tagger_does_not_learn(folder: str):
    train(folder, VARIANTS, intents=True, entities=False)


def test_a_doubtful_variant_nearer_to_another_intent_is_no_example():
    def example(intent: int) -> Encoded:
        nothing = np.zeros(0, dtype=np.int64)
        pieces = Pieces(ids=nothing, heads=nothing, words=())
        return Encoded(pieces=pieces, intent=intent, tags=nothing)

    learned, doubtful = [example(0), example(0), example(1)], [example(0), example(0), example(1)]
    vectors = [(1, 0), (0.8, 0.6), (0, 1), (1, 0), (0.1, 0.9), (0.2, 0.8)]
    said = {id(one): vector for one, vector in zip([*learned, *doubtful], vectors, strict=True)}

    def read(examples: Sequence[Encoded]) -> list[Logits]:
        nothing = np.zeros(0, dtype=np.float32)
        return [
            Logits(intents=nothing, tags=nothing, embedding=np.float32(said[id(one)]))
            for one in examples
        ]

    assert find_strays(doubtful, learned, read=read) == {id(doubtful[1])}
    assert find_strays(doubtful, [], read=read) == set()


def test_a_tagger_learns_from_paraphrases_that_fit(folder: str):
    doubtful = [replace(variant, is_doubtful=True) for variant in VARIANTS]
    assert train(folder, doubtful).save()[LABELS] == train(folder, []).save()[LABELS]
