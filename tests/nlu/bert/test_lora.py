"""Adapters learn in place of the encoder's own weights, and are part of what is written."""

import sys

import numpy as np
import pytest
import torch

from framework.data.types import Utterance
from framework.errors import MissingExtraError, UsageError
from framework.nlu.bert import at_hand
from framework.nlu.bert.at_hand import find_absence
from framework.nlu.bert.choice import LoraSettings, read_choice
from framework.nlu.bert.encoder import find_encoder
from framework.nlu.bert.tagger import BertTagger
from framework.nlu.bert.training.prepare import add_adapters
from framework.nlu.bert.training.pretrained import load_pretrained
from framework.nlu.component import NluTrainingData
from framework.nlu.types import Understanding
from framework.testing.encoder import write_tiny_encoder

EXAMPLES = [
    Utterance(text=text, intent=intent)
    for intent, texts in {
        "greet": ("hello", "hello there", "hi you", "hey"),
        "bye": ("good night", "see you tomorrow", "so long", "good bye"),
    }.items()
    for text in texts
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_tiny_encoder(tmp_path_factory.mktemp("encoder"))


def train(encoder, **settings) -> BertTagger:
    tagger = BertTagger(precision="float32", **settings)
    for _ in tagger.train(NluTrainingData(utterances=EXAMPLES, encoder=encoder, seed=1)):
        pass
    return tagger


def test_a_tagger_with_adapters_learns_its_examples_and_its_bundle_is_an_ordinary_one(folder):
    pytest.importorskip("peft")
    tagger = train({"name": str(folder), "lora": {"rank": 4, "learning_rate": 0.01}}, epochs=20)
    plain = train(str(folder), epochs=1)
    assert {name: len(kept) for name, kept in tagger.save().items() if name == "model.onnx"} == {
        name: len(kept) for name, kept in plain.save().items() if name == "model.onnx"
    }
    loaded = BertTagger().load(tagger.save())
    found = loaded.process_batch([Understanding(text=item.text) for item in EXAMPLES])
    assert [one.intent.name for one in found] == [item.intent for item in EXAMPLES]


def test_only_adapters_learn_and_what_is_written_is_the_sum(folder):
    pytest.importorskip("peft")
    pretrained = load_pretrained(find_encoder(str(folder)), texts=[])
    bert = pretrained.bert
    ids, mask = torch.tensor([[2, 40, 41, 3]]), None
    before = bert.run_layers(bert.embed(ids), mask)[-1].detach()
    add_adapters(pretrained, LoraSettings(rank=2, targets=("attention",)))
    learning = {name for name, value in bert.named_parameters() if value.requires_grad}
    assert learning
    assert all("lora_" in name and ("qkv" in name or "attended" in name) for name in learning)
    torch.testing.assert_close(bert.run_layers(bert.embed(ids), mask)[-1], before)
    for name, value in bert.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(value, std=0.1)
    changed = bert.eval().run_layers(bert.embed(ids), mask)[-1].detach()
    assert not np.allclose(changed, before, atol=1e-3)
    own = bert.layers[0].qkv.weight.detach().clone()
    plain = load_pretrained(find_encoder(str(folder)), texts=[]).bert
    with pretrained.whole():
        for part, other in zip(bert.layers, plain.layers, strict=True):
            other.qkv.weight.data = part.qkv.weight.detach().clone()
            other.attended.weight.data = part.attended.weight.detach().clone()
    torch.testing.assert_close(plain.run_layers(plain.embed(ids), mask)[-1], changed)
    assert torch.equal(bert.layers[0].qkv.weight, own)


def test_a_training_without_adapters_does_not_import_peft(folder):
    sys.modules.pop("framework.nlu.bert.training.lora", None)
    train(str(folder), epochs=1)
    assert "framework.nlu.bert.training.lora" not in sys.modules


def test_without_peft_the_extra_is_named(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "framework.nlu.bert.training.lora", None)
    with pytest.raises(MissingExtraError) as raised:
        train({"name": str(folder), "lora": 4})
    assert "frame-dialogue[lora]" in raised.value.hint


def test_a_check_foresees_that_peft_is_absent(folder, monkeypatch):
    monkeypatch.setattr(at_hand.importlib.util, "find_spec", lambda _: None)
    absence = find_absence({"name": "bert", "lora": 4}, language="en", root=folder)
    assert absence is not None
    assert "frame-dialogue[lora]" in absence.hint


def test_a_frozen_encoder_and_adapters_contradict_each_other(folder):
    with pytest.raises(UsageError, match="`fast`"):
        train({"name": str(folder), "lora": 4}, fast=True)


def test_a_rank_alone_is_enough():
    assert read_choice({"name": "minilm-en", "lora": 4}).lora == LoraSettings(rank=4)
