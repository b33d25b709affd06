"""Confidence rises with the model's chances and with how well a question is known."""

# ruff: noqa: RUF001  # full-width marks are what Chinese is written with

import numpy as np
import pytest

from framework.responses.seq2seq.confidence import Evidence, KnownQuestions, Weights
from framework.responses.seq2seq.decoding import Candidate

KNOWN = ("What time do you open?", "今天天气怎么样？", "Where are you?")


def test_a_learned_question_is_wholly_alike_and_a_strange_one_isnt():
    known = KnownQuestions.of(KNOWN)
    assert known.likeness("what TIME do you open?") == pytest.approx(1, abs=0.01)
    assert known.likeness("when do you open") > 0.4
    assert known.likeness("zzz qqq") < 0.1
    assert known.likeness("") == 0


def test_known_questions_come_back_from_bytes_and_dont_hold_the_words():
    known = KnownQuestions.of(KNOWN)
    content = known.to_bytes()
    assert b"open" not in content
    again = KnownQuestions.from_bytes(content)
    assert again.likeness("do you open") == known.likeness("do you open")
    assert KnownQuestions.from_bytes(KnownQuestions.of([]).to_bytes()).likeness("hm") == 0


def test_without_measured_weights_a_learned_question_is_answered_and_a_strange_one_not():
    sure = Candidate(pieces=(5, 6), chances=(-0.05, -0.02, -0.01), is_whole=True)
    unsure = Candidate(pieces=(5, 6), chances=(-1.5, -2.0, -1.0), is_whole=True)
    weights = Weights()
    assert weights.confidence(Evidence.of(sure, 1.0)) > 0.9
    assert weights.confidence(Evidence.of(sure, 0.2)) < 0.1
    assert weights.confidence(Evidence.of(unsure, 1.0)) < 0.5


def test_measured_weights_give_the_share_of_right_replies():
    lot = np.random.default_rng(1)
    likeness = lot.uniform(0, 1, 600)
    outcomes = lot.random(600) < likeness**2
    evidence = [Evidence(mean_chance=-0.5, least_chance=-1, likeness=x) for x in likeness]
    weights = Weights.fit(evidence, outcomes.tolist(), longest=9)
    found = np.array([weights.confidence(one) for one in evidence])
    assert found.mean() == pytest.approx(outcomes.mean(), abs=0.02)
    assert found[likeness > 0.9].mean() == pytest.approx(outcomes[likeness > 0.9].mean(), abs=0.1)
    assert min(weights.likeness, weights.mean_chance, weights.least_chance) >= 0
    assert Weights.from_bytes(weights.to_bytes()).longest == 9
