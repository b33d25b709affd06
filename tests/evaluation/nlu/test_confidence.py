import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.data.types import Utterance
from framework.evaluation.nlu.charts import draw_reliability, draw_risk
from framework.evaluation.nlu.confidence import (
    Certainty,
    certainties,
    judge_confidences,
    reliability,
    risk_coverage,
    suggest,
)
from framework.nlu import metrics
from framework.nlu.types import IntentScore, Understanding

FOUND = [
    Certainty(confidence=confidence, is_right=is_right)
    for confidence, is_right in ((0.9, True), (0.8, True), (0.8, False), (0.4, True), (0.2, False))
]
ANY = st.lists(
    st.builds(Certainty, confidence=st.floats(min_value=0, max_value=1), is_right=st.booleans())
)


def understanding(*ranking):
    scores = tuple(IntentScore(name=name, confidence=value) for name, value in ranking)
    return Understanding(text="", ranking=scores)


def test_the_curve_takes_equal_confidences_together():
    points = [(point.threshold, point.coverage, point.risk) for point in risk_coverage(FOUND)]

    assert points == [
        pytest.approx((0.85, 0.2, 0.0)),
        pytest.approx((0.6, 0.6, 1 / 3)),
        pytest.approx((0.3, 0.8, 1 / 4)),
        pytest.approx((0.0, 1.0, 2 / 5)),
    ]


@pytest.mark.parametrize(
    ("false_accept", "threshold"), [(0.0, 0.85), (0.25, 0.3), (0.3, 0.3), (0.5, 0.0)]
)
def test_the_threshold_of_greatest_coverage_within_the_wanted_rate(false_accept, threshold):
    point = suggest(risk_coverage(FOUND), false_accept=false_accept)

    assert point.threshold == pytest.approx(threshold)


def test_no_threshold_is_suggested_where_none_is_good_enough():
    worst = [Certainty(confidence=0.9, is_right=False), Certainty(confidence=0.1, is_right=True)]

    assert suggest(risk_coverage(worst), false_accept=0.05) is None
    assert suggest((), false_accept=0.05) is None


@given(ANY)
def test_a_threshold_does_what_its_point_says(found):
    for point in risk_coverage(found):
        accepted = [item for item in found if item.confidence >= point.threshold]
        assert len(accepted) == pytest.approx(point.coverage * len(found))
        wrong = sum(not item.is_right for item in accepted)
        assert wrong == pytest.approx(point.risk * len(accepted))


@given(ANY)
def test_the_bins_are_those_of_the_calibration_error(found):
    gaps = [item.count * abs(item.confidence - item.accuracy) for item in reliability(found)]

    expected = metrics.expected_calibration_error(
        [item.confidence for item in found], [item.is_right for item in found]
    )
    assert sum(gaps) / max(len(found), 1) == pytest.approx(expected, abs=1e-6)
    assert sum(item.count for item in reliability(found)) == len(found)


def test_the_intent_below_the_fallback_is_judged():
    utterances = [Utterance(text="", intent="greet"), Utterance(text="", intent="nlu_fallback")]
    found = [understanding(("nlu_fallback", 0.3), ("greet", 0.2))] * 2

    assert certainties(utterances, found) == (
        Certainty(confidence=0.2, is_right=True),
        Certainty(confidence=0.2, is_right=False),
    )


def test_the_area_under_the_curve_is_the_mean_risk():
    utterances = [Utterance(text="", intent="a"), Utterance(text="", intent="b")]
    report = judge_confidences(utterances, [understanding(("a", 0.9)), understanding(("a", 0.5))])

    assert report.area == pytest.approx(0.5 * 0 + 0.5 * 0.5)


@given(ANY)
def test_charts_are_drawn_of_any_confidences(found):
    utterances = [Utterance(text="", intent="a" if item.is_right else "b") for item in found]
    report = judge_confidences(utterances, [understanding(("a", i.confidence)) for i in found])

    assert "nan" not in draw_reliability(report) + draw_risk(report)


def test_without_messages_there_is_nothing_to_suggest():
    report = judge_confidences([], [])

    assert (report.bins, report.curve, report.suggestion, report.area) == ((), (), None, 0.0)
