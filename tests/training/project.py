"""A project that trains in no time: keywords, rules and memory, no network."""

from __future__ import annotations

from pathlib import Path

CONFIG = """\
language: en
assistant_id: test-bot
pipeline:
  - name: keyword_intents
  - name: regex_entities
  - name: synonyms
policies:
  - name: memory
  - name: rules
"""
DOMAIN = """\
version: "3.1"
intents: [greet, bye]
entities: [city]
responses:
  utter_greet:
    - text: Hello!
  utter_bye:
    - text: Goodbye!
"""
NLU = """\
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello
      - good day
  - intent: bye
    examples: |
      - bye
      - off to [paris](city)
      - see you
  - lookup: city
    examples: |
      - paris
  - synonym: rome
    examples: |
      - roma
"""
STORIES = """\
version: "3.1"
stories:
  - story: hello and goodbye
    steps:
      - intent: greet
      - action: utter_greet
      - intent: bye
      - action: utter_bye
"""
RULES = """\
version: "3.1"
rules:
  - rule: always say goodbye
    steps:
      - intent: bye
      - action: utter_bye
"""
FILES = {
    "config.yml": CONFIG,
    "domain.yml": DOMAIN,
    "data/nlu.yml": NLU,
    "data/stories.yml": STORIES,
    "data/rules.yml": RULES,
}


def write(root: Path, **changes: str) -> Path:
    """Write the project; `data_nlu="…"` gives another `data/nlu.yml`, an empty text none."""
    changed = {name.replace("_", "/") + ".yml": text for name, text in changes.items()}
    for name, text in {**FILES, **changed}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text:
            path.write_text(text, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)
    return root
