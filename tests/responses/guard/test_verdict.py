import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from framework.responses.guard.grounds import Grounds
from framework.responses.guard.verdict import Limits, faults
from tests.conftest import ROOT


def read(name):
    return YAML(typ="safe").load((ROOT / f"tests/responses/guard/{name}.yml").read_text("utf-8"))


LEARNED = (
    "cases",
    "heldout",
    "unseen",
    "domains",
    "wordings",
    "everyday",
    "runs",
    "plain",
    "refusals",
)
"""Replies that the guard was made better by: it must be right about nearly all of them."""

SEEN_LATER = ("untouched", "kept_back", "last", "errands", "plain_held")
"""Replies that it was measured on before it learned from them."""

MOST_HELD_OUT = {
    "blind": (0.10, 0.34),
    "services": (0.15, 0.46),
    "services_held": (0.22, 0.57),
    "counted": (0.20, 0.15),
}
"""Replies whose words it never learned -> shares of bad ones that pass, and of good ones rejected.

Nobody who works on the guard has read `blind` and `services_held`, nor looked at what it does with
single replies of `counted`.
"""

CASES = [case for name in LEARNED for case in read(name)]
MOST_PASSED = 0.01
MOST_REJECTED = 0.05
MOST_PASSED_SEEN_LATER = 0.08
MOST_REJECTED_SEEN_LATER = 0.12


def faults_in(case, reply):
    grounds = Grounds(
        template=case["template"],
        slots=case.get("slots", {}),
        passages=tuple(case.get("passages", ())),
        required=tuple(case.get("required", ())),
        alternatives=case.get("alternatives", ()),
        heard=tuple(case.get("heard", ())),
    )
    limits = Limits(language=case.get("language", "en"), forbidden=tuple(case.get("forbidden", ())))
    return faults(reply, grounds=grounds, limits=limits)


def pairs(kind, cases=CASES):
    return [(case, reply) for case in cases for reply in case[kind]]


def test_there_are_hundreds_of_replies_that_state_something_else():
    assert len({(case["name"], reply) for case, reply in pairs("bad")}) >= 1000


def test_hardly_any_reply_that_states_something_else_is_said():
    bad = pairs("bad")
    passed = [reply for case, reply in bad if not faults_in(case, reply)]
    assert len(passed) <= MOST_PASSED * len(bad), passed


@pytest.mark.parametrize("case", read("cases") + read("heldout"), ids=lambda c: c["name"])
def test_no_reply_of_the_oldest_sets_that_states_something_else_is_said(case):
    assert [reply for reply in case["bad"] if not faults_in(case, reply)] == []


def test_hardly_any_good_reply_is_rejected():
    good = pairs("good")
    rejected = [(reply, found) for case, reply in good if (found := faults_in(case, reply))]
    assert len(rejected) <= MOST_REJECTED * len(good), rejected


@pytest.mark.parametrize("name", SEEN_LATER)
def test_it_is_right_about_most_replies_that_it_was_measured_on_first(name):
    cases = read(name)
    bad, good = pairs("bad", cases), pairs("good", cases)
    passed = [reply for case, reply in bad if not faults_in(case, reply)]
    rejected = [reply for case, reply in good if faults_in(case, reply)]
    assert len(passed) <= MOST_PASSED_SEEN_LATER * len(bad), passed
    assert len(rejected) <= MOST_REJECTED_SEEN_LATER * len(good), rejected


@pytest.mark.parametrize("name", MOST_HELD_OUT)
def test_replies_held_out_are_judged_no_worse_than_when_they_were_counted(name):
    cases = read(name)
    most_passed, most_rejected = MOST_HELD_OUT[name]
    bad, good = pairs("bad", cases), pairs("good", cases)
    passed = sum(not faults_in(case, reply) for case, reply in bad)
    rejected = sum(bool(faults_in(case, reply)) for case, reply in good)
    assert passed <= most_passed * len(bad)
    assert rejected <= most_rejected * len(good)


def test_a_template_may_always_be_said_as_it_stands():
    rejected = [
        (case["template"], found)
        for case in CASES
        if (found := faults_in({**case, "required": ()}, case["template"]))
    ]
    assert rejected == []


@settings(deadline=None)
@given(st.text(max_size=60))
@example("\U00010d41 am, \U00010d42/\U00010d43/\U00010d44, \U00010d45 euros")
def test_any_text_is_judged(text):
    assert isinstance(faults(text, grounds=Grounds(template=text)), tuple)


def test_a_reply_may_not_grow_without_end():
    grounds = Grounds(template="Hello!")
    assert "characters" in faults("hello " * 100, grounds=grounds)[0]
    assert "characters" in faults("hello", grounds=grounds, limits=Limits(most_characters=4))[0]


@pytest.mark.parametrize(
    "reply",
    [
        "The tour is in Spanish.",  # no such word is known
        "The tour of the castle starts at noon and lasts 2 hours.",  # swapped
        "The tour of the castle lasts at most 2 hours.",
        "The tour of the castle has started at 10 am.",
        "Children must come along.",
        "Dogs may come along.",
    ],
)
def test_known_facts_are_not_said_of_something_else(reply):
    template = (
        "The tour of the castle starts at 10 am and ends at noon. It lasts 2 hours. Children can"
        " come along if they are at least 6 years old."
    )
    assert faults(template, grounds=Grounds(template=template)) == ()
    assert faults(reply, grounds=Grounds(template=template))


@pytest.mark.parametrize(
    "sign", ["\x07", "\x1b", "\x9b", "\u202e", "\U000e0041", "\ufffd", "\ue000"]
)
def test_a_reply_has_no_sign_that_nobody_should_see(sign):
    template, reply = "Your bike is reserved.", f"Your bike {sign} is reserved."
    expected = f"it has signs that no text should have: U+{ord(sign):04X}"
    assert expected in faults(reply, grounds=Grounds(template=template))
    assert expected in faults(
        reply, grounds=Grounds(template=template), limits=Limits(is_free=True)
    )
    assert expected not in faults(reply, grounds=Grounds(template=f"{template} {sign}"))


@pytest.mark.parametrize(
    ("template", "heard", "is_said"),
    [
        ("Your order was sent on Monday.", "so where is my order", False),
        ("Your order was sent on Monday. Where is it?", "so where is my order", True),
        ("Your order was sent on Monday.", "hello", True),
    ],
)
def test_a_user_is_not_asked_what_they_asked(template, heard, is_said):
    found = faults("Where is your order?", grounds=Grounds(template=template, heard=(heard,)))
    assert (found == ()) is is_said


def test_emoji_and_lines_are_signs_as_others():
    reply = (
        "Your bike is reserved \U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f!\r\n\tRide!"
    )
    found = faults(reply, grounds=Grounds(template="Your bike is reserved. Ride!"))
    assert not [fault for fault in found if "signs" in fault]


def test_words_of_its_own_are_only_for_replies_to_instructions():
    grounds = Grounds(template="Tell a joke about bread.")
    joke = "Why did the bread blush? It saw the butter fly!"
    assert faults(joke, grounds=grounds)
    assert faults(joke, grounds=grounds, limits=Limits(is_free=True)) == ()
    told = faults("Leonardo baked 3 loaves of bread.", grounds=grounds, limits=Limits(is_free=True))
    assert len(told) == 2


def test_words_of_languages_without_lists_are_not_judged():
    grounds = Grounds(template="Uw tafel is gereserveerd.")
    reply = "En uw tafel is fijn gereserveerd."
    assert faults(reply, grounds=grounds, limits=Limits(language="nl")) == ()
    assert faults("Table fine.", grounds=grounds, limits=Limits(language="en"))
