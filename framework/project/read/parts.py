"""`pipeline:` and `policies:` -> parts with Frame's names and settings."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from framework import registry
from framework.project import rasa
from framework.project.reader import Reader
from framework.project.schema.config import Mapped, PartConfig
from framework.project.settings import (
    check_options,
    check_settings,
    check_shares,
    settings_of,
    with_lists,
)
from framework.project.yaml.nodes import MappingNode, Node, ScalarNode, is_null, plain

PartKind = Literal["component", "policy"]
_TABLES: Mapping[PartKind, Mapping[str, rasa.Replacement]] = {
    "component": rasa.COMPONENTS,
    "policy": rasa.POLICIES,
}
_SECTIONS: Mapping[PartKind, str] = {"component": "pipeline", "policy": "policies"}
_ONE_OF_EACH = ("bert_tagger", "synonyms", "rules", "learned")
_FLAGS = ("intents", "entities")
_SLIP = 0.8
"""Likeness from which an unknown option is probably another one misspelt."""


@dataclass
class Parts:
    """The parts read so far.

    Attributes:
        spacy_model: model named by SpacyNLP, for spacy_entities.
        encoder: model named by LanguageModelFeaturizer, with its node.
        is_custom: whether a part was left out because it is a class for Rasa.
        own: names of classes in the bot's own code.
    """

    found: list[PartConfig] = field(default_factory=list)
    mapped: list[Mapped] = field(default_factory=list)
    spacy_model: str | None = None
    encoder: tuple[str, Node] | None = None
    is_custom: bool = False
    own: Collection[str] = ()


def read_parts(
    reader: Reader, node: Node | None, kind: PartKind, *, own: Collection[str]
) -> Parts | None:
    """Read a list of components or policies.

    Args:
        reader: of the file.
        node: the list.
        kind: what it lists.
        own: names of classes in the bot's own code.

    Returns:
        the parts, or None where the configuration names none and the defaults apply.
    """
    if is_null(node):
        return None
    parts = Parts(own=own)
    if isinstance(node, ScalarNode) and node.value in rasa.OLD_PIPELINES:
        reader.warning(
            "removed-component",
            f"the pipeline {node.text!r} is one of Rasa 1.x; the default pipeline takes its place",
            node,
            hint="remove the line, or list components",
        )
        return None
    items = reader.sequence(node, f"`{_SECTIONS[kind]}:`")
    for item in items:
        _read_part(reader, item, kind, parts)
    if not items:
        return None
    return parts


def _read_part(reader: Reader, item: Node, kind: PartKind, parts: Parts) -> None:
    named: Node | None = item
    options: dict[str, Any] = {}
    if isinstance(item, MappingNode):
        named = item.get("name")
        options = {key: value for key, value in plain(item).items() if key != "name"}
        if named is None:
            reader.check_keys(item, ("name",), f"a {kind}", severity="warning")
            reader.error("missing-key", f"a {kind} has no `name`", item, hint="add `name: …`")
            return
    written = reader.name(named, f"the name of a {kind}")
    if written is None or named is None:
        return
    name = rasa.short_name(written)
    if name in _TABLES[kind]:
        _map(reader, kind, written, options, item, parts)
    elif name in parts.own or name in registry.names(kind):
        where = reader.where(named)
        part = PartConfig(name=name, settings=options, written_as=written, where=where)
        if name not in parts.own:
            part = with_lists(reader, kind, part, item, {option: option for option in options})
            check_settings(reader, kind, part, item)
            check_shares(reader, part, item)
        parts.found.append(part)
    else:
        _report_unknown(reader, named, written, kind, parts)


def _report_unknown(reader: Reader, node: Node, name: str, kind: PartKind, parts: Parts) -> None:
    if "." in name:
        lost = "what it adds to messages is" if kind == "component" else "its predictions are"
        reader.warning(
            f"custom-{kind}",
            f"the {kind} {name} is a Python class for Rasa, which can't run here: {lost} lost",
            node,
            hint=f"write it as a {kind} of Frame, or remove it",
        )
        parts.mapped.append(Mapped(rasa=name, frame="", note="can't run here"))
        parts.is_custom = True
        return
    known = (*_TABLES[kind], *registry.names(kind))
    hint = registry.did_you_mean(name, known) or f"known: {', '.join(sorted(known))}"
    other: PartKind = "policy" if kind == "component" else "component"
    if rasa.short_name(name) in (*_TABLES[other], *registry.names(other)):
        hint = f"it is a {other}: move it to `{_SECTIONS[other]}:`"
    reader.error(f"unknown-{kind}", f"there is no {kind} named {name!r}", node, hint=hint)


def _map(
    reader: Reader,
    kind: PartKind,
    written: str,
    options: dict[str, Any],
    item: Node,
    parts: Parts,
) -> None:
    replacement = _with_own_settings(kind, _TABLES[kind][rasa.short_name(written)], options)
    if replacement.is_removed:
        reader.warning(
            "removed-policy",
            f"{written} was removed in Rasa 3.0; `{replacement.frame}` takes its place",
            item,
            hint=replacement.note,
        )
    _take_models(written, options, item, parts)
    settings = dict(replacement.settings)
    for option, setting in replacement.options.items():
        if option in options:
            settings[setting] = options[option]
    _take_max_history(replacement, options, settings)
    ignored = [option for option in options if option not in replacement.options]
    if not replacement.frame:
        parts.mapped.append(Mapped(rasa=written, frame="", note=replacement.note))
        return
    part = PartConfig(
        name=replacement.frame,
        settings=settings,
        written_as=written,
        where=reader.where(item),
    )
    part = with_lists(reader, kind, part, item, replacement.options)
    check_shares(reader, part, item)
    check_options(reader, kind, part, item, replacement.options)
    _report_slips(reader, kind, written, part, ignored=ignored, item=item)
    _add(part, parts)
    parts.mapped.append(
        Mapped(rasa=written, frame=part.name, note=_note(replacement, ignored, settings))
    )


def _report_slips(
    reader: Reader,
    kind: PartKind,
    written: str,
    part: PartConfig,
    *,
    ignored: Collection[str],
    item: Node,
) -> None:
    """Report options that nobody has, if they read much like one: `fuzzi`."""
    if not ignored or not isinstance(item, MappingNode):
        return
    replacement = _TABLES[kind][rasa.short_name(written)]
    known = {*replacement.options, *settings_of(registry.find(kind, part.name))}
    for option in ignored:
        near = difflib.get_close_matches(option, sorted(known), n=1, cutoff=_SLIP)
        if near and near[0] != option:
            reader.warning(
                "unknown-key",
                f"{written} has no option {option!r} here, so it says nothing",
                item.entries[option][0],
                hint=f"did you mean {near[0]!r}?",
            )


def _with_own_settings(
    kind: PartKind, replacement: rasa.Replacement, options: Mapping[str, Any]
) -> rasa.Replacement:
    """Let settings of Frame's own be given under Rasa's name: `fuzzy` of `EntitySynonymMapper`."""
    others = set(options) - set(replacement.options) - rasa.OTHER_MEANING
    if not replacement.frame or not others:
        return replacement
    own = others & set(settings_of(registry.find(kind, replacement.frame)))
    return replace(replacement, options={**replacement.options, **{name: name for name in own}})


def _note(replacement: rasa.Replacement, ignored: list[str], settings: Mapping[str, Any]) -> str:
    notes = [replacement.note] if replacement.note else []
    skipped = [name for name in ignored if name not in ("model", "featurizer")]
    if skipped:
        notes.append(f"not needed: {', '.join(skipped)}")
    off = [name for name in _FLAGS if settings.get(name) is False]
    if replacement.frame == "bert_tagger" and off:
        notes.append(f"without {' and '.join(off)}")
    return "; ".join(notes)


def _take_models(written: str, options: Mapping[str, Any], item: Node, parts: Parts) -> None:
    name = rasa.short_name(written)
    if name == "SpacyNLP" and isinstance(options.get("model"), str):
        parts.spacy_model = options["model"]
    if name in ("LanguageModelFeaturizer", "HFTransformersNLP"):
        weights = options.get("model_weights")
        family = options.get("model_name", "bert")
        if isinstance(weights, str) and family in rasa.ENCODER_FAMILIES:
            parts.encoder = (weights, item)


def _take_max_history(
    replacement: rasa.Replacement, options: Mapping[str, Any], settings: dict[str, Any]
) -> None:
    """Take `max_history` out of a policy's `featurizer:`, where it isn't given beside it."""
    featurizers = options.get("featurizer")
    if "max_history" not in replacement.options or "max_history" in settings:
        return
    for featurizer in featurizers if isinstance(featurizers, list) else ():
        if isinstance(featurizer, dict) and isinstance(featurizer.get("max_history"), int):
            settings["max_history"] = featurizer["max_history"]


def _add(part: PartConfig, parts: Parts) -> None:
    """Add a part; parts of which one is enough are merged into the first."""
    if part.name in _ONE_OF_EACH:
        for index, first in enumerate(parts.found):
            if first.name == part.name:
                parts.found[index] = replace(first, settings=_merged(first, part))
                return
    parts.found.append(part)


def _merged(first: PartConfig, second: PartConfig) -> Mapping[str, Any]:
    settings = {**second.settings, **first.settings}
    for flag in _FLAGS:
        if flag in first.settings and flag in second.settings:
            settings[flag] = bool(first.settings[flag]) or bool(second.settings[flag])
    return settings
