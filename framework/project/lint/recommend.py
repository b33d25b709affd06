"""`recommend:` against the domain: its catalogue, responses, slots and intents."""

from __future__ import annotations

from collections.abc import Iterable

from framework.project.catalogue import read_catalogue
from framework.project.lint.names import Names
from framework.project.schema.names import RECOMMEND
from framework.project.schema.recommend import SECTION, RecommendSettings
from framework.registry import did_you_mean


def check_recommend(names: Names) -> None:
    """Check what `recommend:` names."""
    settings = names.recommend
    if settings is None:
        return
    where = names.project.config.extras_where.get(SECTION)
    read_catalogue(settings, names.project.root, names.findings, named_at=where)
    _check_response(names, settings)
    known = {*names.domain.slots, *names.domain.entities}
    for wish in settings.wishes():
        _check_known(names, wish.source, known, "the slot or entity", "unknown-slot")
    if settings.history_slot is not None:
        slots = names.domain.slots
        _check_known(names, settings.history_slot, slots, "the slot", "unknown-slot")
        slot = slots.get(settings.history_slot)
        if slot is not None and slot.type != "any":
            names.findings.error(
                "bad-slot",
                f"the slot {slot.name!r}, which `history_slot` names, is of type {slot.type}",
                where=slot.where,
                hint="give it `type: any`",
            )
    if not any(use.name == RECOMMEND for use in names.used_actions) and names.dialogs:
        names.findings.warning(
            "unused-action",
            f"`{SECTION}` is set up, but no story or rule uses {RECOMMEND!r}",
            where=where,
            hint=f"write a rule with `- action: {RECOMMEND}`",
        )


def _check_response(names: Names, settings: RecommendSettings) -> None:
    where = names.project.config.extras_where.get(SECTION)
    if settings.response not in names.domain.responses:
        names.findings.error(
            "missing-response",
            f"`{SECTION}` says its items with the response {settings.response!r}, which no file "
            "defines",
            where=where,
            hint=did_you_mean(settings.response, names.domain.responses)
            or f'add it under `responses:`, with placeholders such as "{{{settings.id}}}"',
        )
    if settings.nothing not in names.domain.responses:
        names.findings.warning(
            "missing-response",
            f"`{SECTION}` says nothing where no item fits: there is no {settings.nothing!r}",
            where=where,
            hint="add it under `responses:`",
        )


def _check_known(names: Names, name: str, known: Iterable[str], what: str, id: str) -> None:
    if name not in known:
        names.findings.error(
            id,
            f"`{SECTION}` names {what} {name!r}, which is not declared",
            where=names.project.config.extras_where.get(SECTION),
            hint=did_you_mean(name, known) or "add it to the domain",
        )
