"""Variants keep label and entities, never repeat a text, and are the same for the same seed."""

from __future__ import annotations

import pytest

from framework.data.types import Utterance
from framework.data.vary import Augmentation, vary
from framework.errors import UsageError
from framework.project.markup import parse
from framework.project.schema.nlu import LookupTable, NluData, Synonym


def utterance(text: str, intent: str = "fly") -> Utterance:
    read = parse(text)
    return Utterance(text=read.text, intent=intent, entities=read.entities)


EXAMPLES = (
    utterance('please fly from [oslo]{"entity": "city", "role": "from"} to [rome](city) today'),
    utterance("is there a flight to [new york](city)"),
    utterance("hello", "greet"),
)
NLU = NluData(
    lookups=(
        LookupTable(name="city", elements=("paris", "san francisco")),
        LookupTable(name="dish", elements=("soup",)),
    ),
    synonyms=(Synonym(value="new york", spellings=("big apple",)),),
)


def made(seed: int = 0, **copies: int) -> list[Utterance]:
    return [variant.utterance for variant in vary(EXAMPLES, NLU, Augmentation(**copies), seed=seed)]


def test_without_a_wish_nothing_is_made():
    assert made() == []


@pytest.mark.parametrize("kind", ["typos", "case", "values"])
@pytest.mark.parametrize("seed", range(5))
def test_variants_have_the_label_and_entities_of_their_example(kind: str, seed: int):
    variants = vary(EXAMPLES, NLU, Augmentation(**{kind: 3}), seed=seed)

    sources = {example.text: example for example in EXAMPLES}
    texts = [variant.utterance.text for variant in variants]
    assert variants
    assert len({*texts, *sources}) == len(texts) + len(sources)
    for variant in variants:
        source, found = sources[variant.source], variant.utterance
        assert found.intent == source.intent
        labels = [(entity.entity, entity.role) for entity in found.entities]
        assert labels == [(entity.entity, entity.role) for entity in source.entities]
        for entity in found.entities:
            assert found.text[entity.start : entity.end].strip()
            assert found.text[entity.start : entity.end][0] != " "


@pytest.mark.parametrize("seed", range(10))
def test_a_slip_leaves_entities_as_they_are(seed: int):
    for variant in vary(EXAMPLES, NLU, Augmentation(typos=4), seed=seed):
        source = next(example for example in EXAMPLES if example.text == variant.source)
        spelled = [variant.utterance.text[e.start : e.end] for e in variant.utterance.entities]
        assert spelled == [source.text[e.start : e.end] for e in source.entities]
        assert abs(len(variant.utterance.text) - len(source.text)) <= 1


def test_values_come_from_tables_synonyms_and_other_examples():
    spelled = {
        variant.text[entity.start : entity.end]
        for variant in made(values=15)
        for entity in variant.entities
    }

    assert spelled == {"oslo", "rome", "new york", "big apple", "paris", "san francisco"}


def test_examples_without_entities_get_no_other_values():
    variants = made(values=5)
    assert variants
    assert all(variant.entities for variant in variants)


def test_equal_seeds_make_equal_variants_and_others_differ():
    assert made(typos=2, values=2) == made(typos=2, values=2)
    assert made(typos=2) != made(seed=1, typos=2)


def test_case_that_changes_the_length_is_left_alone():
    variants = vary((utterance("straße"),), NluData(), Augmentation(case=10), seed=0)

    assert {variant.utterance.text for variant in variants} == {"Straße"}


@pytest.mark.parametrize("copies", [{"typos": -1}, {"values": 21}])
def test_a_number_out_of_range_is_refused(copies: dict[str, int]):
    with pytest.raises(UsageError, match="variants"):
        Augmentation(**copies)
