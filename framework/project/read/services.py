"""`endpoints.yml` and `credentials.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from framework.project.reader import Reader
from framework.project.schema.config import PROFILE_STORE, Credentials, Endpoint, Endpoints
from framework.project.settings import check_section
from framework.project.yaml.nodes import MappingNode, ScalarNode, is_null, plain
from framework.registry import did_you_mean, load_object

SERVICES = (
    "action_endpoint",
    "tracker_store",
    "lock_store",
    "event_broker",
    "nlg",
    "nlu",
    "models",
    "model",
    PROFILE_STORE,
)

_UNUSED = ("tracker_store", "lock_store", "event_broker", "nlu", "models", "model")
"""Services of Rasa's that nothing in Frame uses; conversations live as long as the process."""

_NEEDS_ADDRESS = ("action_endpoint", "nlg")
_CALLED = ("action_endpoint", "nlg", "nlu", "models", "model")
"""Services that are asked by HTTP; the others may be given by the name of a host."""

SETTINGS = {PROFILE_STORE: "framework.conversation.profiles:ProfileSettings"}
"""Services of Frame's own, with the class that takes their options."""


CHANNELS = (
    "rest",
    "callback",
    "socketio",
    "rasa",
    "slack",
    "telegram",
    "facebook",
    "twilio",
    "twilio_voice",
    "botframework",
    "mattermost",
    "rocketchat",
    "hangouts",
    "webexteams",
    "cmdline",
)


def read_endpoints(reader: Reader, root: MappingNode) -> Endpoints:
    """Read the services around the bot."""
    services: dict[str, Endpoint] = {}
    for key, value in root.items():
        if key.text == "version":
            continue
        if key.text not in SERVICES:
            message = f"the service {key.text!r} is unknown"
            reader.unknown_key(key, message, SERVICES, severity="warning")
            if not isinstance(value, MappingNode):
                continue
        if is_null(value):
            continue
        if key.text in SETTINGS:
            check_section(reader, key.text, value, load_object(SETTINGS[key.text]))
            if not isinstance(value, MappingNode):
                continue
        options = reader.mapping(value, f"the service {key.text!r}")
        if options is not None:
            services[key.text] = Endpoint(
                url=_read_url(reader, options, key.text),
                options={name: one for name, one in plain(options).items() if name != "url"},
                where=reader.where(key),
            )
            _check_use(reader, key, services[key.text])
    return Endpoints(services=services)


def _check_use(reader: Reader, key: ScalarNode, service: Endpoint) -> None:
    """Warn about a service that nothing uses, and about one that can't be used."""
    if key.text in _UNUSED:
        reader.warning(
            "ignored-key",
            f"the service {key.text!r} is not used: conversations live as long as the process",
            key,
            hint="it may stay for Rasa's sake, or be removed",
        )
    elif key.text in _NEEDS_ADDRESS and service.url is None:
        reader.warning(
            "missing-address",
            f"the service {key.text!r} has no `url`, so the bot can't be run with it",
            key,
            hint="add `url: http://…`, or remove the service",
        )


def _read_url(reader: Reader, options: MappingNode, service: str) -> str | None:
    """Give the address; an empty text is none, as templates of `endpoints.yml` have it."""
    node, what = options.get("url"), f"`url` of the service {service!r}"
    url = reader.string(node, what)
    if url is None or node is None or not url.strip():
        return None
    if service in _CALLED and "://" not in url and "${" not in url:
        reader.warning(
            "bad-address",
            f"{what} is {url!r}, which lacks the protocol, so no call can succeed",
            node,
            hint=f"write `url: http://{url.strip().lstrip('/')}`",
        )
    return url


def read_credentials(reader: Reader, root: MappingNode) -> Credentials:
    """Read the settings of each channel; a channel may have none (`rest:`)."""
    channels: dict[str, Mapping[str, Any]] = {}
    for key, value in root.items():
        if key.text == "version":
            continue
        if is_null(value) or (isinstance(value, ScalarNode) and value.value is True):
            channels[key.text] = {}
            continue
        if key.text not in CHANNELS and "." not in key.text:
            near = did_you_mean(key.text, CHANNELS) or f"known: {', '.join(sorted(CHANNELS))}"
            reader.warning(
                "unknown-channel", f"the channel {key.text!r} is unknown", key, hint=near
            )
        settings = reader.mapping(value, f"the channel {key.text!r}")
        if settings is not None:
            channels[key.text] = plain(settings)
    return Credentials(channels=channels)
