import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.data.types import Utterance
from framework.nlu import ngrams
from framework.nlu.component import NluTrainingData
from framework.nlu.linear import LinearClassifier
from framework.nlu.pipeline import Pipeline
from framework.nlu.selector import ResponseSelector
from framework.nlu.types import Understanding
from framework.nlu.wire import to_json
from framework.project.schema.domain import Domain, Intent, Response, ResponseVariation

SHARED = Path(__file__).parents[3] / "shared"
EXAMPLES = [
    ("what is your name", "faq/ask_name"),
    ("who are you", "faq/ask_name"),
    ("how do I call you", "faq/ask_name"),
    ("what languages do you speak", "faq/ask_language"),
    ("do you understand french", "faq/ask_language"),
    ("which language is yours", "faq/ask_language"),
    ("how is the weather today", "chitchat/ask_weather"),
    ("is it raining outside", "chitchat/ask_weather"),
    ("hello", "greet"),
]


def domain(**texts):
    responses = {
        f"utter_{key}": Response(
            name=f"utter_{key}", variations=(ResponseVariation(text=text, image="i.png"),)
        )
        for key, text in texts.items()
    }
    return Domain(intents={"faq": Intent(name="faq", is_retrieval=True)}, responses=responses)


def utterances(examples=EXAMPLES):
    return [
        Utterance(
            text=text, intent=label.partition("/")[0], response_key=label if "/" in label else None
        )
        for text, label in examples
    ]


def train(examples=EXAMPLES, *, known=None, embed=None, **settings):
    data = NluTrainingData(utterances=utterances(examples), domain=known or Domain())
    if embed is not None:
        understandings = [
            Understanding(text=text, embedding=row)
            for (text, _), row in zip(examples, embed([text for text, _ in examples]), strict=True)
        ]
        data = NluTrainingData(
            utterances=data.utterances,
            domain=data.domain,
            understandings=understandings,
            embed=embed,
        )
    selector = ResponseSelector(**settings)
    progress = list(selector.train(data))
    return ResponseSelector(**settings).load(selector.save()), progress


def best(selector, text, name="default"):
    return selector.process(Understanding(text=text)).selections[name][0].key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("your name please", "faq/ask_name"),
        ("do you speak french", "faq/ask_language"),
        ("weather?", "chitchat/ask_weather"),
    ],
)
def test_the_best_response_comes_first(text, key):
    selector, _ = train()
    assert best(selector, text) == key


def test_the_ranking_is_a_distribution_by_falling_confidence():
    selector, _ = train()
    ranking = selector.process(Understanding(text="name")).selections["default"]
    confidences = [item.confidence for item in ranking]
    assert len(ranking) == 3
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1.0)


def test_the_ranking_can_be_cut():
    selector, _ = train(ranking_length=2)
    assert len(selector.process(Understanding(text="name")).selections["default"]) == 2


def test_a_selector_of_one_intent_knows_only_its_responses():
    selector, _ = train(retrieval_intent="faq")
    result = selector.process(Understanding(text="weather"))
    assert {item.key for item in result.selections["faq"]} == {"faq/ask_name", "faq/ask_language"}
    assert result.retrieval_intents == ("faq", "chitchat")


def test_selectors_stand_side_by_side():
    faq, _ = train(retrieval_intent="faq")
    chitchat, _ = train(retrieval_intent="chitchat")
    result = chitchat.process(faq.process(Understanding(text="weather")))
    assert set(result.selections) == {"faq", "chitchat"}


def test_without_retrieval_intents_nothing_is_trained_and_the_result_is_rasas():
    selector, progress = train([("hello", "greet")])
    assert progress == []
    assert to_json(selector.process(Understanding(text="hello")))["response_selector"] == {
        "all_retrieval_intents": [],
        "default": {
            "response": {
                "responses": None,
                "confidence": 0.0,
                "intent_response_key": None,
                "utter_action": "utter_None",
            },
            "ranking": [],
        },
    }


def test_a_retrieval_intent_without_examples_is_warned_of(caplog):
    train(retrieval_intent="missing")
    assert "'missing'" in caplog.text


def test_a_single_response_is_certain():
    selector, _ = train([("who are you", "faq/ask_name")])
    (only,) = selector.process(Understanding(text="hm")).selections["default"]
    assert (only.key, only.confidence) == ("faq/ask_name", 1.0)


def test_an_empty_message_selects_nothing():
    selector, _ = train()
    assert selector.process(Understanding(text=" ")).selections == {"default": ()}


def test_the_encoders_vector_is_used_where_there_is_one():
    def embed(texts):
        return np.array([[len(text), 1.0, text.count("a")] for text in texts], dtype=np.float32)

    selector, _ = train(embed=embed)
    text = "do you understand french"
    result = selector.process(Understanding(text=text, embedding=embed([text])[0]))
    assert result.selections["default"][0].key == "faq/ask_language"
    assert selector.process(Understanding(text="no vector")).selections == {"default": ()}


def test_responses_that_read_the_same_are_one_when_texts_are_labels():
    texts = {"faq/ask_name": "Ask Ada.", "faq/ask_language": "Ask Ada."}
    selector, _ = train(known=domain(**texts), use_text_as_label=True)
    keys = {item.key for item in selector.process(Understanding(text="x")).selections["default"]}
    assert keys == {"faq/ask_name", "chitchat/ask_weather"}


def test_words_of_a_response_count_when_texts_are_labels():
    texts = {"faq/ask_name": "Ada Lovelace", "chitchat/ask_weather": "Sunny"}
    selector, _ = train(known=domain(**texts), use_text_as_label=True)
    assert best(selector, "lovelace") == "faq/ask_name"


def test_training_looks_at_responses_only_when_their_texts_are_labels():
    assert "responses" not in ResponseSelector.sources({})
    assert "responses" in ResponseSelector.sources({"use_text_as_label": True})


def test_equal_training_gives_equal_bytes():
    assert train()[0].save() == train()[0].save()


def test_the_pipeline_adds_the_variations_of_the_best_response():
    selector, _ = train()
    pipeline = Pipeline([selector], domain(**{"faq/ask_name": "I am Ada."}))
    data = to_json(pipeline.parse("what is your name"))["response_selector"]["default"]["response"]
    assert data["responses"] == [{"text": "I am Ada.", "image": "i.png"}]
    assert data["utter_action"] == "utter_faq/ask_name"


@given(st.text())
def test_any_text_gets_a_ranking_that_json_can_carry(text):
    selector, _ = train(EXAMPLES[:4])
    json.dumps(to_json(selector.process(Understanding(text=text))))


@given(st.lists(st.text(), max_size=4))
def test_texts_without_an_encoder_have_vectors_of_length_one_or_none(texts):
    lengths = np.linalg.norm(ngrams.vectors(texts), axis=1)
    assert all(length == 0 or abs(length - 1) < 1e-5 for length in lengths)


def test_classes_that_a_line_can_part_are_learned():
    random = np.random.default_rng(0)
    targets = np.repeat(np.arange(4), 20)
    features = (np.eye(4)[targets] + random.normal(0, 0.1, (80, 4))).astype(np.float32)
    classifier = LinearClassifier.fit(features, targets)
    assert (classifier.predict(features).argmax(axis=1) == targets).all()


@pytest.mark.shared
def test_small_talk_is_answered_even_without_an_encoder():
    examples = {
        part: _read(SHARED / f"data/chat/personality_chat/{part}.yml") for part in ("train", "test")
    }
    selector, _ = train(examples["train"])
    right = sum(best(selector, text) == key for text, key in examples["test"])
    assert right / len(examples["test"]) > 0.55


def _read(path: Path):
    intent, found = "", []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("- intent: "):
            intent = line.removeprefix("- intent: ").strip()
        elif line.startswith("    - "):
            found.append((line.removeprefix("    - "), intent))
    return found
