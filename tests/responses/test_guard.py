import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from framework.responses.guard import Grounds, Limits, faults
from tests.conftest import ROOT

CASES = YAML(typ="safe").load((ROOT / "tests/responses/guard_cases.yml").read_text("utf-8"))
MOST_REJECTED = 0.05


def faults_in(case, reply):
    grounds = Grounds(
        template=case["template"],
        slots=case.get("slots", {}),
        passages=tuple(case.get("passages", ())),
        required=tuple(case.get("required", ())),
        alternatives=case.get("alternatives", ()),
    )
    limits = Limits(language=case.get("language", "en"), forbidden=tuple(case.get("forbidden", ())))
    return faults(reply, grounds=grounds, limits=limits)


def pairs(kind):
    return [(case, reply) for case in CASES for reply in case[kind]]


def test_there_are_three_hundred_replies_that_state_something_else():
    assert len({(case["name"], reply) for case, reply in pairs("bad")}) >= 300


@pytest.mark.parametrize(("case", "reply"), pairs("bad"), ids=lambda value: str(value)[:60])
def test_a_reply_that_states_something_else_is_not_said(case, reply):
    assert faults_in(case, reply)


def test_hardly_any_good_reply_is_rejected():
    good = pairs("good")
    rejected = [(reply, found) for case, reply in good if (found := faults_in(case, reply))]
    assert len(rejected) <= MOST_REJECTED * len(good), rejected


def test_a_template_may_always_be_said_as_it_stands():
    rejected = [
        (case["template"], found)
        for case in CASES
        if (found := faults_in({**case, "required": ()}, case["template"]))
    ]
    assert rejected == []


@given(st.text(max_size=60))
def test_any_text_is_judged(text):
    assert isinstance(faults(text, grounds=Grounds(template=text)), tuple)


def test_a_reply_may_not_grow_without_end():
    grounds = Grounds(template="Hello!")
    assert "characters" in faults("hello " * 100, grounds=grounds)[0]
    assert "characters" in faults("hello", grounds=grounds, limits=Limits(most_characters=4))[0]
