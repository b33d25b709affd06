import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.data.types import Utterance
from framework.nlu.component import NluTrainingData
from framework.nlu.keyword import KeywordIntents
from framework.nlu.types import IntentScore, Understanding


def train(*examples, **settings):
    component = KeywordIntents(**settings)
    utterances = [Utterance(text=text, intent=intent) for text, intent in examples]
    list(component.train(NluTrainingData(utterances=utterances)))
    return KeywordIntents(**settings).load(component.save())


def classify(component, text, ranking=()):
    result = component.process(Understanding(text=text, ranking=ranking)).ranking
    return [(score.name, score.confidence) for score in result]


GREET = (("hi", "greet"), ("good morning", "greet"), ("bye", "goodbye"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hi", [("greet", 1.0)]),
        ("oh, good morning!", [("greet", 1.0)]),
        ("bye bye", [("goodbye", 1.0)]),
        ("this", []),
        ("HI", []),
        ("", []),
    ],
)
def test_a_message_with_a_keyword_has_its_intent(text, expected):
    assert classify(train(*GREET), text) == expected


def test_capitals_can_be_ignored():
    assert classify(train(*GREET, case_sensitive=False), "GOOD Morning") == [("greet", 1.0)]


def test_of_several_keywords_the_first_of_the_file_counts():
    assert classify(train(*GREET), "bye, and hi to all") == [("greet", 1.0)]


def test_punctuation_is_literal_inside_and_left_out_around():
    component = train(("how much?", "price"), ("c.d", "letters"))
    assert classify(component, "how much is it") == [("price", 1.0)]
    assert classify(component, "cxd") == []


def test_a_keyword_of_two_intents_is_dropped_with_a_warning(caplog):
    component = train(("hi", "greet"), ("hi", "goodbye"), ("bye", "goodbye"))
    assert classify(component, "hi") == []
    assert classify(component, "bye") == [("goodbye", 1.0)]
    assert "'hi' is dropped" in caplog.text


def test_a_keyword_inside_one_of_another_intent_is_dropped_with_a_warning(caplog):
    component = train(("book", "reading"), ("book a table", "booking"))
    assert classify(component, "book") == []
    assert classify(component, "book a table") == [("booking", 1.0)]
    assert "'book' of 'reading' is dropped" in caplog.text


def test_an_earlier_classifier_stays_below_or_alone():
    earlier = (
        IntentScore(name="goodbye", confidence=0.8),
        IntentScore(name="greet", confidence=0.2),
    )
    component = train(*GREET)
    assert classify(component, "hi", earlier) == [("greet", 1.0), ("goodbye", 0.8)]
    assert classify(component, "what", earlier) == [("goodbye", 0.8), ("greet", 0.2)]


@given(st.lists(st.tuples(st.text(), st.sampled_from("ab")), max_size=5), st.text())
def test_no_text_breaks_training_or_classifying(examples, text):
    assert classify(train(*examples), text) in ([], [("a", 1.0)], [("b", 1.0)])
