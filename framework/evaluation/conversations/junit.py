"""Results of test conversations as JUnit XML, which every build server reads."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from framework.evaluation.conversations.outcomes import Failure, StoryOutcome


def to_xml(stories: Iterable[StoryOutcome]) -> str:
    """Write a test suite for each file and a test case for each story."""
    ordered = sorted(stories, key=_file)
    suites = Element("testsuites", {"name": "frame test", **_counts(ordered)})
    for file, group in groupby(ordered, key=_file):
        of_file = list(group)
        suite = SubElement(suites, "testsuite", {"name": _clean(file), **_counts(of_file)})
        for story in of_file:
            suite.append(_case(story, file))
    indent(suites)
    return tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _case(story: StoryOutcome, file: str) -> Element:
    where = story.dialogue.where
    case = Element(
        "testcase",
        name=_clean(story.dialogue.name),
        classname=_clean(file),
        file=_clean(file),
        line=str(where.line if where else 0),
        time=f"{story.seconds:.3f}",
    )
    for failure in story.failures:
        message = f"{failure.step}: expected {failure.expected}, predicted {failure.predicted}"
        found = SubElement(case, "failure", type=failure.kind, message=_clean(message))
        found.text = _clean(_details(failure))
    if story.warnings:
        SubElement(case, "system-out").text = _clean("\n".join(story.warnings))
    return case


def _details(failure: Failure) -> str:
    lines = [
        str(failure.where or ""),
        f"step: {failure.step}",
        f"expected: {failure.expected}",
        f"predicted: {failure.predicted}",
    ]
    if failure.prediction is not None:
        lines.append(f"by {failure.prediction.policy}: {failure.prediction.reason.text}")
    return "\n".join(line for line in lines if line)


def _counts(stories: list[StoryOutcome]) -> dict[str, str]:
    return {
        "tests": str(len(stories)),
        "failures": str(sum(not story.passed for story in stories)),
        "errors": "0",
        "time": f"{sum(story.seconds for story in stories):.3f}",
    }


def _file(story: StoryOutcome) -> str:
    return story.dialogue.where.file if story.dialogue.where else "stories"


def _clean(text: str) -> str:
    """Replace what XML 1.0 can't hold."""
    return "".join(
        char
        if char in "\t\n\r"
        or " " <= char <= "\ud7ff"
        or "\ue000" <= char <= "\ufffd"
        or char >= "\U00010000"
        else "\ufffd"
        for char in text
    )
