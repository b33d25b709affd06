import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.nlu.component import NluTrainingData
from framework.nlu.fallback import Fallback
from framework.nlu.types import IntentScore, OutOfScope, Understanding
from framework.project.schema.domain import Domain, Intent


def rank(component, *scores):
    ranking = tuple(IntentScore(name=name, confidence=value) for name, value in scores)
    result = component.process(Understanding(text="?", ranking=ranking)).ranking
    return [(score.name, score.confidence) for score in result]


@pytest.mark.parametrize(
    "scores",
    [
        [("a", 0.3), ("b", 0.1)],
        [("a", 0.9)],
        [("a", 0.9), ("b", 0.05)],
        [("a", 0.5), ("b", 0.25)],
    ],
)
def test_a_sure_intent_stays(scores):
    assert rank(Fallback(), *scores) == scores


@pytest.mark.parametrize(
    "scores",
    [
        [("a", 0.29), ("b", 0.1)],
        [("a", 0.5), ("b", 0.45)],
        [],
        [("a", 0.1)],
    ],
    ids=["unsure", "ambiguous", "nothing classified", "unsure alone"],
)
def test_otherwise_the_fallback_stands_above_an_unchanged_ranking(scores):
    assert rank(Fallback(), *scores) == [("nlu_fallback", 0.3), *scores]


def test_settings_move_the_thresholds():
    component = Fallback(threshold=0.7, ambiguity_threshold=0.5)
    assert rank(component, ("a", 0.65)) == [("nlu_fallback", 0.7), ("a", 0.65)]
    assert rank(component, ("a", 0.75), ("b", 0.3))[0] == ("nlu_fallback", 0.7)
    assert rank(component, ("a", 0.8), ("b", 0.2)) == [("a", 0.8), ("b", 0.2)]


def test_an_intent_of_the_domain_may_have_its_own_threshold():
    domain = Domain(
        intents={
            "risky": Intent(name="risky", threshold=0.9),
            "easy": Intent(name="easy", threshold=0.0),
            "other": Intent(name="other"),
        }
    )
    component = Fallback()
    list(component.train(NluTrainingData(utterances=[], domain=domain)))
    component = Fallback().load(component.save())
    assert rank(component, ("risky", 0.85))[0] == ("nlu_fallback", 0.3)
    assert rank(component, ("easy", 0.1)) == [("easy", 0.1)]
    assert rank(component, ("other", 0.25))[0] == ("nlu_fallback", 0.3)


@given(st.lists(st.floats(0, 1), max_size=4), st.floats(0, 1), st.floats(0, 1))
def test_the_ranking_below_is_never_touched(confidences, threshold, ambiguity):
    scores = [(str(index), value) for index, value in enumerate(sorted(confidences)[::-1])]
    result = rank(Fallback(threshold=threshold, ambiguity_threshold=ambiguity), *scores)
    assert result in (scores, [("nlu_fallback", threshold), *scores])


def test_thresholds_of_the_configuration_go_before_those_of_the_domain():
    domain = Domain(intents={"risky": Intent(name="risky", threshold=0.9)})
    component = Fallback(thresholds={"risky": 0.5, "other": 0.8})
    list(component.train(NluTrainingData(utterances=[], domain=domain)))
    assert rank(component, ("risky", 0.6)) == [("risky", 0.6)]
    assert rank(component, ("other", 0.75))[0] == ("nlu_fallback", 0.3)
    assert rank(component, ("else", 0.4)) == [("else", 0.4)]


@pytest.mark.parametrize(
    ("setting", "confidence", "falls_back"),
    [
        ("auto", 0.95, True),
        ("auto", 0.85, False),
        ("off", 0.95, False),
        (0.8, 0.85, True),
        (0.99, 0.95, False),
        (1, 1.0, False),
    ],
)
def test_a_message_that_looks_out_of_scope_is_not_acted_on(setting, confidence, falls_back):
    understanding = Understanding(
        text="?",
        ranking=(IntentScore(name="a", confidence=0.99),),
        out_of_scope=OutOfScope(confidence=confidence, limit=0.9),
    )
    best = Fallback(out_of_scope=setting).process(understanding).intent
    assert (best.name == "nlu_fallback") is falls_back
