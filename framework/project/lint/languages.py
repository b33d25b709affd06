"""Languages of responses: whether a conversation can ever be in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from framework.project.lint.names import Names
from framework.registry import did_you_mean

SECTION, SLOT = "languages", "language"
_STATED = ("from_intent", "from_trigger_intent")


@dataclass(frozen=True, kw_only=True)
class _Reach:
    """The languages that conversations can be in.

    Attributes:
        known: those that the project names.
        is_open: whether something may fill the slot with any other.
    """

    known: frozenset[str]
    is_open: bool


def check_languages(names: Names) -> None:
    """Check that each `language:` of a variation can be that of a conversation."""
    if SECTION in names.project.config.extras and SLOT not in names.domain.slots:
        names.findings.error(
            "unknown-slot",
            f"`{SECTION}` fills the slot {SLOT!r}, which is not declared",
            where=names.project.config.extras_where.get(SECTION),
            hint="add it under `slots:`, with `type: text` and `mappings: [{type: custom}]`",
        )
    reach = _reach(names)
    for response in names.domain.responses.values():
        for variation in response.variations:
            language = variation.language
            if language is None or reach.is_open or _is_in(language, reach.known):
                continue
            names.findings.warning(
                "unreachable-language",
                f"a variation of the response {response.name!r} is in {language!r}, but no "
                "conversation can be",
                where=variation.where,
                hint=_hint(names, language, reach),
            )


def _hint(names: Names, language: str, reach: _Reach) -> str:
    if SLOT not in names.domain.slots:
        return f"add the slot {SLOT!r}, and what fills it"
    near = did_you_mean(language, reach.known)
    return near or f"fill the slot {SLOT!r} with it, or name it under `{SECTION}: detect:`"


def _is_in(language: str, known: frozenset[str]) -> bool:
    """Whether a conversation in one of the known languages hears a variation in this one."""
    wanted = language.casefold()
    return any(one.casefold() == wanted or _primary(one) == wanted for one in known)


def _primary(language: str) -> str:
    return language.casefold().replace("_", "-").partition("-")[0]


def _reach(names: Names) -> _Reach:
    default = names.project.config.language
    slot = names.domain.slots.get(SLOT)
    if slot is None:
        return _Reach(known=frozenset({default}), is_open=False)
    section = names.project.config.extras.get(SECTION)
    settings: Mapping[str, Any] = section if isinstance(section, Mapping) else {}
    stated = (str(one.value) for one in slot.mappings if one.type in _STATED)
    detected = settings.get("detect")
    told = map(str, detected) if isinstance(detected, list) else ()
    given = (value for value, use in names.used_slots if use.name == SLOT and value.has_value)
    known = {default, *stated, *told, *(str(value.value) for value in given)}
    if slot.initial_value is not None:
        known.add(str(slot.initial_value))
    if slot.type == "categorical" and slot.values:
        return _Reach(known=frozenset({*known, *slot.values}), is_open=False)
    return _Reach(known=frozenset(known), is_open=_is_open(names, settings))


def _is_open(names: Names, settings: Mapping[str, Any]) -> bool:
    """Whether messages, metadata or code may give any language."""
    slot = names.domain.slots[SLOT]
    return (
        bool(settings.get("metadata"))
        or any(one.type in ("from_entity", "from_text") for one in slot.mappings)
        or SLOT in names.reading.code.text
        or "action_endpoint" in names.project.endpoints.services
    )
