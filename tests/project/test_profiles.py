"""What `frame check` says about profiles."""

from __future__ import annotations

import pytest

from framework.project.checks import inspect

DOMAIN = """\
version: "3.1"
intents: [greet]
entities: [name]
slots:
  name:
    type: text
    influence_conversation: false
    profile: true
    mappings: [{type: from_entity, entity: name}]
responses:
  utter_greet:
  - text: Hello {name}!
"""
DATA = """\
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - I am [Ada](name)
rules:
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
- rule: forget
  steps:
  - intent: restart
  - action: action_forget_me
"""


def problems(tmp_path, *, endpoints="profile_store:\n  type: sqlite\n", domain=DOMAIN):
    (tmp_path / "data").mkdir()
    (tmp_path / "config.yml").write_text("language: en\n")
    (tmp_path / "domain.yml").write_text(domain)
    (tmp_path / "endpoints.yml").write_text(endpoints)
    (tmp_path / "data" / "data.yml").write_text(DATA)
    return [(one.id, one.where.file, one.where.line) for one in inspect(tmp_path)]


def test_a_profile_with_a_place_is_fine_and_so_is_forgetting_it(tmp_path):
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("endpoints", "id", "line"),
    [
        ("profile_store:\n  type: sqlit\n", "profile-settings", 2),
        ("profile_store:\n  typ: sqlite\n", "unknown-key", 2),
        ("profile_store:\n  expires_days: soon\n", "wrong-setting", 2),
        ("profile_store:\n  expires_days: -1\n", "profile-settings", 2),
        ("profile_store: here\n", "wrong-type", 1),
        ("profile_stor:\n  type: memory\n", "unknown-key", 1),
    ],
)
def test_misuse_of_the_store_is_reported_at_its_place(tmp_path, endpoints, id, line):
    assert (id, "endpoints.yml", line) in problems(tmp_path, endpoints=endpoints)


def test_a_profile_that_ends_with_the_process_is_pointed_out(tmp_path):
    assert problems(tmp_path, endpoints="") == [("profile-in-memory", "domain.yml", 5)]


def test_a_store_that_keeps_nothing_is_pointed_out(tmp_path):
    domain = DOMAIN.replace("    profile: true\n", "")
    assert problems(tmp_path, domain=domain) == [("unused-profile-store", "endpoints.yml", 1)]


def test_profile_is_true_or_false(tmp_path):
    domain = DOMAIN.replace("profile: true", "profile: always")
    assert ("wrong-type", "domain.yml", 8) in problems(tmp_path, domain=domain)
