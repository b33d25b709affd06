"""Texts with their entities marked, as `framework.project.markup` reads them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence

from framework.project.markup import parse
from framework.project.schema.nlu import EntityAnnotation


def write_markup(text: str, entities: Sequence[EntityAnnotation]) -> str | None:
    """Mark entities in a text; None where no way of writing them would be read as they are."""
    written: list[str] = []
    end = 0
    for (start, stop), group in itertools.groupby(entities, lambda item: (item.start, item.end)):
        if start < end:
            return None
        written += (text[end:start], _mark(text[start:stop], list(group)))
        end = stop
    marked = "".join([*written, text[end:]])
    read = parse(marked)
    is_faithful = (
        read.text == text
        and read.entities == tuple(entities)
        and not any(problem.severity == "error" for problem in read.problems)
    )
    return marked if is_faithful else None


def _mark(words: str, entities: Sequence[EntityAnnotation]) -> str:
    fields = [_fields(words, entity) for entity in entities]
    if len(fields) > 1:
        return f"[{words}][{', '.join(map(_object, fields))}]"
    (only,) = fields
    name = str(only["entity"])
    if len(only) == 1 and not set(name) & set(":)"):
        return f"[{words}]({name})"
    return f"[{words}]{_object(only)}"


def _fields(words: str, entity: EntityAnnotation) -> dict[str, object]:
    details = {"role": entity.role, "group": entity.group}
    given = {key: value for key, value in details.items() if value is not None}
    value = {} if entity.value == words else {"value": entity.value}
    return {"entity": entity.entity, **given, **value}


def _object(fields: dict[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=False)
