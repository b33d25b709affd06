"""The tagger learns, survives its bundle and takes whatever people type."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from framework.data.types import Utterance
from framework.errors import BundleError, TrainingError, UsageError
from framework.nlu.bert.tagger import BertTagger
from framework.nlu.component import NluTrainingData
from framework.nlu.types import Understanding
from framework.testing.encoder import write_tiny_encoder
from tests.nlu.bert.examples import utterances

EXAMPLES = [
    *utterances("greet", "hello", "hello there", "hello you", "hello hello"),
    *utterances("bye", "good night", "see you tomorrow", "so long", "good bye"),
    *utterances(
        "fly",
        'find a flight from [oslo]{"entity": "city", "role": "from"} to '
        '[rome]{"entity": "city", "role": "to"}',
        'from [paris]{"entity": "city", "role": "from"} please',
        'to [bonn]{"entity": "city", "role": "to"} please',
        'from [rome]{"entity": "city", "role": "from"} to '
        '[oslo]{"entity": "city", "role": "to"} today',
    ),
]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory) -> str:
    return str(write_tiny_encoder(tmp_path_factory.mktemp("encoder")))


def train(encoder: str, examples=EXAMPLES, **settings) -> BertTagger:
    tagger = BertTagger(**{"epochs": 40, "learning_rate": 3e-3, **settings})
    for _ in tagger.train(NluTrainingData(utterances=examples, encoder=encoder, seed=3)):
        pass
    return tagger


@pytest.fixture(scope="module")
def tagger(encoder) -> BertTagger:
    return train(encoder)


def understand(tagger: BertTagger, text: str) -> Understanding:
    return tagger.process(Understanding(text=text))


def test_the_examples_are_understood_with_entities_and_roles(tagger):
    for example in EXAMPLES:
        found = understand(tagger, example.text)
        assert found.intent.name == example.intent
        wanted = [(e.entity, e.role, e.start, e.end) for e in example.entities]
        assert [(e.entity, e.role, e.start, e.end) for e in found.entities] == wanted


def test_a_misspelt_message_is_understood_and_its_entities_stand_where_they_were_written(tagger):
    right, wrong = "find a flight from oslo to rome", "fnid a flihgt from olso to rome"
    meant, found = understand(tagger, right), understand(tagger, wrong)
    assert found.ranking == meant.ranking
    assert [(e.entity, e.role, e.value) for e in found.entities] == [
        ("city", "from", "olso"),
        ("city", "to", "rome"),
    ]
    assert [wrong[e.start : e.end] for e in found.entities] == ["olso", "rome"]


def test_a_bundle_from_before_words_were_kept_reads_as_it_did(tagger):
    files = {name: content for name, content in tagger.save().items() if name != "words.json"}
    older = BertTagger().load(files)
    assert understand(older, "find a flight from oslo").intent.name == "fly"


def test_what_is_found_carries_confidence_value_and_extractor(tagger):
    found = understand(tagger, "from oslo please")
    (entity,) = found.entities
    assert entity.value == "oslo"
    assert entity.extractor == "bert_tagger"
    assert 0 < entity.confidence <= 1
    assert sum(score.confidence for score in found.ranking) == pytest.approx(1, abs=1e-4)
    assert all(one.confidence >= two.confidence for one, two in pairwise(found.ranking))
    assert found.embedding.shape == (32,)
    assert found.tokens == ((0, 4), (5, 9), (10, 16))


def test_a_loaded_tagger_answers_as_the_trained_one(tagger):
    loaded = BertTagger().load(tagger.save())
    for text in ("hello", "from oslo to rome"):
        assert understand(loaded, text) == understand(tagger, text)


def test_equal_seeds_give_equal_bytes(encoder):
    assert train(encoder, epochs=3).save() == train(encoder, epochs=3).save()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "😀😀",
        "\x00\x07\x1b",
        "hello" * 4000,
        "from oslo " * 2000,
        "İstanbul ﬁne ßtraße e\u0301a\u0301",
        "明天 สวัสดี привет",
        "\u202eabc\u200b",
        "أريد from oslo \u202e abc",
        "fr\u200bom\u200d os\u2060lo \ufeff to rome",
        "fr\x00om oslo\x1b[31m to rome\x7f",
        "o" + "\u0315\u031b" * 300 + "slo",
        "😀" * 20000,
        "👨‍👩‍👧 from oslo 👍🏽",
        "from\r\noslo\u2028to rome\x85",
    ],
)
def test_any_text_gets_an_answer_with_entities_inside_it(tagger, text):
    found = understand(tagger, text)
    assert found.ranking
    for entity in found.entities:
        assert 0 <= entity.start < entity.end <= len(text)
        assert entity.value == text[entity.start : entity.end]


def test_messages_are_read_alike_alone_and_together(tagger):
    texts = ["hello", "from oslo to rome", "", "good night"]
    together = tagger.process_batch([Understanding(text=text) for text in texts])
    for text, one in zip(texts, together, strict=True):
        alone = understand(tagger, text)
        assert one.intent.name == alone.intent.name
        assert one.intent.confidence == pytest.approx(alone.intent.confidence, abs=0.02)
        assert [(e.start, e.end) for e in one.entities] == [
            (e.start, e.end) for e in alone.entities
        ]


def test_entities_of_earlier_components_stay(tagger):
    before = understand(tagger, "from oslo please")
    again = tagger.process(replace(before, entities=before.entities))
    assert len(again.entities) == 2


@pytest.mark.parametrize(
    ("settings", "has_intents", "has_entities"),
    [({"intents": False}, False, True), ({"entities": False}, True, False)],
)
def test_a_half_can_be_switched_off(encoder, settings, has_intents, has_entities):
    found = understand(train(encoder, **settings), "from oslo please")
    assert bool(found.ranking) == has_intents
    assert bool(found.entities) == has_entities


@pytest.mark.parametrize(
    "examples",
    [
        utterances("only", "hello", "good night"),
        utterances("one", "hello") + utterances("two", "good night"),
        utterances("greet+ask", "hello what") + utterances("greet", "hello"),
        utterances("same", *["hello"] * 10_000) + utterances("other", "good night"),
        utterances("long", "hello " * 3000) + utterances("empty", "good night"),
        [Utterance(text="from oslo", intent=None), *utterances("greet", "hello")],
    ],
    ids=["single intent", "one example each", "multi-intent", "identical", "long", "unlabelled"],
)
def test_odd_data_trains(encoder, examples):
    found = understand(train(encoder, examples, epochs=4), "hello")
    assert found.intent.name in {example.intent for example in examples}


def test_retrieval_intents_are_classified_by_their_base(encoder):
    asked = [
        Utterance(text="what is it", intent="faq", response_key="faq/what"),
        Utterance(text="who are you", intent="faq", response_key="faq/who"),
    ]
    found = understand(train(encoder, asked + utterances("greet", "hello")), "who are you")
    assert found.intent.name == "faq"
    assert {score.name for score in found.ranking} == {"faq", "greet"}


def test_without_examples_training_says_so(encoder):
    with pytest.raises(TrainingError, match="no examples"):
        train(encoder, [])


def test_the_fast_setting_leaves_the_encoder_as_it_is(encoder):
    found = understand(train(encoder, fast=True, epochs=30), "hello there")
    assert found.intent.name == "greet"


def test_held_out_scores_reach_the_caller(encoder):
    many = [
        example
        for n in range(60)
        for example in (
            *utterances("greet", f"hello number {n}"),
            *utterances("order", f"order [{n}](amount) please"),
            *utterances("bye", f"good night {n}"),
            *utterances("stop", f"stop it {n}"),
        )
    ]
    tagger = BertTagger(epochs=8, learning_rate=3e-3)
    *_, last = tagger.train(NluTrainingData(utterances=many, encoder=encoder))
    assert last.scores["intent_accuracy"] > 0.8
    assert last.scores["entity_f1"] > 0.5
    assert json.loads(tagger.save()["report.json"])["held_out"] > 0


def test_the_ranking_can_be_cut(tagger):
    cut = BertTagger(ranking_length=1).load(tagger.save())
    assert len(understand(cut, "hello").ranking) == 1


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("label_smoothing", 1.5, "from 0 to below 1"),
        ("epochs", 0, "1 or more"),
        ("head_learning_rate", 0.0, "above 0"),
        ("layer_decay", -0.1, "from 0 to 1"),
        ("ranking_length", -1, "0 or more"),
        ("threads", -1, "0 or more"),
    ],
)
def test_a_setting_out_of_range_is_named_with_what_is_expected(setting, value, expected):
    with pytest.raises(UsageError, match=f"{setting}.*{expected}"):
        BertTagger(**{setting: value})


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json", "labels.json", "report.json"])
def test_a_bundle_without_one_of_the_files_is_refused(tagger, missing):
    files = {name: data for name, data in tagger.save().items() if name != missing}
    with pytest.raises(BundleError):
        BertTagger().load(files)


def test_the_files_of_the_encoder_stay_as_they_are(encoder):
    weights = Path(encoder) / "model.safetensors"
    before = weights.read_bytes()
    train(encoder, epochs=2)
    assert weights.read_bytes() == before


def test_what_is_unlike_all_examples_is_told_from_the_rest(tagger):
    scores = {example.text: understand(tagger, example.text).out_of_scope for example in EXAMPLES}
    assert all(score.confidence <= score.limit for score in scores.values())
    again = BertTagger().load(tagger.save())
    assert understand(again, "hello").out_of_scope == understand(tagger, "hello").out_of_scope


def test_an_intent_for_what_is_out_of_scope_has_no_score_beside_it(encoder):
    tagger = train(encoder, out_of_scope_intents=["bye"])
    assert understand(tagger, "good bye").intent.name == "bye"
    assert understand(tagger, "good bye").out_of_scope is None


def test_a_bundle_without_the_score_still_loads(tagger):
    files = {name: content for name, content in tagger.save().items() if "familiarity" not in name}
    assert understand(BertTagger().load(files), "hello").out_of_scope is None


def test_a_damaged_score_is_reported(tagger):
    with pytest.raises(BundleError, match="incomplete"):
        BertTagger().load({**tagger.save(), "familiarity.npz": b"no zip"})
