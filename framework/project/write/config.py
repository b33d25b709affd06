"""Settings into `config.yml`, its comments and its form kept."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from framework.project import rasa
from framework.project.schema.config import PartConfig

_INDENTS = ((2, 4, 2), (2, 2, 0), (4, 6, 4), (4, 4, 2), (4, 4, 0))
"""Indents of mappings, lists and dashes that people use."""


@dataclass(frozen=True, kw_only=True)
class WrittenSettings:
    """A configuration with settings set.

    Attributes:
        text: the file.
        missing: parts that the file doesn't list.
        renamed: Rasa's names that had to give way to Frame's, with these.
    """

    text: str
    missing: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


def write_settings(
    text: str,
    section: str,
    settings: Mapping[str, Mapping[str, Any]],
    *,
    parts: Sequence[PartConfig],
) -> WrittenSettings:
    """Set settings of parts in the text of a configuration.

    A part under Rasa's name keeps it where it can. A setting that means something else to Rasa's
    part (`epochs`) needs Frame's name; Rasa's options that said nothing here then go.

    Args:
        text: the file.
        section: `pipeline` or `policies`.
        settings: by the name of the part.
        parts: of the configuration as read; a file that lists none gets these written down.
    """
    yaml = _writer(text)
    document = yaml.load(text)
    if not isinstance(document, CommentedMap):
        document = CommentedMap()
    if not document.get(section):
        document[section] = CommentedSeq(
            CommentedMap({"name": part.name, **part.settings}) for part in parts
        )
    missing, renamed = [], []
    for name, values in settings.items():
        listed = document[section]
        places = _places(listed, name)
        if not places:
            missing.append(name)
            continue
        item = _as_mapping(listed, places[0])
        written_as = str(item["name"])
        if written_as != name and rasa.OTHER_MEANING & set(values):
            known = next((part.settings for part in parts if part.name == name), {})
            _rename(listed, places, name=name, known=known)
            renamed.append((written_as, name))
        item.update(values)
    return WrittenSettings(
        text=_dump(yaml, document), missing=tuple(missing), renamed=tuple(renamed)
    )


def _places(listed: CommentedSeq, name: str) -> list[int]:
    """Give where a part stands: under its own name, or else under Rasa's names for it."""
    names = [str(item.get("name") if isinstance(item, CommentedMap) else item) for item in listed]
    own = [place for place, written in enumerate(names) if written == name]
    if own:
        return own
    mapped = {**rasa.COMPONENTS, **rasa.POLICIES}
    return [
        place
        for place, written in enumerate(names)
        if (known := mapped.get(rasa.short_name(written))) is not None and known.frame == name
    ]


def _as_mapping(listed: CommentedSeq, place: int) -> CommentedMap:
    """Give a part as a mapping, which one written as a bare name becomes."""
    item = listed[place]
    if not isinstance(item, CommentedMap):
        item = listed[place] = CommentedMap({"name": item})
    return item


def _rename(
    listed: CommentedSeq, places: Sequence[int], *, name: str, known: Mapping[str, Any]
) -> None:
    """Give a part Frame's name and only settings that it has; further ones that it did work for go.

    Args:
        listed: the parts of the section.
        places: of those that became this part.
        name: Frame's.
        known: the part's settings as read.
    """
    item = listed[places[0]]
    for key in [key for key in item if key != "name" and key not in known]:
        del item[key]
    item["name"] = name
    item.update({key: value for key, value in known.items() if value is not True})
    for place in reversed(places[1:]):
        del listed[place]


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
