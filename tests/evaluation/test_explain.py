import math
import re
from dataclasses import replace

import numpy as np
import pytest

from framework.assistant.examples import KnownExample, KnownExamples, pack
from framework.errors import Location
from framework.evaluation.explain import explain, find_words
from framework.evaluation.explain_pages import to_html, to_json
from framework.nlu.component import Component
from framework.nlu.fallback import Fallback
from framework.nlu.pipeline import Pipeline
from framework.nlu.types import IntentScore, Understanding
from framework.project.schema.domain import Domain, Intent

WEIGHTS = {
    "order": {"croissant": 3.0, "buy": 1.0, "today": -1.0, "吃": 2.0},
    "hours": {"today": 2.0},
}


class Weighing(Component):
    """Classifies by weights of words, so that the right answer to every question is known."""

    name = "weighing"
    provides = frozenset({"intent", "embedding"})

    def process(self, understanding):
        words = [*re.findall(r"\w+", understanding.text), *understanding.text]
        raised = {
            intent: math.exp(sum(weights.get(word, 0.0) for word in words))
            for intent, weights in WEIGHTS.items()
        }
        ranking = [
            IntentScore(name=name, confidence=value / sum(raised.values()))
            for name, value in sorted(raised.items(), key=lambda pair: -pair[1])
        ]
        return Understanding(
            text=understanding.text,
            ranking=tuple(ranking),
            embedding=np.array([raised["order"], raised["hours"]], dtype=np.float32),
        )


class SplittingSigns(Weighing):
    """Says that signs are words of their own, as taggers do."""

    def process(self, understanding):
        tokens = tuple(match.span() for match in re.finditer(r"\w+|\S", understanding.text))
        return replace(super().process(understanding), tokens=tokens)


class Hunting(Component):
    """An extractor that must not be asked once per word."""

    name = "hunting"
    provides = frozenset({"entities"})

    def __init__(self) -> None:
        self.asked = 0

    def process(self, understanding):
        self.asked += 1
        return understanding


KNOWN = KnownExamples(
    items=(
        KnownExample(text="a croissant", label="order", where=Location(file="n.yml", line=4)),
        KnownExample(text="open today?", label="hours", where=Location(file="n.yml", line=8)),
        KnownExample(text="buy <b>", label="order/sweet"),
    ),
    vectors=pack(np.array([[1, 0], [0, 1], [1, 0.5]], dtype=np.float32)),
)


@pytest.fixture
def pipeline():
    return Pipeline([Weighing()], Domain(intents={"greet": Intent(name="greet")}))


def test_a_word_pulls_by_what_the_log_odds_lose_without_it(pipeline):
    found = explain(pipeline, "buy a croissant today")

    pulls = {found.word(item): item.pull for item in found.words}
    assert pulls == pytest.approx({"buy": 1.0, "a": 0.0, "croissant": 3.0, "today": -3.0})
    assert [found.word(item) for item in found.by_pull()][-1] == "a"


def test_words_on_both_sides_of_a_sign_stay_words_without_it():
    pipeline = Pipeline([SplittingSigns()], Domain(intents={"greet": Intent(name="greet")}))

    found = explain(pipeline, "buy+croissant")

    pulls = {found.word(item): item.pull for item in found.words}
    assert pulls == pytest.approx({"buy": 1.0, "+": 0.0, "croissant": 3.0})


def test_words_are_weighed_between_the_intent_and_the_runner_up(pipeline):
    found = explain(pipeline, "buy a croissant today")

    assert (found.intent.name, found.runner_up.name) == ("order", "hours")
    assert [found.word(item) for item in found.towards_intent()] == ["croissant", "buy"]
    assert [found.word(item) for item in found.towards_runner_up()] == ["today"]


def test_the_nearest_examples_come_with_their_places(pipeline):
    found = explain(pipeline, "croissant", known=KNOWN, count=2)

    assert [item.example.text for item in found.nearest] == ["a croissant", "buy <b>"]
    assert str(found.nearest[0].example.where) == "n.yml:4"
    assert [item.example.text for item in found.nearest_of_runner_up] == ["open today?"]


def test_scripts_without_spaces_are_explained_by_character(pipeline):
    found = explain(pipeline, "我想吃饭")

    assert [found.word(item) for item in found.words] == ["我", "想", "吃", "饭"]
    assert found.word(found.by_pull()[0]) == "吃"


def test_the_words_of_the_tagger_are_taken_where_it_ran():
    read = Understanding(text="今天 ok , 10 €", tokens=((0, 2), (3, 5), (6, 7), (8, 10), (11, 12)))

    assert find_words(read) == [(0, 2), (3, 5), (8, 10), (11, 12)]


def test_the_only_word_of_a_message_is_everything(pipeline):
    (effect,) = explain(pipeline, "croissant").words

    assert effect.confidence_without == 0.0
    assert effect.pull > 5


@pytest.mark.parametrize("text", ["", "   ", "\U0001f600\u200d", "\udc80 hm", "a\x00b", "/"])
def test_any_text_is_explained(pipeline, text):
    found = explain(pipeline, text, known=KNOWN)

    assert "<section>" in to_html([found])
    assert to_json(found)["words"] is not None


def test_a_payload_has_no_words_to_explain(pipeline):
    found = explain(pipeline, "/greet", known=KNOWN)

    assert found.intent == IntentScore(name="greet", confidence=1.0)
    assert found.words == found.nearest == ()


def test_the_intent_below_the_fallback_is_explained():
    pipeline = Pipeline([Weighing(), Fallback(threshold=0.99)], Domain())

    found = explain(pipeline, "buy it")

    assert found.is_fallback
    assert found.intent.name == "order"
    assert "too unsure" in to_html([found])


def test_extractors_are_not_asked_about_shortened_messages():
    hunting = Hunting()

    explain(Pipeline([hunting, Weighing()], Domain()), "buy a croissant today")

    assert hunting.asked == 1


def test_the_page_escapes_whatever_was_written(pipeline):
    found = explain(pipeline, '<script>alert("croissant")</script> & more', known=KNOWN)

    page = to_html([found])

    assert "<script" not in page
    assert "&lt;" in page
    assert "buy &lt;b&gt;" in page
    assert not re.search(r"(src|href)=", page)


def test_a_long_message_loses_several_words_at_a_time(pipeline):
    text = "word " * 600 + "croissant"

    found = explain(pipeline, text)

    assert len(found.words) <= 8192 / 600 + 1
    assert (found.words[0].start, found.words[-1].end) == (0, len(text))
    assert found.by_pull()[0] == found.words[-1]
