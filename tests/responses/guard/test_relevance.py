# ruff: noqa: RUF001  # Chinese questions end so

import pytest

from framework.responses.guard.grounds import Grounds
from framework.responses.guard.verdict import Limits, faults

POOL = (
    "The pool is open from 7:00 to 21:00. A ticket costs 6 euros, a season ticket 90 euros.",
    "A locker takes a coin of 2 euros. The locker key has to be left at the desk.",
    "Swimming lessons for children begin on Mondays at 16:00. Book a lesson at the desk.",
    "If you lose the locker key, pay 15 euros at the desk. Lost clothes are kept for 14 days.",
)
泳池 = ("泳池每天7:00开放。成人票价是40元。", "更衣柜需要2元硬币。游泳课每周一16:00开始。")


def faults_of(question, answer, passages=POOL, language="en", **more):
    grounds = Grounds(passages=passages, asked=question, heard=(question,), **more)
    return faults(answer, grounds=grounds, limits=Limits(language=language))


BESIDE = [
    ("which coin does a locker take?", "A ticket costs 6 euros, a season ticket 90 euros."),
    ("which coin does a locker take?", "The pool is open from 7:00 to 21:00."),
    ("what does a season ticket cost?", "A locker takes a coin of 2 euros."),
    ("when do the swimming lessons begin?", "The pool is open from 7:00 to 21:00."),
    ("how long are lost clothes kept?", "Book a lesson at the desk."),
]
ANSWERS = [
    ("which coin does a locker take?", "A locker takes a 2 euro coin."),
    ("which coin does a locker take?", "2 euros."),
    ("what does a season ticket cost?", "A ticket is 6 euros. The season ticket is 90 euros."),
    ("when do the swimming lessons begin?", "They begin on Mondays at 16:00."),
    ("how long are lost clothes kept?", "For 14 days."),
    ("what if i lose the locker key?", "Pay 15 euros at the desk."),
    ("can i come at 8?", "The pool is open from 7:00 to 21:00."),
    ("is there a sauna?", "A ticket costs 6 euros."),
]


@pytest.mark.parametrize(("question", "answer"), BESIDE)
def test_an_answer_about_something_else_is_not_said(question, answer):
    [fault] = faults_of(question, answer)

    assert fault.startswith("it doesn't say what the passages know of")


@pytest.mark.parametrize(("question", "answer"), ANSWERS)
def test_an_answer_in_other_words_is_said(question, answer):
    assert faults_of(question, answer) == ()


def test_an_answer_about_something_else_is_not_said_in_chinese():
    assert faults_of("成人票价是多少？", "更衣柜需要2元硬币。", 泳池, "zh")
    assert faults_of("成人票价是多少？", "票价是40元。", 泳池, "zh") == ()


def test_the_reason_names_the_word_as_it_was_written():
    [fault] = faults_of(
        "when do the swimming lessons begin?", "The pool is open from 7:00 to 21:00."
    )

    assert "'swimming'" in fault or "'lessons'" in fault or "'begin'" in fault


def test_headings_make_no_word_common():
    deposit = "Hire\nDeposit\nThe deposit is 50 euros for a bike. Return the bike to get it back."
    prices = "Hire\nPrices\nA bike costs 12 euros a day."

    assert faults_of("what is the deposit for a bike?", "12 euros a day.", (deposit, prices))


def test_a_reply_that_answers_nothing_is_judged_by_the_other_rules():
    assert faults_of("which coin does a locker take?", "No answer.", template="No answer.") == ()


def test_only_answers_must_be_about_what_was_asked():
    grounds = Grounds(passages=POOL, heard=("which coin does a locker take?",))

    assert faults("The pool is open from 7:00 to 21:00.", grounds=grounds) == ()


def test_a_condition_that_the_user_asked_about_need_not_be_repeated():
    reply = "Pay 15 euros at the desk."
    source = Grounds(template=POOL[3], heard=("where do i pay?",))

    assert faults(reply, grounds=source)
