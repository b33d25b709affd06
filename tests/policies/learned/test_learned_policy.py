"""The learned policy follows its stories, generalises, says how sure it is, and repeats exactly."""

import subprocess
import sys

import numpy as np
import pytest

from framework.errors import UsageError
from framework.policies.learned.policy import LearnedPolicy
from tests.policies.learned.bot import DOMAIN, STORIES, after, play, story, train


@pytest.fixture(scope="module")
def policy() -> LearnedPolicy:
    return train()


@pytest.mark.parametrize("dialogue", STORIES, ids=lambda dialogue: dialogue.name)
def test_every_step_of_a_training_story_is_predicted(policy, dialogue):
    for expected, prediction in play(policy, dialogue):
        assert prediction.action == expected


def test_confidence_on_training_stories_is_high_but_never_certain(policy):
    sure = [p.confidence for each in STORIES for _, p in play(policy, each)]
    assert min(sure) > 0.5
    assert max(sure) < 1


def test_a_story_is_followed_after_another_one(policy):
    tracker = after("order", "utter_ask_size", "deny", "utter_sorry", "ask_price")
    assert policy.predict(tracker, DOMAIN).action == "utter_price"


@pytest.mark.parametrize("seed", [0, 5])
def test_a_story_that_begins_with_actions_is_known_where_a_rule_alone_took_them(seed):
    stories = (
        story("after price", "utter_price", "affirm", "utter_done"),
        story("after hello", "utter_greet", "affirm", "utter_done"),
        story("size", "order", "utter_ask_size", "affirm", "utter_sorry"),
        story(
            "hello, size",
            "greet",
            "utter_greet",
            "order",
            "utter_ask_size",
            "affirm",
            "utter_sorry",
        ),
    )
    prediction = train(stories, seed=seed).predict(after("affirm"), DOMAIN)
    assert prediction.action == "utter_done"
    assert prediction.confidence > 0.9


def test_an_unforeseen_turn_is_answered_as_it_is_elsewhere(policy):
    tracker = after("greet", "utter_greet", "ask_price", "utter_price", "bye")
    assert policy.predict(tracker, DOMAIN).action == "utter_bye"


@pytest.mark.parametrize(
    ("stock", "action"), [("full", "utter_done"), ("empty", "utter_sorry")], ids=["full", "empty"]
)
def test_the_value_of_a_slot_decides(policy, stock, action):
    tracker = after("greet", "utter_greet", ("stock", stock), "order")
    assert policy.predict(tracker, DOMAIN).action == action


def test_a_slot_set_anew_is_told_from_one_set_before():
    stories = [
        story(f"{size} first", ("stock", "full"), "greet", "utter_greet", *rest)
        for size in ("small", "large")
        for rest in (
            ("order", ("stock", "full"), "utter_done"),
            ("order", "utter_ask_size"),
        )
    ]
    learned = train(stories)
    before = ("stock", "full"), "greet", "utter_greet", "order"
    assert learned.predict(after(*before, ("stock", "full")), DOMAIN).action == "utter_done"
    assert learned.predict(after(*before), DOMAIN).action == "utter_ask_size"


def test_a_multi_intent_is_understood_by_its_parts(policy):
    ranking = dict(policy.predict(after("affirm+ask_price"), DOMAIN).ranking)
    assert "utter_price" in ranking


def test_an_intent_that_no_story_has_leaves_the_model_unsure(policy):
    unknown = policy.predict(after("never_seen"), DOMAIN)
    known = policy.predict(after("ask_price"), DOMAIN)
    assert unknown.confidence < known.confidence


def test_the_prediction_explains_itself(policy):
    prediction = policy.predict(after("ask_price"), DOMAIN)
    assert prediction.policy == "learned"
    assert prediction.priority == 1
    assert prediction.reason.kind == "learned"
    assert "next best" in prediction.reason.text
    assert "'price'" in prediction.reason.text
    assert str(prediction.reason.where) == "data/stories.yml:20"
    assert prediction.ranking[0][0] == "utter_price"
    assert sum(chance for _, chance in prediction.ranking) <= 1.0001


def test_equal_training_gives_equal_bytes():
    assert train(STORIES[:3], epochs=5).save() == train(STORIES[:3], epochs=5).save()


def test_another_seed_gives_another_model():
    assert train(STORIES[:3], epochs=5).save() != train(STORIES[:3], epochs=5, seed=2).save()


def test_without_stories_nothing_is_predicted():
    policy = train([story("hello", "greet", "utter_greet", kind="rule")])
    assert policy.save() == {}
    assert policy.predict(after("greet"), DOMAIN) is None


def test_glued_stories_and_rules_are_not_learned_from():
    extra = (
        story("glued", "bye", "utter_price", is_augmented=True),
        story("rule", "bye", "utter_price", kind="rule"),
    )
    plain = train(STORIES[:2], epochs=3).save()
    assert train((*STORIES[:2], *extra), epochs=3).save()["model.onnx"] == plain["model.onnx"]


@pytest.mark.parametrize("max_history", [1, 2, 5])
def test_no_more_than_max_history_is_seen(max_history):
    policy = train(epochs=4, max_history=max_history)
    long = after(
        "ask_price", "utter_price", "greet", "utter_greet", "order", "utter_ask_size", "bye"
    )
    short = after("deny", "utter_bye", "greet", "utter_greet", "order", "utter_ask_size", "bye")
    same = policy.predict(long, DOMAIN).ranking == policy.predict(short, DOMAIN).ranking
    assert same == (max_history < 6)


def test_a_story_longer_than_any_window_is_learned():
    steps = ["greet", "utter_greet", "order", "utter_ask_size", "deny", "utter_sorry"] * 40
    policy = train([story("long", *steps)], max_history=4, epochs=60)
    assert policy.predict(after(*steps[:3]), DOMAIN).action == "utter_ask_size"
    assert policy.predict(after(*steps[:99]), DOMAIN).action == "utter_ask_size"


@pytest.mark.parametrize("settings", [{"epochs": 0}, {"layers": 0}, {"width": 30}], ids=str)
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(UsageError):
        LearnedPolicy(**settings)


def embed(texts):
    """Give each text a vector of its own by its letters."""
    vectors = np.zeros((len(texts), 26), np.float32)
    for row, text in enumerate(texts):
        for letter in text.lower():
            if letter.isalpha() and letter.isascii():
                vectors[row, ord(letter) - 97] += 1
    return vectors


SPOKEN = (
    story("spoken", "user: hi there", "bot: Hello!", "user: a large one", "utter_done"),
    story("spoken no", "user: hi there", "bot: Hello!", "user: never mind", "utter_sorry"),
)


def test_end_to_end_stories_are_followed_by_their_words():
    policy = train(SPOKEN, embed=embed)
    for dialogue in SPOKEN:
        for expected, prediction in play(policy, dialogue):
            assert prediction.action == expected
            assert prediction.is_end_to_end


def test_end_to_end_stories_are_learned_without_an_encoder():
    policy = train(SPOKEN)
    tracker = after("user: hi there", "bot: Hello!", "user: never mind")
    assert policy.predict(tracker, DOMAIN).action == "utter_sorry"


def test_the_intent_decides_where_the_words_are_strange():
    policy = train((*STORIES, *SPOKEN), embed=embed)
    prediction = policy.predict(after("ask_price"), DOMAIN)
    assert prediction.action == "utter_price"
    assert not prediction.is_end_to_end


def test_serving_loads_no_torch(policy, tmp_path):
    for name, content in policy.save().items():
        (tmp_path / name).write_bytes(content)
    code = (
        "import sys, pathlib\n"
        "from framework.policies.learned.policy import LearnedPolicy\n"
        "from tests.policies.learned.bot import DOMAIN, after\n"
        "files = {p.name: p.read_bytes() for p in pathlib.Path(sys.argv[1]).iterdir()}\n"
        "policy = LearnedPolicy().load(files, DOMAIN)\n"
        "assert policy.predict(after('ask_price'), DOMAIN).action == 'utter_price'\n"
        "assert not {'torch', 'transformers', 'onnx'} & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, timeout=60)
