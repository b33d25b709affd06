"""What `encoder:` says is read, or it is told what it may say."""

import pytest

from framework.errors import UsageError
from framework.nlu.bert.choice import OWN, faults, read_choice


def test_the_first_value_that_is_given_counts():
    assert read_choice(None, "gru").name == "gru"
    assert read_choice({"name": "cnn", "width": 64}, "gru").own.width == 64
    assert read_choice(None, None).name is None
    assert read_choice({"name": "minilm-en", "layers": 3}).layers == 3


@pytest.mark.parametrize("name", OWN)
def test_encoders_without_pretrained_weights_are_known_by_name(name):
    assert read_choice(name).is_own
    assert not any(faults({"name": name}))


@pytest.mark.parametrize(
    ("value", "key", "says"),
    [
        (7, "", "a name or a mapping"),
        ("", "", "a name or a mapping"),
        ({}, "", "no `name`"),
        ({"name": 3}, "name", "the `name` is 3"),
        ({"name": "gru", "widht": 64}, "widht", "no setting 'widht'"),
        ({"name": "gru", "heads": 2}, "heads", "no setting 'heads'"),
        ({"name": "gru", "width": 0}, "width", "from 1 to 1024"),
        ({"name": "gru", "width": 33}, "width", "a multiple of 2"),
        ({"name": "transformer", "width": 66}, "width", "a multiple of 4"),
        ({"name": "cnn", "layers": True}, "layers", "a whole number"),
        ({"name": "cnn", "dropout": 1.0}, "dropout", "a share"),
        ({"name": "cnn", "learning_rate": 0}, "learning_rate", "above 0"),
        ({"name": "cnn", "vectors": 3}, "vectors", "the path of a text file"),
        ({"name": "minilm-en", "width": 64}, "width", "no setting 'width'"),
        ({"name": "minilm-en", "layers": 0}, "layers", "from 1 to 24"),
        ({"name": "tfidf", "layers": 2}, "layers", "no setting 'layers'"),
        ({"name": "minilm-en", "lora": 0}, "lora", "from 1 to 256"),
        ({"name": "minilm-en", "lora": {"rank": "4"}}, "lora", "from 1 to 256 as its `rank`"),
        ({"name": "minilm-en", "lora": {"rnk": 4}}, "lora", "no 'rnk' in it"),
        ({"name": "minilm-en", "lora": {"targets": ["all"]}}, "lora", "attention and feed_forward"),
        ({"name": "minilm-en", "lora": {"alpha": 0}}, "lora", "from 1 to 1024 as its `alpha`"),
        ({"name": "cnn", "lora": 4}, "lora", "no setting 'lora'"),
        ({"name": "cnn", "distill": 3}, "distill", "a larger encoder"),
        ({"name": "cnn", "distill": "tfidf"}, "distill", "a larger encoder"),
        ({"name": "cnn", "distill": {"from": {"nam": "x"}}}, "distill", "no `name`"),
        (
            {"name": "cnn", "distill": {"from": {"name": "gru", "distill": "minilm-en"}}},
            "distill",
            "a larger encoder",
        ),
        (
            {"name": "cnn", "distill": {"from": "minilm-en", "heat": 2}},
            "distill",
            "some of from, temperature, texts",
        ),
        (
            {"name": "cnn", "distill": {"from": "minilm-en", "temperature": 0}},
            "distill",
            "above 0 as its `temperature`",
        ),
        ({"name": "cnn", "distill": {"from": "minilm-en", "texts": 1}}, "distill", "a text file"),
    ],
)
def test_what_is_wrong_is_told_with_its_key(value, key, says):
    (fault,) = faults(value)
    assert fault.key == key
    assert says in fault.message
    with pytest.raises(UsageError):
        read_choice(value)


def test_a_misspelt_setting_gets_the_nearest_one():
    (fault,) = faults({"name": "gru", "widht": 64})
    assert fault.hint == "did you mean 'width'?"


def test_the_larger_encoder_may_have_settings_of_its_own():
    choice = read_choice({"name": "cnn", "distill": {"name": "minilm-en", "lora": 8}})
    assert choice.distill.encoder == {"name": "minilm-en", "lora": 8}
    choice = read_choice({"name": "tfidf", "distill": {"from": "minilm-en", "temperature": 4}})
    assert (choice.distill.encoder, choice.distill.temperature) == ("minilm-en", 4)
