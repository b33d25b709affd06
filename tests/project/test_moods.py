"""What `frame check` says about `mood:` and the component `sentiment`."""

from __future__ import annotations

import pytest

from framework.project.checks import inspect

CONFIG = """\
language: en
pipeline:
- name: keyword_intents
- name: sentiment
policies:
- name: rules
mood:
  slot: mood
  alert_slot: upset
"""
DOMAIN = """\
version: "3.1"
intents: [greet]
slots:
  mood: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  upset: {type: bool, influence_conversation: false, mappings: [{type: custom}]}
responses:
  utter_greet:
  - text: Hello!
  - text: Oh dear.
    condition: [{type: slot, name: mood, value: negative}]
"""
DATA = """\
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - good day
rules:
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
"""


def problems(tmp_path, *, config=CONFIG, domain=DOMAIN):
    (tmp_path / "data").mkdir()
    (tmp_path / "config.yml").write_text(config)
    (tmp_path / "domain.yml").write_text(domain)
    (tmp_path / "data" / "data.yml").write_text(DATA)
    return [
        (one.id, one.where.file, one.where.line)
        for one in inspect(tmp_path)
        if one.id != "no-values"
    ]


def test_slots_that_mood_fills_and_reads_are_in_use(tmp_path):
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "id", "line"),
    [
        ("  slot: mood", "  slut: mood", "unknown-key", 8),
        ("  slot: mood", "  slot: mod", "unknown-slot", 7),
        ("  slot: mood", "  slot: 3", "wrong-setting", 8),
        ("  slot: mood", "  threshold: 0.5", "mood-settings", 8),
        ("mood:\n  slot: mood\n  alert_slot: upset", "mood: yes", "wrong-type", 7),
        ("- name: sentiment\n", "", "missing-component", 6),
        ("- name: sentiment", "- name: sentiment\n  examples: moods.csv", "missing-file", 4),
    ],
)
def test_misuse_is_reported_at_its_place(tmp_path, old, new, id, line):
    assert (id, "config.yml", line) in problems(tmp_path, config=CONFIG.replace(old, new))


def test_a_slot_of_another_type_is_reported(tmp_path):
    domain = DOMAIN.replace("upset: {type: bool", "upset: {type: text")
    assert ("bad-slot", "domain.yml", 5) in problems(tmp_path, domain=domain)
