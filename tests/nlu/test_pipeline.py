from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework import registry
from framework.errors import Location
from framework.nlu.component import Component
from framework.nlu.fallback import Fallback
from framework.nlu.pipeline import Pipeline, check_order
from framework.nlu.types import Entity, IntentScore, Understanding
from framework.project.schema.config import PartConfig
from framework.project.schema.domain import Domain, EntityType, Intent

DOMAIN = Domain(intents={"greet": Intent(name="greet")})


class Finder(Component):
    """Adds the entities it was given."""

    name = "finder"

    def __init__(self, *entities):
        self.entities = entities

    def process(self, understanding):
        return replace(understanding, entities=(*understanding.entities, *self.entities))


class Encoder(Component):
    """Gives the text's length as its embedding."""

    name = "encoder"

    def process(self, understanding):
        vector = np.array([len(understanding.text), 1.0], dtype=np.float32)
        return replace(
            understanding,
            embedding=vector,
            ranking=(IntentScore(name="greet", confidence=0.5),),
        )


def found(entity, start, end, value, extractor, **more):
    return Entity(entity=entity, start=start, end=end, value=value, extractor=extractor, **more)


TEXT = "from new york"


def merged(*entities):
    result = Pipeline([Finder(*entities)], DOMAIN).parse(TEXT)
    return [(item.extractor, item.value) for item in result.entities]


def test_nothing_classified_leaves_no_intent():
    assert Pipeline([], DOMAIN).parse("hello").intent is None


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_text_passes_through(text):
    understanding = Pipeline([Finder()], DOMAIN).parse(text)
    assert (understanding.text, understanding.ranking, understanding.entities) == (text, (), ())


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_blank_text_has_no_intent_but_the_fallback(text):
    class Guesser(Encoder):
        provides = frozenset({"intent", "embedding"})

    pipeline = Pipeline([Guesser(), Fallback()], DOMAIN)
    assert pipeline.parse(text).ranking == (IntentScore(name="nlu_fallback", confidence=0.3),)
    assert pipeline.parse_batch([text, "hello"]) == [pipeline.parse(text), pipeline.parse("hello")]
    assert pipeline.parse(text).embedding is None


def test_a_payload_bypasses_the_components():
    pipeline = Pipeline([Encoder(), Finder(found("x", 0, 1, "/", "a"))], DOMAIN)
    understanding = pipeline.parse("/greet@0.1")
    assert understanding.ranking == (IntentScore(name="greet", confidence=0.1),)
    assert understanding.entities == ()


def test_a_payload_with_an_unknown_intent_goes_through_the_components():
    understanding = Pipeline([Encoder()], DOMAIN).parse("/gret")
    assert understanding.ranking == (IntentScore(name="greet", confidence=0.5),)


def test_a_component_that_fails_is_passed_over(caplog):
    class Broken(Finder):
        def process(self, understanding):
            raise KeyError("weather")

    city = found("city", 5, 13, "new york", "finder")
    understanding = Pipeline([Encoder(), Broken(), Finder(city)], DOMAIN).parse(TEXT)
    assert understanding.intent.name == "greet"
    assert understanding.entities == (city,)
    assert "the component 'finder' failed" in caplog.text


def test_metadata_travels_with_the_message():
    assert Pipeline([], DOMAIN).parse("hi", metadata={"a": 1}).metadata == {"a": 1}
    assert Pipeline([], DOMAIN).parse("/greet", metadata={"a": 1}).metadata == {"a": 1}


def test_a_batch_equals_single_messages():
    pipeline = Pipeline([Encoder(), Finder(found("x", 0, 1, "h", "a"))], DOMAIN)
    texts = ["hello", "/greet", "", "hi there", "/unknown"]
    assert pipeline.parse_batch(texts) == [pipeline.parse(text) for text in texts]


def test_an_empty_batch_is_no_work():
    assert Pipeline([Encoder()], DOMAIN).parse_batch([]) == []


def test_embedding_stops_at_the_encoder():
    class Unreachable(Component):
        name = "unreachable"

        def process(self, understanding):
            raise AssertionError

    vectors = Pipeline([Encoder(), Unreachable()], DOMAIN).embed(["a", "/greet"])
    assert vectors.tolist() == [[1.0, 1.0], [6.0, 1.0]]


def test_embedding_without_an_encoder_has_no_width():
    assert Pipeline([], DOMAIN).embed(["a", "b"]).shape == (2, 0)
    assert Pipeline([Encoder()], DOMAIN).embed([]).shape == (0, 0)


@pytest.mark.parametrize("prefix", ["", "/greet"])
def test_lone_surrogates_are_replaced_one_for_one(prefix):
    text, replaced = f"{prefix}a\ud800é", f"{prefix}a\ufffdé"
    assert Pipeline([], DOMAIN).parse(text).text == replaced
    assert Pipeline([], DOMAIN).parse_batch([text])[0].text == replaced


def test_half_a_character_in_a_payload_is_replaced_in_its_value():
    domain = replace(DOMAIN, entities={"city": EntityType(name="city")})
    understood = Pipeline([], domain).parse('/greet{"city": "a\ud800"}')
    assert [entity.value for entity in understood.entities] == ["a\ufffd"]


def test_a_confirmation_by_a_second_extractor_is_dropped():
    assert merged(
        found("city", 5, 13, "new york", "tagger"), found("city", 5, 13, "new york", "regex")
    ) == [("tagger", "new york")]


def test_a_mapped_value_wins_over_the_bare_words_whatever_the_order():
    bare = found("city", 5, 13, "new york", "regex")
    mapped = found("city", 5, 13, "NYC", "tagger")
    assert merged(bare, mapped) == merged(mapped, bare) == [("tagger", "NYC")]


def test_a_shorter_find_inside_a_longer_one_is_dropped():
    assert merged(
        found("city", 9, 13, "york", "tagger"), found("city", 5, 13, "new york", "regex")
    ) == [("regex", "new york")]


@pytest.mark.parametrize(
    "other",
    [
        found("state", 5, 13, "new york", "regex"),
        found("city", 5, 13, "new york", "regex", role="to"),
        found("city", 0, 4, "from", "regex"),
        found("city", 5, 13, 7, "duckling"),
        found("city", 9, 13, "york", "tagger"),
        found("city", 0, 8, "from new", "regex"),
        found("city", None, None, "new york", "regex"),
    ],
    ids=["name", "role", "place", "value", "same extractor", "partial overlap", "no place"],
)
def test_entities_that_say_something_else_are_all_kept(other):
    assert len(merged(found("city", 5, 13, "New York City", "tagger"), other)) == 2


SPANS = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(sorted)


@given(
    st.lists(
        st.builds(
            lambda span, name, value, extractor: found(
                name, *span, value or TEXT[slice(*span)], extractor
            ),
            SPANS,
            st.sampled_from("ab"),
            st.sampled_from([None, None, "x"]),
            st.sampled_from(["one", "two", "three"]),
        ),
        max_size=6,
    )
)
def test_merging_never_loses_the_only_word_on_a_span(entities):
    kept = Pipeline([Finder(*entities)], DOMAIN).parse(TEXT).entities
    for entity in entities:
        assert any(
            other.entity == entity.entity
            and other.start <= entity.start
            and entity.end <= other.end
            for other in kept
        )


@pytest.fixture
def parts(monkeypatch):
    class Classifier(Finder):
        provides = frozenset({"intent", "embedding"})

    class Needy(Finder):
        provides = frozenset()
        requires = frozenset({"intent"})

    table = {"classifier": Classifier, "needy": Needy, "silent": Finder}
    monkeypatch.setattr(registry, "names", lambda kind: tuple(table))
    monkeypatch.setattr(registry, "find", lambda kind, name: table[name])

    def build(*names):
        where = [Location(file="config.yml", line=line) for line in range(1, len(names) + 1)]
        return [PartConfig(name=n, where=w) for n, w in zip(names, where, strict=True)]

    return build


def test_a_component_above_what_it_builds_upon_is_warned_of(parts):
    (problem,) = check_order(parts("needy", "classifier"))
    assert problem.severity == "warning"
    assert problem.where == Location(file="config.yml", line=1)
    assert problem.hint == "move it below 'classifier'"


def test_a_component_without_what_it_builds_upon_is_warned_of(parts):
    (problem,) = check_order(parts("needy"))
    assert "bert_tagger" in problem.hint


@pytest.mark.parametrize(
    "names",
    [("classifier", "needy"), ("silent", "needy"), ("unknown", "needy"), ()],
    ids=["in order", "may provide anything", "unknown name", "nothing"],
)
def test_a_fitting_or_unknown_order_is_no_problem(parts, names):
    assert check_order(parts(*names)) == ()


def test_understandings_are_not_changed_in_place():
    start = Understanding(text=TEXT)
    Finder(found("city", 5, 13, "new york", "tagger")).process(start)
    assert start.entities == ()


def named(*names):
    return [PartConfig(name=name) for name in names]


def test_the_default_pipeline_is_in_order():
    assert check_order(named("bert_tagger", "synonyms", "response_selector", "fallback")) == ()


@pytest.mark.parametrize(
    ("names", "misplaced"),
    [
        (("fallback", "bert_tagger"), "fallback"),
        (("synonyms", "keyword_intents", "regex_entities"), "synonyms"),
        (("regex_entities", "fallback"), "fallback"),
    ],
)
def test_misplaced_components_are_named(names, misplaced):
    (problem,) = check_order(named(*names))
    assert repr(misplaced) in problem.message
