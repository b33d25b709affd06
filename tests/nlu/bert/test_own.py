"""Encoders without pretrained weights learn, are written as graphs and survive their bundle."""

import numpy as np
import onnxruntime
import pytest
import torch

from framework.nlu.bert.choice import NETWORKS, read_choice
from framework.nlu.bert.labels import EntityLabel, Labels
from framework.nlu.bert.tagger import BertTagger
from framework.nlu.bert.training.export import write_graph
from framework.nlu.bert.training.model import Tagger
from framework.nlu.bert.training.own import cut_words, make_own
from framework.nlu.bert.words import pad_ids
from framework.nlu.component import NluTrainingData
from framework.nlu.types import Understanding
from tests.nlu.bert.examples import utterances

EXAMPLES = [
    *utterances("greet", "hello", "hello there", "hi you", "hey"),
    *utterances("bye", "good night", "see you tomorrow", "so long", "good bye"),
    *utterances("fly", "fly from [Oslo](city) please", "to [Rome](city)", "I fly to [Bonn](city)"),
    *utterances(
        "wetter", "明天[北京](city)天气怎么样", "[上海](city)的天气", "今天[广州](city)热吗"
    ),
]


def train(encoder, examples=EXAMPLES, **settings) -> BertTagger:
    tagger = BertTagger(**settings)
    for _ in tagger.train(NluTrainingData(utterances=examples, encoder=encoder, seed=1)):
        pass
    return tagger


@pytest.mark.parametrize("kind", NETWORKS)
def test_each_kind_learns_its_examples_and_loads_again(kind):
    tagger = train({"name": kind, "width": 32})
    loaded = BertTagger().load(tagger.save())
    for example in EXAMPLES:
        found = loaded.process(Understanding(text=example.text))
        assert found.intent.name == example.intent
        assert [(e.start, e.end) for e in found.entities] == [
            (e.start, e.end) for e in example.entities
        ]
        assert np.linalg.norm(found.embedding) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_the_graph_says_what_the_model_says(kind, precision):
    torch.manual_seed(0)
    choice = read_choice({"name": kind, "width": 32, "layers": 2})
    pretrained = make_own(choice, EXAMPLES, root=None)
    labels = Labels(intents=("a", "b"), entities=(EntityLabel(entity="city"),))
    model = Tagger(pretrained.bert, labels, dropout=0.0).eval()
    torch.nn.init.normal_(model.intents)
    torch.nn.init.normal_(model.tags.parts)
    texts = ["fly to Oslo", "hello", "明天去上海 with 8 others or more"]
    ids, mask = pad_ids([pretrained.tokenizer.read(text).ids for text in texts])
    session = onnxruntime.InferenceSession(
        write_graph(model, pretrained.word_table, precision=precision)
    )
    names = ["intents", "tags", "embedding"]
    found = session.run(names, {"ids": ids, "mask": mask.astype(np.int32)})
    with torch.no_grad():
        wanted = model(torch.from_numpy(ids), torch.from_numpy(mask))
    tolerance = 1e-4 if precision == "float32" else 0.1
    np.testing.assert_allclose(found[0], wanted.intents, atol=20 * tolerance)
    np.testing.assert_allclose(found[1][mask], wanted.tags[mask], atol=10 * tolerance)
    np.testing.assert_allclose(found[2], wanted.embedding, atol=tolerance)


def test_an_answer_does_not_depend_on_its_neighbours():
    tagger = train({"name": "cnn", "width": 32}, epochs=2)
    alone = tagger.process(Understanding(text="hello"))
    _, beside = tagger.process_batch(
        [Understanding(text="fly from Oslo to Rome please"), Understanding(text="hello")]
    )
    np.testing.assert_allclose(alone.embedding, beside.embedding, atol=1e-5)


def test_equal_seeds_give_equal_bytes():
    assert train("gru", epochs=2).save() == train("gru", epochs=2).save()


@pytest.mark.parametrize("text", ["", " ", "😀", "x" * 3000, "fly " * 2000, "\x00", "İßﬁ"])
@pytest.mark.parametrize("kind", ["gru", "transformer"])
def test_any_text_gets_an_answer(kind, text, tagger_of):
    found = tagger_of(kind).process(Understanding(text=text))
    assert found.ranking
    assert all(0 <= e.start < e.end <= len(text) for e in found.entities)


@pytest.fixture(scope="module")
def tagger_of():
    made: dict[str, BertTagger] = {}
    return lambda kind: made.setdefault(kind, train({"name": kind, "width": 32}, epochs=1))


def test_entities_inside_words_make_characters_words():
    inside = utterances("a", "[Bonn](city)da", "[Ulm](city)er")
    assert cut_words(inside)
    assert not cut_words(EXAMPLES)
    tagger = train({"name": "cnn", "width": 32}, inside)
    (entity,) = tagger.process(Understanding(text="Bonnda")).entities
    assert (entity.start, entity.end) == (0, 4)


def test_word_vectors_help_with_words_that_no_example_holds(tmp_path):
    rng = np.random.default_rng(0)
    city, other = rng.normal(size=(2, 20))
    cities = ["oslo", "rome", "bonn", "kyiv"]
    rows = [f"{name} {' '.join(map(str, city))}" for name in cities]
    rows += [f"{word} {' '.join(map(str, other))}" for word in ("table", "please", "from", "to")]
    (tmp_path / "v.txt").write_text("\n".join(rows))
    choice = read_choice({"name": "cnn", "width": 32, "vectors": "v.txt"})
    made = make_own(choice, EXAMPLES, root=tmp_path)
    with torch.no_grad():
        table = made.bert.word.table()
    assert len(table) == made.tokenizer.size + 8
    rows = [made.tokenizer.size + made.tokenizer.words.index(word) for word in ("kyiv", "rome")]
    torch.testing.assert_close(table[rows[0]], table[rows[1]])
