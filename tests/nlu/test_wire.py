import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.errors import UsageError
from framework.nlu.types import (
    Entity,
    IntentScore,
    OutOfScope,
    RankedResponse,
    Understanding,
)
from framework.nlu.wire import (
    entity_from_json,
    entity_to_json,
    from_json,
    to_json,
    to_parse_data,
)

RASA_PARSE = {
    "text": "fly to Paris on the 3rd",
    "intent": {"name": "book", "confidence": 0.98},
    "entities": [
        {
            "entity": "city",
            "start": 7,
            "end": 12,
            "value": "paris",
            "confidence_entity": 0.97,
            "role": "to",
            "extractor": "DIETClassifier",
            "processors": ["EntitySynonymMapper"],
            "confidence_role": 0.95,
        },
        {
            "entity": "ordinal",
            "start": 20,
            "end": 23,
            "value": 3,
            "confidence": 1.0,
            "extractor": "DucklingEntityExtractor",
            "text": "3rd",
            "additional_info": {"value": 3, "type": "value"},
        },
        {"entity": "GPE", "start": 7, "end": 12, "value": "Paris", "extractor": "MyOwnExtractor"},
    ],
    "intent_ranking": [{"name": "book", "confidence": 0.98}, {"name": "faq", "confidence": 0.02}],
    "text_tokens": [[0, 3], [4, 6], [7, 12], [13, 15], [16, 19], [20, 23]],
    "response_selector": {
        "all_retrieval_intents": ["faq"],
        "faq": {
            "response": {
                "responses": [{"text": "I am a bot."}],
                "confidence": 0.7,
                "intent_response_key": "faq/who",
                "utter_action": "utter_faq/who",
            },
            "ranking": [
                {"confidence": 0.7, "intent_response_key": "faq/who"},
                {"confidence": 0.3, "intent_response_key": "faq/why"},
            ],
        },
    },
}


def test_rasas_parse_json_survives_a_round_trip():
    assert to_json(from_json(RASA_PARSE)) == RASA_PARSE


def test_the_event_form_adds_message_id_and_metadata():
    data = to_parse_data(
        Understanding(text="hi", metadata={"channel": "web"}), message_id="message-1"
    )
    assert data["message_id"] == "message-1"
    assert data["metadata"] == {"channel": "web"}
    assert from_json(data).metadata == {"channel": "web"}


def test_nothing_classified_is_a_null_intent_with_confidence_zero():
    assert to_json(Understanding(text=""))["intent"] == {"name": None, "confidence": 0.0}
    assert from_json({"intent": {"name": None, "confidence": 0.0}}).ranking == ()


@pytest.mark.parametrize("data", [{}, {"text": None}, {"intent": {}, "entities": None}])
def test_missing_keys_mean_that_nothing_was_found(data):
    assert from_json(data) == Understanding(text="")


def test_an_intent_without_confidence_counts_as_certain():
    assert from_json({"intent": {"name": "greet"}}).ranking == (
        IntentScore(name="greet", confidence=1.0),
    )


def test_the_stated_intent_comes_first_even_when_the_ranking_says_otherwise():
    data = {
        "intent": {"name": "greet", "confidence": 1.0},
        "intent_ranking": [{"name": "bye", "confidence": 0.6}],
    }
    assert [score.name for score in from_json(data).ranking] == ["greet", "bye"]


def test_a_retrieval_intent_names_the_full_label():
    understanding = Understanding(
        text="who are you",
        ranking=(IntentScore(name="faq", confidence=0.9),),
        retrieval_intents=("faq",),
        selections={"default": (RankedResponse(key="faq/who", confidence=0.8),)},
    )
    assert to_json(understanding)["intent"] == {
        "name": "faq",
        "confidence": 0.9,
        "full_retrieval_intent_name": "faq/who",
    }


def test_a_selector_without_retrieval_intents_looks_as_rasas():
    understanding = Understanding(text="hi", selections={"default": ()})
    assert to_json(understanding)["response_selector"] == {
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


def test_keys_of_other_components_are_kept():
    assert from_json({"text": "x", "sentiment": "good"}).additional == {"sentiment": "good"}
    assert to_json(from_json({"text": "x", "sentiment": "good"}))["sentiment"] == "good"


@pytest.mark.parametrize(
    ("frame", "rasa"),
    [
        ("bert_tagger", "DIETClassifier"),
        ("regex_entities", "RegexEntityExtractor"),
        ("duckling_entities", "DucklingEntityExtractor"),
        ("spacy_entities", "SpacyEntityExtractor"),
        ("payload", "RegexMessageHandler"),
        ("my_extractor", "my_extractor"),
    ],
)
def test_extractors_have_rasas_names_on_the_wire(frame, rasa):
    entity = Entity(entity="x", value="y", start=0, end=1, extractor=frame)
    data = entity_to_json(entity)
    assert data["extractor"] == rasa
    assert entity_from_json(data) == entity


def test_an_entity_that_stands_nowhere_in_the_text_has_no_offsets_on_the_wire():
    data = {"entity": "mood", "value": "glum", "extractor": "MyOwnExtractor"}
    assert entity_from_json(data).span is None
    assert entity_to_json(entity_from_json(data)) == data


@pytest.mark.parametrize(
    "data",
    [
        {"entities": "city"},
        {"entities": [3]},
        {"entities": [{"value": "x"}]},
        {"entities": [{"entity": "x", "start": "a"}]},
        {"intent": "greet"},
        {"intent": {"name": "greet", "confidence": "high"}},
        {"intent_ranking": {}},
        {"text_tokens": [[1]]},
        {"text_tokens": [["a", "b"]]},
        {"response_selector": []},
        {"response_selector": {"faq": 1}},
    ],
)
def test_another_shape_is_an_error_that_shows_it(data):
    with pytest.raises(UsageError) as caught:
        from_json(data)
    assert caught.value.id == "misshapen-parse-result"


values = st.none() | st.booleans() | st.integers() | st.text()
confidences = st.floats(0, 1)
entities = st.builds(
    Entity,
    entity=st.text(min_size=1),
    value=values,
    start=st.none() | st.integers(0, 99),
    end=st.none() | st.integers(0, 99),
    role=st.none() | st.text(min_size=1),
    group=st.none() | st.text(min_size=1),
    confidence=st.none() | confidences,
    extractor=st.sampled_from(["", "bert_tagger", "duckling_entities", "other"]),
    processors=st.sampled_from([(), ("synonyms",), ("synonyms", "other")]),
)


@given(
    st.builds(
        Understanding,
        text=st.text(),
        ranking=st.lists(
            st.builds(IntentScore, name=st.text(), confidence=confidences), max_size=3
        ).map(tuple),
        entities=st.lists(entities, max_size=3).map(tuple),
        tokens=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=2).map(tuple),
    )
)
def test_every_understanding_survives_json(understanding):
    assert from_json(json.loads(json.dumps(to_json(understanding)))) == understanding


def test_how_surely_a_message_is_out_of_scope_goes_both_ways():
    understanding = Understanding(text="?", out_of_scope=OutOfScope(confidence=0.75, limit=0.5))
    data = json.loads(json.dumps(to_json(understanding)))
    assert data["out_of_scope"] == {"confidence": 0.75, "limit": 0.5}
    assert from_json(data) == understanding


@pytest.mark.parametrize("value", [None, True, "yes", {"confidence": "high"}, [0.5]])
def test_a_key_of_that_name_from_elsewhere_means_nothing(value):
    assert from_json({"text": "?", "out_of_scope": value}).out_of_scope is None
