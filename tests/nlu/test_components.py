"""All components without an encoder, together."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.data.types import Utterance
from framework.nlu.component import NluTrainingData
from framework.nlu.entities.duckling import URL_VARIABLE, DucklingEntities
from framework.nlu.entities.regex import RegexEntities
from framework.nlu.entities.synonyms import Synonyms
from framework.nlu.fallback import Fallback
from framework.nlu.keyword import KeywordIntents
from framework.nlu.pipeline import Pipeline
from framework.nlu.selector import ResponseSelector
from framework.nlu.wire import to_json
from framework.project.schema.domain import Domain, EntityType, Intent
from framework.project.schema.nlu import LookupTable, NluData, RegexFeature, Synonym


class DucklingAtOneMoment(DucklingEntities):
    def now(self):
        return datetime(2024, 5, 6, 7, 8, tzinfo=UTC)


COMPONENTS = (
    KeywordIntents,
    RegexEntities,
    DucklingAtOneMoment,
    Synonyms,
    ResponseSelector,
    Fallback,
)
DATA = NluTrainingData(
    utterances=(
        Utterance(text="hello", intent="greet"),
        Utterance(text="who are you", intent="faq", response_key="faq/name"),
        Utterance(text="where are you", intent="faq", response_key="faq/place"),
    ),
    domain=Domain(
        intents={name: Intent(name=name) for name in ("greet", "faq")},
        entities={name: EntityType(name=name) for name in ("city", "code", "number")},
    ),
    nlu=NluData(
        regexes=(RegexFeature(name="code", pattern=r"\w\d+"),),
        lookups=(LookupTable(name="city", elements=("New York", "york", "北京")),),
        synonyms=(Synonym(value="Beijing", spellings=("北京", "5")),),
    ),
)


def build():
    components = []
    for kind in COMPONENTS:
        learner = kind()
        list(learner.train(DATA))
        components.append(kind().load(learner.save()))
    return Pipeline(components, DATA.domain)


PIPELINE = build()


@pytest.fixture(autouse=True)
def _no_server(monkeypatch):
    monkeypatch.delenv(URL_VARIABLE, raising=False)


def test_each_adds_its_part():
    understanding = PIPELINE.parse("hello from 北京, room a5")
    assert understanding.intent.name == "greet"
    assert [(item.entity, item.value) for item in understanding.entities] == [
        ("code", "a5"),
        ("city", "Beijing"),
    ]
    assert understanding.selections["default"]


WORDS = st.sampled_from(
    ["hello", "New York", "北京", "a5", "5", "/greet", "{", " ", "who", "\ud800"]
)
TEXTS = st.text() | st.lists(WORDS, max_size=6).map(" ".join)


@settings(max_examples=200)
@given(TEXTS)
def test_any_text_is_understood_with_true_offsets(text):
    understanding = PIPELINE.parse(text)
    json.dumps(to_json(understanding)).encode()
    assert understanding.intent is not None
    for item in understanding.entities:
        assert 0 <= item.start < item.end <= len(understanding.text)
        if item.extractor == "regex_entities" and not item.processors:
            assert item.value == understanding.text[item.start : item.end]


@given(st.lists(TEXTS, max_size=4))
def test_a_batch_equals_its_messages(texts):
    batch = [to_json(understanding) for understanding in PIPELINE.parse_batch(texts)]
    assert len(batch) == len(texts)
    for data, text in zip(batch, texts, strict=True):
        single = to_json(PIPELINE.parse(text))
        assert data["intent"]["name"] == single["intent"]["name"]
        assert data["entities"] == single["entities"]
