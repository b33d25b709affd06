import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.nlu.entities.synonyms import Synonyms
from framework.nlu.types import Entity, Understanding

TABLE = [("New York City", ["NYC", "big apple"])]


def entity(value):
    end = len(str(value))
    return Entity(entity="city", value=value, start=0, end=end, extractor="bert_tagger")


def understood(value, text=None):
    return Understanding(text=str(value) if text is None else text, entities=(entity(value),))


@pytest.fixture
def resolve(trained):
    def process(value, *, settings=None, **data):
        component = trained(Synonyms(**(settings or {})), Synonyms(**(settings or {})), **data)
        (result,) = component.process(understood(value)).entities
        return result.value, result.processors

    return process


MAPPED = ("synonyms",)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("NYC", ("New York City", MAPPED)),
        ("nyc", ("New York City", MAPPED)),
        ("Big Apple", ("New York City", MAPPED)),
        ("new york city", ("New York City", MAPPED)),
        ("New York City", ("New York City", MAPPED)),
        ("Rome", ("Rome", ())),
        (7, (7, ())),
        (None, (None, ())),
    ],
)
def test_values_become_canonical_whatever_their_capitals(resolve, value, expected):
    assert resolve(value, synonyms=TABLE) == expected


def test_a_number_has_synonyms_too(resolve):
    assert resolve(7, synonyms=[("seven", ["7"])]) == ("seven", MAPPED)


def test_marked_values_are_synonyms(resolve):
    marked = [("fly to LA", "LA", "city", "Los Angeles")]
    assert resolve("la", marked=marked) == ("Los Angeles", MAPPED)


def test_marked_words_without_a_value_give_their_own_spelling(resolve):
    marked = [("fly to Paris", "Paris", "city", "Paris")]
    assert resolve("PARIS", marked=marked) == ("Paris", MAPPED)


def test_the_first_spelling_of_a_value_stays(resolve):
    marked = [("Paris", "Paris", "city", "Paris"), ("paris", "paris", "city", "paris")]
    assert resolve("PARIS", marked=marked) == ("Paris", MAPPED)


def test_a_spelling_with_two_values_takes_the_later_and_is_warned_of(resolve, caplog):
    conflicting = [("New York", ["ny"]), ("Newry", ["ny"])]
    assert resolve("NY", synonyms=conflicting) == ("Newry", MAPPED)
    assert "'ny' is a synonym of 'New York'" in caplog.text


def test_a_near_spelling_counts_only_when_asked_for(resolve):
    assert resolve("big aple", synonyms=TABLE) == ("big aple", ())
    assert resolve("big aple", synonyms=TABLE, settings={"fuzzy": 85}) == ("New York City", MAPPED)
    assert resolve("boston", synonyms=TABLE, settings={"fuzzy": 85}) == ("boston", ())


@pytest.mark.parametrize("value", ["big", "york", "apple", "new"])
def test_a_part_of_a_spelling_is_not_near_it(resolve, value):
    assert resolve(value, synonyms=TABLE, settings={"fuzzy": 85}) == (value, ())


@pytest.mark.parametrize("value", ["1000", "room 10", "ABC1234"])
def test_codes_and_numbers_have_no_near_spelling(resolve, value):
    table = [("many", ["10000"]), ("ten", ["room 100"]), ("other", ["ABC1235"])]
    assert resolve(value, synonyms=table, settings={"fuzzy": 80}) == (value, ())


def test_a_value_that_an_extractor_worked_out_has_no_near_spelling(training_data):
    component = Synonyms(fuzzy=80)
    list(component.train(training_data(synonyms=[("New York City", ["nyc metro"])])))
    (result,) = component.process(understood("nyc metr", text="the city")).entities
    assert result.value == "nyc metr"


def test_without_entities_nothing_happens(trained):
    component = trained(Synonyms(), Synonyms(), synonyms=TABLE)
    understanding = Understanding(text="NYC")
    assert component.process(understanding) is understanding


@given(st.text())
def test_any_value_is_either_kept_or_mapped(value):
    component = Synonyms(fuzzy=90)
    component.load({"synonyms.json": b'{"nyc": "New York City"}'})
    (result,) = component.process(understood(value)).entities
    assert result.value in (value, "New York City")
