"""Labelled texts as what the NLU learns from: retrieval labels split into intent and response."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from framework.data.types import Utterance
from framework.project.schema.nlu import Example
from framework.project.schema.project import Project
from framework.project.schema.stories import OrStep, Rule, Story, UserStep

RETRIEVAL_SEPARATOR = "/"


def utterances(project: Project) -> tuple[Utterance, ...]:
    """Give all labelled texts of a project: its examples, then others that its stories label.

    A user step with text and intent is an example, too, as in Rasa.
    """
    listed = from_examples(project.nlu.examples)
    known = {(utterance.text, utterance.intent) for utterance in listed}
    told: dict[tuple[str, str | None], Utterance] = {}
    for utterance in _told(project):
        told.setdefault((utterance.text, utterance.intent), utterance)
    return (*listed, *(utterance for key, utterance in told.items() if key not in known))


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


def _told(project: Project) -> Iterator[Utterance]:
    dialogues: tuple[Story | Rule, ...] = (*project.stories, *project.rules)
    for step in (step for dialogue in dialogues for step in dialogue.steps):
        for option in step.options if isinstance(step, OrStep) else (step,):
            if isinstance(option, UserStep) and option.is_example:
                yield Utterance(
                    text=option.text or "",
                    intent=base_intent(option.intent or "") or None,
                    entities=option.annotations,
                    where=option.where,
                )
