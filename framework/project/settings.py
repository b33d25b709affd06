"""Settings of Frame's own components and policies, checked against the class that takes them."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from framework import registry
from framework.errors import FrameError, UsageError
from framework.project.nodes import MappingNode, Node, is_null, plain
from framework.project.reader import Reader
from framework.project.schema.config import PartConfig

_SHARES = ("threshold", "tolerance", "out_of_scope")
"""How settings end that are shares or confidences."""

_WORDS = ("auto", "off")
"""What may stand in place of a share, where the setting's type allows it."""


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
    encoder = node.get("encoder")
    if isinstance(encoder, MappingNode) and "encoder" in known:
        check_encoder(reader, encoder)


def check_encoder(reader: Reader, node: MappingNode) -> None:
    """Report what is wrong with an encoder that is given as a mapping with settings."""
    find_faults = registry.load_object("framework.nlu.bert.choice:faults")
    for fault in find_faults(plain(node)):
        place = node.entries[fault.key][0] if fault.key in node else node
        reader.error("encoder-settings", fault.message, place, hint=fault.hint)


def check_section(reader: Reader, name: str, node: Node, cls: type) -> bool:
    """Report what is wrong with a section of the configuration that sets up one class.

    Args:
        reader: of the file.
        name: the section's key.
        node: its settings; none at all is fine.
        cls: takes them as keywords, and raises a `UsageError` for those out of range.

    Returns:
        whether the class can be made.
    """
    if is_null(node):
        node = MappingNode({}, node.line, node.column)
    section = reader.mapping(node, f"`{name}`")
    if section is None:
        return False
    known = settings_of(cls)
    parameters = inspect.signature(cls).parameters
    reader.check_keys(section, known, f"`{name}`")
    is_fine = all(key.text in known for key in section.keys())  # noqa: SIM118 - a node, not a dict
    for needed in known:
        if parameters[needed].default is inspect.Parameter.empty and needed not in section:
            hint = f"add `{needed}: …`"
            reader.error("missing-key", f"`{name}` has no `{needed}`", node, hint=hint)
            is_fine = False
    for key, value in section.items():
        wrong = _mismatch(known[key.text], plain(value)) if key.text in known else ""
        if wrong:
            message = f"`{key.text}` of `{name}` is {plain(value)!r}: {wrong}"
            reader.error("wrong-setting", message, value)
            is_fine = False
    return is_fine and _can_be_made(reader, name, section, cls)


def _can_be_made(reader: Reader, name: str, section: MappingNode, cls: type) -> bool:
    try:
        cls(**plain(section))
    except FrameError as error:
        reader.error(error.id, f"`{name}`: {error.message}", section, hint=error.hint)
        return False
    return True


def check_shares(reader: Reader, part: PartConfig, node: Node) -> None:
    """Report confidences and other shares that lie outside 0 to 1, and of Rasa's no numbers."""
    for name, value in part.settings.items():
        if not name.endswith(_SHARES) or value is None or value in _WORDS:
            continue
        place = node.entries[name][0] if isinstance(node, MappingNode) and name in node else node
        what = f"`{name}` of `{part.written_as}` is {value!r}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            if part.written_as != part.name:
                reader.error("wrong-setting", f"{what}: expected a number from 0 to 1", place)
        elif not 0 <= value <= 1:
            reader.warning("wrong-setting", f"{what}, which lies outside of 0 to 1", place)


def settings_of(cls: type) -> Mapping[str, Any]:
    """Give the keywords of a class's `__init__` with their types."""
    parameters = inspect.signature(cls, eval_str=True).parameters.values()
    return {
        parameter.name: None if parameter.annotation is parameter.empty else parameter.annotation
        for parameter in parameters
        if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    }


def _mismatch(expected: Any, value: Any) -> str:
    """Say what kind of value is expected instead, or nothing."""
    if _fits(expected, value):
        return ""
    shown = getattr(expected, "__name__", None) if not typing.get_args(expected) else None
    return f"expected {shown or str(expected).replace('typing.', '')}"


_SCALARS: Mapping[Any, tuple[type, ...]] = {
    bool: (bool,),
    str: (str,),
    int: (int,),
    float: (int, float),
    type(None): (type(None),),
}


def _fits(expected: Any, value: Any) -> bool:
    """Whether a value of YAML can be a setting of a type; types that YAML lacks take any."""
    arguments = typing.get_args(expected)
    kind = typing.get_origin(expected) or expected
    if kind in (typing.Union, types.UnionType):
        return any(_fits(option, value) for option in arguments)
    if kind is typing.Literal:
        return value in arguments
    if kind in _SCALARS:
        is_wanted = not isinstance(value, bool) or kind is bool
        return is_wanted and isinstance(value, _SCALARS[kind])
    if kind in (list, tuple, Sequence):
        return isinstance(value, list) and _items_fit(arguments, value)
    return kind not in (dict, Mapping) or isinstance(value, dict)


def _items_fit(arguments: tuple[Any, ...], value: list[Any]) -> bool:
    kinds = [kind for kind in arguments if kind is not ...]
    return len(kinds) != 1 or all(_fits(kinds[0], item) for item in value)
