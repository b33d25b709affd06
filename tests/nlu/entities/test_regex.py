import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.errors import TrainingError
from framework.nlu.component import NluTrainingData
from framework.nlu.entities.regex import RegexEntities
from framework.nlu.types import Understanding
from framework.project.schema.domain import Domain, EntityType
from framework.project.schema.nlu import LookupTable, NluData, RegexFeature


@pytest.fixture
def find(trained, understand):
    def process(text, *, settings=None, **data):
        data.setdefault("declared", ["city", "zip"])
        settings = settings or {}
        component = trained(RegexEntities(**settings), RegexEntities(**settings), **data)
        found = understand(component, text).entities
        assert all(item.value == text[item.start : item.end] for item in found)
        return [(item.entity, item.value, item.start) for item in found]

    return process


def test_a_regex_finds_all_its_matches(find):
    assert find("12345 or 67890", regexes=[("zip", r"\d{5}")]) == [
        ("zip", "12345", 0),
        ("zip", "67890", 9),
    ]


def test_a_lookup_table_finds_whole_words_and_keeps_their_capitals(find):
    lookups = [("city", ["New York", "york"])]
    assert find("NEW YORK, Yorkshire, york", lookups=lookups) == [
        ("city", "NEW YORK", 0),
        ("city", "york", 21),
    ]


def test_of_entries_that_begin_together_the_longest_counts(find):
    assert find("to new york city", lookups=[("city", ["new york", "new york city"])]) == [
        ("city", "new york city", 3)
    ]


def test_entries_of_different_tables_may_overlap(find):
    lookups = [("city", ["york"]), ("zip", ["new york"])]
    assert find("new york", lookups=lookups) == [("city", "york", 4), ("zip", "new york", 0)]


def test_entries_with_special_characters_are_literal(find):
    assert find("c++ (c) c", lookups=[("city", ["c++", "(c)"])]) == [
        ("city", "c++", 0),
        ("city", "(c)", 4),
    ]


def test_entries_of_a_script_without_spaces_need_no_word_borders(find):
    assert find("我要去北京吃饭", lookups=[("city", ["北京"])]) == [("city", "北京", 3)]


def test_word_borders_can_be_switched_off(find):
    lookups = [("city", ["york"])]
    assert find("yorkshire", lookups=lookups, settings={"use_word_boundaries": False}) == [
        ("city", "york", 0)
    ]


def test_capitals_can_matter(find):
    data = {"lookups": [("city", ["Bath"])], "regexes": [("zip", "[A-Z]{2}")]}
    settings = {"case_sensitive": True}
    assert find("Bath bath XY xy", settings=settings, **data) == [
        ("zip", "XY", 10),
        ("city", "Bath", 0),
    ]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [({"use_regexes": False}, ["city"]), ({"use_lookup_tables": False}, ["zip"])],
)
def test_each_source_can_be_switched_off(find, settings, expected):
    found = find(
        "12345 york", regexes=[("zip", r"\d+")], lookups=[("city", ["york"])], settings=settings
    )
    assert [name for name, _, _ in found] == expected


def test_an_entity_counts_when_an_example_marks_it(find):
    found = find(
        "to york",
        declared=[],
        marked=[("I live in Rome", "Rome", "city", "Rome")],
        lookups=[("city", ["york"])],
    )
    assert found == [("city", "york", 3)]


def test_patterns_without_an_entity_find_nothing_and_are_warned_of(find, caplog):
    assert find("york", declared=[], lookups=[("city", ["york"])]) == []
    assert "finds nothing" in caplog.text


def test_a_regex_and_a_table_that_agree_give_one_entity(find):
    found = find("york", regexes=[("city", "york")], lookups=[("city", ["york"])])
    assert found == [("city", "york", 0)]


def test_an_empty_match_is_no_entity(find):
    assert find("abc", regexes=[("zip", r"\d*")]) == []


def test_an_invalid_regex_names_itself(find):
    with pytest.raises(TrainingError, match=r"\[a-"):
        find("abc", regexes=[("zip", "[a-")])


def test_a_regex_that_would_hang_is_stopped_and_warned_of(find, caplog):
    found = find(
        "a" * 40 + "!",
        regexes=[("zip", r"(a|aa)+$"), ("city", "!")],
        settings={"timeout_seconds": 0.05},
    )
    assert found == [("city", "!", 40)]
    assert "was stopped" in caplog.text


def build(*, elements=(), pattern=None, **settings):
    component = RegexEntities(**settings)
    regexes = (RegexFeature(name="zip", pattern=pattern),) if pattern else ()
    data = NluTrainingData(
        utterances=[],
        domain=Domain(entities={name: EntityType(name=name) for name in ("city", "zip")}),
        nlu=NluData(lookups=(LookupTable(name="city", elements=tuple(elements)),), regexes=regexes),
    )
    list(component.train(data))
    return component


def test_a_hundred_thousand_entries_are_searched_at_once():
    component = build(elements=[f"place number {number}" for number in range(100_000)])
    entities = component.process(Understanding(text="from place number 77777 on")).entities
    assert [item.value for item in entities] == ["place number 77777"]


@given(st.text())
def test_offsets_hold_in_any_text(text):
    component = build(elements=["İstanbul", "ß", "ΟΔΟΣ", "a"], pattern=r"\w+")
    for item in component.process(Understanding(text=text)).entities:
        assert item.value == text[item.start : item.end] != ""


@given(st.text(alphabet="ab c", max_size=12), st.lists(st.text(alphabet="ab c", max_size=4)))
def test_a_table_finds_just_what_the_equivalent_regex_finds(text, elements):
    words = sorted({word.strip() for word in elements if word.strip()}, key=len, reverse=True)
    component = build(elements=words)
    found = [item.value for item in component.process(Understanding(text=text)).entities]
    pattern = "|".join(rf"\b{re.escape(word)}\b" for word in words) or r"(?!)"
    assert found == re.findall(pattern, text)
