"""Digests of exactly what a part learns from, so that nothing is trained twice.

Two trainings of a part with equal fingerprints would learn the same. A fingerprint covers the
part's settings, the seed, the data it looks at, and the code that trains it; what it doesn't
cover (the text of a response, the stories for a tagger) can change without training it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from framework.data.dialogues import Dialogue
from framework.nlu.component import Component, NluSource, NluTrainingData
from framework.policies.base import Policy, PolicyTrainingData
from framework.project.schema.config import PartConfig
from framework.project.schema.domain import Domain
from framework.project.schema.stories import BotStep, UserStep
from framework.responses.base import ReplyTrainingData, TrainedResponder

_SHARED_CODE = ("framework/data", "framework/learning")


def of_component(
    config: PartConfig, kind: type[Component], data: NluTrainingData, *, earlier: Sequence[str]
) -> str:
    """Give the fingerprint of a component.

    Args:
        config: its name and settings.
        kind: its class.
        data: what it would learn from.
        earlier: fingerprints of the components before it, which count where it builds on them.
    """
    sources = {
        name: value
        for name, value in _nlu_sources(data).items()
        if name in kind.sources(config.settings)
    }
    encoder = config.settings.get("encoder", data.encoder)
    return digest(
        config.name,
        config.settings,
        _files_of_settings(config.settings, data.root),
        data.language,
        encoder,
        _files_of_encoder(encoder, data.root),
        data.seed,
        sources,
        data.variants if kind.varies else (),
        list(earlier) if kind.reads_previous else [],
        _code(kind),
    )


def of_policy(
    config: PartConfig, kind: type[Policy], data: PolicyTrainingData, *, nlu: Sequence[str]
) -> str:
    """Give the fingerprint of a policy.

    Places of stories and rules count: policies keep them to say why they decided.

    Args:
        config: its name and settings.
        kind: its class.
        data: what it would learn from.
        nlu: fingerprints of the components, which count where dialogues hold plain text.
    """
    return digest(
        config.name,
        config.settings,
        data.seed,
        _seen_by_policies(data.domain),
        [_plain(dialogue, places=True) for dialogue in data.dialogues],
        data.hides_rules,
        list(nlu) if reads_text(data.dialogues) else [],
        _code(kind),
    )


def of_responder(config: PartConfig, kind: type[TrainedResponder], data: ReplyTrainingData) -> str:
    """Give the fingerprint of a responder; settings that only serving looks at don't count."""
    settings = {
        name: value for name, value in config.settings.items() if name not in kind.serving_settings
    }
    return digest(
        config.name,
        settings,
        data.seed,
        [(pair.question, pair.answer) for pair in data.pairs],
        _code(kind),
    )


def reads_text(dialogues: Iterable[Dialogue]) -> bool:
    """Say whether policies see words of these dialogues (end-to-end steps), not labels alone."""
    return any(
        isinstance(step, BotStep) or (isinstance(step, UserStep) and step.intent is None)
        for dialogue in dialogues
        for step in dialogue.steps
    )


def digest(*values: Any) -> str:
    """Give the SHA-256 of values made of dataclasses, mappings, sequences and scalars."""
    text = json.dumps([_plain(value) for value in values], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any, *, places: bool = False) -> Any:
    """Turn a value into lists and scalars with one form for equal values; no places by default."""
    if is_dataclass(value) and not isinstance(value, type):
        return [
            [entry.name, _plain(getattr(value, entry.name), places=places)]
            for entry in fields(value)
            if places or entry.name != "where"
        ]
    if isinstance(value, Mapping):
        pairs = [[_plain(key), _plain(item, places=places)] for key, item in value.items()]
        return ["mapping", sorted(pairs, key=repr)]
    if isinstance(value, frozenset | set):
        return ["set", sorted((_plain(item, places=places) for item in value), key=repr)]
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(item, places=places) for item in value]
    return value if isinstance(value, str | int | float | None) else repr(value)


def _nlu_sources(data: NluTrainingData) -> dict[NluSource, Any]:
    domain = data.domain
    return {
        "utterances": data.utterances,
        "synonyms": data.nlu.synonyms,
        "regexes": data.nlu.regexes,
        "lookups": data.nlu.lookups,
        "intents": [
            (intent.name, intent.is_retrieval, intent.threshold)
            for intent in domain.intents.values()
        ],
        "entities": [
            (entity.name, entity.roles, entity.groups) for entity in domain.entities.values()
        ],
        "responses": [response for name, response in domain.responses.items() if "/" in name],
    }


def _seen_by_policies(domain: Domain) -> list[Any]:
    """List what policies see of a domain: all but what is said, and how long a session lasts."""
    return [
        domain.intents,
        domain.entities,
        domain.slots,
        domain.forms,
        sorted(domain.responses),
        sorted(domain.actions),
        domain.e2e_actions,
    ]


def _files_of_settings(settings: Mapping[str, Any], root: Path) -> dict[str, str | None]:
    """Digest the files that settings name."""
    named = {key: root / value for key, value in settings.items() if isinstance(value, str)}
    return {key: _content(path) for key, path in named.items() if path.is_file()}


def _files_of_encoder(encoder: Any, root: Path) -> list[str | None]:
    """Digest the folders and files that an encoder is read from, by name or in a mapping."""
    if isinstance(encoder, Mapping):
        parts = (encoder[key] for key in sorted(encoder))
        return [content for part in parts for content in _files_of_encoder(part, root)]
    return [_content(root / encoder)] if isinstance(encoder, str) else []


def _content(path: Path) -> str | None:
    """Digest a file or all files of a folder; None where there is neither."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    found = hashlib.sha256()
    for file in files:
        if file.is_file():
            with file.open("rb") as opened:
                found.update(file.name.encode() + hashlib.file_digest(opened, "sha256").digest())
    return found.hexdigest() if path.exists() else None


@cache
def _code(kind: type[Component | Policy | TrainedResponder]) -> str:
    """Digest the code that trains a part: its stage of Frame, or the module of an extension."""
    package, _, rest = kind.__module__.partition(".")
    if package != __name__.partition(".")[0]:
        spec = find_spec(kind.__module__)
        return str(_content(Path(spec.origin))) if spec and spec.origin else ""
    root = Path(__file__).parents[2]
    folders = (f"{package}/{rest.partition('.')[0]}", *_SHARED_CODE)
    found = hashlib.sha256()
    for folder in folders:
        for file in sorted((root / folder).rglob("*.py")):
            found.update(file.relative_to(root).as_posix().encode() + file.read_bytes())
    return found.hexdigest()
