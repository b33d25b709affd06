"""The linear models on word features learn in no time and are written as a tagger's graph."""

import numpy as np
import pytest

from framework.errors import MissingExtraError
from framework.nlu.bert.tagger import BertTagger
from framework.nlu.component import Earlier, NluTrainingData
from framework.nlu.types import Understanding
from tests.nlu.bert.examples import utterances

pytest.importorskip("sklearn")


EXAMPLES = [
    *utterances("greet", "hello", "hello there", "hi you", "hey"),
    *utterances("bye", "good night", "see you tomorrow", "so long", "good bye"),
    *utterances("fly", "fly from [Oslo](city) please", "to [Rome](city)", "I fly to [Bonn](city)"),
    *utterances(
        "wetter", "明天[北京](city)天气怎么样", "[上海](city)的天气", "今天[广州](city)热吗"
    ),
]


def train(examples=EXAMPLES, **settings) -> BertTagger:
    tagger = BertTagger(encoder="tfidf", **settings)
    for _ in tagger.train(NluTrainingData(utterances=examples, seed=1)):
        pass
    return tagger


@pytest.fixture(scope="module")
def tagger() -> BertTagger:
    return train()


def test_the_examples_are_learned_with_their_entities(tagger):
    loaded = BertTagger().load(tagger.save())
    for example in EXAMPLES:
        found = loaded.process(Understanding(text=example.text))
        assert found.intent.name == example.intent
        assert [(e.start, e.end) for e in found.entities] == [
            (e.start, e.end) for e in example.entities
        ]
        assert np.linalg.norm(found.embedding) == pytest.approx(1, abs=1e-3)


def test_a_neighbour_tells_a_word_that_no_example_holds(tagger):
    (entity,) = tagger.process(Understanding(text="I fly to Vilnius")).entities
    assert entity.value == "Vilnius"


def test_what_no_example_resembles_is_less_certain(tagger):
    known, unknown = (tagger.process(Understanding(text=text)) for text in ("good bye", "龘龖 ζζ"))
    assert unknown.ranking[0].confidence < known.ranking[0].confidence


def test_that_nothing_is_gone_on_from_is_told(tagger, caplog):
    data = NluTrainingData(utterances=EXAMPLES, seed=1, earlier=Earlier(files=tagger.save()))
    again = BertTagger(encoder="tfidf")
    list(again.train(data))

    assert "trained in full: an encoder that is trained from scratch" in caplog.text
    assert again.save() == tagger.save()


def test_equal_seeds_give_equal_bytes(tagger):
    assert train().save() == tagger.save()


@pytest.mark.parametrize("text", ["", " ", "😀", "x" * 3000, "fly " * 2000, "\x00", "İßﬁ"])
def test_any_text_gets_an_answer_alone_and_among_others(tagger, text):
    alone = tagger.process(Understanding(text=text))
    beside = tagger.process_batch([Understanding(text="fly to Rome"), Understanding(text=text)])[1]
    assert alone.ranking
    np.testing.assert_allclose(alone.embedding, beside.embedding, atol=1e-3)
    assert [(e.start, e.end) for e in alone.entities] == [(e.start, e.end) for e in beside.entities]


@pytest.mark.parametrize(
    "examples",
    [
        utterances("greet", "hello"),
        utterances("greet", "hello", "hello there"),
        utterances(None, "to [Rome](city)", "from [Oslo](city)"),
        [*utterances("a", *(f"word {n}" for n in range(150))), *utterances("b", *"cdefg" * 20)],
    ],
)
def test_little_and_lopsided_data_can_be_learned(examples):
    tagger = train(examples)
    for example in examples[:2]:
        found = tagger.process(Understanding(text=example.text))
        assert (found.intent.name if found.intent else None) == example.intent


def test_what_is_held_out_is_scored_and_learned_in_the_end():
    examples = [
        *utterances("count", *(f"count up to {n} now" for n in range(150))),
        *utterances("sing", *(f"sing song {n} please" for n in range(150))),
    ]
    tagger = BertTagger(encoder="tfidf")
    steps = list(tagger.train(NluTrainingData(utterances=examples)))
    assert steps[-1].scores["intent_accuracy"] > 0.9


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "framework.nlu.bert.training.tfidf", None)
    with pytest.raises(MissingExtraError) as raised:
        train()
    assert "frame-dialogue[tfidf]" in raised.value.hint
