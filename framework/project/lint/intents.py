"""Intents: declared, labelled and used."""

from __future__ import annotations

import re

from framework.project.lint.names import Names, first_uses, more
from framework.project.read.responses import Mention
from framework.project.schema.domain import DEFAULT_INTENTS, RESPONSE_PREFIX
from framework.project.yaml.strict_json import read_strictly
from framework.registry import did_you_mean

_AFTER_INTENT = "{@"
"""What begins the entities and the confidence of a payload."""

_PAYLOAD = re.compile(r"/(?P<intent>[^{@]+)(?:@[0-9.]+)?(?P<entities>\{.*)?$", re.DOTALL)


def check_intents(names: Names) -> None:
    """Check that intents are declared, have examples and are used."""
    _check_used(names)
    _check_labelled(names)
    _check_declared(names)
    _check_sendable(names)
    for mention in names.reading.mentions:
        if mention.kind == "payload":
            _check_payload(names, mention)


def _check_used(names: Names) -> None:
    known = names.domain.intents
    for use, count in first_uses(names.used_intents):
        if use.name in known:
            continue
        if use.name in names.labelled:
            names.findings.warning(
                "undeclared-intent",
                f"{use.by} uses the intent {use.name!r}, which the domain doesn't list"
                f"{more(count)}",
                where=use.where,
                hint="add it under `intents:`",
            )
            continue
        near = did_you_mean(use.name, (*known, *names.labelled))
        names.findings.warning(  # Rasa trains such a story, which then no message leads into
            "unknown-intent",
            f"{use.by} uses the intent {use.name!r}, which no file defines{more(count)}",
            where=use.where,
            hint=f"{near} Otherwise add it under `intents:`, with examples"
            if near
            else "add it under `intents:`, and examples under `nlu:`",
        )


def _check_labelled(names: Names) -> None:
    known = names.domain.intents
    for name, where in names.labelled.items():
        if name not in known:
            names.findings.warning(
                "undeclared-intent",
                f"the examples of the intent {name!r} are learned from, but the domain doesn't "
                "list it",
                where=where,
                hint=did_you_mean(name, known) or "add it under `intents:`",
            )
    counts: dict[str, int] = {}
    for example in names.project.nlu.examples:
        counts[example.intent] = counts.get(example.intent, 0) + 1
    for label, count in counts.items():
        if count == 1:
            names.findings.warning(
                "few-examples",
                f"the intent {label!r} has a single example",
                where=names.labels[label],
                hint="add a few more ways to say it",
            )


def _check_declared(names: Names) -> None:
    mapped = {
        intent
        for slot in names.domain.slots.values()
        for mapping in slot.mappings
        for intent in (*mapping.intents, *mapping.not_intents)
    }
    has_stories = bool(names.project.stories or names.project.rules)
    for name, intent in names.domain.intents.items():
        if intent.where is None:
            continue
        if name not in (*names.labelled, *names.told, *DEFAULT_INTENTS):
            names.findings.warning(
                "unlabelled-intent",
                f"the intent {name!r} has no examples, so no message is understood as it",
                where=intent.where,
                hint="add examples under `nlu:`, unless only buttons or events trigger it",
            )
        if (
            has_stories
            and name not in names.learned
            and name not in mapped
            and name not in DEFAULT_INTENTS
        ):
            names.findings.warning(
                "unused-intent",
                f"the intent {name!r} is not used in any story or rule",
                where=intent.where,
                hint="say in one what follows it, or remove it",
            )
        for entity in (*(intent.use_entities or ()), *intent.ignore_entities):
            base = entity.split("#", 1)[0]
            if base not in names.domain.entities:
                names.findings.warning(
                    "unknown-entity",
                    f"the intent {name!r} names the entity {entity!r}, which is not declared",
                    where=intent.where,
                    hint=did_you_mean(base, names.domain.entities) or "add it under `entities:`",
                )


def _check_sendable(names: Names) -> None:
    """Warn of intents that no button and no test can send: `/` reads a name up to `{` or `@`."""
    for name, intent in names.domain.intents.items():
        mark = next((mark for mark in name if mark in _AFTER_INTENT), None)
        if mark is not None:
            names.findings.warning(
                "unsendable-intent",
                f"the intent {name!r} can't be sent as `/{name}`: its name would end before "
                f"{mark!r}",
                where=intent.where,
                hint=f"name it without {mark!r}",
            )


def _check_payload(names: Names, mention: Mention) -> None:
    match = _PAYLOAD.match(mention.text)
    if match is None:
        return
    by = f"a button of the response {mention.response!r}"
    intent = match["intent"].strip()
    known = (*names.domain.intents, *names.labels)
    if "{" in intent:
        pass  # a placeholder fills it
    elif intent in names.domain.intents:
        _check_answerable(names, mention, intent, by)
    elif intent not in known and f"{RESPONSE_PREFIX}{intent}" not in names.domain.responses:
        names.findings.warning(
            "unknown-payload-intent",
            f"{by} sends the intent {intent!r}, which is not declared",
            where=mention.where,
            hint=did_you_mean(intent, known) or "add it under `intents:`",
        )
    if match["entities"] is not None:
        _check_payload_entities(names, mention, match["entities"].strip(), by)


def _check_answerable(names: Names, mention: Mention, intent: str, by: str) -> None:
    """Warn of a payload that leaves open which answer of a retrieval intent is wanted."""
    start = f"{RESPONSE_PREFIX}{intent}/"
    answers = [name for name in names.domain.responses if name.startswith(start)]
    if answers and any(use.name == f"{RESPONSE_PREFIX}{intent}" for use in names.used_actions):
        names.findings.warning(
            "bare-payload",
            f"{by} sends the retrieval intent {intent!r} without a key: no answer of it is chosen",
            where=mention.where,
            hint=f"name the answer, such as /{answers[0].removeprefix(RESPONSE_PREFIX)}",
        )


def _check_payload_entities(names: Names, mention: Mention, text: str, by: str) -> None:
    if text.startswith("{{"):
        text = text[1:-1]
    try:
        entities = read_strictly(text)
    except ValueError:
        entities = None
    if not isinstance(entities, dict):
        names.findings.warning(
            "bad-payload",
            f"{by} sends entities that are not a JSON object: {text}",
            where=mention.where,
            hint='write /intent{"entity": "value"}',
        )
        return
    for entity in entities:
        if entity not in names.domain.entities:
            names.findings.warning(
                "unknown-entity",
                f"{by} sends the entity {entity!r}, which is not declared",
                where=mention.where,
                hint=did_you_mean(entity, names.domain.entities) or "add it under `entities:`",
            )
