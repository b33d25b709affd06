"""Labelled examples for the tests of the tagger, written as in a file."""

from __future__ import annotations

from framework.data.types import Utterance
from framework.project.markup import parse


def utterances(intent: str | None, *lines: str) -> list[Utterance]:
    """Read lines with marked entities as examples of one intent."""
    read = [parse(line) for line in lines]
    return [Utterance(text=one.text, intent=intent, entities=one.entities) for one in read]
