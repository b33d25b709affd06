"""What the user says in a step: an intent with entities, words with entities marked, a payload."""

from __future__ import annotations

import re
from collections.abc import Iterator

from framework.errors import Location
from framework.project.markup import Markup, parse
from framework.project.reader import Reader
from framework.project.schema.stories import StepEntity
from framework.project.yaml.nodes import MappingNode, ScalarNode, is_null, plain
from framework.project.yaml.strict_json import read_strictly

_PAYLOAD = re.compile(r"/(?P<intent>[^{@]+)(?:@[0-9.]+)?(?P<entities>\{.+\})?")


def read_intent(reader: Reader, node: MappingNode, *, keeps_full: bool) -> str | None:
    """Read the intent of a step.

    Args:
        reader: of the file.
        node: the step.
        keeps_full: whether `faq/ask_name` stays what it is, rather than becoming `faq`.
    """
    value = node.get("intent")
    if value is None or (is_null(value) and "user" in node):
        return None
    name = reader.name(value, "the intent of a step")
    if name is None:
        return None
    if name.startswith("/"):
        name = name[1:]
        reader.warning(
            "needless-slash",
            f"the intent {name!r} needs no slash in front",
            value,
            hint=f"write `intent: {name}`",
        )
    base, slash, _ = name.partition("/")
    if slash and not keeps_full:
        reader.warning(
            "full-retrieval-intent",
            f"stories and rules see only the base intent {base!r} of {name!r}",
            value,
            hint=f"write `intent: {base}`; the response is chosen by the response selector",
        )
        return base
    return name


def read_words(reader: Reader, node: MappingNode) -> tuple[Markup | None, tuple[StepEntity, ...]]:
    """Read the words of a step, with the entities where they are a payload (`/order{…}`)."""
    value = node.get("user")
    if "intent" in node and isinstance(value, ScalarNode) and not value.text.strip():
        return None, ()
    text = reader.text(value, "the text of a user step")
    if text is None or not isinstance(value, ScalarNode):
        return None, ()
    where = _first_line(reader, value)
    markup = parse(text.strip(), where=where)
    if markup.text.startswith("/"):
        return Markup(text=markup.text), _read_payload(reader, markup.text, value)
    for problem in markup.problems:
        reader.findings.take(problem)
    return markup, ()


def _first_line(reader: Reader, value: ScalarNode) -> Location:
    offset = len(value.text) - len(value.text.lstrip())
    return reader.source.where_inside(value, offset)


def _read_payload(reader: Reader, text: str, node: ScalarNode) -> tuple[StepEntity, ...]:
    match = _PAYLOAD.match(text)
    if match is None or match["entities"] is None:
        return ()
    try:
        entities = read_strictly(match["entities"])
    except ValueError:
        entities = None
    if not isinstance(entities, dict):
        reader.warning(
            "bad-payload",
            f"the entities of the message {text!r} are not a JSON object",
            node,
            hint='write /intent{"entity": "value"}',
        )
        return ()
    return tuple(
        StepEntity(entity=name, value=one)
        for name, value in entities.items()
        for one in (value if isinstance(value, list) else [value])
    )


def read_entities(reader: Reader, node: MappingNode) -> Iterator[StepEntity]:
    """Read the entities that a step lists beside its intent."""
    for item in reader.sequence(node.get("entities"), "`entities` of a user step"):
        if isinstance(item, MappingNode):
            entity = _read_entity(reader, item)
            if entity is not None:
                yield entity
        else:
            name = reader.name(item, "an entity of a user step")
            if name is not None:
                yield StepEntity(entity=name)


def _read_entity(reader: Reader, item: MappingNode) -> StepEntity | None:
    names = [key for key in item.entries if key not in ("role", "group")]
    if not names:
        reader.error(
            "bad-entity", "an entity of a user step has no name", item, hint="`- city: Paris`"
        )
        return None
    if len(names) > 1:
        reader.warning(
            "bad-entity",
            f"one item names the entities {', '.join(names)}; only the last one counts",
            item,
            hint="write one item for each: `- city: Paris`",
        )
    what = f"the entity {names[-1]!r}"
    return StepEntity(
        entity=names[-1],
        value=plain(item.get(names[-1])),
        role=reader.optional(item, "role", what),
        group=reader.optional(item, "group", what),
    )
