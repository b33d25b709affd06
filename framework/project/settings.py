"""Settings of Frame's own components and policies, checked against the class that takes them."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from typing import Any

from framework import registry
from framework.errors import UsageError
from framework.project.nodes import MappingNode, Node
from framework.project.reader import Reader
from framework.project.schema.config import PartConfig


def check_settings(reader: Reader, kind: registry.Kind, part: PartConfig, node: Node) -> None:
    """Report settings that the part's `__init__` doesn't take, or not of that kind."""
    if not isinstance(node, MappingNode) or not part.settings:
        return
    try:
        cls = registry.find(kind, part.name)
    except (UsageError, ImportError) as error:
        reader.error(f"broken-{kind}", f"the {kind} {part.name!r} can't be loaded: {error}", node)
        return
    known = settings_of(cls)
    reader.check_keys(node, ("name", *known), f"the {kind} `{part.name}`")
    for name, value in part.settings.items():
        expected = known.get(name)
        wrong = "" if expected is None else _mismatch(expected, value)
        if wrong:
            reader.error(
                "wrong-setting",
                f"`{name}` of the {kind} `{part.name}` is {value!r}: {wrong}",
                node.entries[name][0],
            )


def settings_of(cls: type) -> Mapping[str, Any]:
    """Give the keywords of a class's `__init__` with their types."""
    parameters = inspect.signature(cls, eval_str=True).parameters.values()
    return {
        parameter.name: None if parameter.annotation is parameter.empty else parameter.annotation
        for parameter in parameters
        if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    }


def _mismatch(expected: Any, value: Any) -> str:
    """Say what is wrong with a value, or nothing."""
    adapter = registry.load_object("pydantic:TypeAdapter")  # slow to import, seldom needed
    invalid = registry.load_object("pydantic:ValidationError")
    try:
        adapter(expected).validate_json(json.dumps(value), strict=True)
    except invalid as error:
        return str(error.errors()[0]["msg"]).lower()
    return ""
