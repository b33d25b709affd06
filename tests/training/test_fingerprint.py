"""A fingerprint covers exactly what a part learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from framework.data.dialogues import Dialogue
from framework.data.types import Utterance
from framework.errors import Location
from framework.nlu.component import Component, NluSource, NluTrainingData
from framework.nlu.types import Understanding
from framework.policies.base import PolicyTrainingData
from framework.policies.memory import MemoryPolicy
from framework.project.schema.config import PartConfig
from framework.project.schema.domain import (
    Domain,
    Intent,
    Response,
    ResponseVariation,
    SessionConfig,
    Slot,
)
from framework.project.schema.nlu import EntityAnnotation, NluData, Synonym
from framework.project.schema.stories import ActionStep, BotStep, UserStep
from framework.training import fingerprint


class Tagger(Component):
    """Reads examples alone."""

    name = "tagger"
    reads: ClassVar[frozenset[NluSource]] = frozenset({"utterances"})

    def process(self, understanding: Understanding) -> Understanding:
        """Add nothing."""
        return understanding


class Curious(Tagger):
    """Reads everything, and what the others found."""

    name = "curious"
    reads: ClassVar[frozenset[NluSource]] = Component.reads
    reads_previous = True


def response(name: str, text: str) -> dict[str, Response]:
    return {name: Response(name=name, variations=(ResponseVariation(text=text),))}


DATA = NluTrainingData(
    utterances=(
        Utterance(
            text="to Rome",
            intent="inform",
            entities=(EntityAnnotation(entity="city", start=3, end=7, value="Rome"),),
            where=Location(file="data/nlu.yml", line=3),
        ),
    ),
    domain=Domain(
        intents={"inform": Intent(name="inform")},
        responses={**response("utter_greet", "Hi"), **response("utter_faq/name", "Frame")},
    ),
)
DIALOGUES = (
    Dialogue(
        name="a",
        kind="story",
        steps=(UserStep(intent="inform"), ActionStep(action="utter_greet")),
        where=Location(file="data/stories.yml", line=3),
    ),
)
POLICY_DATA = PolicyTrainingData(dialogues=DIALOGUES, domain=DATA.domain)


def of(
    data: NluTrainingData = DATA,
    kind: type[Component] = Tagger,
    earlier: Sequence[str] = (),
    **settings: object,
) -> str:
    config = PartConfig(name=kind.name, settings=settings)
    return fingerprint.of_component(config, kind, data, earlier=earlier)


def of_policy(
    data: PolicyTrainingData = POLICY_DATA, nlu: Sequence[str] = (), **settings: object
) -> str:
    config = PartConfig(name="memory", settings=settings)
    return fingerprint.of_policy(config, MemoryPolicy, data, nlu=nlu)


def test_equal_data_gives_equal_fingerprints():
    assert of() == of(replace(DATA))
    assert of_policy() == of_policy(replace(POLICY_DATA))


CHANGED_EXAMPLE = (replace(DATA.utterances[0], text="to Roma"),)
OTHER_VALUE = EntityAnnotation(entity="city", start=3, end=7, value="ROM")


@pytest.mark.parametrize(
    "changed",
    [
        replace(DATA, utterances=CHANGED_EXAMPLE),
        replace(DATA, utterances=(replace(DATA.utterances[0], entities=(OTHER_VALUE,)),)),
        replace(DATA, utterances=DATA.utterances * 2),
        replace(DATA, seed=1),
        replace(DATA, language="de"),
        replace(DATA, encoder="some/model"),
    ],
)
def test_what_a_component_reads_counts(changed: NluTrainingData):
    assert of(changed) != of()


@pytest.mark.parametrize(
    "changed",
    [
        replace(DATA, nlu=NluData(synonyms=(Synonym(value="Rome", spellings=("roma",)),))),
        replace(DATA, domain=Domain()),
        replace(DATA, utterances=(replace(DATA.utterances[0], where=None),)),
    ],
)
def test_what_a_component_does_not_read_does_not_count(changed: NluTrainingData):
    assert of(changed) == of()


def test_settings_count():
    assert of(epochs=3) != of() != of(epochs=4)
    assert of_policy(max_history=3) != of_policy()


def test_retrieval_responses_count_for_those_that_read_responses_and_others_never():
    plain = replace(DATA.domain, responses={**DATA.domain.responses, **response("utter_x", "y")})
    retrieval = replace(
        DATA.domain, responses={**DATA.domain.responses, **response("utter_faq/name", "y")}
    )

    assert of(replace(DATA, domain=plain), Curious) == of(kind=Curious)
    assert of(replace(DATA, domain=retrieval), Curious) != of(kind=Curious)


def test_earlier_components_count_for_those_that_build_on_them():
    assert of(earlier=["x"]) == of(earlier=["y"])
    assert of(kind=Curious, earlier=["x"]) != of(kind=Curious, earlier=["y"])


def test_the_files_of_a_local_encoder_count(tmp_path: Path):
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "config.json").write_text("{}")
    data = replace(DATA, encoder="encoder", root=tmp_path)
    before = of(data)

    (tmp_path / "encoder" / "config.json").write_text('{"a": 1}')

    assert of(data) != before


def test_a_file_that_a_setting_names_counts(tmp_path: Path):
    (tmp_path / "words.txt").write_text("a")
    data = replace(DATA, root=tmp_path)
    before = of(data, vocabulary="words.txt")

    (tmp_path / "words.txt").write_text("b")

    assert of(data, vocabulary="words.txt") != before


DOMAIN = DATA.domain


@pytest.mark.parametrize(
    "changed",
    [
        replace(POLICY_DATA, dialogues=DIALOGUES * 2),
        replace(POLICY_DATA, dialogues=(replace(DIALOGUES[0], where=None),)),
        replace(POLICY_DATA, domain=replace(DOMAIN, slots={"a": Slot(name="a", type="text")})),
        replace(POLICY_DATA, domain=replace(DOMAIN, responses=response("utter_other", "Hi"))),
        replace(POLICY_DATA, seed=2),
    ],
)
def test_what_policies_see_counts(changed: PolicyTrainingData):
    assert of_policy(changed) != of_policy()


@pytest.mark.parametrize(
    "domain",
    [
        replace(DOMAIN, responses={**DOMAIN.responses, **response("utter_greet", "Hello")}),
        replace(DOMAIN, session=SessionConfig(expiration_minutes=1)),
        replace(DOMAIN, intents={"inform": Intent(name="inform", where=Location(file="d.yml"))}),
    ],
)
def test_what_is_said_and_where_it_stands_does_not_count_for_policies(domain: Domain):
    assert of_policy(replace(POLICY_DATA, domain=domain)) == of_policy()


def test_the_nlu_counts_for_policies_that_see_words():
    said = replace(DIALOGUES[0], steps=(UserStep(text="hi"), BotStep(text="hello")))
    in_words = replace(POLICY_DATA, dialogues=(said,))

    assert of_policy(nlu=["x"]) == of_policy(nlu=["y"])
    assert of_policy(in_words, nlu=["x"]) != of_policy(in_words, nlu=["y"])


def test_values_of_different_types_differ():
    assert len({fingerprint.digest(value) for value in (1, "1", 1.5, None, True, [1], "[1]")}) == 7


def test_the_files_that_an_encoder_names_among_its_settings_count(tmp_path: Path):
    data = replace(DATA, encoder={"name": "gru", "vectors": "v.txt"}, root=tmp_path)
    (tmp_path / "v.txt").write_text("a 1")
    before = of(data)

    (tmp_path / "v.txt").write_text("a 2")

    assert of(data) != before
