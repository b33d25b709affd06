"""Which settings are worth a search, and between which values."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from framework import registry
from framework.project.schema.config import PartConfig
from framework.project.schema.project import Project
from framework.training.search import Choice, Range, Settings, Space

_RANGES: Mapping[str, tuple[tuple[str, float, float, bool], ...]] = {
    "bert_tagger": (
        ("learning_rate", 3e-5, 4e-4, True),
        ("head_learning_rate", 1e-3, 2e-2, True),
        ("layer_decay", 0.7, 1.0, False),
        ("dropout", 0.0, 0.3, False),
        ("label_smoothing", 0.0, 0.15, False),
    ),
}
_CHOICES: Mapping[str, tuple[tuple[str, tuple[Any, ...]], ...]] = {
    "bert_tagger": (("class_weights", ("none", "root", "balanced")),),
    "learned": (
        ("max_history", (3, 5, 8, 12)),
        ("width", (None, 64, 128)),
        ("layers", (1, 2)),
    ),
}


def space_of(parts: Sequence[PartConfig]) -> Space:
    """Give the settings of parts that are worth a search, beginning with what is set."""
    space: list[Range | Choice] = []
    for part in parts:
        if part.name not in {*_RANGES, *_CHOICES}:
            continue
        kind: registry.Kind = "component" if part.name in registry.names("component") else "policy"
        signature = inspect.signature(registry.find(kind, part.name))
        set_now = {name: parameter.default for name, parameter in signature.parameters.items()}
        set_now |= part.settings
        space += [
            Range(name=f"{part.name}.{name}", low=low, high=high, is_log=log, start=set_now[name])
            for name, low, high, log in _RANGES.get(part.name, ())
        ]
        space += [
            Choice(name=f"{part.name}.{name}", values=values, start=set_now[name])
            for name, values in _CHOICES.get(part.name, ())
        ]
    return space


def with_settings(project: Project, settings: Settings) -> Project:
    """Give a project whose parts have other settings, named by part: `learned.layers`."""
    config = project.config
    return replace(
        project,
        config=replace(
            config,
            pipeline=tuple(_changed(part, settings) for part in config.pipeline),
            policies=tuple(_changed(part, settings) for part in config.policies),
        ),
    )


def settings_of_part(settings: Settings, name: str) -> Settings:
    """Give the settings of one part, without its name."""
    prefix = f"{name}."
    return {
        key.removeprefix(prefix): value for key, value in settings.items() if key.startswith(prefix)
    }


def _changed(part: PartConfig, settings: Settings) -> PartConfig:
    return replace(part, settings={**part.settings, **settings_of_part(settings, part.name)})
