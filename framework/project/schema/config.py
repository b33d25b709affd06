"""Settings: the pipeline, the policies, where the outside world is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from framework.errors import Location
from framework.project.schema.knowledge import Knowledge

PROFILE_STORE = "profile_store"
"""Key of `endpoints.yml` that says where users' profiles are kept."""


@dataclass(frozen=True, kw_only=True)
class PartConfig:
    """One component or policy: a registered short name and its settings.

    Attributes:
        name: Frame's short name (`bert_tagger`, `rules`).
        settings: keywords of the class's `__init__`.
        written_as: the name in the file, which is Rasa's where `name` was mapped.
        where: its place in the configuration; None for a default that the file doesn't name.
    """

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    written_as: str = ""
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """What one name of Rasa's became, for the table that training prints.

    Attributes:
        rasa: the name in the file.
        frame: what does its work now; empty when nothing needs to.
        note: options that mean nothing here, or what is lost.
    """

    rasa: str
    frame: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Config:
    """`config.yml`, every name resolved to Frame's.

    Attributes:
        language: ISO code; `en` when not given.
        assistant_id: stamped on events; empty when not given.
        encoder: Hugging Face name, path, package encoder or one without pretrained weights; a
            mapping with `name` and settings; None for the language's default.
        encoder_where: place of the key that names it; None where none does.
        pipeline: NLU components in order; never empty.
        policies: never empty.
        seq2seq: the generator of replies, with its settings; None where there is none.
        mapped: what Rasa's names became.
        knowledge: what documents the bot answers from; None where there are none.
        extras: Frame's own further keys as written (`llm`), for the stages they set.
        extras_where: places of those keys.
        where: the file.
    """

    language: str = "en"
    assistant_id: str = ""
    encoder: str | Mapping[str, Any] | None = None
    encoder_where: Location | None = None
    pipeline: tuple[PartConfig, ...] = ()
    policies: tuple[PartConfig, ...] = ()
    seq2seq: PartConfig | None = None
    mapped: tuple[Mapped, ...] = ()
    knowledge: Knowledge | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)
    extras_where: Mapping[str, Location] = field(default_factory=dict)
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A service of `endpoints.yml`: address and options as written."""

    url: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """`endpoints.yml` by Rasa's keys: `action_endpoint`, `tracker_store`, `nlg` and so on."""

    services: Mapping[str, Endpoint] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """`credentials.yml`: settings of each channel by its name."""

    channels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
