"""Small projects for the tests of reading and checking."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from framework.errors import Problem

MINIMAL: Mapping[str, str] = {
    "config.yml": """\
        language: en
        """,
    "domain.yml": """\
        version: "3.1"
        intents:
        - greet
        - order
        entities:
        - dish
        slots:
          dish:
            type: text
            mappings:
            - type: from_entity
              entity: dish
        responses:
          utter_greet:
          - text: Hello
          utter_ordered:
          - text: One {dish} is on its way
        """,
    "data/nlu.yml": """\
        version: "3.1"
        nlu:
        - intent: greet
          examples: |
            - hello
            - good morning
        - intent: order
          examples: |
            - a [pizza](dish) please
            - I want a [salad](dish)
        """,
    "data/stories.yml": """\
        version: "3.1"
        stories:
        - story: an order
          steps:
          - intent: greet
          - action: utter_greet
          - intent: order
            entities:
            - dish: pizza
          - slot_was_set:
            - dish: pizza
          - action: utter_ordered
        """,
}
"""A project without any problem."""


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Write files below a folder, their common indent removed."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return root


def write_minimal(root: Path, changes: Mapping[str, str | None]) -> Path:
    """Write the minimal project with some files replaced, added or (None) left out."""
    files = {**MINIMAL, **{name: text for name, text in changes.items() if text is not None}}
    left_out = {name for name, text in changes.items() if text is None}
    return write(root, {name: text for name, text in files.items() if name not in left_out})


def edit(root: Path, name: str, old: str, new: str) -> Path:
    """Replace one piece of a file that must be there."""
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return root


def found(problems: tuple[Problem, ...]) -> set[tuple[str, str, str]]:
    """Give id, severity and place of each problem."""
    return {(p.id, p.severity, str(p.where)) for p in problems}
