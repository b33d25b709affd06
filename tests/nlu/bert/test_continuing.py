"""A tagger goes on from an earlier one: its weights come back, labels grow, little is forgotten."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from framework.data.types import Utterance
from framework.learning.onnx import GraphWriter
from framework.nlu.bert.tagger import GRAPH, LABELS, REPORT, SEEN, BertTagger
from framework.nlu.bert.training.continuing import choose_examples, digest_of, read_start
from framework.nlu.bert.training.readback import read_weights
from framework.nlu.component import Earlier, NluTrainingData
from framework.nlu.types import Understanding
from framework.testing.encoder import write_tiny_encoder
from tests.nlu.bert.examples import utterances

SETTINGS = {"epochs": 40, "learning_rate": 3e-3}


EXAMPLES = [
    *utterances("greet", "hello", "hello there", "hi", "good day", "hello you"),
    *utterances("thank", "thanks", "thank you", "many thanks", "thank you please"),
    *utterances(
        "fly",
        'find a flight from [oslo]{"entity": "city", "role": "from"} to '
        '[rome]{"entity": "city", "role": "to"}',
        'from [paris]{"entity": "city", "role": "from"} please',
        'to [bonn]{"entity": "city", "role": "to"} please',
    ),
]
NEW = [
    *utterances(
        "cook", "how do i cook [rice](dish)", "cook [soup](dish)", "cook some [rice](dish)"
    ),
]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny_encoder(tmp_path_factory.mktemp("encoder")))


def train(encoder: str, examples: Sequence[Utterance], earlier=None, **settings) -> BertTagger:
    tagger = BertTagger(**{**SETTINGS, **settings})
    data = NluTrainingData(utterances=examples, encoder=encoder, seed=3, earlier=earlier)
    for _ in tagger.train(data):
        pass
    return tagger


@pytest.fixture(scope="module")
def first(encoder: str) -> BertTagger:
    return train(encoder, EXAMPLES)


def intents(tagger: BertTagger, examples: Sequence[Utterance]) -> list[str | None]:
    found = tagger.process_batch([Understanding(text=item.text) for item in examples])
    return [one.intent.name if one.intent else None for one in found]


def spans(understanding: Understanding) -> list[tuple[object, ...]]:
    return [(e.start, e.end, e.entity, e.role) for e in understanding.entities]


@pytest.mark.parametrize(
    ("precision", "error"), [("float32", 0.0), ("float16", 1e-3), ("int8", 0.02)]
)
def test_weights_come_back_from_a_graph(encoder: str, precision: str, error: float):
    exact = read_weights(train(encoder, EXAMPLES, precision="float32", epochs=1).save()[GRAPH])
    rounded = read_weights(train(encoder, EXAMPLES, precision=precision, epochs=1).save()[GRAPH])

    assert exact is not None
    assert rounded is not None
    assert exact.encoder.keys() == rounded.encoder.keys()
    assert len(exact.encoder) == 2 + 2 * 12
    for name, array in exact.encoder.items():
        np.testing.assert_allclose(rounded.encoder[name], array, atol=error, rtol=error)
    np.testing.assert_allclose(rounded.words, exact.words, atol=error, rtol=error)


def test_another_graph_has_no_weights_to_read():
    writer = GraphWriter("other")
    writer.output(writer.input("ids", np.int64, ["batch"]), "ids", np.int64, ["batch"])

    assert read_weights(writer.to_bytes()) is None
    assert read_weights(b"no graph at all") is None


def test_going_on_with_nothing_new_answers_as_before(encoder: str, first: BertTagger):
    again = train(encoder, EXAMPLES, Earlier(files=first.save()))

    texts = [Understanding(text=item.text) for item in EXAMPLES]
    for before, after in zip(first.process_batch(texts), again.process_batch(texts), strict=True):
        assert before.intent is not None
        assert after.intent is not None
        assert after.intent.name == before.intent.name
        assert after.intent.confidence == pytest.approx(before.intent.confidence, abs=0.05)
        assert spans(after) == spans(before)


def test_a_new_intent_with_a_new_entity_is_learned_and_the_others_are_kept(
    encoder: str, first: BertTagger
):
    everything = [*EXAMPLES, *NEW]

    grown = train(encoder, everything, Earlier(files=first.save()))

    assert intents(grown, everything) == [item.intent for item in everything]
    found = grown.process(Understanding(text="cook some rice")).entities
    assert [(entity.entity, entity.value) for entity in found] == [("dish", "rice")]
    flight = grown.process(Understanding(text="from paris please")).entities
    assert [(entity.entity, entity.role) for entity in flight] == [("city", "from")]


def test_an_intent_that_is_gone_is_no_answer_any_more(encoder: str, first: BertTagger):
    fewer = [item for item in EXAMPLES if item.intent != "thank"]

    smaller = train(encoder, fewer, Earlier(files=first.save()))

    assert b"thank" not in smaller.save()[LABELS]
    assert intents(smaller, fewer) == [item.intent for item in fewer]


def test_equal_trainings_that_go_on_give_equal_bytes(encoder: str, first: BertTagger):
    one, other = (train(encoder, [*EXAMPLES, *NEW], Earlier(files=first.save())) for _ in range(2))

    assert one.save() == other.save()


def test_examples_to_learn_from_are_the_new_ones_and_some_of_every_earlier_label(first: BertTagger):
    many = [
        Utterance(text=f"{word} {number}", intent=word) for word in "abc" for number in range(100)
    ]
    start = read_start(Earlier(files=first.save()), encoder=_encoder_of(first))
    assert not isinstance(start, str)
    known = replace(start, seen=frozenset(map(digest_of, many)))
    new = [Utterance(text=f"new {number}", intent="d") for number in range(10)]

    chosen = choose_examples(known, [*many, *new], seed=1)

    labels = [[*many, *new][place].intent for place in chosen]
    assert labels.count("d") == 10
    assert {labels.count(word) for word in "abc"} <= {33, 34}
    assert choose_examples(known, many, seed=1) == []


def _encoder_of(tagger: BertTagger) -> str:
    name: str = json.loads(tagger.save()[REPORT])["encoder"]
    return name


REASONS = [
    pytest.param({SEEN: None}, "doesn't say what it learned from", id="an older model"),
    pytest.param({GRAPH: b"other"}, "can't be read back", id="another graph"),
]


@pytest.mark.parametrize(("changes", "reason"), REASONS)
def test_what_cannot_go_on_is_trained_in_full_with_the_reason(
    encoder: str,
    first: BertTagger,
    changes: dict[str, bytes | None],
    reason: str,
    caplog: pytest.LogCaptureFixture,
):
    changed = {**first.save(), **changes}
    files = {name: content for name, content in changed.items() if content is not None}

    with caplog.at_level(logging.WARNING):
        again = train(encoder, EXAMPLES, Earlier(files=files))

    assert "trained in full" in caplog.text
    assert reason in caplog.text
    assert again.save() == first.save()


def test_another_encoder_or_too_much_that_is_new_calls_for_a_full_training(
    encoder: str, first: BertTagger, tmp_path, caplog: pytest.LogCaptureFixture
):
    earlier = Earlier(files=first.save())

    train(str(write_tiny_encoder(tmp_path / "other")), EXAMPLES, earlier, epochs=1)
    train(encoder, [*EXAMPLES[:3], *NEW, *utterances("wait", "wait", "one moment")], earlier)

    assert "the encoder was" in caplog.text
    assert "5 of 8 examples are new" in caplog.text
