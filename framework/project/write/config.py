"""Settings into `config.yml`, its comments and its form kept."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from framework.project.schema.config import PartConfig

_INDENTS = ((2, 4, 2), (2, 2, 0), (4, 6, 4), (4, 4, 2), (4, 4, 0))
"""Indents of mappings, lists and dashes that people use."""


def write_settings(
    text: str,
    section: str,
    settings: Mapping[str, Mapping[str, Any]],
    *,
    default: Sequence[PartConfig],
) -> tuple[str, tuple[str, ...]]:
    """Set settings of parts in the text of a configuration.

    Args:
        text: the file.
        section: `pipeline` or `policies`.
        settings: by the name of the part.
        default: the parts of a configuration that lists none, which are then written down.

    Returns:
        The new text, and the parts that aren't listed under their own names.
    """
    yaml = _writer(text)
    document = yaml.load(text)
    if not isinstance(document, CommentedMap):
        document = CommentedMap()
    if not document.get(section):
        document[section] = CommentedSeq(
            CommentedMap({"name": part.name, **part.settings}) for part in default
        )
    missing = []
    for name, values in settings.items():
        part = _find(document[section], name)
        if part is None:
            missing.append(name)
        else:
            part.update(values)
    return _dump(yaml, document), tuple(missing)


def _find(parts: CommentedSeq, name: str) -> CommentedMap | None:
    """Find a part; one written as a bare name becomes a mapping."""
    for place, part in enumerate(parts):
        if isinstance(part, CommentedMap) and part.get("name") == name:
            return part
        if part == name:
            fresh = CommentedMap({"name": name})
            parts[place] = fresh
            return fresh
    return None


def _writer(text: str) -> YAML:
    """Make a writer that changes nothing else: with the indents that give the file back."""
    for indents in _INDENTS:
        yaml = _with_indents(*indents)
        if _dump(yaml, yaml.load(text)) == text:
            return _with_indents(*indents)
    return _with_indents(*_INDENTS[0])


def _with_indents(mapping: int, sequence: int, offset: int) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=mapping, sequence=sequence, offset=offset)
    return yaml


def _dump(yaml: YAML, document: Any) -> str:
    written = io.StringIO()
    yaml.dump(document, written)
    return written.getvalue()
