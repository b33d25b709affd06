import json

import pytest

from framework.data.types import Utterance
from framework.errors import Location
from framework.evaluation.nlu.confusions import confused_pairs
from framework.evaluation.nlu.cross_validation import HeldOut, cross_validate
from framework.evaluation.nlu.files import to_json, write
from framework.evaluation.nlu.pages import to_html, to_markdown
from framework.evaluation.nlu.score import score
from framework.evaluation.nlu.suspects import find_suspects
from framework.nlu.types import IntentScore, Understanding


def example(text, intent, line=1):
    return Utterance(text=text, intent=intent, where=Location(file="data/nlu.yml", line=line))


def understanding(text, **confidences):
    ranked = sorted(confidences.items(), key=lambda pair: -pair[1])
    scores = tuple(IntentScore(name=name, confidence=value) for name, value in ranked)
    return Understanding(text=text, ranking=scores)


EXAMPLES = [
    example("hi", "greet", 2),
    example("hello", "greet", 3),
    example("see you", "greet", 4),
    example("bye", "bye", 6),
    example("farewell", "bye", 7),
    example("hm", "bye", 8),
    example("once", "rare", 10),
]
FOUND = [
    understanding("hi", greet=0.9, bye=0.1),
    understanding("hello", greet=0.8, bye=0.2),
    understanding("see you", bye=0.95, greet=0.05),
    understanding("bye", bye=0.9, greet=0.1),
    understanding("farewell", bye=0.8, greet=0.2),
    understanding("hm", greet=0.55, bye=0.45),
    understanding("once", greet=0.99, bye=0.01),
]
FOLDS = [
    HeldOut(utterances=tuple(EXAMPLES[start::2]), understandings=tuple(FOUND[start::2]))
    for start in (0, 1)
]


def test_a_surely_contradicted_label_is_a_suspect():
    suspects = find_suspects(EXAMPLES, FOUND)

    assert [(item.text, item.label, item.believed) for item in suspects] == [
        ("see you", "greet", "bye")
    ]
    assert str(suspects[0].where) == "data/nlu.yml:4"
    assert (suspects[0].label_confidence, suspects[0].believed_confidence) == (0.05, 0.95)


def test_an_unsure_mistake_is_no_suspect():
    assert "hm" not in {item.text for item in find_suspects(EXAMPLES, FOUND)}


def test_the_only_example_of_an_intent_is_no_suspect():
    assert "once" not in {item.text for item in find_suspects(EXAMPLES, FOUND)}


def test_all_folds_are_scored_together_in_file_order():
    report = cross_validate(FOLDS)

    assert report.total == 7
    assert report.intent.accuracy == pytest.approx(4 / 7)
    assert [item.where.line for item in report.intent.judgements] == [2, 3, 4, 6, 7, 8, 10]


def test_figures_have_their_spread_over_the_folds():
    report = cross_validate(FOLDS)

    spread = report.cross_validation.figures["intent_accuracy"]
    assert spread.mean == pytest.approx((2 / 4 + 2 / 3) / 2)
    assert spread.std == pytest.approx((2 / 3 - 2 / 4) / 2**0.5)
    assert to_json(report)["cross_validation"]["folds"] == 2


def test_pairs_are_confused_in_both_directions():
    pairs = confused_pairs(score(EXAMPLES, FOUND).intent)

    assert pairs[0].labels == ("bye", "greet")
    assert [item.text for item in pairs[0].messages] == ["see you", "hm"]


def test_the_pages_name_the_places():
    report = cross_validate(FOLDS)

    for page in (to_markdown(report), to_html(report)):
        assert "Over 2 folds" in page
        assert "Examples that may be labelled wrongly" in page
        assert "data/nlu.yml:4" in page.replace("\\", "")


def test_the_files_hold_curve_pairs_and_suspects(tmp_path):
    write(cross_validate(FOLDS, false_accept=0.2), tmp_path)

    curve = json.loads((tmp_path / "intent_confidence.json").read_text(encoding="utf-8"))
    assert curve["false_accept"] == 0.2
    assert curve["risk_coverage"][-1]["coverage"] == 1
    pairs = json.loads((tmp_path / "intent_confused_pairs.json").read_text(encoding="utf-8"))
    assert pairs[0]["messages"][0]["line"] == 4
    report = json.loads((tmp_path / "nlu_report.json").read_text(encoding="utf-8"))
    assert report["cross_validation"]["mislabelled"][0]["text"] == "see you"
