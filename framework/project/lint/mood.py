"""The mood of users: its slots, its component and the file that it learns from."""

from __future__ import annotations

from framework.errors import Location
from framework.project.lint.names import Names
from framework.project.moods import read_moods
from framework.registry import did_you_mean

_TYPES = {"slot": ("text", "categorical", "float", "any"), "alert_slot": ("bool", "any")}
"""Types that the slots of `mood:` may have."""


def check_mood(names: Names) -> None:
    """Check what `mood:` and the component `sentiment` name."""
    config = names.project.config
    for part in config.pipeline:
        examples = part.settings.get("examples") if part.name == "sentiment" else None
        if isinstance(examples, str):
            root = names.project.root
            read_moods(root / examples, root, names.findings, named_at=part.where)
    if "mood" not in config.extras:
        return
    where = config.extras_where.get("mood")
    if not any(part.name == "sentiment" for part in config.pipeline):
        names.findings.error(
            "missing-component",
            "`mood` has nothing to follow: the pipeline has no component `sentiment`",
            where=where,
            hint="add `- name: sentiment` below the encoder's component",
        )
    settings = config.extras["mood"]
    for setting, types in _TYPES.items():
        name = settings.get(setting) if isinstance(settings, dict) else None
        if isinstance(name, str):
            _check_slot(names, setting, name, types, where)


def _check_slot(
    names: Names, setting: str, name: str, types: tuple[str, ...], where: Location | None
) -> None:
    slot = names.domain.slots.get(name)
    if slot is None:
        names.findings.error(
            "unknown-slot",
            f"`{setting}` of `mood` names the slot {name!r}, which is not declared",
            where=where,
            hint=did_you_mean(name, names.domain.slots) or "add it under `slots:`",
        )
    elif slot.type not in types:
        names.findings.error(
            "bad-slot",
            f"the slot {name!r}, which `{setting}` of `mood` names, is of type {slot.type}",
            where=slot.where,
            hint=f"give it one of these: {', '.join(types)}",
        )
