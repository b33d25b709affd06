"""Messages that state their meaning: `/intent@0.9{"entity": "value"}`.

Buttons send them, tests and people type them, and they bypass the NLU. The grammar is Rasa's:

    payload    = "/" intent ["@" confidence] [entities] [ignored rest of the line]
    intent     = one or more characters other than "{" and "@", spaces around it ignored
    confidence = digits and dots; above 1 counts as 1, unreadable as 0; 1 when absent
    entities   = from the first "{" to the last "}" of the line, a JSON object

A value that is a list gives one entity per item. `start` and `end` of every entity are those of the
JSON object in the stripped text. A message whose intent the domain doesn't define is plain text.
Beyond Rasa, `/faq/ask_name` names a retrieval response, where the domain has it.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any, NoReturn

from framework.nlu.types import Entity, IntentScore, RankedResponse, Understanding
from framework.nlu.wire import PAYLOAD_EXTRACTOR
from framework.project.schema.domain import DEFAULT_INTENTS, RESPONSE_PREFIX, Domain
from framework.project.write.responses import write_variations

logger = logging.getLogger(__name__)

PREFIX = "/"
EXTERNAL_PREFIX = "EXTERNAL: "
"""Begins the text of a `user` event that a trigger caused, not the user (Rasa's convention)."""

_PAYLOAD = re.compile(
    r"/(?P<intent>[^{@]+)(?:@(?P<confidence>[0-9.]+))?(?P<entities>\{.+\})?(?P<rest>.*)"
)


def read(text: str, domain: Domain) -> Understanding | None:
    """Read a payload message; None when the text is none, or names an unknown intent."""
    stripped = text.strip()
    match = _PAYLOAD.match(stripped) if stripped.startswith(PREFIX) else None
    if match is None:
        return None
    label = match["intent"].strip()
    intent, response_key = _known_intent(label, domain)
    if intent is None:
        logger.warning("a payload names an intent that the domain doesn't define; read as text")
        logger.debug("payload with unknown intent: %s", stripped)
        return None
    if match["rest"]:
        logger.warning("the end of a payload is ignored: it is not of the form %s", _FORM)
        logger.debug("ignored end of payload: %s", match["rest"])
    confidence = _read_confidence(match["confidence"])
    return Understanding(
        text=stripped,
        ranking=(IntentScore(name=intent, confidence=confidence),),
        entities=_read_entities(match, domain),
        retrieval_intents=(intent,) if response_key else (),
        selections={intent: (_chosen(response_key, domain),)} if response_key else {},
    )


_FORM = '/intent@confidence{"entity": "value"}'


def _declares_intents(domain: Domain) -> bool:
    return not domain.intents.keys() <= set(DEFAULT_INTENTS)


def _known_intent(label: str, domain: Domain) -> tuple[str | None, str | None]:
    """Give the base intent and the full retrieval label; both None when neither is known."""
    if label in domain.intents or not _declares_intents(domain):
        return label, None
    base, _, key = label.partition("/")
    if key and base in domain.intents and f"{RESPONSE_PREFIX}{label}" in domain.responses:
        return base, label
    return None, None


def _chosen(key: str, domain: Domain) -> RankedResponse:
    responses = write_variations(domain.responses[f"{RESPONSE_PREFIX}{key}"])
    return RankedResponse(key=key, confidence=1.0, responses=responses)


def _read_confidence(written: str | None) -> float:
    if written is None:
        return 1.0
    try:
        return min(1.0, float(written))
    except ValueError:
        logger.warning("the confidence of a payload is no number; taken as 0")
        return 0.0


def _read_entities(match: re.Match[str], domain: Domain) -> tuple[Entity, ...]:
    if match["entities"] is None:
        return ()
    values = _read_object(match["entities"])
    if _declares_intents(domain):
        unknown = values.keys() - domain.entities.keys()
        if unknown:
            logger.warning("a payload names %d entities that the domain lacks", len(unknown))
            logger.debug("unknown entities of a payload: %s", sorted(unknown))
        values = {name: value for name, value in values.items() if name not in unknown}
    return tuple(
        Entity(
            entity=name,
            value=item,
            start=match.start("entities"),
            end=match.end("entities"),
            extractor=PAYLOAD_EXTRACTOR,
        )
        for name, value in values.items()
        for item in (value if isinstance(value, list) else [value])
    )


def _read_object(written: str) -> dict[str, Any]:
    """Read the JSON object; empty, with a warning, when it is none or can't be written again."""
    try:
        value = json.loads(written, parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        logger.warning("the entities of a payload are no JSON object; read without entities")
        return {}
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
