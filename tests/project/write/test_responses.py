from pathlib import Path

from framework import load_project
from framework.project.write.responses import write_variations

DOMAIN = """\
version: "3.1"
intents: [greet]
slots:
  mood:
    type: text
    mappings: [{type: custom}]
responses:
  utter_greet:
    - text: "Hello {mood}!"
      image: "http://x/y.png"
      buttons: [{title: Yes, payload: /affirm}]
      button_type: vertical
      quick_replies: [{title: No, payload: /deny}]
      elements: [{title: One}]
      attachment: {a: 1}
      custom: {b: 2}
      channel: slack
      condition: [{type: slot, name: mood, value: null}]
      id: one
      metadata: {c: 3}
      language: de
      rephrase: true
    - text: ""
      generate: "Greet the user."
"""
RULES = """\
version: "3.1"
rules:
  - rule: greet back
    steps: [{intent: greet}, {action: utter_greet}]
"""


def test_variations_are_written_so_that_they_read_alike(tmp_path: Path):
    (tmp_path / "config.yml").write_text("language: en\n", encoding="utf-8")
    (tmp_path / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rules.yml").write_text(RULES, encoding="utf-8")
    response = load_project(tmp_path).domain.responses["utter_greet"]

    first, second = write_variations(response)

    assert first == {
        "text": "Hello {mood}!",
        "image": "http://x/y.png",
        "buttons": [{"title": "Yes", "payload": "/affirm"}],
        "button_type": "vertical",
        "quick_replies": [{"title": "No", "payload": "/deny"}],
        "elements": [{"title": "One"}],
        "attachment": {"a": 1},
        "custom": {"b": 2},
        "channel": "slack",
        "condition": [{"type": "slot", "name": "mood", "value": None}],
        "id": "one",
        "metadata": {"c": 3},
        "language": "de",
        "rephrase": True,
    }
    assert second == {"text": "", "generate": "Greet the user."}
