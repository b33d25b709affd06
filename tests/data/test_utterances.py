"""What the NLU learns from: the examples, and what stories say of a user's words."""

from __future__ import annotations

from pathlib import Path

from framework.data.utterances import utterances
from framework.project.checks import inspect
from framework.project.load import load_project
from tests.project.projects import MINIMAL, write_minimal

TOLD = """\
stories:
- story: told
  steps:
  - user: Good evening
    intent: greet
  - action: utter_greet
  - user: one [calzone](dish)
    intent: order
  - action: utter_greet
  - or:
    - user: evening all
      intent: greet
    - intent: order
  - action: utter_greet
  - user: /greet
    intent: greet
  - action: utter_greet
  - user: without a label
  - action: utter_greet
rules:
- rule: told
  steps:
  - user: Good evening
    intent: greet
  - action: utter_greet
"""


def test_words_of_stories_with_an_intent_are_examples_once(tmp_path: Path) -> None:
    project = load_project(write_minimal(tmp_path, {"data/told.yml": TOLD}))

    told = utterances(project)[len(project.nlu.examples) :]

    assert [(one.text, one.intent) for one in told] == [
        ("Good evening", "greet"),
        ("one calzone", "order"),
        ("evening all", "greet"),
    ]
    [entity] = told[1].entities
    assert told[1].text[entity.start : entity.end] == "calzone"
    assert str(told[0].where) == "data/told.yml:4:5"


def test_what_the_examples_have_is_not_told_again(tmp_path: Path) -> None:
    project = load_project(write_minimal(tmp_path, {}))
    first = project.nlu.examples[0]
    told = TOLD.replace("Good evening", first.text)

    again = load_project(write_minimal(tmp_path / "b", {"data/told.yml": told}))

    assert [one.text for one in utterances(again)].count(first.text) == 1


def test_an_intent_with_words_in_stories_alone_is_understood(tmp_path: Path) -> None:
    told = TOLD.replace("intent: greet", "intent: wave")
    domain = MINIMAL["domain.yml"].replace("- order\n", "- order\n        - wave\n", 1)
    untold, told_too = {"domain.yml": domain}, {"domain.yml": domain, "data/told.yml": told}

    before = inspect(write_minimal(tmp_path / "a", untold))
    after = inspect(write_minimal(tmp_path / "b", told_too))

    assert "unlabelled-intent" in {problem.id for problem in before}
    assert "unlabelled-intent" not in {problem.id for problem in after}
