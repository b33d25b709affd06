"""Figures agree with what one counts by hand."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from framework.nlu import metrics


def test_accuracy_is_the_share_of_equal_pairs():
    assert metrics.accuracy(["a", "b", None, "c"], ["a", "b", None, "d"]) == 0.75
    assert metrics.accuracy([], []) == 1.0


def test_macro_f1_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    wanted, found = (rng.choice(list("abcd"), 50).tolist() for _ in range(2))
    assert metrics.macro_f1(wanted, found) == pytest.approx(
        f1_score(wanted, found, average="macro")
    )


def test_an_entity_counts_only_when_all_of_it_is_equal():
    wanted = [{(0, 3, "city"), (5, 9, "day")}, set()]
    found = [{(0, 3, "city"), (5, 8, "day")}, {(0, 1, "city")}]
    scores = metrics.span_scores(wanted, found)
    assert scores.precision == pytest.approx(1 / 3)
    assert scores.recall == 0.5
    assert scores.f1 == pytest.approx(0.4)
    assert scores.support == 2


def test_nothing_wanted_and_nothing_found_is_perfect():
    assert metrics.span_scores([set()], [set()]).f1 == 1.0
    assert metrics.span_scores([set()], [{1}]).f1 == 0.0


def test_labels_are_scored_one_by_one():
    scores = metrics.label_scores(["a", "a", "b"], ["a", "b", "b"])
    assert scores["a"].recall == 0.5
    assert scores["b"].precision == 0.5


def test_calibration_error_is_the_gap_between_confidence_and_accuracy():
    assert metrics.expected_calibration_error([0.75] * 4, [True, True, True, False]) == 0.0
    assert metrics.expected_calibration_error([1.0, 1.0], [True, False]) == 0.5
    assert metrics.expected_calibration_error([0.0, 1.0], [False, True]) == 0.0
    assert metrics.expected_calibration_error([], []) == 0.0
