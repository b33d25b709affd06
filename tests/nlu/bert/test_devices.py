"""No part of a model mixes devices, so that it learns on a GPU as well.

The device `meta` has no values, and refuses those of another device as a GPU does.
"""

import pytest
import torch

from framework.nlu.bert.choice import read_choice
from framework.nlu.bert.labels import EntityLabel, Labels
from framework.nlu.bert.training.advice import SoftTargets, distance
from framework.nlu.bert.training.bert import Bert, BertShape
from framework.nlu.bert.training.model import Output, Tagger
from framework.nlu.bert.training.networks import OwnEncoder

LABELS = Labels(intents=("a", "b"), entities=(EntityLabel(entity="city"),))
SHAPE = BertShape(width=16, layers=1, heads=2, inner=32, epsilon=1e-12, positions=32)


def encoder(name: str, vectors: torch.Tensor | None) -> Bert | OwnEncoder:
    if name == "bert":
        return Bert(SHAPE, vocabulary=50)
    return OwnEncoder(read_choice({"name": name, "width": 16}), features=50, vectors=vectors)


@pytest.mark.parametrize("name", ["bert", "cnn", "transformer"])
@pytest.mark.parametrize("has_vectors", [False, True])
def test_a_model_learns_where_its_weights_are(name, has_vectors):
    bert = encoder(name, torch.zeros(4, 7) if has_vectors else None)
    model = Tagger(bert, LABELS, dropout=0.1).to("meta").train()
    ids = torch.zeros(2, 5, *([] if name == "bert" else [3]), dtype=torch.long, device="meta")
    mask = torch.ones(2, 5, dtype=torch.bool, device="meta")
    states = model.bert.run_layers(model.bert.embed(ids), mask[:, None, None])[-1]
    output = model.read_states(states, mask)
    (output.intents.sum() + output.tags.sum()).backward()
    assert model.intents.grad.device.type == "meta"


def test_advice_goes_to_where_the_answers_are():
    soft = SoftTargets(
        intents=torch.zeros(2, 3),
        has_intents=torch.tensor([True, True]),
        tags=torch.zeros(2, 5, 3),
        has_tags=torch.zeros(2, 5, dtype=torch.bool),
        temperature=2.0,
    )
    answers = Output(
        intents=torch.zeros(2, 3, device="meta"),
        tags=torch.zeros(2, 5, 3, device="meta"),
        embedding=torch.zeros(2, 4, device="meta"),
    )
    assert distance(answers, soft, whole=soft).device.type == "meta"
