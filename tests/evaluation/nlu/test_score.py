import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.data.types import Utterance
from framework.errors import Location
from framework.evaluation.nlu.files import to_json, write
from framework.evaluation.nlu.pages import to_html, to_markdown
from framework.evaluation.nlu.plots import confusion_matrix
from framework.evaluation.nlu.report import NOTHING, Confusion, Span
from framework.evaluation.nlu.score import evaluate, score
from framework.nlu.component import Component
from framework.nlu.pipeline import Pipeline
from framework.nlu.types import Entity, IntentScore, RankedResponse, Understanding
from framework.project.schema.domain import Domain
from framework.project.schema.nlu import EntityAnnotation


def utterance(text, intent="greet", *entities, key=None, line=1):
    return Utterance(
        text=text,
        intent=intent,
        response_key=key,
        entities=tuple(
            EntityAnnotation(entity=name, start=start, end=end, value=text[start:end], role=role)
            for name, start, end, role in entities
        ),
        where=Location(file="tests/nlu.yml", line=line),
    )


def understanding(text, *ranking, entities=(), selections=None):
    return Understanding(
        text=text,
        ranking=tuple(IntentScore(name=name, confidence=value) for name, value in ranking),
        entities=tuple(
            Entity(
                entity=name,
                start=start,
                end=end,
                value=text[start:end],
                role=role,
                extractor=extractor,
            )
            for name, start, end, role, extractor in entities
        ),
        selections=selections or {},
    )


CITY = ("city", 3, 8, "to")
FOUND_CITY = (*CITY, "bert_tagger")

UTTERANCES = [
    utterance("hi", "greet", line=2),
    utterance("bye", "goodbye", line=3),
    utterance("to paris", "book", CITY, line=4),
    utterance("to tokyo", "book", CITY, line=5),
    utterance("who are you", "faq", key="faq/ask_name", line=6),
]
UNDERSTANDINGS = [
    understanding("hi", ("greet", 0.9)),
    understanding("bye", ("greet", 0.6), ("goodbye", 0.4)),
    understanding("to paris", ("book", 1.0), entities=[FOUND_CITY]),
    understanding("to tokyo", ("book", 1.0), entities=[("city", 3, 8, None, "bert_tagger")]),
    understanding(
        "who are you",
        ("faq", 0.8),
        selections={"default": (RankedResponse(key="faq/ask_age", confidence=0.7),)},
    ),
]


@pytest.fixture
def report():
    return score(UTTERANCES, UNDERSTANDINGS)


def test_intents_are_scored(report):
    assert report.intent.total == 5
    assert report.intent.accuracy == pytest.approx(0.8)
    assert report.intent.by_label["greet"].precision == pytest.approx(0.5)
    assert report.intent.confusions == (Confusion(expected="goodbye", predicted="greet", count=1),)


def test_a_mistake_has_its_text_and_place(report):
    (error,) = report.intent.errors
    assert (error.text, str(error.where)) == ("bye", "tests/nlu.yml:3")
    assert (error.expected, error.predicted, error.confidence) == ("goodbye", "greet", 0.6)


def test_an_entity_counts_only_with_exact_span_and_role(report):
    assert report.entities.scores.f1 == pytest.approx(0.5)
    assert set(report.entities.by_label) == {"city", "city#to"}
    (error,) = report.entities.errors
    assert error.missed == (Span(start=3, end=8, entity="city", role="to"),)
    assert error.invented == (Span(start=3, end=8, entity="city"),)


def test_a_sentence_is_right_with_intent_and_entities(report):
    assert report.sentence_accuracy == pytest.approx(3 / 5)


def test_responses_are_scored_for_examples_that_name_one(report):
    assert report.responses.total == 1
    assert report.responses.errors[0].predicted == "faq/ask_age"


def test_the_fallback_is_taken_off_before_intents_are_judged():
    found = understanding("hi", ("nlu_fallback", 0.3), ("greet", 0.2))
    report = score([utterance("hi")], [found])
    assert report.intent.accuracy == 1.0
    assert report.fallbacks == 1


def test_an_example_of_the_fallback_itself_expects_it():
    found = understanding("asdf", ("nlu_fallback", 0.3), ("greet", 0.2))
    assert score([utterance("asdf", "nlu_fallback")], [found]).intent.accuracy == 1.0


def test_nothing_classified_is_a_mistake():
    report = score([utterance("hi")], [understanding("hi")])
    assert report.intent.errors[0].predicted == NOTHING


def test_entities_of_extractors_that_do_not_learn_are_not_counted():
    found = understanding(
        "to 5", ("book", 1.0), entities=[("number", 3, 4, None, "duckling_entities")]
    )
    assert score([utterance("to 5", "book")], [found]).entities.scores.f1 == 1.0


def test_an_entity_that_stands_nowhere_in_the_text_is_not_held_against_annotations():
    found = understanding("to 5", ("book", 1.0), entities=[("mood", None, None, None, "my_moods")])
    assert score([utterance("to 5", "book")], [found]).entities.scores.f1 == 1.0


def test_no_examples_give_a_report_without_mistakes():
    report = score([], [])
    assert report.total == report.intent.total == 0
    assert to_json(report)["entities"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


def test_a_pipeline_is_evaluated_in_batches():
    class Parrot(Component):
        name = "parrot"

        def process(self, understanding):
            return Understanding(
                text=understanding.text,
                ranking=(IntentScore(name=understanding.text, confidence=1.0),),
            )

    steps = []
    utterances = [utterance(str(number), str(number)) for number in range(150)]
    report = evaluate(
        Pipeline([Parrot()], Domain()),
        utterances,
        on_progress=lambda done, total: steps.append((done, total)),
    )
    assert report.intent.accuracy == 1.0
    assert steps[-1] == (150, 150)


def test_the_json_has_the_documented_shape(report):
    data = to_json(report)
    assert set(data) == {
        *("intent", "entities", "sentence_accuracy", "ece", "threshold"),
        "response_selection",
    }
    assert set(data["intent"]) == {"total", "accuracy", "macro_f1"}


def test_files_have_rasas_names_and_keys(report, tmp_path):
    paths = write(report, tmp_path / "results")
    assert all(path.is_file() for path in paths)
    errors = json.loads((tmp_path / "results/intent_errors.json").read_text())
    assert errors == [
        {
            "text": "bye",
            "intent": "goodbye",
            "intent_prediction": {"name": "greet", "confidence": 0.6},
            "file": "tests/nlu.yml",
            "line": 3,
        }
    ]
    table = json.loads((tmp_path / "results/intent_report.json").read_text())
    assert table["goodbye"]["confused_with"] == {"greet": 1}
    assert table["weighted avg"]["support"] == 5
    assert table["accuracy"] == pytest.approx(0.8)
    (row,) = json.loads((tmp_path / "results/response_selection_errors.json").read_text())
    assert row["intent_response_key_target"] == "faq/ask_name"
    assert row["intent_response_key_prediction"]["name"] == "faq/ask_age"


def test_pictures_are_drawn_where_matplotlib_is_installed(report, tmp_path):
    pytest.importorskip("matplotlib")
    names = {path.name for path in write(report, tmp_path)}
    assert {"intent_confusion_matrix.png", "intent_histogram.png"} <= names
    assert (tmp_path / "intent_histogram.png").read_bytes().startswith(b"\x89PNG")


def test_the_matrix_counts_expected_in_rows(report):
    labels, counts = confusion_matrix(report.intent)
    assert counts[labels.index("goodbye"), labels.index("greet")] == 1
    assert counts.sum() == 5


def test_pages_show_every_mistake_with_its_place(report):
    for page in (to_markdown(report), to_html(report)):
        assert "tests/nlu.yml:3" in page.replace("\\", "")
        assert "80.0 %" in page


def test_the_page_shows_matrix_and_histogram_without_pictures_beside_it(report):
    page = to_html(report)
    assert "<title>goodbye as greet: 1</title>" in page
    assert "<title>1 wrong from " in page
    assert "<img" not in page


def test_the_markdown_page_refers_to_the_pictures_drawn(report, tmp_path):
    pytest.importorskip("matplotlib")
    write(report, tmp_path)
    page = (tmp_path / "nlu_report.md").read_text(encoding="utf-8")
    names = re.findall(r"!\[[^]]+\]\(([^)]+)\)", page)
    assert "intent_confusion_matrix.png" in names
    assert all((tmp_path / name).is_file() for name in names)


def test_a_matrix_of_very_many_labels_shows_those_with_mistakes():
    names = [f"intent_{number}" for number in range(80)]
    wrong = {"intent_7": "intent_70"}
    report = score(
        [utterance(name, name) for name in names],
        [understanding(name, (wrong.get(name, name), 0.9)) for name in names],
    )
    page = to_html(report)
    assert "<title>intent_7 as intent_70: 1</title>" in page
    assert "78 labels with fewer mistakes are left out" in page


def test_pages_escape_what_users_say():
    report = score([utterance("<b>|`hi`")], [understanding("<b>|`hi`", ("bye", 0.5))])
    assert "<b>" not in to_html(report)
    assert "\\|" in to_markdown(report)


@given(st.text(), st.text())
def test_any_message_can_be_reported(text, intent):
    report = score([utterance(text, intent)], [understanding(text, ("other", 0.5))])
    assert to_markdown(report)
    assert to_html(report)
    json.dumps(to_json(report))
