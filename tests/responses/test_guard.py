import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from framework.responses.grounding import Grounds
from framework.responses.guard import Limits, faults
from tests.conftest import ROOT


def read(name):
    return YAML(typ="safe").load((ROOT / f"tests/responses/{name}.yml").read_text("utf-8"))


LEARNED = ("guard_cases", "guard_heldout", "guard_unseen")
"""Replies that the guard was made better by: it must be right about all of them."""

UNTOUCHED = "guard_untouched"
CASES = [case for name in LEARNED for case in read(name)]
MOST_REJECTED = 0.05
MOST_WRONG_UNTOUCHED = 0.1


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


def pairs(kind, cases=CASES):
    return [(case, reply) for case in cases for reply in case[kind]]


def test_there_are_hundreds_of_replies_that_state_something_else():
    assert len({(case["name"], reply) for case, reply in pairs("bad")}) >= 600


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_reply_that_states_something_else_is_not_said(case):
    assert [reply for reply in case["bad"] if not faults_in(case, reply)] == []


def test_hardly_any_good_reply_is_rejected():
    good = pairs("good")
    rejected = [(reply, found) for case, reply in good if (found := faults_in(case, reply))]
    assert len(rejected) <= MOST_REJECTED * len(good), rejected


def test_it_is_right_about_most_replies_that_it_was_never_made_better_by():
    cases = read(UNTOUCHED)
    bad, good = pairs("bad", cases), pairs("good", cases)
    passed = [reply for case, reply in bad if not faults_in(case, reply)]
    rejected = [reply for case, reply in good if faults_in(case, reply)]
    assert len(passed) <= MOST_WRONG_UNTOUCHED * len(bad), passed
    assert len(rejected) <= MOST_WRONG_UNTOUCHED * len(good), rejected


def test_a_template_may_always_be_said_as_it_stands():
    rejected = [
        (case["template"], found)
        for case in CASES
        if (found := faults_in({**case, "required": ()}, case["template"]))
    ]
    assert rejected == []


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_judged(text):
    assert isinstance(faults(text, grounds=Grounds(template=text)), tuple)


def test_a_reply_may_not_grow_without_end():
    grounds = Grounds(template="Hello!")
    assert "characters" in faults("hello " * 100, grounds=grounds)[0]
    assert "characters" in faults("hello", grounds=grounds, limits=Limits(most_characters=4))[0]
