import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.nlu import payload
from framework.nlu.wire import to_json
from framework.project.schema.domain import (
    Domain,
    EntityType,
    Intent,
    Response,
    ResponseVariation,
)

DOMAIN = Domain(
    intents={
        **{name: Intent(name=name) for name in ("greet", "inform", "restart")},
        "faq": Intent(name="faq", is_retrieval=True),
    },
    entities={name: EntityType(name=name) for name in ("city", "amount")},
    responses={
        "utter_faq/ask_name": Response(
            name="utter_faq/ask_name", variations=(ResponseVariation(text="I am Ada."),)
        )
    },
)


def read(text, domain=DOMAIN):
    """Intent, confidence and (entity, value, start, end) of a payload."""
    understanding = payload.read(text, domain)
    if understanding is None:
        return None
    best = understanding.ranking[0]
    found = [(item.entity, item.value, item.start, item.end) for item in understanding.entities]
    return best.name, best.confidence, found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/greet", ("greet", 1.0, [])),
        ("  /greet  ", ("greet", 1.0, [])),
        ("/ greet", ("greet", 1.0, [])),
        ("/greet@0.9", ("greet", 0.9, [])),
        ("/greet@.5.5", ("greet", 0.0, [])),
        ("/greet@7", ("greet", 1.0, [])),
        ("/inform@", ("inform", 1.0, [])),
        ("/inform@1e5", ("inform", 1.0, [])),
        ('/inform@abc{"city":"x"}', ("inform", 1.0, [])),
        ('/inform@0.5 {"city":"x"}', ("inform", 0.5, [])),
        ('/inform{"city": "Paris"}', ("inform", 1.0, [("city", "Paris", 7, 24)])),
        ('/inform {"city": "x"}', ("inform", 1.0, [("city", "x", 8, 21)])),
        (
            '/inform@0.8{"city": ["Paris", "Rome"]}',
            ("inform", 0.8, [("city", "Paris", 11, 38), ("city", "Rome", 11, 38)]),
        ),
        ('/inform{"city": {"a": 1}}', ("inform", 1.0, [("city", {"a": 1}, 7, 25)])),
        ('/inform{"amount": 3, "unknown": 1}', ("inform", 1.0, [("amount", 3, 7, 34)])),
        ('/inform{"city": null}', ("inform", 1.0, [("city", None, 7, 21)])),
        ('/inform{"city": []}', ("inform", 1.0, [])),
        ("/inform{}", ("inform", 1.0, [])),
        ("/inform{city: x}", ("inform", 1.0, [])),
        ('/inform{"city": "x"', ("inform", 1.0, [])),
        ('/inform{"city": "x"} and more', ("inform", 1.0, [("city", "x", 7, 20)])),
        ('/inform{"city":"x"}\nnext', ("inform", 1.0, [("city", "x", 7, 19)])),
        ('/inform{"city": "é😀"}', ("inform", 1.0, [("city", "é😀", 7, 21)])),
        ("/restart", ("restart", 1.0, [])),
    ],
)
def test_payloads_are_read_as_rasa_reads_them(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "",
        "/",
        "//greet",
        "/unknown",
        '/unknown{"city":"x"}',
        "/greet hello",
        "/inform[]",
        "/gr\neet",
        "EXTERNAL: greet",
        "/faq/unknown",
        "/greet/ask_name",
    ],
)
def test_other_texts_are_left_to_the_nlu(text):
    assert read(text) is None


def test_an_unknown_intent_is_warned_of_without_the_users_words(caplog):
    with caplog.at_level("WARNING"):
        assert read("/secret_words") is None
    assert "intent" in caplog.text
    assert "secret" not in caplog.text


def test_a_full_retrieval_label_selects_its_response():
    data = to_json(payload.read("/faq/ask_name", DOMAIN))
    assert data["intent"] == {
        "name": "faq",
        "confidence": 1.0,
        "full_retrieval_intent_name": "faq/ask_name",
    }
    assert data["response_selector"]["faq"]["response"] == {
        "responses": [{"text": "I am Ada."}],
        "confidence": 1.0,
        "intent_response_key": "faq/ask_name",
        "utter_action": "utter_faq/ask_name",
    }


def test_without_a_domain_every_intent_and_entity_is_known():
    assert read('/anything{"thing": 1}', Domain()) == ("anything", 1.0, [("thing", 1, 9, 21)])


@pytest.mark.parametrize(
    "entities",
    ['{"city": NaN}', '{"city": "\\ud800"}', '{"city": ' + "[" * 100_000 + "}"],
    ids=["not a number", "lone surrogate", "nested too deeply"],
)
def test_entities_that_json_cannot_carry_are_left_out(entities):
    assert read(f"/inform{entities}") == ("inform", 1.0, [])


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["city", "amount"]), json_values))
def test_any_json_value_comes_back_as_it_was(values):
    understanding = payload.read("/inform" + json.dumps(values), DOMAIN)
    expected = [
        (name, item)
        for name, value in values.items()
        for item in (value if isinstance(value, list) else [value])
    ]
    assert [(item.entity, item.value) for item in understanding.entities] == expected


@given(st.text(alphabet='/greet@{}[]".0123 :,\n\\u') | st.text().map(lambda text: "/greet" + text))
def test_no_text_can_break_the_reading(text):
    understanding = payload.read(text, DOMAIN)
    for entity in understanding.entities if understanding else ():
        json.loads(understanding.text[entity.start : entity.end])
