"""Models that transformers saves give the states that transformers gives, or a clear error."""

import json

import numpy as np
import onnxruntime
import pytest
import torch

from framework.errors import EncoderError
from framework.nlu.bert.encoder import find_encoder
from framework.nlu.bert.labels import Labels
from framework.nlu.bert.training.export import write_graph
from framework.nlu.bert.training.model import Tagger
from framework.nlu.bert.training.pretrained import load_pretrained
from framework.nlu.bert.training.published import read_bert, read_shape
from framework.testing.encoder import write_tiny_encoder

SIZES = {
    "vocab_size": 50,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 40,
}
OTHER_SIZES = {
    "vocab_size": 50,
    "dim": 32,
    "n_layers": 2,
    "n_heads": 2,
    "hidden_dim": 64,
    "max_position_embeddings": 40,
}
KINDS = {
    "bert": SIZES,
    "roberta": {**SIZES, "type_vocab_size": 1},
    "xlm-roberta": {**SIZES, "type_vocab_size": 1},
    "camembert": {**SIZES, "type_vocab_size": 1},
    "distilbert": OTHER_SIZES,
    "electra": {**SIZES, "embedding_size": 16},
    "albert": {**SIZES, "embedding_size": 16},
}


def save(kind: str, folder, **config):
    transformers = pytest.importorskip("transformers")
    made = transformers.AutoConfig.for_model(kind, **{**KINDS.get(kind, SIZES), **config})
    torch.manual_seed(0)
    model = transformers.AutoModel.from_config(made).eval()
    return model, made


@pytest.mark.parametrize("kind", KINDS)
def test_the_states_and_the_graph_are_those_of_transformers(tmp_path, kind):
    reference, config = save(kind, tmp_path)
    reference.save_pretrained(tmp_path, max_shard_size="20KB" if kind == "bert" else "1GB")
    assert (tmp_path / "model.safetensors").is_file() != (kind == "bert")
    ours = read_bert(tmp_path, read_shape(tmp_path))
    ids = torch.randint(5, 50, (2, 7))
    mask = torch.ones(2, 7, dtype=torch.bool)
    mask[1, 4:] = False
    ids[~mask] = config.pad_token_id
    with torch.no_grad():
        wanted = reference(ids, attention_mask=mask.long()).last_hidden_state
        found = ours.run_layers(ours.embed(ids), mask[:, None, None])[-1]
    torch.testing.assert_close(found[mask], wanted[mask], atol=1e-4, rtol=1e-4)

    model = Tagger(ours, Labels(intents=("a", "b")), dropout=0.0).eval()
    graph = write_graph(model, ours.word.weight.detach(), precision="float32")
    given = {"ids": ids.numpy(), "mask": mask.numpy().astype(np.int32)}
    (embedding,) = onnxruntime.InferenceSession(graph).run(["embedding"], given)
    mean = (wanted * mask[..., None]).sum(dim=1)
    torch.testing.assert_close(
        torch.from_numpy(embedding), torch.nn.functional.normalize(mean), atol=1e-4, rtol=1e-4
    )


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"model_type": "deberta-v2"}, "model type is 'deberta-v2'"),
        ({"hidden_act": "relu"}, "activation is 'relu'"),
        ({"position_embedding_type": "relative_key"}, "positions are 'relative_key'"),
        ({"is_decoder": True}, "decoder"),
    ],
)
def test_another_architecture_is_an_error_that_lists_what_is_supported(tmp_path, config, says):
    folder = write_tiny_encoder(tmp_path / "tiny")
    written = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**written, **config}))
    with pytest.raises(EncoderError, match=says) as raised:
        load_pretrained(find_encoder("tiny", root=tmp_path), texts=[])
    assert "roberta" in raised.value.hint


def test_pickled_weights_are_refused_with_how_to_convert_them(tmp_path):
    folder = write_tiny_encoder(tmp_path / "tiny")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(EncoderError, match=r"no model\.safetensors") as raised:
        find_encoder("tiny", root=tmp_path)
    assert "pickle" in raised.value.hint
    assert "AutoModel.from_pretrained" in raised.value.hint


def test_a_slow_tokenizer_alone_is_refused_with_how_to_convert_it(tmp_path):
    folder = write_tiny_encoder(tmp_path / "tiny")
    (folder / "tokenizer.json").rename(folder / "sentencepiece.bpe.model")
    with pytest.raises(EncoderError, match=r"no tokenizer\.json") as raised:
        find_encoder("tiny", root=tmp_path)
    assert "AutoTokenizer.from_pretrained" in raised.value.hint


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json"])
@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_damaged_descriptions_are_an_error(tmp_path, name, text):
    folder = write_tiny_encoder(tmp_path / "tiny")
    (folder / name).write_text(text)
    with pytest.raises(EncoderError):
        load_pretrained(find_encoder("tiny", root=tmp_path), texts=[])


def test_the_lower_layers_alone_can_be_had(tmp_path):
    write_tiny_encoder(tmp_path / "tiny")
    source = find_encoder("tiny", root=tmp_path)
    whole, cut = (load_pretrained(source, texts=[], layers=layers).bert for layers in (None, 1))
    ids = torch.tensor([[3, 40, 41, 4]])
    with torch.no_grad():
        first = whole.run_layers(whole.embed(ids), None)[0]
        (only,) = cut.run_layers(cut.embed(ids), None)
    torch.testing.assert_close(only, first)
    with pytest.raises(EncoderError, match="has 2 layers, and `layers` asks for 3"):
        load_pretrained(source, texts=[], layers=3)
