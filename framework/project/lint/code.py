"""Custom actions: whether anything runs them, and whether what they say exists."""

from __future__ import annotations

from framework.project.complete import KNOWLEDGE_BASE_ACTION
from framework.project.lint.names import Names
from framework.project.schema.domain import RESPONSE_PREFIX
from framework.project.schema.names import RECOMMEND
from framework.registry import did_you_mean


def check_code(names: Names) -> None:
    """Check the actions of the domain against the bot's own code, and the code against them."""
    _check_run(names)
    _check_said(names)


def _check_said(names: Names) -> None:
    """Warn about responses that the code says and no file defines; an NLG server may have them."""
    known = names.domain.responses
    if "nlg" in names.project.endpoints.services:
        return
    for name, where in names.reading.code.said:
        if name not in known:
            names.findings.warning(
                "unknown-response",
                f"the code says the response {name!r}, which no file defines",
                where=where,
                hint=did_you_mean(name, known) or "add it under `responses:`",
            )


def _check_run(names: Names) -> None:
    """Warn about custom actions that neither the bot's own code nor an action server runs."""
    code = names.reading.code
    has_server = "action_endpoint" in names.project.endpoints.services
    if has_server and not code.exists:
        return
    for name, action in names.domain.actions.items():
        if (
            action.where is None
            or name.startswith(RESPONSE_PREFIX)
            or name in names.default_actions
        ):
            continue
        if name == RECOMMEND and names.recommend is not None:
            continue
        if name in code.names or name in names.domain.forms or name in code.text:
            continue
        if name == KNOWLEDGE_BASE_ACTION and code.exists:
            continue
        reason = "the code in actions/ doesn't define it"
        if not code.exists:
            reason = "there is no code in actions/ and no `action_endpoint` in endpoints.yml"
        names.findings.warning(
            "unimplemented-action",
            f"nothing runs the action {name!r}: {reason}",
            where=action.where,
            hint=did_you_mean(name, code.names) or "write a class with this `name`",
        )
