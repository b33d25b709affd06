"""Training repeats exactly, can be interrupted, and the graphs compute what torch does."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch

from framework.learning import resume
from framework.project.schema.pairs import Pair
from framework.responses.seq2seq.runtime import Model
from framework.responses.seq2seq.sizes import Recipe, Shape, Trained
from framework.responses.seq2seq.training.batches import Batches
from framework.responses.seq2seq.training.export import to_files
from framework.responses.seq2seq.training.network import Generator
from framework.responses.seq2seq.training.run import train
from framework.responses.seq2seq.training.split import key, split
from framework.responses.seq2seq.vocabulary import BEGIN, Vocabulary

PAIRS = tuple(
    Pair(question=f"What is {word}?", answer=f"It is {word} {number}.")
    for number, word in enumerate(("tea", "milk", "bread", "rain", "snow", "wind"))
)
RECIPE = Recipe(width=16, epochs=6)


def learned(recipe: Recipe = RECIPE, *, pairs=PAIRS, seed: int = 1) -> Trained:
    into = Trained()
    for _ in train(pairs, recipe, seed=seed, into=into):
        pass
    return into


@pytest.mark.parametrize("network", ["gru", "lstm", "transformer"])
@pytest.mark.parametrize("layers", [1, 2])
def test_the_graphs_compute_what_the_network_does(network, layers):
    torch.manual_seed(4)
    vocabulary = Vocabulary.learn([pair.answer for pair in PAIRS], size=60)
    shape = Shape(network=network, vocabulary=vocabulary.size, width=16, layers=layers)
    model = Generator(shape).eval()
    question = vocabulary.encode("It is жtea 0 ю")
    target = [*vocabulary.encode("milk").ids, vocabulary.size + 1]
    with torch.no_grad():
        source = torch.tensor([question.ids])
        memory, start = model.core.read(model.embed(source), torch.tensor([len(question.ids)]))
        shown = torch.tensor([[BEGIN, *target]])
        mask = torch.ones_like(source, dtype=torch.bool)
        states = model.core.write(model.embed(shown), memory, mask, start)
        gate, seen, logits = model.readout(states, memory, mask)
    mixed = np.zeros((len(target) + 1, vocabulary.size + len(question.unknown)))
    mixed[:, : vocabulary.size] = (gate * logits.softmax(-1))[0].numpy()
    for place, piece in enumerate(question.extended):
        mixed[:, piece] += ((1 - gate[..., 0]) * seen[..., place])[0].numpy()
    replies = Model(to_files(model)).begin(question)
    found = [replies.chances()[0]]
    for piece in target:
        replies = replies.extend([0, 0], [piece, piece])
        found.append(replies.chances()[1])
    assert np.array(found) == pytest.approx(mixed, abs=1e-5)
    assert np.array(found).sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_equal_seeds_give_equal_files_and_others_differ():
    assert learned().files == learned().files
    assert learned().files != learned(seed=2).files


class Kept(dict):
    """Checkpoints in memory."""

    def read(self, name):
        return self.get(name)

    def write(self, name, state):
        self[name] = dict(state)


@pytest.mark.parametrize("stop_after", [1, 4])
def test_an_interrupted_training_is_taken_up_and_ends_as_if_it_had_not_been(
    monkeypatch, stop_after
):
    monkeypatch.setitem(resume.Checkpoints.__init__.__kwdefaults__, "every_seconds", 0.0)
    monkeypatch.setattr(resume, "_LEAST_SHARE", 0)
    kept, again = Kept(), Trained()
    begun = train(PAIRS, RECIPE, seed=1, into=Trained(), store=kept)
    list(islice(begun, stop_after))
    begun.close()
    assert kept
    list(train(PAIRS, RECIPE, seed=1, into=again, store=kept))
    assert again.files == learned().files


def test_held_out_questions_are_measured_and_then_learned_too():
    many = tuple(
        Pair(question=f"Where is the {word} of {place}?", answer=f"In {place}, near the {word}.")
        for word in ("station", "museum", "bridge", "market")
        for place in ("Rome", "Oslo", "Lima", "Cairo", "Paris", "Delhi", "Quito", "Minsk")
        for _ in range(2)
    ) + tuple(Pair(question=f"Who is {n}?", answer="Nobody.") for n in range(30))
    found = split(many, share=0.2, seed=0)
    asked = {key(pair.question) for pair in found.held_out}
    assert len(asked) == 12
    assert not asked & {key(pair.question) for pair in found.learned}
    steps = list(train(many, replace(RECIPE, epochs=2, held_out=0.35), seed=0, into=Trained()))
    assert {"held_out_bleu", "held_out_exact", "recall"} <= {
        n for step in steps for n in step.scores
    }
    assert "replies: held-out pairs, too" in {step.part for step in steps}


def test_batches_of_an_epoch_repeat_and_differ_from_those_of_another():
    vocabulary = Vocabulary.learn([pair.question for pair in PAIRS], size=60)
    made = Batches(vocabulary, size=2, seed=0, longest_answer=5)
    first, again, other = (made.of_epoch(PAIRS, epoch) for epoch in (0, 0, 1))
    assert all(a.source_BS.equal(b.source_BS) for a, b in zip(first, again, strict=True))
    assert any(
        a.source_BS.shape != b.source_BS.shape or not a.source_BS.equal(b.source_BS)
        for a, b in zip(first, other, strict=True)
    )
    assert max(batch.target_BT.shape[1] for batch in first) <= 5
