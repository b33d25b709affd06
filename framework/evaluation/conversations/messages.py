"""User messages of test conversations: what was meant beside what the NLU understands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from framework.conversation.events import UserUttered
from framework.conversation.stories import user_message
from framework.evaluation.conversations.outcomes import Failure, FailureKind
from framework.evaluation.conversations.wording import in_words, marked
from framework.nlu.types import SHARED_SELECTOR, Entity, RankedResponse, Understanding
from framework.project.schema.domain import RESPONSE_PREFIX, Domain
from framework.project.schema.stories import UserStep


def meant(step: UserStep, domain: Domain) -> UserUttered:
    """Give the message as annotated; a full retrieval label selects its response."""
    event = user_message(step, domain)
    if step.intent is None or "/" not in step.intent:
        return event
    chosen = (RankedResponse(key=step.intent, confidence=1.0),)
    selections = {SHARED_SELECTOR: chosen}
    return replace(event, understanding=replace(event.understanding, selections=selections))


def meant_and_found(
    step: UserStep, found: Understanding, domain: Domain, *, story: str
) -> tuple[UserUttered, tuple[Failure, ...]]:
    """Compare what was meant with what the NLU found.

    Returns:
        The message that the conversation goes on with: the annotated intent and entities, so that
        a misunderstanding is counted once and not again in everything that follows from it; all
        else as found. Where nothing is annotated (an end-to-end step), as found altogether. Then
        what differs.
    """
    given = meant(step, domain)
    if step.intent is None:
        return replace(given, understanding=found), ()
    failures: list[Failure] = []
    intent = intent_for(step.intent, found)
    if intent != step.intent:
        failures.append(_failure("intent", step, story, expected=step.intent, predicted=intent))
    annotated = given.understanding
    if _essence(annotated.entities) != _essence(found.entities):
        expected = _in_words(annotated.text, annotated.entities)
        predicted = _in_words(found.text, found.entities)
        failures.append(_failure("entities", step, story, expected=expected, predicted=predicted))
    understanding = replace(found, ranking=annotated.ranking, entities=annotated.entities)
    return replace(given, understanding=understanding), tuple(failures)


def _failure(
    kind: FailureKind, step: UserStep, story: str, *, expected: str, predicted: str
) -> Failure:
    return Failure(
        kind=kind,
        story=story,
        where=step.where,
        step=in_words(step),
        expected=expected,
        predicted=predicted,
    )


def intent_for(expected: str, found: Understanding) -> str:
    """Give the intent that was found, with its response key where a base intent isn't enough."""
    intent = found.intent
    if intent is None:
        return "no intent"
    if expected == intent.name:
        return intent.name
    return selected(found, intent.name) or intent.name


def selected(found: Understanding, intent: str) -> str | None:
    """Give the full label (`faq/ask_name`) that was selected for a retrieval intent."""
    ranking = found.responses_for(intent)
    fitting = (response.key for response in ranking if response.key.startswith(f"{intent}/"))
    return next(fitting, None)


def _essence(entities: Iterable[Entity]) -> frozenset[tuple[str, tuple[int, int] | None, str]]:
    return frozenset((e.entity, e.span, str(e.value)) for e in entities)


def _in_words(text: str, entities: Iterable[Entity]) -> str:
    known = sorted(_essence(entities), key=lambda entity: (entity[1] or (0, 0), entity[0]))
    spans = [span for _, span, _ in known if span is not None]
    if known and len(spans) == len(known) and all(a[1] <= b[0] for a, b in pairwise(spans)):
        return marked(text, entities)
    return (
        ", ".join(
            f"{name}={value!r}" + (f" at {span[0]}-{span[1]}" if span else "")
            for name, span, value in known
        )
        or "no entities"
    )


def named(predicted: str, expected: str, understanding: Understanding | None) -> str:
    """Name a retrieval action by its response where the test does so (`utter_faq/ask_name`)."""
    if understanding is None or not expected.startswith(f"{predicted}/"):
        return predicted
    label = selected(understanding, predicted.removeprefix(RESPONSE_PREFIX))
    return predicted if label is None else f"{RESPONSE_PREFIX}{label}"
