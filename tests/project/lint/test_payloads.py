"""Payloads of buttons that name a retrieval intent."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.project.checks import inspect
from tests.project.projects import write_minimal

FAQ = """\
    intents: [faq]
    responses:
      utter_faq/hours:
      - text: From nine.
        buttons: [{{title: More, payload: {payload}}}]
    nlu:
    - intent: faq/hours
      examples: |
        - when are you open
        - opening hours
    rules:
    - rule: faq
      steps:
      - intent: faq
      - action: {action}
    """


@pytest.mark.parametrize(
    ("payload", "action", "expected"),
    [
        ("/faq/hours", "utter_faq", []),
        ("/faq", "utter_greet", []),
        ("/faq", "utter_faq", [("bare-payload", "name the answer, such as /faq/hours")]),
        ("/faq/hors", "utter_faq", [("unknown-payload-intent", "did you mean 'faq/hours'?")]),
    ],
)
def test_a_payload_must_name_an_answer_where_one_is_to_be_said(
    tmp_path: Path, payload: str, action: str, expected: list[tuple[str, str]]
) -> None:
    text = FAQ.format(payload=payload, action=action)
    project = write_minimal(tmp_path, {"data/faq.yml": text})
    assert [(one.id, one.hint) for one in inspect(project) if "payload" in one.id] == expected
