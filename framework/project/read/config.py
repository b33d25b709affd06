"""`config.yml`: language, encoder, pipeline and policies, Rasa's names resolved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from framework.errors import Location
from framework.project import rasa
from framework.project.hub import is_cached
from framework.project.imports import FILE_IMPORTER, IMPORTER, importers, reads_several
from framework.project.read.generator import read_generator
from framework.project.read.knowledge import read_knowledge
from framework.project.read.parts import Parts, read_parts
from framework.project.reader import Reader, is_misspelt
from framework.project.schema.config import Config, Mapped, PartConfig
from framework.project.settings import check_encoder, check_section
from framework.project.yaml.nodes import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    describe,
    is_null,
    plain,
)
from framework.registry import did_you_mean, load_object

OWN_SECTIONS = {
    "augment": "framework.data.vary:Augmentation",
    "languages": "framework.conversation.languages:LanguageFinder",
    "mood": "framework.conversation.mood:MoodMonitor",
    "recommend": "framework.project.schema.recommend:RecommendSettings",
}
"""Keys that set up one class each, which is checked to take their settings."""

OWN_KEYS = ("llm", "keep_examples", *OWN_SECTIONS)
"""Frame's own keys whose values go to the stages that they set."""

_KEYS = (
    "recipe",
    "version",
    "assistant_id",
    "language",
    "encoder",
    "pipeline",
    "policies",
    "seq2seq",
    "knowledge",
)
_UNUSED = {
    "spaces": "spaces are a feature of Rasa's paid edition",
}
_SWITCHES = ("keep_examples",)
_SILENT = ("nlu", "core", "data", "importers", "imports")
_RECIPES = ("default.v1", "graph.v1")
_PLACEHOLDER_ID = "placeholder_default"
_TAGS_OR_CLASSIFIES = ("bert_tagger", "keyword_intents")


def default_config(where: Location | None = None) -> Config:
    """Give the configuration of a project that has none."""
    return Config(pipeline=rasa.DEFAULT_PIPELINE, policies=rasa.DEFAULT_POLICIES, where=where)


def read_config(reader: Reader, root: MappingNode, *, own: Collection[str] = ()) -> Config:
    """Read a whole configuration file.

    Args:
        reader: of the file.
        root: its top level.
        own: names of classes in the bot's own code, which may be components or policies.
    """
    _check_keys(reader, root)
    _check_importers(reader, root)
    _check_llm(reader, root)
    _check_switches(reader, root)
    _check_sections(reader, root)
    is_graph = _read_recipe(reader, root)
    pipeline = _section(root, "pipeline", is_graph=is_graph)
    components = read_parts(reader, pipeline, "component", own=own)
    listed = _section(root, "policies", is_graph=is_graph)
    policies = read_parts(reader, listed, "policy", own=own)
    mapped = [*(components.mapped if components else ()), *(policies.mapped if policies else ())]
    return Config(
        language=_read_language(reader, root),
        assistant_id=_read_assistant_id(reader, root),
        encoder=_read_encoder(reader, root, components),
        encoder_where=reader.where(root.entries["encoder"][1]) if "encoder" in root else None,
        pipeline=rasa.DEFAULT_PIPELINE if components is None else _pipeline(components, mapped),
        policies=rasa.DEFAULT_POLICIES if policies is None else _policies(policies),
        seq2seq=read_generator(reader, root.get("seq2seq")),
        mapped=tuple(mapped),
        knowledge=read_knowledge(reader, root.get("knowledge")),
        extras={key: plain(root.get(key)) for key in OWN_KEYS if key in root},
        extras_where={key: reader.where(root.entries[key][0]) for key in OWN_KEYS if key in root},
        where=Location(file=reader.source.file),
    )


def _check_keys(reader: Reader, root: MappingNode) -> None:
    for key in root.keys():  # noqa: SIM118 - a node, not a dict
        if key.text in _UNUSED:
            reader.warning(
                "ignored-key",
                f"`{key.text}:` is not used: {_UNUSED[key.text]}",
                key,
                hint="it may stay for Rasa's sake, or be removed",
            )
        elif key.text not in (*_KEYS, *OWN_KEYS, *_SILENT):
            known = (*_KEYS, *OWN_KEYS)
            message = f"the key {key.text!r} is unknown in a configuration"
            is_typo = is_misspelt(key.text, known)
            reader.unknown_key(key, message, known, severity="error" if is_typo else "warning")


def _check_importers(reader: Reader, root: MappingNode) -> None:
    reader.sequence(root.get("importers"), "`importers:`")
    for name, node in importers(root):
        if name not in (IMPORTER, FILE_IMPORTER):
            reader.warning(
                "ignored-key",
                f"the importer {name!r} is not used: training data is read from files only",
                node,
                hint="it may stay for Rasa's sake, or be removed; write its data to data/",
            )
    if "imports" in root and not reads_several(root):
        reader.warning(
            "ignored-key",
            f"`imports:` has no effect without the importer {IMPORTER}",
            root.entries["imports"][0],
            hint=f"write `importers: [{{name: {IMPORTER}}}]`, or remove it",
        )


def _check_switches(reader: Reader, root: MappingNode) -> None:
    for name in _SWITCHES:
        node = root.get(name)
        if node is not None and not isinstance(plain(node), bool):
            reader.error(
                "wrong-type",
                f"`{name}:` is `true` or `false`, not {describe(node)}",
                node,
                hint="write one of the two, without quotes",
            )


def _check_sections(reader: Reader, root: MappingNode) -> None:
    for name, path in OWN_SECTIONS.items():
        if name in root:
            check_section(reader, name, root.entries[name][1], load_object(path))


def _check_llm(reader: Reader, root: MappingNode) -> None:
    node = root.get("llm")
    if node is None or is_null(node):
        return
    settings = load_object("framework.responses.generative.settings:LlmSettings")
    for key, message, hint in settings.faults(plain(node), root=reader.root):
        place = node.get(key) if isinstance(node, MappingNode) and key in node else node
        reader.error("llm-settings", message, place or node, hint=hint)


def _read_recipe(reader: Reader, root: MappingNode) -> bool:
    """Check the recipe, and say whether it spells out the graph."""
    node = root.get("recipe")
    name = None if is_null(node) else reader.name(node, "`recipe`")
    if name is None or node is None:
        return False
    if name not in _RECIPES:
        hint = did_you_mean(name, _RECIPES) or f"known: {', '.join(_RECIPES)}"
        reader.error("unknown-recipe", f"there is no recipe {name!r}", node, hint=hint)
    if name == "graph.v1":
        reader.warning(
            "graph-recipe",
            "a graph is not run as written: its components and policies are read as a list",
            node,
            hint="write `recipe: default.v1` with `pipeline:` and `policies:`",
        )
    return name == "graph.v1"


def _section(root: MappingNode, key: str, *, is_graph: bool) -> Node | None:
    """Give the list of parts; in a graph, the classes that its nodes use."""
    if not is_graph:
        return root.get(key)
    table = rasa.COMPONENTS if key == "pipeline" else rasa.POLICIES
    top = root.get("nlu" if key == "pipeline" else "core")
    schema = top.get("train_schema") if isinstance(top, MappingNode) else None
    nodes = schema.get("nodes") if isinstance(schema, MappingNode) else None
    parts: list[Node] = []
    for _, node in nodes.items() if isinstance(nodes, MappingNode) else ():
        uses = node.get("uses") if isinstance(node, MappingNode) else None
        if not isinstance(node, MappingNode) or not isinstance(uses, ScalarNode):
            continue
        if rasa.short_name(uses.text) in table:
            parts.append(_as_part(node, uses))
    unique = {plain(part)["name"]: part for part in parts}
    return SequenceNode(list(unique.values()), root.line, root.column)


def _as_part(node: MappingNode, uses: ScalarNode) -> MappingNode:
    config = node.get("config")
    entries = dict(config.entries) if isinstance(config, MappingNode) else {}
    return MappingNode({"name": (uses, uses), **entries}, uses.line, uses.column)


def _read_language(reader: Reader, root: MappingNode) -> str:
    node = root.get("language")
    if is_null(node):
        reader.findings.warning(
            "missing-language",
            "the configuration names no `language`, so it is English",
            where=Location(file=reader.source.file),
            hint="add `language: en`",
        )
        return "en"
    return reader.name(node, "`language`") or "en"


def _read_assistant_id(reader: Reader, root: MappingNode) -> str:
    node = root.get("assistant_id")
    if is_null(node) or node is None:
        return ""
    name = reader.name(node, "`assistant_id`") or ""
    if name == _PLACEHOLDER_ID:
        reader.warning(
            "placeholder-id",
            f"`assistant_id` is still {_PLACEHOLDER_ID!r}",
            node,
            hint="give the assistant a name of its own: it is stamped on every event",
        )
    return name


def _read_encoder(
    reader: Reader, root: MappingNode, components: Parts | None
) -> str | Mapping[str, Any] | None:
    node = root.get("encoder")
    if node is not None and not is_null(node):
        if isinstance(node, MappingNode):
            check_encoder(reader, node)
            return dict(plain(node))
        return reader.name(node, "`encoder`")
    if components is None or components.encoder is None:
        return None
    name, item = components.encoder
    if (reader.root / name).is_dir() or is_cached(name):
        return name
    reader.warning(
        "encoder-not-here",
        f"the language model {name!r} is not on this machine, so the default encoder is used",
        item,
        hint=f"write `encoder: {name}` in the configuration to use it in any case",
    )
    return None


def _pipeline(parts: Parts, mapped: list[Mapped]) -> tuple[PartConfig, ...]:
    found = [_with_spacy_model(part, parts.spacy_model) for part in parts.found]
    if not any(part.name in _TAGS_OR_CLASSIFIES for part in found):
        note = "added, since nothing else in the pipeline classifies intents"
        if parts.is_custom or not found:
            found.insert(0, PartConfig(name="bert_tagger"))
            mapped.append(Mapped(rasa="", frame="bert_tagger", note=note))
    return tuple(found)


def _with_spacy_model(part: PartConfig, model: str | None) -> PartConfig:
    if part.name != "spacy_entities" or model is None or "model" in part.settings:
        return part
    return replace(part, settings={**part.settings, "model": model})


def _policies(parts: Parts) -> tuple[PartConfig, ...]:
    return tuple(parts.found) or rasa.DEFAULT_POLICIES
