"""What `frame check` says about variations in several languages."""

from __future__ import annotations

import pytest

from framework.project.checks import inspect

CONFIG = """\
language: en
languages:
  metadata: lang
"""
DOMAIN = """\
version: "3.1"
intents: [greet]
slots:
  language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
responses:
  utter_greet:
  - text: Hello!
  - text: Hallo!
    language: de
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
UNREACHABLE = ("unreachable-language", "domain.yml", 8)


def problems(tmp_path, *, config=CONFIG, domain=DOMAIN):
    (tmp_path / "data").mkdir()
    (tmp_path / "config.yml").write_text(config)
    (tmp_path / "domain.yml").write_text(domain)
    (tmp_path / "data" / "data.yml").write_text(DATA)
    return [(one.id, one.where.file, one.where.line) for one in inspect(tmp_path)]


def test_a_language_from_the_metadata_can_be_any(tmp_path):
    assert problems(tmp_path) == []


@pytest.mark.parametrize("language", ["en", "en-GB"])
def test_the_bots_own_language_is_always_reached(tmp_path, language):
    config = f"language: {language}\n"
    domain = DOMAIN.replace("language: de", "language: en")
    assert problems(tmp_path, config=config, domain=domain) == []


@pytest.mark.parametrize(
    "mapping",
    [
        "{type: from_intent, intent: greet, value: de}",
        "{type: from_text, intent: greet}",
    ],
)
def test_a_mapping_may_reach_the_language(tmp_path, mapping):
    domain = DOMAIN.replace("{type: custom}", mapping)
    assert problems(tmp_path, config="language: en\n", domain=domain) == []


def test_a_language_that_nothing_gives_is_pointed_out(tmp_path):
    assert UNREACHABLE in problems(tmp_path, config="language: en\n")


def test_a_language_that_is_not_among_those_detected_is_pointed_out(tmp_path):
    pytest.importorskip("py3langid")
    config = CONFIG.replace("metadata: lang", "detect: [en, fr]")
    assert problems(tmp_path, config=config) == [UNREACHABLE]


def test_a_categorical_slot_says_which_languages_there_are(tmp_path):
    domain = DOMAIN.replace("type: text", "type: categorical, values: [en, fr]")
    assert UNREACHABLE in problems(tmp_path, domain=domain)


def test_without_the_slot_no_language_is_reached(tmp_path):
    lines = DOMAIN.splitlines(keepends=True)
    domain = "".join(lines[:2] + lines[4:])
    found = problems(tmp_path, domain=domain)
    assert ("unknown-slot", "config.yml", 2) in found
    assert ("unreachable-language", "domain.yml", 6) in found


@pytest.mark.parametrize(
    ("old", "new", "id", "line"),
    [
        ("metadata", "metadat", "unknown-key", 3),
        ("metadata: lang", "detect: [en]", "language-settings", 3),
        ("metadata: lang", "detect: en", "wrong-setting", 3),
        ("languages:", "langauges:", "unknown-key", 2),
    ],
)
def test_misuse_is_reported_at_its_place(tmp_path, old, new, id, line):
    assert (id, "config.yml", line) in problems(tmp_path, config=CONFIG.replace(old, new))


def test_a_language_that_cannot_be_detected_is_reported_before_a_bot_is_trained(tmp_path):
    pytest.importorskip("py3langid")
    config = "language: en\nlanguages:\n  detect: [en, xx]\n"
    (tmp_path / "config.yml").write_text(config, encoding="utf-8")
    [found] = [one for one in inspect(tmp_path) if one.id == "language-settings"]
    assert (found.severity, found.where.line) == ("error", 3)
    assert "'xx' can't be detected" in found.message
