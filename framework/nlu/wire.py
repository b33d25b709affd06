"""`Understanding` <-> the parse JSON that Rasa's clients, stores and action servers know.

Extractors and processors go out under Rasa's names where a component stands for one of Rasa's
(`bert_tagger` is `DIETClassifier` there), so that action code which looks for
`DucklingEntityExtractor` keeps working; other names pass unchanged, both ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from framework.nlu.shapes import confidence_of, list_of, mapping_of, misshapen, offset_of, token_of
from framework.nlu.types import Entity, IntentScore, OutOfScope, RankedResponse, Understanding
from framework.project.schema.domain import RESPONSE_PREFIX

PAYLOAD_EXTRACTOR = "payload"
"""`extractor` of entities that a payload message (`/intent{...}`) states."""

RASA_NAMES = {
    "bert_tagger": "DIETClassifier",
    "regex_entities": "RegexEntityExtractor",
    "duckling_entities": "DucklingEntityExtractor",
    "spacy_entities": "SpacyEntityExtractor",
    "synonyms": "EntitySynonymMapper",
    PAYLOAD_EXTRACTOR: "RegexMessageHandler",
}
_FRAME_NAMES = {rasa: frame for frame, rasa in RASA_NAMES.items()}

PRETRAINED = frozenset({"duckling_entities", "spacy_entities"})
"""Extractors that learn nothing from examples; theirs is `confidence` where all others have
`confidence_entity`."""

_ENTITY_KEYS = frozenset(
    {"entity", "value", "start", "end", "role", "group", "extractor", "processors"}
)
_MESSAGE_KEYS = frozenset(
    {
        "text",
        "intent",
        "entities",
        "intent_ranking",
        "out_of_scope",
        "response_selector",
        "text_tokens",
        "message_id",
        "metadata",
    }
)


def to_json(understanding: Understanding) -> dict[str, Any]:
    """Give the parse result as `POST /model/parse` and `frame parse` show it.

    `out_of_scope`, `text_tokens` and `response_selector` are there where something found them.
    """
    result: dict[str, Any] = {
        "text": understanding.text,
        "intent": _intent_to_json(understanding),
        "entities": [entity_to_json(entity) for entity in understanding.entities],
        "intent_ranking": [
            {"name": score.name, "confidence": score.confidence} for score in understanding.ranking
        ],
    }
    beyond = understanding.out_of_scope
    if beyond is not None:
        result["out_of_scope"] = {"confidence": beyond.confidence, "limit": beyond.limit}
    if understanding.tokens:
        result["text_tokens"] = [[start, end] for start, end in understanding.tokens]
    if understanding.selections:
        result["response_selector"] = _selections_to_json(understanding)
    result.update(understanding.additional)
    return result


def to_parse_data(understanding: Understanding, *, message_id: str | None = None) -> dict[str, Any]:
    """Give the parse result as the `user` event carries it: with message id and metadata."""
    return {
        **to_json(understanding),
        "message_id": message_id,
        "metadata": dict(understanding.metadata),
    }


def from_json(data: Mapping[str, Any]) -> Understanding:
    """Read a parse result; missing keys mean that nothing was found.

    Raises:
        UsageError: a key holds something of another shape than Rasa's.
    """
    selector = mapping_of(data.get("response_selector"), "response_selector")
    return Understanding(
        text=str(data.get("text") or ""),
        ranking=_ranking_from_json(data),
        entities=tuple(
            entity_from_json(mapping_of(item, "entities"))
            for item in list_of(data.get("entities"), "entities")
        ),
        out_of_scope=_out_of_scope_from_json(data.get("out_of_scope")),
        selections={
            name: _selection_from_json(mapping_of(value, name))
            for name, value in selector.items()
            if name != "all_retrieval_intents"
        },
        retrieval_intents=tuple(
            list_of(selector.get("all_retrieval_intents"), "response_selector")
        ),
        tokens=tuple(token_of(item) for item in list_of(data.get("text_tokens"), "text_tokens")),
        metadata=dict(mapping_of(data.get("metadata"), "metadata")),
        additional={key: value for key, value in data.items() if key not in _MESSAGE_KEYS},
    )


def entity_to_json(entity: Entity) -> dict[str, Any]:
    """Give one entity; offsets, `role`, `group` and `processors` only where it has them."""
    result: dict[str, Any] = {"entity": entity.entity}
    if entity.start is not None:
        result["start"] = entity.start
    if entity.end is not None:
        result["end"] = entity.end
    result["value"] = entity.value
    if entity.extractor in PRETRAINED:
        result["confidence"] = entity.confidence
    elif entity.confidence is not None:
        result["confidence_entity"] = entity.confidence
    if entity.role is not None:
        result["role"] = entity.role
    if entity.group is not None:
        result["group"] = entity.group
    if entity.extractor:
        result["extractor"] = RASA_NAMES.get(entity.extractor, entity.extractor)
    if entity.processors:
        result["processors"] = [RASA_NAMES.get(name, name) for name in entity.processors]
    result.update(entity.additional)
    return result


def entity_from_json(data: Mapping[str, Any]) -> Entity:
    """Read one entity; keys that are not Rasa's own are kept in `additional`.

    Raises:
        UsageError: it has no name, or an offset that is no number.
    """
    name = data.get("entity")
    if not isinstance(name, str):
        raise misshapen("entities", "an object with the key 'entity'", data)
    extractor = str(data.get("extractor") or "")
    frame_name = _FRAME_NAMES.get(extractor, extractor)
    confidence_key = "confidence" if frame_name in PRETRAINED else "confidence_entity"
    return Entity(
        entity=name,
        value=data.get("value"),
        start=offset_of(data, "start"),
        end=offset_of(data, "end"),
        role=data.get("role"),
        group=data.get("group"),
        confidence=data.get(confidence_key),
        extractor=frame_name,
        processors=tuple(
            _FRAME_NAMES.get(name, name) for name in list_of(data.get("processors"), "processors")
        ),
        additional={
            key: value
            for key, value in data.items()
            if key not in _ENTITY_KEYS and key != confidence_key
        },
    )


def _intent_to_json(understanding: Understanding) -> dict[str, Any]:
    best = understanding.intent
    if best is None:
        return {"name": None, "confidence": 0.0}
    result: dict[str, Any] = {"name": best.name, "confidence": best.confidence}
    if best.name in understanding.retrieval_intents:
        ranking = understanding.responses_for(best.name)
        result["full_retrieval_intent_name"] = ranking[0].key if ranking else None
    return result


def _selections_to_json(understanding: Understanding) -> dict[str, Any]:
    result: dict[str, Any] = {"all_retrieval_intents": list(understanding.retrieval_intents)}
    for name, ranking in understanding.selections.items():
        best = ranking[0] if ranking else None
        key = best.key if best else None
        result[name] = {
            "response": {
                "responses": [dict(item) for item in best.responses] if best else None,
                "confidence": best.confidence if best else 0.0,
                "intent_response_key": key,
                "utter_action": f"{RESPONSE_PREFIX}{key}",
            },
            "ranking": [
                {"confidence": item.confidence, "intent_response_key": item.key} for item in ranking
            ],
        }
    return result


def _selection_from_json(data: Mapping[str, Any]) -> tuple[RankedResponse, ...]:
    response = mapping_of(data.get("response"), "response")
    ranking = [
        RankedResponse(
            key=str(item.get("intent_response_key")),
            confidence=confidence_of(item, missing=0.0),
        )
        for item in (
            mapping_of(entry, "ranking") for entry in list_of(data.get("ranking"), "ranking")
        )
    ]
    key = response.get("intent_response_key")
    if key is None:
        return tuple(ranking)
    best = RankedResponse(
        key=str(key),
        confidence=confidence_of(response, missing=0.0),
        responses=tuple(list_of(response.get("responses"), "responses")),
    )
    return (best, *(item for item in ranking if item.key != best.key))


def _ranking_from_json(data: Mapping[str, Any]) -> tuple[IntentScore, ...]:
    ranking = [
        score
        for item in list_of(data.get("intent_ranking"), "intent_ranking")
        if (score := _score(mapping_of(item, "intent_ranking"))) is not None
    ]
    best = _score(mapping_of(data.get("intent"), "intent"))
    if best is not None and (not ranking or ranking[0].name != best.name):
        ranking.insert(0, best)
    return tuple(ranking)


def _out_of_scope_from_json(value: object) -> OutOfScope | None:
    """Read the score; another shape is someone else's key and means nothing here."""
    if not isinstance(value, Mapping):
        return None
    confidence, limit = value.get("confidence"), value.get("limit")
    if not isinstance(confidence, int | float) or not isinstance(limit, int | float):
        return None
    return OutOfScope(confidence=float(confidence), limit=float(limit))


def _score(data: Mapping[str, Any]) -> IntentScore | None:
    name = data.get("name")
    if name is None:
        return None
    return IntentScore(name=str(name), confidence=confidence_of(data, missing=1.0))
