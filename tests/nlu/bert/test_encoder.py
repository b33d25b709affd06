"""An encoder is found by name, folder or package, or the error says what to do."""

import json

import pytest

from framework.errors import EncoderError
from framework.nlu.bert.encoder import E5, MINILM, default_encoder, find_encoder
from framework.testing.encoder import write_tiny_encoder


def test_english_has_the_small_encoder_by_default():
    assert default_encoder("en") == default_encoder("en-US") == MINILM
    source = find_encoder(None, language="en")
    assert (source.path / "tokenizer.json").is_file()


def test_a_folder_is_taken_relative_to_the_project(tmp_path):
    write_tiny_encoder(tmp_path / "encoders" / "tiny")
    assert find_encoder("encoders/tiny", root=tmp_path).path == tmp_path / "encoders" / "tiny"


def test_a_folder_without_its_files_is_named_with_what_is_missing(tmp_path):
    folder = write_tiny_encoder(tmp_path / "tiny")
    (folder / "tokenizer.json").unlink()
    with pytest.raises(EncoderError, match=r"no tokenizer\.json"):
        find_encoder("tiny", root=tmp_path)


def test_an_unknown_name_is_an_error_with_the_nearest_one():
    with pytest.raises(EncoderError) as raised:
        find_encoder("minilm-em")
    assert MINILM in raised.value.hint


def test_without_the_hub_a_hub_name_is_an_error_that_names_what_needs_none():
    with pytest.raises(EncoderError) as raised:
        find_encoder("some-user/some-bert")
    assert E5 in raised.value.hint


@pytest.mark.parametrize("damage", ["weights", "shape", "kind", "cut"])
def test_damaged_files_are_an_error(tmp_path, damage):
    from framework.nlu.bert.training.pretrained import load_pretrained  # noqa: PLC0415, torch

    folder = write_tiny_encoder(tmp_path / "tiny")
    config = json.loads((folder / "config.json").read_text())
    if damage == "weights":
        (folder / "model.safetensors").unlink()
    elif damage == "shape":
        config["num_hidden_layers"] = 3
    elif damage == "kind":
        config["model_type"] = "t5"
    else:
        data = (folder / "model.safetensors").read_bytes()
        (folder / "model.safetensors").write_bytes(data[: len(data) // 2])
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(EncoderError):
        load_pretrained(find_encoder("tiny", root=tmp_path), texts=[])
