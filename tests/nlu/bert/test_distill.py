"""A smaller tagger learns from a larger one's answers, and stands alone in the bundle."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch

from framework.errors import TrainingError
from framework.learning.progress import Progress
from framework.learning.resume import Checkpoints
from framework.nlu import bio
from framework.nlu.bert.choice import Distillation
from framework.nlu.bert.labels import Labels, collect
from framework.nlu.bert.runtime import Reading
from framework.nlu.bert.tagger import BertTagger
from framework.nlu.bert.training import distill
from framework.nlu.bert.training.advice import Advice, collate_advice, distance, fit_to_words
from framework.nlu.bert.training.batches import IGNORED, Encoded, collate, encode
from framework.nlu.bert.training.distill import harden
from framework.nlu.bert.training.model import Output
from framework.nlu.bert.training.own import collect_table
from framework.nlu.bert.training.variants import Variants
from framework.nlu.bert.words import Pieces
from framework.nlu.component import NluTrainingData
from framework.nlu.types import Understanding
from framework.testing.encoder import write_tiny_encoder
from tests.nlu.bert.examples import utterances

EXAMPLES = [
    *utterances("greet", "hello", "hello there", "hi you", "hey"),
    *utterances("bye", "good night", "see you tomorrow", "so long", "good bye"),
    *utterances("fly", "fly from [Oslo](city) please", "to [Rome](city)", "I fly to [Bonn](city)"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_tiny_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture(autouse=True)
def few_texts(monkeypatch):
    monkeypatch.setattr(distill, "TEXTS_PER_EXAMPLE", 2)


class Kept:
    """A store of checkpoints in memory."""

    def __init__(self) -> None:
        self.states: dict[str, dict[str, bytes]] = {}

    def read(self, name: str) -> dict[str, bytes] | None:
        return self.states.get(name)

    def write(self, name: str, state: Mapping[str, bytes]) -> None:
        self.states[name] = dict(state)


def train(encoder, examples=EXAMPLES, root=Path(), epochs=10, **data):
    tagger = BertTagger(epochs=epochs)
    given = NluTrainingData(utterances=examples, encoder=encoder, seed=1, root=root, **data)
    return tagger, list(tagger.train(given))


@pytest.mark.parametrize("name", ["cnn", "tfidf"])
def test_the_smaller_tagger_learns_the_examples_and_stands_alone_in_the_bundle(folder, name):
    if name == "tfidf":
        pytest.importorskip("sklearn")
    tagger, steps = train({"name": name, "distill": str(folder)})
    assert json.loads(tagger.save()["report.json"])["encoder"] == name
    loaded = BertTagger().load(tagger.save())
    found = loaded.process_batch([Understanding(text=item.text) for item in EXAMPLES])
    assert [one.intent.name for one in found] == [item.intent for item in EXAMPLES]
    assert {step.part for step in steps} == {"larger encoder", "intents and entities"}
    assert not any(step.scores for step in steps if step.part == "larger encoder")


def test_a_pretrained_encoder_learns_from_a_larger_one(folder, tmp_path):
    small = write_tiny_encoder(tmp_path / "small", seed=3)
    tagger, _ = train({"name": str(small), "layers": 1, "distill": str(folder)}, epochs=20)
    found = tagger.process_batch([Understanding(text=item.text) for item in EXAMPLES])
    assert [one.intent.name for one in found] == [item.intent for item in EXAMPLES]


def test_equal_trainings_give_equal_bundles(folder):
    encoder = {"name": "cnn", "width": 32, "distill": str(folder)}
    assert train(encoder)[0].save() == train(encoder)[0].save()


def test_messages_of_a_file_are_asked_about_as_well(tmp_path):
    (tmp_path / "logs.txt").write_text("fly to Oslo\n\nhey you\nhey you\n", encoding="utf-8")
    data = NluTrainingData(utterances=EXAMPLES, root=tmp_path)
    wanted = Distillation(encoder="minilm-en", texts="logs.txt")
    texts = distill.find_texts([item.text for item in EXAMPLES], wanted, data)
    assert texts[:2] == ["fly to Oslo", "hey you"]
    assert 2 < len(texts) <= distill.TEXTS_PER_EXAMPLE * len(EXAMPLES)


def test_a_file_of_messages_that_cannot_be_read_is_named(folder, tmp_path):
    with pytest.raises(TrainingError, match=r"'none\.txt'"):
        train({"name": "cnn", "distill": {"from": str(folder), "texts": "none.txt"}}, root=tmp_path)


def pieces(*words: tuple[int, int]) -> Pieces:
    size = len(words)
    return Pieces(ids=np.arange(size + 2), heads=np.arange(1, size + 1), words=words)


def reading(words, tags) -> Reading:
    return Reading(
        words=words,
        intents=np.array([2.0, 0.0], dtype=np.float32),
        tags=np.array(tags, dtype=np.float32),
        embedding=np.ones(1, dtype=np.float32),
    )


def test_advice_goes_to_the_words_that_begin_where_the_larger_tagger_reads_one():
    said = [[1.0, 2.0, 0.0], [3.0, 4.0, 0.0]]
    advice = fit_to_words(
        reading(((0, 3), (4, 6)), said), pieces((0, 3), (2, 3), (4, 6)), temperature=2
    )
    assert advice.is_known.tolist() == [True, False, True]
    shares = bio.shares(np.array(said, dtype=np.float32))
    np.testing.assert_allclose(np.exp(advice.tags[[0, 2]]), shares, atol=1e-5)
    assert not advice.tags[1].any()


def test_a_model_that_answers_as_advised_has_nothing_to_learn():
    advice = fit_to_words(reading(((0, 3),), [[1, 2]]), pieces((0, 3)), temperature=2)
    soft = collate_advice([advice, None], [np.array([1]), np.array([1])], pieces=3)
    tags = torch.zeros(2, 3, 2)
    tags[0, 1] = torch.tensor([1.0, 2.0])
    answers = Output(intents=torch.tensor([[2.0, 0], [9, 9]]), tags=tags, embedding=torch.ones(1))
    assert float(distance(answers, soft, whole=soft)) == pytest.approx(0, abs=1e-6)
    tags[0, 1] = torch.tensor([2.0, 1.0])
    assert float(distance(answers, soft, whole=soft)) > 0.1


def test_parts_of_a_batch_add_up_to_the_whole():
    rng = np.random.default_rng(0)
    examples = [
        Encoded(
            pieces=pieces(*((2 * n, 2 * n + 1) for n in range(size))),
            intent=IGNORED,
            tags=np.full(size, IGNORED),
            advice=Advice(
                intents=rng.normal(size=3).astype(np.float32),
                tags=rng.normal(size=(size, 2)).astype(np.float32),
                is_known=rng.random(size) < 0.7,
                temperature=2.0,
            ),
        )
        for size in (3, 5, 4)
    ]
    batch = collate(examples)
    generator = torch.Generator().manual_seed(0)
    intents = torch.randn(3, 3, generator=generator)
    tags = torch.randn(*batch.mask.shape, 2, generator=generator)

    def of(rows: list[int]) -> torch.Tensor:
        answers = Output(intents=intents[rows], tags=tags[rows], embedding=torch.ones(1))
        return distance(answers, batch.take(rows).advice, whole=batch.advice)

    torch.testing.assert_close(of([0]) + of([1, 2]), of([0, 1, 2]))


def test_answers_become_labels_only_where_there_are_none():
    advice = Advice(
        intents=np.array([0.0, 1.0], dtype=np.float32),
        tags=np.array([[0, 1, 0], [5, 0, 0]], dtype=np.float32),
        is_known=np.array([True, False]),
        temperature=2.0,
    )
    cut = pieces((0, 1), (2, 3))
    bare = Encoded(pieces=cut, intent=IGNORED, tags=np.full(2, IGNORED), advice=advice)
    made = harden(bare)
    assert (made.intent, made.tags.tolist()) == (1, [1, 0])
    labelled = Encoded(pieces=cut, intent=0, tags=np.zeros(2, dtype=np.int64), advice=advice)
    assert harden(labelled) is labelled


def test_the_larger_tagger_has_checkpoints_of_its_own(folder, monkeypatch):
    monkeypatch.setitem(Checkpoints.__init__.__kwdefaults__, "every_seconds", 0.0)
    store = Kept()
    train({"name": "cnn", "width": 32, "distill": str(folder)}, checkpoint=store)
    assert {name.rstrip("0123456789") for name in store.states} == {"larger-fit", "fit"}


class Adviser:
    """Says in its answers how often it has learned, and knows what it was asked."""

    def __init__(self, labels: Labels) -> None:
        self.learned, self.asked, self._tags = 0, [], 2 * len(labels.entities) + 1

    def learn(self, is_learned: list[bool]):
        self.shown = is_learned
        yield from self.review()

    def review(self):
        self.learned += 1
        yield Progress(part="larger encoder", done=1, total=1)

    def ask(self, texts: list[str]) -> list[Reading]:
        self.asked.append(list(texts))
        return [
            Reading(
                words=(),
                intents=np.full(3, self.learned, dtype=np.float32),
                tags=np.zeros((0, self._tags), dtype=np.float32),
                embedding=np.ones(1, dtype=np.float32),
            )
            for _ in texts
        ]


def test_while_examples_are_held_out_neither_tagger_has_seen_them():
    labels, table = collect(EXAMPLES), collect_table(EXAMPLES)
    examples = encode(EXAMPLES, labels, table)
    held, learned = examples[::4], [one for n, one in enumerate(examples) if n % 4]
    pupil = distill.Pupil(
        utterances=EXAMPLES,
        examples=examples,
        learned=learned,
        held=held,
        variants=Variants([], BertTagger()._settings, labels, table),
        labels=labels,
        tokenizer=table,
    )
    adviser = Adviser(labels)
    run = distill.distil(
        pupil, adviser, Distillation(encoder="x"), data=NluTrainingData(utterances=EXAMPLES)
    )
    *_, lesson = returned(run)
    made = len(lesson.everything) - len(examples)
    assert adviser.shown == [n % 4 > 0 for n in range(len(examples))]
    assert [len(texts) for texts in adviser.asked] == [len(examples) + made, len(examples)]
    assert [one.intent for one in lesson.first if one.intent != IGNORED] == [
        one.intent for one in learned
    ]
    assert {float(one.advice.intents[0]) for one in lesson.first} == {1.0}
    said = [float(one.advice.intents[0]) for one in lesson.everything]
    assert said == [2.0] * len(examples) + [1.0] * made
    held_texts = {EXAMPLES[n].text for n in range(0, len(EXAMPLES), 4)}
    words = {word for one in EXAMPLES if one.text not in held_texts for word in one.text.split()}
    assert all(set(text.split()) <= words for text in adviser.asked[0][len(examples) :])


def returned(run):
    """Give what a generator yields, then what it returns."""
    while True:
        try:
            yield next(run)
        except StopIteration as stop:
            yield stop.value
            return


def test_a_name_alone_is_enough():
    assert Distillation(encoder="minilm-en").temperature == 2.0
