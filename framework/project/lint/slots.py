"""Slots: where they are used, and the values that stories give them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from framework.project.complete import KNOWLEDGE_BASE_SLOTS
from framework.project.lint.names import GIVEN_VALUES, Names, Use, first_uses, more
from framework.project.schema.domain import (
    LANGUAGE_SLOT,
    OTHER_VALUE,
    REQUESTED_SLOT,
    RESPONSE_PREFIX,
    Slot,
)
from framework.project.schema.recommend import SECTION
from framework.project.schema.stories import SlotValue
from framework.registry import did_you_mean


def check_slots(names: Names) -> None:
    """Check slots and their uses in stories and responses."""
    for slot in names.domain.slots.values():
        _check_initial_value(names, slot)
    _check_used(names)
    _check_unused(names)
    _check_responses(names)


def _check_initial_value(names: Names, slot: Slot) -> None:
    value = slot.initial_value
    problem = "" if value is None else _mismatch(slot, value)
    if problem:
        names.findings.warning(
            "bad-slot-value",
            f"the initial value {value!r} of the slot {slot.name!r} {problem}",
            where=slot.where,
            hint="change the value or the slot's `type`",
        )


def _mismatch(slot: Slot, value: Any) -> str:
    """Say what is wrong with a value of a slot, or nothing."""
    is_listed = str(value).lower() in (*slot.values, OTHER_VALUE)
    if slot.type == "categorical" and slot.values and not is_listed:
        near = did_you_mean(str(value).lower(), slot.values)
        return f"is not among its values ({near or ', '.join(slot.values)})"
    if slot.type == "bool" and str(value).lower() not in ("true", "false", "1", "0", "1.0", "0.0"):
        return "is neither true nor false"
    if slot.type == "float" and not _is_number(value):
        return "is not a number"
    if slot.type == "list" and not isinstance(value, list):
        return "is not a list"
    return ""


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _check_used(names: Names) -> None:
    known = names.domain.slots
    for use, count in first_uses(use for _, use in names.used_slots):
        if use.name not in known:
            names.findings.warning(
                "unknown-slot",
                f"{use.by} sets the slot {use.name!r}, which is not declared, so the step has no "
                f"effect{more(count)}",
                where=use.where,
                hint=did_you_mean(use.name, known) or "add it under `slots:`",
            )
    for value, use in names.used_slots:
        slot = known.get(use.name)
        if slot is not None:
            _check_given_value(names, slot, value, use)


def _check_unused(names: Names) -> None:
    """Warn about slots that nothing reads, where all that could read them is here to be seen."""
    code = names.reading.code
    custom = (name for name in names.domain.actions if not name.startswith(RESPONSE_PREFIX))
    if any(name not in code.names for name in custom) or not names.dialogs:
        return
    used = {use.name for _, use in names.used_slots}
    used.update(slot for form in names.domain.forms.values() for slot in form.required_slots)
    used.update(mention.text for mention in names.reading.mentions)
    for response in names.domain.responses.values():
        used.update(one.slot for variation in response.variations for one in variation.conditions)
    used.update(_of_sections(names.project.config.extras))
    used.update(wish.source for wish in (names.recommend.wishes() if names.recommend else ()))
    if any(one.language for r in names.domain.responses.values() for one in r.variations):
        used.add(LANGUAGE_SLOT)
    for name, slot in names.domain.slots.items():
        if name in (REQUESTED_SLOT, *KNOWLEDGE_BASE_SLOTS):
            continue
        if name not in used and slot.where is not None and name not in code.text:
            names.findings.warning(
                "unused-slot",
                f"the slot {name!r} is not used in any story, rule, form, response or action",
                where=slot.where,
                hint="use it in one, or remove it",
            )


def _of_sections(extras: Mapping[str, Any]) -> Iterator[str]:
    """Give the slots that sections of the configuration fill or read."""
    mood = extras.get("mood")
    if isinstance(mood, Mapping):
        yield from (str(mood[key]) for key in ("slot", "alert_slot") if key in mood)
    recommend = extras.get(SECTION)
    if isinstance(recommend, Mapping):
        yield str(recommend.get("history_slot"))


def _check_given_value(names: Names, slot: Slot, given: SlotValue, use: Use) -> None:
    if not given.has_value:
        if slot.influence_conversation and slot.type not in ("text", "list"):
            names.findings.warning(
                "slot-without-value",
                f"{use.by} names the slot {slot.name!r} without a value, which for the type "
                f"{slot.type} means that it is empty",
                where=use.where,
                hint=f"write `- {slot.name}: <value>`",
            )
        return
    if slot.name == REQUESTED_SLOT:
        if isinstance(given.value, str) and given.value not in names.domain.slots:
            names.findings.warning(
                "unknown-slot",
                f"{use.by} expects that the slot {given.value!r} is asked for, which is not "
                "declared",
                where=use.where,
                hint=did_you_mean(given.value, names.domain.slots)
                or "add it under `slots:`, or write the name of one that the form asks for",
            )
        return
    problem = "" if given.value is None else _mismatch(slot, given.value)
    if problem and not (slot.type == "list" and isinstance(given.value, str)):
        names.findings.warning(
            "bad-slot-value",
            f"{use.by} sets the slot {slot.name!r} to {given.value!r}, which {problem}",
            where=use.where,
            hint="change the value or the slot's `type`",
        )


def _is_word_of(code: str, name: str) -> bool:
    """Whether the bot's own code has the name, as it has where an action gives the value."""
    return re.search(rf"\b{re.escape(name)}\b", code) is not None


def _check_responses(names: Names) -> None:
    for mention in names.reading.mentions:
        if names.recommend is not None and mention.response == names.recommend.response:
            continue  # its placeholders are the columns of the catalogue
        given = GIVEN_VALUES.get(mention.response, ())
        is_unknown = mention.kind == "placeholder" and mention.text not in (
            *names.domain.slots,
            *given,
        )
        if is_unknown and not _is_word_of(names.reading.code.text, mention.text):
            names.findings.warning(
                "unknown-placeholder",
                f"the response {mention.response!r} has the placeholder {{{mention.text}}}, which "
                "no slot fills",
                where=mention.where,
                hint=did_you_mean(mention.text, names.domain.slots)
                or "add the slot, unless an action gives the value",
            )
    for response in names.domain.responses.values():
        for variation in response.variations:
            for condition in variation.conditions:
                if condition.slot not in names.domain.slots:
                    names.findings.warning(
                        "unknown-slot",
                        f"a condition of the response {response.name!r} names the slot "
                        f"{condition.slot!r}, which is not declared",
                        where=variation.where,
                        hint=did_you_mean(condition.slot, names.domain.slots)
                        or "add it under `slots:`",
                    )
