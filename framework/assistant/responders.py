"""Who says the domain's responses: its own variations, a server, or a language model."""

from __future__ import annotations

from typing import Any

from framework import registry
from framework.errors import UsageError
from framework.project.schema.config import Endpoints
from framework.responses.base import Responder

_BY_SERVER = (None, "callback")
_BY_DOMAIN = "response"


def own_responder(
    endpoints: Endpoints | None, *, llm: Any, templates: Responder, language: str
) -> Responder:
    """Give the responder that `nlg:` names, else that of `llm:`, else the domain's variations.

    Args:
        endpoints: services around the bot.
        llm: the settings under `llm:`; None where there are none.
        templates: says the domain's variations.
        language: ISO code of the bot's language.

    Raises:
        UsageError: a service or a setting can't be used.
    """
    service = endpoints.services.get("nlg") if endpoints else None
    kind = service.options.get("type") if service else None
    if service is None or kind == _BY_DOMAIN:
        return templates if llm is None else _with_llm(llm, templates, language)
    if kind not in _BY_SERVER:
        raise UsageError(
            f"there is no NLG service of type {kind!r}",
            where=service.where,
            hint="`callback` asks a server, `response` takes the variations of the domain",
        )
    server: Responder = registry.find("response", "nlg")(
        service, templates=templates, language=language
    )
    return server


def _with_llm(options: Any, templates: Responder, language: str) -> Responder:
    kind = registry.find("response", "llm")
    responder: Responder = kind(options, templates=templates, language=language)
    return responder
