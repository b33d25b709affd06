"""Settings of Frame's own components and policies, checked against the class that takes them."""

from __future__ import annotations

import inspect
import math
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

from framework import registry
from framework.errors import FrameError, UsageError
from framework.project.reader import Reader
from framework.project.schema.config import PartConfig
from framework.project.yaml.nodes import MappingNode, Node, is_null, plain, shorten


@runtime_checkable
class _Verifiable(Protocol):
    """What finds some faults in its settings only when it loads what it works with."""

    def verify(self) -> None:
        """Look closer than making it did; raises a `FrameError` for what can't be used."""


_MEND = "mend the value, or remove the line for the default"
_SHARES = ("threshold", "tolerance", "out_of_scope")
"""How settings end that are shares or confidences."""


def check_settings(reader: Reader, kind: registry.Kind, part: PartConfig, node: Node) -> None:
    """Report settings that the part's `__init__` doesn't take, or not of that kind."""
    if not isinstance(node, MappingNode) or not part.settings:
        return
    known = _known(reader, kind, part, node)
    if known is None:
        return
    reader.check_keys(node, ("name", *known), f"the {kind} `{part.name}`")
    for name, value in part.settings.items():
        if name in known:
            _check_value(reader, part, node, name=name, expected=known[name], value=value)
    encoder = node.get("encoder")
    if isinstance(encoder, MappingNode) and "encoder" in known:
        check_encoder(reader, encoder)


def with_lists(
    reader: Reader, kind: registry.Kind, part: PartConfig, node: Node, options: Mapping[str, str]
) -> PartConfig:
    """Make a list of a single text that stands where texts are listed, and say so.

    Rasa reads `dimensions: time` as the letters of the word, and then finds nothing.

    Args:
        reader: of the file.
        kind: what the part is.
        part: with its settings.
        node: the part as written.
        options: names of the settings as written, and the settings that they are.
    """
    single = [name for name in options if isinstance(part.settings.get(options[name]), str)]
    known = _known(reader, kind, part, node) if single else None
    if known is None or not isinstance(node, MappingNode):
        return part
    settings = dict(part.settings)
    for name in single:
        value = settings[options[name]]
        if name not in node or _fits(known.get(options[name]), value):
            continue
        if _fits(known[options[name]], [value]):
            settings[options[name]] = [value]
            reader.warning(
                "wrong-setting",
                f"`{name}` of `{part.written_as}` is the text {_shown(value)}: it is read as a "
                "list of one",
                node.entries[name][0],
                hint=f"write `{name}: [{value}]`",
            )
    return replace(part, settings=settings)


def check_options(
    reader: Reader, kind: registry.Kind, part: PartConfig, node: Node, options: Mapping[str, str]
) -> None:
    """Report options of one of Rasa's parts that are of another kind than their settings here.

    Args:
        reader: of the file.
        kind: what the part is.
        part: with the name and settings that Rasa's became.
        node: Rasa's part, as written.
        options: Rasa's options that keep their meaning, and the settings that they are here.
    """
    given = [name for name in options if isinstance(node, MappingNode) and name in node]
    known = _known(reader, kind, part, node) if given else None
    if known is None or not isinstance(node, MappingNode):
        return
    for name in given:
        value = plain(node.get(name))
        if part.settings.get(options[name]) != [value]:
            _check_value(reader, part, node, name=name, expected=known[options[name]], value=value)


def _known(
    reader: Reader, kind: registry.Kind, part: PartConfig, node: Node
) -> Mapping[str, Any] | None:
    """Give a part's settings with their types; report where it can't be imported."""
    try:
        return settings_of(registry.find(kind, part.name))
    except (UsageError, ImportError) as error:
        reader.error(
            f"broken-{kind}",
            f"the {kind} {part.name!r} can't be loaded: {error}",
            node,
            hint="mend or reinstall the package that provides it",
        )
        return None


def _check_value(
    reader: Reader, part: PartConfig, node: MappingNode, *, name: str, expected: Any, value: Any
) -> None:
    wrong = _mismatch(expected, value)
    if wrong:
        reader.error(
            "wrong-setting",
            f"`{name}` of `{part.written_as}` is {_shown(value)}: {wrong}",
            node.entries[name][0],
            hint=_MEND,
        )


def check_encoder(reader: Reader, node: MappingNode) -> None:
    """Report what is wrong with an encoder that is given as a mapping with settings."""
    find_faults = registry.load_object("framework.nlu.bert.choice:faults")
    for fault in find_faults(plain(node)):
        place = node.entries[fault.key][0] if fault.key in node else node
        reader.error("encoder-settings", fault.message, place, hint=fault.hint or _MEND)


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
            message = f"`{key.text}` of `{name}` is {_shown(plain(value))}: {wrong}"
            reader.error("wrong-setting", message, value, hint=_MEND)
            is_fine = False
    return is_fine and _can_be_made(reader, name, section, cls)


def _can_be_made(reader: Reader, name: str, section: MappingNode, cls: type) -> bool:
    try:
        made = cls(**plain(section))
        if isinstance(made, _Verifiable):
            made.verify()
    except FrameError as error:
        reader.error(error.id, f"`{name}`: {error.message}", section, hint=error.hint or _MEND)
        return False
    return True


def check_shares(reader: Reader, part: PartConfig, node: Node) -> None:
    """Report confidences and other shares that lie outside 0 to 1."""
    for name, value in part.settings.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not name.endswith(_SHARES) or not is_number or 0 <= value <= 1:
            continue
        place = node.entries[name][0] if isinstance(node, MappingNode) and name in node else node
        reader.warning(
            "wrong-setting",
            f"`{name}` of `{part.written_as}` is {_shown(value)}, which lies outside of 0 to 1",
            place,
            hint="write a share, such as 0.4",
        )


def settings_of(cls: type) -> Mapping[str, Any]:
    """Give the keywords of a class's `__init__` with their types."""
    parameters = inspect.signature(cls, eval_str=True).parameters.values()
    return {
        parameter.name: None if parameter.annotation is parameter.empty else parameter.annotation
        for parameter in parameters
        if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    }


def _shown(value: Any) -> str:
    return shorten(repr(value))


def _mismatch(expected: Any, value: Any) -> str:
    """Say what kind of value is expected instead, or nothing."""
    return "" if _fits(expected, value) else f"expected {_in_words(expected)}"


_WORDED: Mapping[Any, str] = {
    bool: "true or false",
    str: "a text",
    int: "a whole number",
    float: "a number",
    list: "a list",
    tuple: "a list",
    Sequence: "a list",
    dict: "a mapping",
    Mapping: "a mapping",
}


def _in_words(expected: Any) -> str:
    """Name a type as it is written in YAML."""
    arguments = typing.get_args(expected)
    kind = typing.get_origin(expected) or expected
    if kind in (typing.Union, types.UnionType):
        named = [option for option in arguments if option is not type(None)]
        return " or ".join(_in_words(option) for option in named)
    if kind is typing.Literal:
        return " or ".join(f"`{option}`" for option in arguments)
    return _WORDED.get(kind) or str(getattr(expected, "__name__", expected))


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
        is_finite = not isinstance(value, float) or math.isfinite(value)
        return is_wanted and is_finite and isinstance(value, _SCALARS[kind])
    if kind in (list, tuple, Sequence):
        return isinstance(value, list) and _items_fit(arguments, value)
    return kind not in (dict, Mapping) or isinstance(value, dict)


def _items_fit(arguments: tuple[Any, ...], value: list[Any]) -> bool:
    kinds = [kind for kind in arguments if kind is not ...]
    return len(kinds) != 1 or all(_fits(kinds[0], item) for item in value)
