"""Custom actions: whether anything runs them."""

from __future__ import annotations

from framework.project.complete import KNOWLEDGE_BASE_ACTION
from framework.project.lint.names import RECOMMEND, Names
from framework.registry import did_you_mean


def check_code(names: Names) -> None:
    """Warn about custom actions that neither the bot's own code nor an action server runs."""
    code = names.reading.code
    has_server = "action_endpoint" in names.project.endpoints.services
    if has_server and not code.exists:
        return
    for name, action in names.domain.actions.items():
        if action.where is None or name.startswith("utter_") or name in names.default_actions:
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
