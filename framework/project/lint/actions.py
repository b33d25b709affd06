"""Actions and responses: declared, implemented and used."""

from __future__ import annotations

import re

from framework.project.lint.names import Names, Use, first_uses, more
from framework.project.schema.domain import RESPONSE_PREFIX, Response
from framework.project.schema.names import CHAT, RECOMMEND
from framework.registry import did_you_mean

_DEFAULT_RESPONSES = (
    "utter_restart",
    "utter_default",
    "utter_back",
    "utter_ask_rephrase",
    "utter_forget_me",
    "utter_knowledge_answer",
    "utter_no_answer",
)
_SECTIONS = {
    CHAT: "`seq2seq:` in config.yml, with a file of questions and answers",
    RECOMMEND: "`recommend:` in config.yml, with a catalogue of items",
}
"""What the actions need that aren't there without it."""

_ASK = re.compile(r"(?:utter|action)_ask_(?P<rest>.+)")
_NAMED_BY_RULE = re.compile(r"validate_(?P<form>.+)")


def check_actions(names: Names) -> None:
    """Check that actions and responses exist where they are used, and are used."""
    for use, count in first_uses(names.used_actions):
        _check_used(names, use, count)
    _check_fallback_action(names)
    _check_generator(names)
    _check_declared_actions(names)
    for response in names.domain.responses.values():
        _check_response(names, response)
    _check_retrieval(names)


def _check_used(names: Names, use: Use, count: int) -> None:
    if use.name not in names.actions:
        is_response = use.name.startswith(RESPONSE_PREFIX)
        kind = "response" if is_response else "action"
        names.findings.add(
            "warning" if use.is_test else "error",
            f"unknown-{kind}",
            f"{use.by} uses the {kind} {use.name!r}, which no file defines{more(count)}",
            where=use.where,
            hint=_how_to_add(names, use.name, kind),
        )
    elif _lacks_response(names, use.name):
        names.findings.warning(
            "missing-response",
            f"{use.by} uses {use.name!r}, which is listed as an action but has no response"
            f"{more(count)}",
            where=use.where,
            hint="add it under `responses:`",
        )


def _how_to_add(names: Names, name: str, kind: str) -> str:
    if name in _SECTIONS:
        return f"it needs {_SECTIONS[name]}"
    return did_you_mean(name, names.actions) or f"add it under `{kind}s:`"


def _lacks_response(names: Names, name: str) -> bool:
    if not name.startswith(RESPONSE_PREFIX) or name in names.reading.code.names:
        return False
    bases = {response.split("/", 1)[0] for response in names.domain.responses}
    return name not in bases


def _check_fallback_action(names: Names) -> None:
    for part in names.project.config.policies:
        name = part.settings.get("core_fallback_action_name")
        if isinstance(name, str) and name not in names.actions:
            names.findings.error(
                "unknown-action",
                f"the policy `{part.written_as or part.name}` names the action {name!r}, which no "
                "file defines",
                where=part.where,
                hint=did_you_mean(name, names.actions) or "add it under `actions:`",
            )


def _check_generator(names: Names) -> None:
    """Check that what `seq2seq:` writes is said, and that there is something to say without it."""
    part = names.project.config.seq2seq
    if part is None:
        return
    responses = names.domain.responses
    instead = part.settings.get("responses") or ()
    for name in (part.settings.get("fallback", "utter_default"), *instead):
        if name not in responses:
            names.findings.warning(
                "missing-response",
                f"`seq2seq:` leaves it to the response {name!r} when it isn't sure, which no file "
                "defines",
                where=part.where,
                hint=did_you_mean(name, responses) or "add it under `responses:`",
            )
    if CHAT not in names.learned and not instead:
        names.findings.warning(
            "unused-generator",
            f"the project has `seq2seq:`, but no story or rule uses {CHAT!r}",
            where=part.where,
            hint=f"write a rule: `- intent: chitchat` and below it `- action: {CHAT}`",
        )


def _check_declared_actions(names: Names) -> None:
    forms = names.domain.forms
    mapped = {m.action for slot in names.domain.slots.values() for m in slot.mappings}
    fallbacks = [
        part.settings.get("core_fallback_action_name") for part in names.project.config.policies
    ]
    for name, action in names.domain.actions.items():
        if action.where is None or name in names.default_actions or name in forms:
            continue
        match = _NAMED_BY_RULE.fullmatch(name)
        if match is not None and match["form"] not in forms:
            names.findings.warning(
                "unknown-form",
                f"the action {name!r} validates a form {match['form']!r} that is not declared",
                where=action.where,
                hint=did_you_mean(match["form"], forms) or "add it under `forms:`",
            )
            continue
        is_used = name in names.learned or name in mapped or name in fallbacks
        if is_used or match is not None or _asks(names, name) or _is_mentioned(names, name):
            continue
        if _lacks_response(names, name):
            names.findings.warning(
                "missing-response",
                f"the action {name!r} is named as a response, but there is none of that name",
                where=action.where,
                hint=did_you_mean(name, names.domain.responses) or "add it under `responses:`",
            )
        elif not name.startswith(RESPONSE_PREFIX):
            names.findings.warning(
                "unused-action",
                f"the action {name!r} is not used in any story or rule",
                where=action.where,
                hint="use it in one, or remove it",
            )


def _asks(names: Names, name: str) -> bool:
    """Whether the name is that of a question for a slot of a form."""
    match = _ASK.fullmatch(name)
    if match is None:
        return False
    rest = match["rest"]
    asked = {slot for form in names.domain.forms.values() for slot in form.required_slots}
    if rest in asked or rest in names.domain.slots:
        return True
    return any(rest.startswith(f"{form}_") for form in names.domain.forms)


def _is_mentioned(names: Names, name: str) -> bool:
    return name in names.reading.code.text


def _check_response(names: Names, response: Response) -> None:
    name, where = response.name, response.where
    if not name.startswith(RESPONSE_PREFIX):
        names.findings.warning(
            "response-name",
            f"the response {name!r} doesn't start with `utter_`, so no story can name it",
            where=where,
            hint=f"call it utter_{name}",
        )
        return
    ids = [variation.id for variation in response.variations if variation.id is not None]
    for repeated in {one for one in ids if ids.count(one) > 1}:
        names.findings.warning(
            "duplicate-id",
            f"two variations of the response {name!r} have the id {repeated!r}",
            where=where,
            hint="give each an id of its own",
        )
    if "/" in name or name in names.learned or name in (*_DEFAULT_RESPONSES, _fallback(names)):
        return
    if names.recommend and name in (names.recommend.response, names.recommend.nothing):
        return
    if not _asks(names, name) and not _is_mentioned(names, name) and names.dialogs:
        names.findings.warning(
            "unused-response",
            f"the response {name!r} is not used in any story or rule",
            where=where,
            hint="use it in one, or remove it",
        )


def _fallback(names: Names) -> str:
    part = names.project.config.seq2seq
    return str(part.settings.get("fallback", "")) if part else ""


def _check_retrieval(names: Names) -> None:
    labels = [label for label in names.labels if "/" in label]
    answers = {name.removeprefix(RESPONSE_PREFIX): name for name in names.domain.responses}
    for label in labels:
        if label not in answers and names.domain.responses:
            names.findings.warning(
                "missing-response",
                f"the retrieval intent {label!r} has no response {RESPONSE_PREFIX}{label}",
                where=names.labels[label],
                hint=did_you_mean(label, answers) or "add it under `responses:`",
            )
    for key, name in answers.items():
        if "/" in key and key not in names.labels:
            names.findings.warning(
                "unused-response",
                f"the response {name!r} belongs to the intent {key!r}, which has no examples",
                where=names.domain.responses[name].where,
                hint=did_you_mean(key, labels) or "add examples under `nlu:`",
            )
