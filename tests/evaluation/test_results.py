"""Results are one document, JUnit XML, and stories that can be read again."""

from __future__ import annotations

import json
import resource
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from ruamel.yaml import YAML

from framework.data.dialogues import Dialogue
from framework.errors import Location
from framework.evaluation.conversations import failed_stories, junit
from framework.evaluation.conversations.outcomes import (
    ConversationsOutcome,
    Failure,
    StepOutcome,
    StoryOutcome,
)
from framework.evaluation.conversations.wording import in_words, marked
from framework.evaluation.report import Results
from framework.policies.base import Prediction, Reason
from framework.project.schema.nlu import EntityAnnotation
from framework.project.schema.stories import (
    ActionStep,
    BotStep,
    Expectation,
    LoopStep,
    SlotStep,
    SlotValue,
    StepEntity,
    UserStep,
)

MARK = EntityAnnotation(entity="city", start=3, end=7, value="Roma", role="to")
STEPS = (
    UserStep(
        intent="inform", text="to Rome: #1 'x'", annotations=(MARK,), where=Location(file="s.yml")
    ),
    ActionStep(action="utter_ok", expect=Expectation(replies=("/Ok/",), slots={"a": 1})),
    BotStep(text="Well: done # really"),
    LoopStep(name=None),
    SlotStep(slots=(SlotValue(slot="a", value=[1, "x"]), SlotValue(slot="b", has_value=False))),
    UserStep(intent="greet", entities=(StepEntity(entity="city", value="Rome", role="to"),)),
)
PREDICTION = Prediction(
    action="utter_no",
    confidence=0.75,
    policy="rules",
    priority=4,
    reason=Reason(kind="rule", text="rule 'no'", where=Location(file="data/rules.yml", line=9)),
)


def outcome(name: str = "a story", *, predicted: str | None = "utter_no") -> StoryOutcome:
    failure = Failure(
        kind="action",
        story=name,
        where=Location(file="stories/a.yml", line=7, column=3),
        step="action: utter_ok",
        expected="utter_ok",
        predicted=predicted or "",
        prediction=PREDICTION,
    )
    steps = [StepOutcome(step=step) for step in STEPS]
    steps[1] = StepOutcome(
        step=STEPS[1], failures=(failure,) if predicted else (), actions=1, correct=not predicted
    )
    return StoryOutcome(
        dialogue=Dialogue(
            name=name, kind="story", steps=STEPS, where=Location(file="stories/a.yml", line=2)
        ),
        steps=(*steps, StepOutcome(step=None, actions=1, correct=1)),
    )


def test_the_document_has_the_figures_and_every_failure_with_its_place():
    played = ConversationsOutcome(stories=(outcome(), outcome("fine", predicted=None)))

    document = Results(conversations=played).to_json()

    assert document["passed"] is False
    assert document["stories"]["total"] == 2
    assert document["stories"]["passed"] == 1
    assert document["stories"]["actions"] == {"total": 4, "correct": 3}
    [failure] = document["stories"]["failures"]
    assert failure["file"] == "stories/a.yml"
    assert failure["line"] == 7
    assert failure["story"] == "a story"
    assert failure["expected"] == "utter_ok"
    assert failure["predicted"] == "utter_no"
    assert failure["reason_at"] == "data/rules.yml:9"
    assert "nlu" not in document


def test_failed_stories_can_be_read_again_and_say_what_came():
    text = failed_stories.to_yaml([outcome("a: 'tricky' # name"), outcome("fine", predicted=None)])

    [story] = YAML(typ="safe").load(text)["stories"]
    assert story["story"] == "a: 'tricky' # name"
    assert story["steps"] == [
        {
            "intent": "inform",
            "user": 'to [Rome]{"entity": "city", "role": "to", "value": "Roma"}: #1 \'x\'\n',
        },
        {"action": "utter_ok", "bot": ["/Ok/"], "slots": {"a": 1}},
        {"bot": "Well: done # really"},
        {"active_loop": None},
        {"slot_was_set": [{"a": [1, "x"]}, "b"]},
        {"intent": "greet", "entities": [{"city": "Rome", "role": "to"}]},
    ]
    assert "- action: utter_ok  # predicted: utter_no" in text
    assert "stories/a.yml:2" in text


@pytest.mark.parametrize("predicted", ["a\nb: c", "x\u2028- story: y", "\x00\x07", "# - {"])
def test_whatever_was_predicted_the_file_stays_readable(predicted: str):
    text = failed_stories.to_yaml([outcome(predicted=predicted)])

    assert len(YAML(typ="safe").load(text)["stories"]) == 1


def test_without_failures_the_file_says_so():
    assert failed_stories.to_yaml([]).startswith("# Every conversation")


def test_junit_has_a_case_for_each_story():
    stories = [outcome("bad \x00 name"), outcome("fine", predicted=None)]

    root = ET.fromstring(junit.to_xml(stories))

    assert root.attrib["tests"] == "2"
    assert root.attrib["failures"] == "1"
    [suite] = root
    assert suite.attrib["name"] == "stories/a.yml"
    bad, fine = suite
    assert bad.attrib["name"] == "bad \ufffd name"
    assert "expected utter_ok, predicted utter_no" in bad[0].attrib["message"]
    assert "by rules: rule 'no'" in (bad[0].text or "")
    assert fine.attrib["line"] == "2"
    assert len(fine) == 0


def test_a_run_leaves_three_files(tmp_path: Path):
    played = ConversationsOutcome(stories=(outcome(),))

    files = Results(conversations=played).write(tmp_path / "results")

    assert [file.name for file in files] == ["report.json", "junit.xml", "failed_stories.yml"]
    assert json.loads(files[0].read_text(encoding="utf-8"))["passed"] is False


def test_steps_are_named_as_they_are_written():
    assert [in_words(step) for step in (*STEPS, None)] == [
        'user: to [Rome]{"entity": "city", "role": "to", "value": "Roma"}: #1 \'x\'',
        "action: utter_ok",
        "bot: Well: done # really",
        "active_loop: null",
        'slot_was_set: a: [1, "x"], b',
        "intent: greet",
        "action: action_listen",
    ]


def test_an_entity_inside_another_is_left_out_of_the_marking():
    outer = EntityAnnotation(entity="place", start=0, end=8, value="New York")
    inner = EntityAnnotation(entity="city", start=4, end=8, value="York")

    assert marked("New York!", [inner, outer]) == "[New York](place)!"


def test_a_disk_that_is_full_is_told_with_the_file(tmp_path: Path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(OSError, match="too large") as caught:
            Results().write(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert caught.value.filename == str(tmp_path / "report.json")
