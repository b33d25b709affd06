"""NLU examples as what the NLU learns from: retrieval labels split into intent and response."""

from __future__ import annotations

from collections.abc import Iterable

from framework.data.types import Utterance
from framework.project.schema.nlu import Example
from framework.project.schema.project import Project

RETRIEVAL_SEPARATOR = "/"


def utterances(project: Project) -> tuple[Utterance, ...]:
    """Give all labelled examples of a project, in file order."""
    return from_examples(project.nlu.examples)


def from_examples(examples: Iterable[Example]) -> tuple[Utterance, ...]:
    """Give examples as utterances, in the same order."""
    return tuple(_from_example(example) for example in examples)


def base_intent(label: str) -> str:
    """Give the intent of a full label: `faq` for `faq/ask_name`, other labels unchanged."""
    return label.partition(RETRIEVAL_SEPARATOR)[0]


def _from_example(example: Example) -> Utterance:
    return Utterance(
        text=example.text,
        intent=base_intent(example.intent) or None,
        response_key=example.intent if RETRIEVAL_SEPARATOR in example.intent else None,
        entities=example.entities,
        metadata=example.metadata,
        where=example.where,
    )
