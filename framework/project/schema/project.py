"""The project as one value: what `load` gives and every later stage reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from framework.errors import Problem
from framework.project.schema.config import Config, Credentials, Endpoints
from framework.project.schema.domain import Domain
from framework.project.schema.nlu import NluData
from framework.project.schema.pairs import Pair
from framework.project.schema.stories import Rule, Story


@dataclass(frozen=True, kw_only=True)
class Project:
    """A bot project, completely read.

    Attributes:
        root: the project's folder.
        domain: intents, entities, slots, forms, responses, actions, session.
        nlu: examples, synonyms, regexes, lookups.
        stories: to learn from.
        rules: to follow.
        pairs: questions with their answers, from the files that `seq2seq:` names.
        config: pipeline and policies.
        endpoints: services around the bot.
        credentials: channels.
        problems: warnings found while reading (errors are raised instead).
    """

    root: Path
    domain: Domain
    nlu: NluData = field(default_factory=NluData)
    stories: tuple[Story, ...] = ()
    rules: tuple[Rule, ...] = ()
    pairs: tuple[Pair, ...] = ()
    config: Config = field(default_factory=Config)
    endpoints: Endpoints = field(default_factory=Endpoints)
    credentials: Credentials = field(default_factory=Credentials)
    problems: tuple[Problem, ...] = ()
