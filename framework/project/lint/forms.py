"""Forms: their slots, questions and uses."""

from __future__ import annotations

from framework.project.lint.names import Names, first_uses, more
from framework.project.schema.domain import Form
from framework.project.schema.names import TWO_STAGE_FALLBACK, asking_names
from framework.registry import did_you_mean


def check_forms(names: Names) -> None:
    """Check that forms exist where they are used, and can ask for what they require."""
    _check_used(names)
    for form in names.domain.forms.values():
        _check_slots(names, form)
        for intent in form.ignored_intents:
            if intent not in names.domain.intents:
                names.findings.warning(
                    "unknown-intent",
                    f"the form {form.name!r} ignores the intent {intent!r}, which is not declared",
                    where=form.where,
                    hint=did_you_mean(intent, names.domain.intents) or "add it under `intents:`",
                )
        if form.name not in names.learned and form.where is not None:
            names.findings.warning(
                "unused-form",
                f"the form {form.name!r} is not used in any story or rule",
                where=form.where,
                hint=f"start it by a rule: `- action: {form.name}`, `- active_loop: {form.name}`",
            )


def _check_used(names: Names) -> None:
    known = (*names.domain.forms, TWO_STAGE_FALLBACK)
    for use, count in first_uses(names.used_loops):
        if use.name not in known and use.name not in names.actions:
            names.findings.add(
                "warning" if use.is_test else "error",
                "unknown-form",
                f"{use.by} uses the form {use.name!r}, which no file defines{more(count)}",
                where=use.where,
                hint=did_you_mean(use.name, known) or "add it under `forms:`",
            )


def _check_slots(names: Names, form: Form) -> None:
    for slot in form.required_slots:
        if slot not in names.domain.slots:
            names.findings.error(
                "unknown-slot",
                f"the form {form.name!r} asks for the slot {slot!r}, which is not declared",
                where=form.where,
                hint=did_you_mean(slot, names.domain.slots) or "add it under `slots:`",
            )
            continue
        if names.actions.isdisjoint(asking_names(form.name, slot)):
            names.findings.warning(
                "form-without-question",
                f"the form {form.name!r} has no question for the slot {slot!r}",
                where=form.where,
                hint=f"add the response utter_ask_{slot} or utter_ask_{form.name}_{slot}",
            )
