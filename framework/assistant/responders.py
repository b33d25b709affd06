"""Who says the domain's responses: its own variations, or a service that writes them."""

from __future__ import annotations

from framework.errors import UsageError
from framework.project.schema.config import Endpoints
from framework.registry import load_object
from framework.responses.base import Responder

_BY_SERVER = (None, "callback")
_BY_DOMAIN = "response"
_SERVER = "framework.responses.nlg:NlgServer"


def own_responder(endpoints: Endpoints | None, *, templates: Responder) -> Responder:
    """Give the responder that `nlg:` names; without that key, the domain's own variations.

    Raises:
        UsageError: the service has no address, or its `type` is unknown.
    """
    service = endpoints.services.get("nlg") if endpoints else None
    kind = service.options.get("type") if service else None
    if service is None or kind == _BY_DOMAIN:
        return templates
    if kind not in _BY_SERVER:
        raise UsageError(
            f"there is no NLG service of type {kind!r}",
            where=service.where,
            hint="`callback` asks a server, `response` takes the variations of the domain",
        )
    server: Responder = load_object(_SERVER)(service, templates=templates)
    return server
